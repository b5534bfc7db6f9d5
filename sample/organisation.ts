/** The units of the sample institute, their hours and their numbers. */
import type { ChangeRow, NewUnit, OpeningSpan, SpokenName } from '../src/organisation/index.ts'
import { instantOf } from '../src/platform/index.ts'
import { type OfficeSite, ofPlace, type Province, regions, slugOf } from './territory.ts'

export const timeZone = 'Europe/Rome'
/** What the sample institute did before it was loaded is dated from here. */
export const founded = new Date(instantOf(timeZone, '2025-01-02', 9 * 60))

export const centralDirectorates: readonly { id: string; name: string }[] = [
  { id: 'dc-pensioni', name: 'Direzione centrale pensioni' },
  { id: 'dc-ammortizzatori', name: 'Direzione centrale ammortizzatori sociali' },
  { id: 'dc-inclusione', name: 'Direzione centrale inclusione e invalidità civile' },
  { id: 'dc-famiglia', name: 'Direzione centrale salute e prestazioni di famiglia' },
  { id: 'dc-entrate', name: 'Direzione centrale entrate' },
  { id: 'dc-credito', name: 'Direzione centrale credito, welfare e strutture sociali' },
  { id: 'dc-tecnologia', name: 'Direzione centrale tecnologia, informatica e innovazione' },
  { id: 'dc-organizzazione', name: 'Direzione centrale organizzazione e comunicazione interna' },
  { id: 'dc-formazione', name: 'Direzione centrale formazione' },
]

export const ccmSections: readonly { id: string; name: string; spoken: SpokenName }[] = [
  { id: 'ccm-pensioni', name: 'Pensioni', spoken: { it: 'pensioni', en: 'pensions' } },
  {
    id: 'ccm-sostegno',
    name: 'Prestazioni a sostegno del reddito',
    spoken: { it: 'prestazioni a sostegno del reddito', en: 'income support' },
  },
  {
    id: 'ccm-aziende',
    name: 'Aziende e contributi',
    spoken: { it: 'aziende e contributi', en: 'companies and contributions' },
  },
  {
    id: 'ccm-autonomi',
    name: 'Lavoratori domestici e autonomi',
    spoken: { it: 'lavoratori domestici e autonomi', en: 'domestic and self-employed workers' },
  },
  {
    id: 'ccm-online',
    name: 'Servizi online e PIN',
    spoken: { it: 'servizi online e PIN', en: 'online services and PIN' },
  },
  { id: 'ccm-centralino', name: 'Centralino', spoken: { it: 'centralino', en: 'switchboard' } },
]

export const cricSections = [
  { slug: 'pensioni', section: 'pensions', name: 'Pensioni' },
  { slug: 'sostegno', section: 'income-support', name: 'Prestazioni a sostegno del reddito' },
  { slug: 'contributori', section: 'contributors', name: 'Soggetti contribuenti' },
] as const

/** Streets that nearly every Italian town has; the house numbers are made up. */
const streets = [
  'Via Giuseppe Garibaldi',
  'Via Giuseppe Mazzini',
  'Corso Italia',
  'Via Roma',
  'Piazza della Repubblica',
  'Via Dante Alighieri',
  'Viale della Libertà',
  'Via Guglielmo Marconi',
  'Via Camillo Cavour',
  'Viale Europa',
]

export interface NewNumber {
  number: string
  unitId: string
  unitPath: string
  officeNumber: string
  fallback: string | null
}

export type NewChange = Omit<ChangeRow, 'cancelled_at' | 'cancelled_by_name' | 'cancel_reason'>

export interface SampleOrganisation {
  units: NewUnit[]
  hours: ({ unitId: string } & OpeningSpan)[]
  numbers: NewNumber[]
  changes: NewChange[]
}

/** Who decided on the roll-out: an account of the sample, at headquarters. */
export interface Planner {
  id: string
  name: string
}

