/**
 * Holidays: the national ones, those of a region, and those of a province's town. Pure.
 *
 * Sundays are holidays too (Law 260/1949), but they are left to the opening hours: here are the days that a week does not show.
 */
import { addDays, type Day, type Language, sentence, weekdayOf } from '../platform/index.ts'
import { patronSaints } from './patron-saints.ts'
import { type RegionalHoliday, regionalHolidays } from './regional-holidays.ts'

/** Where the calendar is asked for. The town matters where a province has several with days of their own (Andria, Cesena, Urbino …). */
export interface CalendarPlace {
  provinceCode?: string | undefined
  municipalityCode?: string | undefined
}

/** A holiday with the key of its name (`organisation.holiday.<name>`), its names, or the name of the saint. */
export type NamedHoliday = { day: Day } & (
  | { scope: 'national' | 'local'; name: string }
  | { scope: 'regional'; names: RegionalHoliday['names'] }
)

/** Fixed national holidays. Law 260/1949; San Francesco from 2026 by Law 151/2025. */
const fixed: readonly { date: string; name: string; from?: number }[] = [
  { date: '01-01', name: 'newYear' },
  { date: '01-06', name: 'epiphany' },
  { date: '04-25', name: 'liberation' },
  { date: '05-01', name: 'labour' },
  { date: '06-02', name: 'republic' },
  { date: '08-15', name: 'assumption' },
  { date: '10-04', name: 'sanFrancesco', from: 2026 },
  { date: '11-01', name: 'allSaints' },
  { date: '12-08', name: 'immaculate' },
  { date: '12-25', name: 'christmas' },
  { date: '12-26', name: 'santoStefano' },
]

/** Easter Sunday by the Gregorian computation (Meeus, Jones, Butcher). */
export function easter(year: number): Day {
  const golden = year % 19
  const century = Math.floor(year / 100)
  const ofCentury = year % 100
  const epact =
    (19 * golden + century - Math.floor(century / 4) - Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3) + 15) % 30
  const toSunday = (32 + 2 * (century % 4) + 2 * Math.floor(ofCentury / 4) - epact - (ofCentury % 4)) % 7
  const correction = Math.floor((golden + 11 * epact + 22 * toSunday) / 451)
  const days = epact + toSunday - 7 * correction + 114
  return `${yearText(year)}-${two(Math.floor(days / 31))}-${two((days % 31) + 1)}`
}

/** The holidays of a year, in order; a day that is several is the one of the larger territory. */
export function holidaysOf(year: number, place: CalendarPlace = {}): NamedHoliday[] {
  const found = new Map<Day, NamedHoliday>()
  const add = (holiday: NamedHoliday) => {
    if (!found.has(holiday.day)) found.set(holiday.day, holiday)
  }
  for (const { date, name, from = 0 } of fixed)
    if (year >= from) add({ day: `${yearText(year)}-${date}`, name, scope: 'national' })
  add({ day: addDays(easter(year), 1), name: 'easterMonday', scope: 'national' })
  for (const { rule, names, from = 0 } of regionalOf(place))
    if (year >= from) add({ day: dayOfRule(rule, year), names, scope: 'regional' })
  for (const { rule, saint } of saintsOf(place)) add({ day: dayOfRule(rule, year), name: saint, scope: 'local' })
  return [...found.values()].sort((a, b) => (a.day < b.day ? -1 : 1))
}

/** What a holiday is called. */
export function holidayName(holiday: NamedHoliday, language: Language): string {
  if (holiday.scope === 'regional') return holiday.names[language]
  return holiday.scope === 'national' ? sentence(language, `organisation.holiday.${holiday.name}`) : holiday.name
}

/** The days on which offices of a province are closed, `YYYY-MM-DD`; without a province, the national ones. */
export const holidays = (year: number, provinceCode?: string, municipalityCode?: string): Day[] =>
  holidaysOf(year, { provinceCode, municipalityCode }).map(holiday => holiday.day)

const regionalOf = ({ provinceCode = '' }: CalendarPlace) =>
  regionalHolidays.filter(each => each.provinces.includes(provinceCode))

function saintsOf({ provinceCode, municipalityCode }: CalendarPlace) {
  const ofProvince = patronSaints.filter(each => each.province === provinceCode)
  const ofTown = ofProvince.filter(each => each.town === municipalityCode)
  return ofTown.length > 0 && municipalityCode !== undefined ? ofTown : ofProvince
}

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** The day that a rule of `patron-saints.ts` names in a year. */
export function dayOfRule(rule: string, year: number): Day {
  const afterEaster = /^easter\+(\d+)$/.exec(rule)?.[1]
  if (afterEaster !== undefined) return addDays(easter(year), Number(afterEaster))
  const [, month, weekday, nth, plus = '0'] = /^(\d{2})-([a-z]{3})-(\d)(?:\+(\d))?$/.exec(rule) ?? []
  if (month === undefined || weekday === undefined || nth === undefined) return `${yearText(year)}-${rule}`
  const first = `${yearText(year)}-${month}-01`
  const toFirst = (weekdays.indexOf(weekday) + 1 - weekdayOf(first) + 7) % 7
  return addDays(first, toFirst + (Number(nth) - 1) * 7 + Number(plus))
}

const two = (n: number): string => String(n).padStart(2, '0')
/** As ISO 8601 has it, in four digits. */
const yearText = (year: number): string => String(year).padStart(4, '0')
