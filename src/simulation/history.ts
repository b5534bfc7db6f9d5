/**
 * Real days, read from the journal: the calls of a day as a scenario that can be run again, and the counted days of the last weeks as the
 * history of a forecast. Pure.
 */

import { holidays } from '../organisation/index.ts'
import { addDays, boundsOf, wallClock, weekdayOf } from '../platform/index.ts'
import type { SectionSettings } from '../routing/index.ts'
import type { CalendarDay, PastDay } from './forecast.ts'
import { type MeasuredIn, type Measures, noSums, talkOf } from './measures.ts'
import { type Behaviour, halfHourMs, plainBehaviour, type Scenario, type SimulatedAgent, type SimulatedSection } from './model.ts'
import { type DayCounts, wallHalfHours } from './store.ts'

/** A call that waited for a section on the day. Instants in milliseconds. */
export interface RealCall {
  sectionId: string
  queuedAt: number
  connectedAt: number | null
  endedAt: number | null
  /** It left the queue without an answer, and how. */
  leftAt: number | null
  how: 'abandoned' | 'dismissed' | 'diverted' | null
}

/** A change of an agent's state. */
export interface RealState {
  personId: string
  at: number
  state: string
}

/** One day of the contact centre as it was. */
export interface RealDay {
  /** YYYY-MM-DD, in office time. */
  day: string
  from: number
  to: number
  calls: readonly RealCall[]
  states: readonly RealState[]
  skills: ReadonlyMap<string, SimulatedAgent['skills']>
  sections: readonly { id: string; settings: SectionSettings }[]
}

/** A day of the calendar, as the forecast tells its kinds apart. Patron saints close an office, but not the contact centre. */
export function calendarDayOf(day: string): CalendarDay {
  const weekday = weekdayOf(day)
  const kind = isHoliday(day) ? 'holiday' : weekday <= 5 && isHoliday(addDays(day, -1)) ? 'after-holiday' : 'ordinary'
  return { day, weekday, kind }
}

/** A national holiday that is no Sunday. */
const isHoliday = (day: string): boolean => weekdayOf(day) !== 7 && holidays(Number(day.slice(0, 4))).includes(day)

/**
 * How often each half hour of the clock on the wall comes on a day: once, but not at all where the clock skips it, and twice where it is
 * put back.
 */
export function wallHoursOf(timeZone: string, day: string): number[] {
  const times = new Array<number>(wallHalfHours).fill(0)
  const [from, to] = boundsOf(timeZone, day)
  for (let at = from; at < to; at += halfHourMs) {
    const half = Math.floor(wallClock(timeZone, at).minutes / 30)
    times[half] = (times[half] ?? 0) + 1
  }
  return times
}

/** The half hour of the clock on the wall of each half hour that a day really has. */
export function halvesOf(timeZone: string, day: string): number[] {
  const [from, to] = boundsOf(timeZone, day)
  return Array.from({ length: Math.round((to - from) / halfHourMs) }, (_, i) =>
    Math.floor(wallClock(timeZone, from + i * halfHourMs).minutes / 30),
  )
}

/**
 * Counted days as the history of a forecast. A working day on which nobody called anywhere is one of which nothing is known (the program
 * was away), and is left out; a Saturday, Sunday or holiday without calls was closed, and counts.
 * @param halvesOfDay the calls of a day by half hour of the clock on the wall
 */
export function historyOf(
  days: readonly DayCounts[],
  timeZone: string,
  halvesOfDay: (counts: DayCounts) => readonly number[],
): PastDay[] {
  return days.flatMap(counts => {
    const calendar = calendarDayOf(counts.day)
    const working = calendar.kind !== 'holiday' && calendar.weekday <= 5
    if (working && counts.sections.every(section => section.calls === 0)) return []
    const times = wallHoursOf(timeZone, counts.day)
    return [{ ...calendar, perHalfHour: halvesOfDay(counts).map((calls, half) => rateOf(calls, times[half] ?? 1)) }]
  })
}

const rateOf = (calls: number, times: number): number | null => (times === 0 ? null : calls / times)

/** Fewer measured times of the day itself say too little to be drawn from. */
const minMeasured = 30

/** What the day was run with for a section, and where it was measured: on the day itself, or over the last weeks. */
export interface Assumptions {
  id: string
  handling: { meanMs: number; calls: number; from: MeasuredIn | 'day' }
  patience: { meanMs: number; gaveUp: number; from: MeasuredIn | 'day' }
}

