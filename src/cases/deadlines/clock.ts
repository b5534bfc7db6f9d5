/**
 * The clock of deadlines: it runs while the unit works, and stands while the unit is closed or waits for the citizen. Pure.
 *
 *   question ──▶│ open │ lunch │ open │ closed … holiday … closed │ open │ waiting for the citizen │ open │──▶ due
 *               └runs──┘       └runs──┘                           └runs──┘                         └runs──┘
 *
 * A target is so many working minutes, or so many working days. Of days, the one on which the question came does not count (Art. 155 of the
 * Italian code of civil procedure); a day counts if the unit still works at its end, and the clock does not stand then. It is due when the
 * last of them ends. Each span of each day is a stretch of real time, so that the nights in which the clock is changed are as long as they are.
 * Nothing walks minute by minute: what is between two changes is added at once.
 */
import { type ClosedDay, stretches, type WorkCalendar } from '../../organisation/index.ts'
import { addDays, boundsOf, type Day, dayAt, weekdayOf } from '../../platform/index.ts'

/** So much working time. */
export interface Amount {
  amount: number
  measure: 'minutes' | 'days'
}

/** Instants in milliseconds since the epoch, as everywhere here. While a pause has no end, the clock stands. */
export interface Pause {
  from: number
  until: number | null
}

export interface ClockRun {
  calendar: WorkCalendar
  /** When the question came. */
  from: number
  /** In order, and none begins before the one before it has ended. */
  pauses: readonly Pause[]
}

/** Why a stretch of time counts, or does not. */
export type Because =
  | { is: 'counted' }
  | { is: 'waiting' | 'first-day' | 'closed' | 'lunch' }
  | { is: 'closed-day'; day: ClosedDay }

/** A stretch of time with how much of it counts, in the measure of the target: working minutes, or days. */
export type Stretch = { from: number; until: number; counted: number } & { because: Because }

const minuteMs = 60_000
/** A unit that is closed for longer than this never answers, and is not waited for. */
const horizonDays = 1_100

/** When the time is up; undefined while the clock stands, and where the unit never works. */
export function dueInstant(run: ClockRun, { amount, measure }: Amount): number | undefined {
  return measure === 'days' ? endOfWorkingDay(run, amount) : afterWorking(run, amount)
}

/** The instant at which so many working minutes have passed; undefined as for `dueInstant`. */
export function afterWorking(run: ClockRun, minutes: number): number | undefined {
  let left = minutes * minuteMs
  for (const { from, until } of running(run)) {
    if (until - from >= left) return from + left
    left -= until - from
  }
  return undefined
}

/** The instant before which so many working minutes lie, up to another one; the beginning of the run where there are fewer. */
export function beforeWorking(run: ClockRun, until: number, minutes: number): number {
  const { calendar, from, pauses } = run
  let left = minutes * minuteMs
  for (let day = dayAt(calendar.timeZone, until); left > 0; day = addDays(day, -1)) {
    if (boundsOf(calendar.timeZone, day)[1] <= from) return from
    for (const open of [...cutOut(openOn(calendar, day), pauses)].reverse()) {
      const [begin, end] = [Math.max(open.from, from), Math.min(open.until, until)]
      if (end <= begin) continue
      if (end - begin >= left) return end - left
      left -= end - begin
    }
  }
  return until
}

function endOfWorkingDay({ calendar, from, pauses }: ClockRun, days: number): number | undefined {
  const first = dayAt(calendar.timeZone, from)
  let left = days
  for (let ahead = 1; ahead <= horizonDays; ahead++) {
    const end = openOn(calendar, addDays(first, ahead)).at(-1)?.until
    if (end !== undefined && !standsAt(pauses, end) && --left === 0) return end
  }
  return undefined
}

/** How many whole and broken working minutes lie in a run, up to an instant. */
export function workedMinutes(run: ClockRun, until: number): number {
  let ms = 0
  for (const stretch of running(run, until)) ms += stretch.until - stretch.from
  return ms / minuteMs
}

/** Why it is due when it is: every stretch from the question to an instant, each as long as the reason is the same. */
export function explainStretches(run: ClockRun, measure: Amount['measure'], until: number): Stretch[] {
  const told: Stretch[] = []
  for (const stretch of measure === 'days' ? daysOf(run, until) : partsOf(run, until)) {
    const last = told.at(-1)
    if (last && isSame(last.because, stretch.because)) {
      last.until = stretch.until
      last.counted += stretch.counted
    } else told.push(stretch)
  }
  return told
}

function* partsOf(run: ClockRun, until: number): Iterable<Stretch> {
  const { calendar, pauses } = run
  for (let day = dayAt(calendar.timeZone, run.from); boundsOf(calendar.timeZone, day)[0] < until; day = addDays(day, 1))
    for (const part of dayParts(calendar, day))
      for (const { from, until: end, stands } of splitBy(pauses, part)) {
        const [begin, stop] = [Math.max(from, run.from), Math.min(end, until)]
        if (begin >= stop) continue
        const because: Because = stands ? { is: 'waiting' } : part.because
        yield { from: begin, until: stop, counted: because.is === 'counted' ? (stop - begin) / minuteMs : 0, because }
      }
}