export function buildOrganisation(provinces: readonly Province[], planner: Planner): SampleOrganisation {
  const units: NewUnit[] = []
  const add = (unit: Partial<NewUnit> & Pick<NewUnit, 'id' | 'kind' | 'name'>, parent?: NewUnit): NewUnit => {
    const made: NewUnit = {
      parentId: parent?.id ?? null,
      agencyKind: null,
      path: `${parent?.path ?? ''}${unit.id}/`,
      position: units.filter(each => each.parentId === (parent?.id ?? null)).length,
      regionCode: parent?.regionCode ?? null,
      provinceCode: null,
      municipalityCode: null,
      address: null,
      latitude: null,
      longitude: null,
      cricSection: null,
      spokenName: null,
      timeZone,
      ...unit,
    }
    units.push(made)
    return made
  }
  const roma = seatOf(provinces, 'Roma')
  const institute = add({ id: 'inps', kind: 'institute', name: 'Direzione generale', ...placeOf(roma, 0) })
  for (const { id, name } of centralDirectorates) add({ id, kind: 'central-directorate', name, ...placeOf(roma, 0) }, institute)
  const ccm = add({ id: 'ccm', kind: 'ccm', name: 'Contact center multicanale' }, institute)
  for (const { id, name, spoken } of ccmSections) add({ id, kind: 'ccm-section', name, spokenName: spoken }, ccm)

  for (const region of regions) {
    const { code, slug, name } = region
    const seat = seatOf(provinces, region.seat)
    const at = { ...placeOf(seat, units.length), regionCode: code }
    const directorate = add(
      { id: `dr-${slug}`, kind: 'regional-directorate', name: `Direzione regionale ${name}`, ...at },
      institute,
    )
    const cric = add({ id: `cric-${slug}`, kind: 'cric', name: `CRIC ${name}`, ...at }, directorate)
    for (const each of cricSections)
      add(
        {
          id: `cric-${slug}-${each.slug}`,
          kind: 'cric-section',
          name: `CRIC ${name} – ${each.name}`,
          cricSection: each.section,
          ...at,
        },
        cric,
      )
    add({ id: `gai-${slug}`, kind: 'gai', name: `GAI ${name}`, ...at }, directorate)
    for (const province of provinces.filter(each => each.region === region)) addProvince(add, province, directorate, units.length)
  }
  const numbers = numbersOf(units, provinces)
  return { units, hours: hoursOf(units), numbers, changes: changesOf(numbers, units, planner) }
}

function addProvince(
  add: (unit: Partial<NewUnit> & Pick<NewUnit, 'id' | 'kind' | 'name'>, parent: NewUnit) => NewUnit,
  province: Province,
  region: NewUnit,
  nth: number,
): void {
  const directorate = add(
    {
      id: `dp-${slugOf(province.name)}`,
      kind: 'provincial-directorate',
      name: `Direzione provinciale ${ofPlace(province.name)}`,
      ...placeOf(province.seat, nth),
    },
    region,
  )
  for (const [index, agency] of province.agencies.entries())
    add(
      {
        id: `ag-${slugOf(agency.name)}`,
        kind: 'agency',
        agencyKind: agency.kind,
        name: `Agenzia ${ofPlace(agency.name)}`,
        // An internal agency is in the house of the directorate.
        ...placeOf(agency, agency.kind === 'internal' ? nth : nth + index + 1),
      },
      directorate,
    )
}

function placeOf(office: OfficeSite, nth: number) {
  const { municipality, latitude, longitude } = office
  const street = streets[nth % streets.length] ?? ''
  // A large town has many postal codes, and which of them is the street's is not known here.
  const [postalCode, ...others] = municipality.postalCodes
  const town = `${others.length === 0 ? `${postalCode} ` : ''}${municipality.name} ${municipality.provinceCode}`
  return {
    municipalityCode: municipality.code,
    provinceCode: municipality.provinceCode,
    address: `${street} ${1 + ((nth * 7) % 90)}, ${town}`,
    latitude,
    longitude,
  }
}

function seatOf(provinces: readonly Province[], town: string): OfficeSite {
  const found = provinces.find(province => province.seat.municipality.name === town)
  if (!found) throw new Error(`${town} is the seat of no province`)
  return found.seat
}

// --- hours ----------------------------------------------------------------------------------------------------------

const week = (days: readonly number[], opens: string, closes: string): OpeningSpan[] =>
  days.map(weekday => ({ weekday, opens, closes }))
const workdays = [1, 2, 3, 4, 5]
/** Of what has no hours of its own, such as central directorates. */
export const instituteWeek: readonly OpeningSpan[] = week(workdays, '08:30', '17:00')
/** Regional centres and IT groups have an hour for lunch. */
export const centreWeek: readonly OpeningSpan[] = [...week(workdays, '08:30', '13:00'), ...week(workdays, '14:00', '17:00')]

