/**
 * Real days, read from the journal: the calls of a day as a scenario that can be run again, and the calls of the last weeks for the forecast.
 * `scenarioOf` is pure; the queries above it only gather.
 */
import { type Kysely, sql } from 'kysely'
import { contactCentreSections, holidays } from '../organisation/index.ts'
import { boundsOf, instantOf, type Tables, weekdayOf } from '../platform/index.ts'
import { defaultSection, type SectionSettings } from '../routing/index.ts'
import { type Behaviour, halfHourMs, plainBehaviour, type Scenario, type SimulatedAgent, type SimulatedSection } from './model.ts'
import type { PastDay } from './planner.ts'
import type { Duration } from './random.ts'

type Db = Kysely<Tables>

/** A call that waited for a section on the day. Instants in milliseconds. */
export interface RealCall {
  sectionId: string
  queuedAt: number
  connectedAt: number | null
  endedAt: number | null
  /** It left the line without an answer. */
  leftAt: number | null
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

/** Reads a day. Index: event_by_type (type, at). */
export async function readDay(
  db: Db,
  day: string,
  timeZone: string,
  settings: ReadonlyMap<string, SectionSettings>,
): Promise<RealDay> {
  const [from, to] = boundsOf(timeZone, day)
  const { rows: calls } = await sql<{
    section: string | null
    queued: number | null
    connected: number | null
    ended: number | null
    left: number | null
  }>`
    select (array_agg(payload ->> 'sectionId' order by id) filter (where type = 'call.queued'))[1]          as section,
           (extract(epoch from min(at) filter (where type = 'call.queued')) * 1000)::float8                as queued,
           (extract(epoch from min(at) filter (where type = 'call.connected')) * 1000)::float8             as connected,
           (extract(epoch from max(at) filter (where type = 'conversation.ended')) * 1000)::float8         as ended,
           (extract(epoch from min(at) filter (where type = 'call.left-queue')) * 1000)::float8            as left
    from   event
    where  type in ('call.queued', 'call.connected', 'conversation.ended', 'call.left-queue')
    and    at >= ${new Date(from)} and at < ${new Date(to)}
    group  by call_id`.execute(db)
  const { rows: states } = await sql<{ person: string; at: number; state: string }>`
    select person_id as person, (extract(epoch from at) * 1000)::float8 as at, payload ->> 'state' as state
    from   event
    where  type = 'agent.state' and at >= ${new Date(from)} and at < ${new Date(to)} and person_id is not null
    order  by at, id`.execute(db)
  const skills = await db.selectFrom('agent_skill').selectAll().orderBy('person_id').orderBy('level', 'desc').execute()
  const byAgent = new Map<string, { section: string; level: 1 | 2 | 3 | 4 | 5 }[]>()
  for (const { person_id, section_id, level } of skills) {
    const list = byAgent.get(person_id) ?? []
    list.push({ section: section_id, level: asLevel(level) })
    byAgent.set(person_id, list)
  }
  const sections = await contactCentreSections(db)
  return {
    day,
    from,
    to,
    calls: calls.flatMap(({ section, queued, connected, ended, left }) =>
      section === null || queued === null
        ? []
        : [{ sectionId: section, queuedAt: queued, connectedAt: connected, endedAt: ended, leftAt: left }],
    ),
    states: states.map(({ person, at, state }) => ({ personId: person, at, state })),
    skills: byAgent,
    sections: sections.map(({ id }) => ({ id, settings: settings.get(id) ?? defaultSection })),
  }
}

const asLevel = (level: number): 1 | 2 | 3 | 4 | 5 => (level <= 1 ? 1 : level === 2 ? 2 : level === 3 ? 3 : level === 4 ? 4 : 5)

/**
 * Calls of past days by half hour of office time, for the forecast. Days without any call are left out: the contact centre was closed, or
 * did not exist yet. Index: event_by_type (type, at).
 * @param sectionId one section, or undefined for all
 */
export async function readPastDays(
  db: Db,
  { before, days, timeZone, sectionId }: { before: string; days: number; timeZone: string; sectionId?: string | undefined },
): Promise<PastDay[]> {
  const to = instantOf(timeZone, before, 0)
  const { rows } = await sql<{ day: string; half: number; calls: number }>`
    select to_char(at at time zone ${timeZone}, 'YYYY-MM-DD') as day,
           (extract(hour from at at time zone ${timeZone}) * 2 + floor(extract(minute from at at time zone ${timeZone}) / 30))::int as half,
           count(distinct call_id)::int as calls
    from   event
    where  type = 'call.queued' and at >= ${new Date(to - days * 86_400_000)} and at < ${new Date(to)}
    and    (${sectionId ?? null}::text is null or payload ->> 'sectionId' = ${sectionId ?? null})
    group  by 1, 2`.execute(db)
  const byDay = new Map<string, number[]>()
  for (const { day, half, calls } of rows) {
    const halves = byDay.get(day) ?? new Array<number>(48).fill(0)
    halves[half] = calls
    byDay.set(day, halves)
  }
  return [...byDay].map(([day, perHalfHour]) => ({ day, weekday: weekdayOf(day), holiday: isHoliday(day), perHalfHour }))
}

/** Sundays and national holidays. */
export function isHoliday(day: string): boolean {
  return weekdayOf(day) === 7 || holidays(Number(day.slice(0, 4))).includes(day)
}

/** Fewer measured times than this say too little to be drawn from. */
const leastMeasured = 20
const usualHandling: Duration = { kind: 'log-normal', meanMs: 270_000, variation: 1 }
const usualPatienceMs = 240_000

/**
 * The day as a scenario: each call arrives when it did; conversations last as long as they were measured; patience is estimated from
 * everybody's waits; agents are there when they were.
 */
export function scenarioOf(real: RealDay, seed: number): Scenario {
  const sections = real.sections.map(({ id, settings }): SimulatedSection => {
    const calls = real.calls.filter(call => call.sectionId === id)
    return {
      id,
      settings,
      handling: handlingOf(calls),
      patience: { kind: 'exponential', meanMs: meanPatienceMs(calls) },
      arrivals: { at: calls.map(call => Math.floor(call.queuedAt)) },
      withinMs: 20_000,
    }
  })
  const known = new Set(real.sections.map(section => section.id))
  return {
    seed,
    from: real.from,
    to: real.to,
    sections,
    agents: agentsOf(real).filter(agent => agent.skills.some(skill => known.has(skill.section))),
    behaviour: behaviourOf(),
  }
}

/** Rings are short and answered: what went unanswered on the day is in the states of the agents already. */
const behaviourOf = (): Behaviour => ({ ...plainBehaviour, answerDelay: { kind: 'exponential', meanMs: 3_000 } })

function handlingOf(calls: readonly RealCall[]): Duration {
  const ms = calls.flatMap(({ connectedAt, endedAt }) =>
    connectedAt !== null && endedAt !== null && endedAt > connectedAt ? [endedAt - connectedAt] : [],
  )
  return ms.length >= leastMeasured ? { kind: 'measured', ms } : usualHandling
}

/**
 * Mean patience in milliseconds, by maximum likelihood for exponential patience with censoring: all time waited ÷ number who gave up.
 * Who was answered has only shown to be at least so patient, and counts with the time waited.
 */
export function meanPatienceMs(calls: readonly RealCall[]): number {
  let waited = 0
  let gaveUp = 0
  for (const { queuedAt, connectedAt, leftAt } of calls) {
    const end = connectedAt ?? leftAt
    if (end === null) continue
    waited += Math.max(0, end - queuedAt)
    if (connectedAt === null) gaveUp++
  }
  return gaveUp < leastMeasured ? usualPatienceMs : Math.max(1_000, waited / gaveUp)
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

/** Calls of a real day in each half hour, as the planner takes them. */
export function perHalfHourOf(real: RealDay, sectionId?: string): number[] {
  const halves = new Array<number>(Math.ceil((real.to - real.from) / halfHourMs)).fill(0)
  for (const call of real.calls) {
    if (sectionId !== undefined && call.sectionId !== sectionId) continue
    const half = Math.floor((call.queuedAt - real.from) / halfHourMs)
    if (half >= 0 && half < halves.length) halves[half] = (halves[half] ?? 0) + 1
  }
  return halves
}