function* daysOf({ calendar, from, pauses }: ClockRun, until: number): Iterable<Stretch> {
  const first = dayAt(calendar.timeZone, from)
  for (let day = first; boundsOf(calendar.timeZone, day)[0] < until; day = addDays(day, 1)) {
    const [begin, end] = boundsOf(calendar.timeZone, day)
    const because = reasonOfDay(calendar, pauses, day, day === first)
    yield { from: Math.max(begin, from), until: Math.min(end, until), counted: because.is === 'counted' ? 1 : 0, because }
  }
}

function reasonOfDay(calendar: WorkCalendar, pauses: readonly Pause[], day: Day, isFirst: boolean): Because {
  if (isFirst) return { is: 'first-day' }
  const end = openOn(calendar, day).at(-1)?.until
  if (end !== undefined) return standsAt(pauses, end) ? { is: 'waiting' } : { is: 'counted' }
  const closed = closedBeside(calendar, day)
  return closed ? { is: 'closed-day', day: closed } : { is: 'closed' }
}

/** A whole day as stretches, one after the other. */
function* dayParts(calendar: WorkCalendar, day: Day): Iterable<{ from: number; until: number; because: Because }> {
  const [begin, end] = boundsOf(calendar.timeZone, day)
  const closed = closedBeside(calendar, day)
  if (closed) return yield { from: begin, until: end, because: { is: 'closed-day', day: closed } }
  const open = openOn(calendar, day)
  let at = begin
  for (const [index, { from, until }] of open.entries()) {
    if (from > at) yield { from: at, until: from, because: { is: index === 0 ? 'closed' : 'lunch' } }
    yield { from, until, because: { is: 'counted' } }
    at = until
  }
  if (at < end) yield { from: at, until: end, because: { is: 'closed' } }
}

/** Why a day is closed beside its week: a closure is one with its weekends, a holiday is told where the unit would work. */
function closedBeside(calendar: WorkCalendar, day: Day): ClosedDay | undefined {
  const closed = calendar.closedOn(day)
  const wouldWork = calendar.spans.some(({ weekday, opens, closes }) => weekday === weekdayOf(day) && opens < closes)
  return closed?.because === 'closure' || wouldWork ? closed : undefined
}

/** The stretches in which the unit works on a day, in order; spans that meet are one. */
function openOn(calendar: WorkCalendar, day: Day): { from: number; until: number }[] {
  const open: { from: number; until: number }[] = []
  for (const stretch of stretches({ ...calendar, isHoliday: each => calendar.closedOn(each) !== undefined }, day)) {
    const last = open.at(-1)
    if (last && stretch.from <= last.until) last.until = Math.max(last.until, stretch.until)
    else open.push(stretch)
  }
  return open
}

/** The stretches in which the clock runs, from the beginning of the run on. */
function* running(run: ClockRun, until = Number.POSITIVE_INFINITY): Iterable<{ from: number; until: number }> {
  const { calendar, pauses } = run
  const first = dayAt(calendar.timeZone, run.from)
  const standsSince = pauses.find(pause => pause.until === null)?.from ?? Number.POSITIVE_INFINITY
  const last = Math.min(until, standsSince)
  for (let ahead = 0; ahead <= horizonDays; ahead++) {
    const day = addDays(first, ahead)
    if (boundsOf(calendar.timeZone, day)[0] >= last) return
    for (const stretch of cutOut(openOn(calendar, day), pauses)) {
      const [from, end] = [Math.max(stretch.from, run.from), Math.min(stretch.until, last)]
      if (from < end) yield { from, until: end }
    }
  }
}

function* cutOut(open: readonly { from: number; until: number }[], pauses: readonly Pause[]) {
  for (const stretch of open) for (const part of splitBy(pauses, stretch)) if (!part.stands) yield part
}

/** A stretch cut where pauses begin and end. */
function* splitBy(pauses: readonly Pause[], { from, until }: { from: number; until: number }) {
  let at = from
  for (const pause of pauses) {
    const [begin, end] = [Math.max(pause.from, at), Math.min(pause.until ?? Number.POSITIVE_INFINITY, until)]
    if (begin >= end) continue
    if (begin > at) yield { from: at, until: begin, stands: false }
    yield { from: begin, until: end, stands: true }
    at = end
  }
  if (at < until) yield { from: at, until, stands: false }
}

/** Whether the clock stands in the moment before an instant. */
const standsAt = (pauses: readonly Pause[], at: number): boolean =>
  pauses.some(pause => pause.from < at && (pause.until === null || at <= pause.until))

const isSame = (one: Because, other: Because): boolean =>
  one.is === other.is &&
  (one.is !== 'closed-day' || (other.is === 'closed-day' && nameOfClosed(one.day) === nameOfClosed(other.day)))

const nameOfClosed = (closed: ClosedDay): string => JSON.stringify(closed.because === 'closure' ? closed.reason : closed.holiday)
