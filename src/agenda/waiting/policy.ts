/** Who of those who wait is offered which freed time. Pure. */
import { decentSpan } from '../../organisation/index.ts'
import { addDays, instantOf, wallClock } from '../../platform/index.ts'
import type { AppointmentMode } from '../model.ts'

const minute = 60_000
/** Whoever has less time to answer is not asked. */
const leastMinutes = 30
/** At night nobody reads: what is offered then can be answered as if it were eight in the morning. */
const [morning, evening] = [8 * 60, 20 * 60]

/** When citizens are called about a time, in office time: not on Sundays and holidays. */
const callingHours = { days: [1, 2, 3, 4, 5, 6], from: 9 * 60, to: 19 * 60, onHolidays: false }

/** So many free times are no news to who joins; where more are free nobody needs to wait. */
export const passedOverAtMost = 100

/** Instants are milliseconds. */
export interface Waits {
  appointmentId: string
  start: number
  mode: AppointmentMode
  /** Times that are no news. */
  passedOver: ReadonlySet<number>
  /** Whether the citizen is called, and not written to. */
  isCalled: boolean
}

export interface OfferRules {
  now: number
  timeZone: string
  offerMinutes: number
  noticeMinutes: number
  modes: readonly AppointmentMode[]
  /** Whether the office has a holiday. */
  isHoliday: (day: string) => boolean
}

/**
 * How a citizen is told of an offer; null when neither address nor number is known. Whoever has an address is written to, unless they wish to be called.
 * @param calls whether the office calls about offers
 * @param number at which they are called, and whether they wish to be; undefined for who cannot be
 */
export function tellBy(
  calls: boolean,
  email: string | null,
  number: { isWished: boolean } | undefined,
): 'mail' | 'telephone' | null {
  if (calls && number && (email === null || number.isWished)) return 'telephone'
  return email === null ? null : 'mail'
}

/** Returns the first instant from another one on at which citizens are called, in milliseconds; null when there is none within a month. */
export function callingFrom({ timeZone, isHoliday }: Pick<OfferRules, 'timeZone' | 'isHoliday'>, at: number): number | null {
  const span = decentSpan(callingHours, timeZone, isHoliday, at)
  return span && Math.max(at, span.from)
}

/** From when who is offered a time at this instant can answer. */
function readFrom({ now, timeZone, isHoliday }: OfferRules, isCalled: boolean): number | null {
  if (isCalled) {
    // What is left of a day must do for more than one attempt.
    const span = decentSpan(callingHours, timeZone, isHoliday, now + leastMinutes * minute)
    return span && Math.max(now, span.from)
  }
  const { day, minutes } = wallClock(timeZone, now)
  const isNight = minutes < morning || minutes >= evening
  return isNight ? instantOf(timeZone, minutes < morning ? day : addDays(day, 1), morning) : now
}

/** From when, and until when, a time can be answered; undefined when it begins too soon. */
export function offeredFor(start: number, rules: OfferRules, isCalled: boolean): { read: number; until: number } | undefined {
  const read = readFrom(rules, isCalled)
  if (read === null) return undefined
  const until = Math.min(read + rules.offerMinutes * minute, start - rules.noticeMinutes * minute)
  return until - read >= leastMinutes * minute ? { read, until } : undefined
}

/** Who is offered which time, until when; `callAt` is when they are called, null for who is not. */
export interface OfferPair {
  appointmentId: string
  start: number
  until: number
  callAt: number | null
}

/**
 * Pairs those who wait, in their order, with free times: each is offered the earliest that is news, earlier than their own, and soon enough answered.
 * @param free times in order, with how many citizens can come
 */
export function offersFor(
  waiting: readonly Waits[],
  free: readonly { start: number; free: number }[],
  rules: OfferRules,
): OfferPair[] {
  const left = free.map(each => ({ ...each }))
  return waiting.flatMap(({ appointmentId, start, mode, passedOver, isCalled }) => {
    if (!rules.modes.includes(mode)) return []
    // Of what lies beyond those that were noted nobody knows whether it is news.
    const before = passedOver.size < passedOverAtMost ? start : Math.min(start, Math.max(...passedOver))
    for (const time of left) {
      const stands =
        time.free > 0 && time.start < before && !passedOver.has(time.start) && offeredFor(time.start, rules, isCalled)
      if (!stands) continue
      time.free--
      return [{ appointmentId, start: time.start, until: stands.until, callAt: isCalled ? stands.read : null }]
    }
    return []
  })
}