/**
 * The contact centre answers at any hour, because whoever tries the sample may do it in the evening; the section for companies keeps office
 * hours, so that a closed one can be heard too. Offices receive in the morning, one afternoon by appointment.
 */
function hoursOf(units: readonly NewUnit[]): ({ unitId: string } & OpeningSpan)[] {
  const hours = new Map<string, OpeningSpan[]>([
    ['inps', [...instituteWeek]],
    ['ccm', week([1, 2, 3, 4, 5, 6, 7], '00:00', '24:00')],
    ['ccm-aziende', week(workdays, '08:00', '18:00')],
  ])
  for (const { id, kind } of units) if (kind === 'cric' || kind === 'gai') hours.set(id, [...centreWeek])
  const agencies = units.filter(unit => unit.kind === 'agency')
  for (const [index, { id, agencyKind }] of agencies.entries()) {
    const afternoon = agencyKind === 'territorial' ? [] : week([index % 2 === 0 ? 2 : 4], '15:00', '17:30')
    hours.set(id, [...week(workdays, '08:30', '12:30'), ...afternoon])
  }
  return [...hours].flatMap(([unitId, spans]) => spans.map(span => ({ unitId, ...span })))
}

// --- numbers --------------------------------------------------------------------------------------------------------

/**
 * Numbers of offices: area code, 0000, four digits. No subscriber's number begins with 0, so nobody can be reached by them. The line of the
 * office itself has 5000 more.
 */
function numbersOf(units: readonly NewUnit[], provinces: readonly Province[]): NewNumber[] {
  const byId = new Map(units.map(unit => [unit.id, unit]))
  const used = new Map<string, number>()
  const numberFor = (id: string, areaCode: string): NewNumber[] => {
    const unit = byId.get(id)
    if (!unit) return []
    const nth = (used.get(areaCode) ?? 0) + 1
    used.set(areaCode, nth)
    const digits = (n: number) => `+39${areaCode}0000${String(n).padStart(4, '0')}`
    const officeNumber = digits(5_000 + nth)
    return [{ number: digits(nth), unitId: id, unitPath: unit.path, officeNumber, fallback: officeNumber }]
  }
  // Rome first: the agency of EUR has the first number of 06.
  const inOrder = [...provinces].sort((a, b) => Number(b.code === 'RM') - Number(a.code === 'RM'))
  return inOrder.flatMap(province => [
    ...province.agencies.flatMap(agency => numberFor(`ag-${slugOf(agency.name)}`, agency.areaCode)),
    ...numberFor(`dp-${slugOf(province.name)}`, province.seat.areaCode),
  ])
}

const eight = 8 * 60

/** The roll-out, region by region; one agency whose number was put back for some weeks. */
function changesOf(numbers: readonly NewNumber[], units: readonly NewUnit[], planner: Planner): NewChange[] {
  const regionOf = new Map(units.map(unit => [unit.id, unit.regionCode]))
  const waves = [...new Set(regions.flatMap(region => region.wave ?? []))].sort()
  const changes: Omit<NewChange, 'id'>[] = []
  const decide = (number: string, mode: NewChange['mode'], day: string, decided: string, reason: string) =>
    changes.push({
      number,
      mode,
      from_at: new Date(instantOf(timeZone, day, eight)),
      reason,
      decided_by: planner.id,
      decided_by_name: planner.name,
      decided_at: new Date(instantOf(timeZone, decided, 10 * 60)),
    })
  for (const each of numbers) {
    const wave = regions.find(region => region.code === regionOf.get(each.unitId))?.wave
    if (!wave) continue
    const decided = wave < '2026' ? '2025-01-13' : '2025-11-17'
    decide(each.number, 'channelled', wave, decided, `Attivazione graduale: ${waves.indexOf(wave) + 1}ª fase`)
    if (each.unitId === 'ag-jesi') {
      decide(each.number, 'direct', '2025-10-06', '2025-10-03', 'Guasto alla linea verso il contact center')
      decide(each.number, 'channelled', '2025-10-27', '2025-10-20', 'Linea riparata')
    }
  }
  return changes.map((change, index) => ({ id: sampleId('a000', index + 1), ...change }))
}

/** An identifier that is the same each time: version 7 in form, with a number in it. */
export const sampleId = (group: string, n: number): string => `00000000-0000-7000-${group}-${String(n).padStart(12, '0')}`