/**
 * The day as a scenario: each call arrives when it did; conversations last as long as those of the day (drawn from them), or as over the
 * last weeks where the day had few; patience is estimated from everybody's waits; agents are there when they were.
 * @param measures of the last weeks
 */
export function scenarioOf(real: RealDay, seed: number, measures: Measures): { scenario: Scenario; assumptions: Assumptions[] } {
  const assumptions: Assumptions[] = []
  const sections = real.sections.map(({ id, settings }): SimulatedSection => {
    const calls = real.calls.filter(call => call.sectionId === id)
    const lengths = lengthsOf(calls)
    const measured = measures.handling(id)
    const ofDay = lengths.length >= minMeasured
    const talkMs = ofDay ? lengths.reduce((sum, ms) => sum + ms, 0) / lengths.length : measured.talkMs
    // The engine ends a wrap-up by the clock; agents who are ready earlier are in the measured mean.
    const wrapUpMs = measured.from === 'usual' ? settings.wrapUpMs : Math.round(measured.wrapUpMs)
    const patience = patienceOf(calls) ?? measures.patience(id)
    assumptions.push({
      id,
      handling: {
        meanMs: talkMs + wrapUpMs,
        calls: ofDay ? lengths.length : measured.calls,
        from: ofDay ? 'day' : measured.from,
      },
      patience,
    })
    return {
      id,
      settings: { ...settings, wrapUpMs },
      handling: ofDay ? { kind: 'measured', ms: lengths } : talkOf(measured),
      patience: { kind: 'exponential', meanMs: patience.meanMs },
      arrivals: { at: calls.map(call => Math.floor(call.queuedAt)) },
      withinMs: 20_000,
    }
  })
  const known = new Set(real.sections.map(section => section.id))
  const scenario = {
    seed,
    from: real.from,
    to: real.to,
    sections,
    agents: agentsOf(real).flatMap(agent => {
      const skills = agent.skills.filter(skill => known.has(skill.section))
      return skills.length === 0 ? [] : [{ ...agent, skills }]
    }),
    behaviour: behaviourOf(),
  }
  return { scenario, assumptions }
}

/** Rings are short and answered: what went unanswered on the day is in the states of the agents already. */
const behaviourOf = (): Behaviour => ({ ...plainBehaviour, answerDelay: { kind: 'exponential', meanMs: 3_000 } })

const lengthsOf = (calls: readonly RealCall[]): number[] =>
  calls.flatMap(({ connectedAt, endedAt }) =>
    connectedAt !== null && endedAt !== null && endedAt > connectedAt ? [endedAt - connectedAt] : [],
  )

/** Patience on the day itself, where enough gave up (see `measures.ts`). */
function patienceOf(calls: readonly RealCall[]): Assumptions['patience'] | undefined {
  const sums = noSums()
  for (const { queuedAt, connectedAt, leftAt, how } of calls) {
    const end = connectedAt ?? leftAt
    if (end === null) continue
    sums.waitedMs += Math.max(0, end - queuedAt)
    if (how === 'abandoned') sums.gaveUp++
  }
  if (sums.gaveUp < minMeasured) return undefined
  return { meanMs: Math.max(1_000, sums.waitedMs / sums.gaveUp), gaveUp: sums.gaveUp, from: 'day' }
}

/** Shifts are the spans in which somebody was signed in, breaks those in which they paused. */
function agentsOf(real: RealDay): SimulatedAgent[] {
  const byAgent = new Map<string, RealState[]>()
  for (const state of real.states) byAgent.set(state.personId, [...(byAgent.get(state.personId) ?? []), state])
  const agents: SimulatedAgent[] = []
  for (const [id, states] of byAgent) {
    const shifts = spansOf(states, real.to, state => state !== 'signed-out')
    const breaks = spansOf(states, real.to, state => state === 'paused')
    agents.push({
      id,
      skills: real.skills.get(id) ?? [],
      shifts: shifts.map(shift => ({ ...shift, breaks: breaks.filter(each => shift.from <= each.from && each.to <= shift.to) })),
    })
  }
  return agents.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

function spansOf(states: readonly RealState[], end: number, inside: (state: string) => boolean): { from: number; to: number }[] {
  const spans: { from: number; to: number }[] = []
  let since: number | null = null
  for (const { at, state } of states) {
    if (inside(state)) since ??= at
    else if (since !== null) {
      if (at > since) spans.push({ from: Math.floor(since), to: Math.ceil(at) })
      since = null
    }
  }
  if (since !== null && end > since) spans.push({ from: Math.floor(since), to: end })
  return spans
}
