/** Who of those who wait is offered which freed time. Pure. */
import { addDays, instantOf, wallClock } from '../../platform/index.ts'
import type { AppointmentMode } from '../model.ts'

const minute = 60_000
/** Whoever has less time to answer is not asked. */
const leastMinutes = 30
/** At night nobody reads: what is offered then can be answered as if it were eight in the morning. */
const [morning, evening] = [8 * 60, 20 * 60]

/** So many free times are no news to who joins; where more are free nobody needs to wait. */
export const passedOverAtMost = 100

/** Instants are milliseconds. */
export interface Waits {
  appointmentId: string
  start: number
  mode: AppointmentMode
  /** Times that are no news. */
  passedOver: ReadonlySet<number>
}

export interface OfferRules {
  now: number
  timeZone: string
  offerMinutes: number
  noticeMinutes: number
  modes: readonly AppointmentMode[]
}

/** Until when a time can be answered; undefined when it begins too soon. */
export function offeredUntil(start: number, { now, timeZone, offerMinutes, noticeMinutes }: OfferRules): number | undefined {
  const { day, minutes } = wallClock(timeZone, now)
  const isNight = minutes < morning || minutes >= evening
  const read = isNight ? instantOf(timeZone, minutes < morning ? day : addDays(day, 1), morning) : now
  const until = Math.min(read + offerMinutes * minute, start - noticeMinutes * minute)
  return until - read >= leastMinutes * minute ? until : undefined
}

/**
 * Pairs those who wait, in their order, with free times: each is offered the earliest that is news, earlier than their own, and soon enough answered.
 * @param free times in order, with how many citizens can come
 */
export function offersFor(
  waiting: readonly Waits[],
  free: readonly { start: number; free: number }[],
  rules: OfferRules,
): { appointmentId: string; start: number; until: number }[] {
  const left = free.map(each => ({ ...each, until: offeredUntil(each.start, rules) }))
  return waiting.flatMap(({ appointmentId, start, mode, passedOver }) => {
    if (!rules.modes.includes(mode)) return []
    // Of what lies beyond those that were noted nobody knows whether it is news.
    const before = passedOver.size < passedOverAtMost ? start : Math.min(start, Math.max(...passedOver))
    const time = left.find(
      each => each.free > 0 && each.start < before && !passedOver.has(each.start) && each.until !== undefined,
    )
    if (time?.until === undefined) return []
    time.free--
    return [{ appointmentId, start: time.start, until: time.until }]
  })
}
