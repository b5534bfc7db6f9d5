/**
 * A simulated day as the journal would tell it: what the engine is told and what it answers become the entries that telephony and distribution
 * write of real calls. Whoever made the day says who calls, and hears what became of each call.
 */
import {
  agentSkillsSet,
  agentState,
  callDismissed,
  callLeftQueue,
  callQueued,
  conversationEnded,
  offerAccepted,
  offerAnswered,
  offerMade,
  offerWithdrawn,
} from '../distribution/index.ts'
import type { NumberInForce } from '../organisation/index.ts'
import {
  type Actor,
  type CheckedEntry,
  checkEntry,
  type EventType,
  type SubjectName,
  type SubjectsOf,
  weekdayOf,
} from '../platform/index.ts'
import type { Command, RoutingEvent } from '../routing/index.ts'
import { callArrived, callConnected, callEnded, callMenuChosen, callOfficeRung } from '../telephony/index.ts'
import { halfHourMs, type SimulatedAgent } from './model.ts'
import type { Duration } from './random.ts'

export interface SectionOfHistory {
  /** On a working day. */
  callsADay: number
  handling: Duration
  patienceMs: number
}

/** Sections of the sample institute, as they are told apart here. */
export const usualSections: Readonly<Record<string, SectionOfHistory>> = {
  'ccm-pensioni': { callsADay: 240, handling: { kind: 'log-normal', meanMs: 390_000, variation: 0.8 }, patienceMs: 300_000 },
  'ccm-sostegno': { callsADay: 200, handling: { kind: 'log-normal', meanMs: 300_000, variation: 1 }, patienceMs: 240_000 },
  'ccm-aziende': { callsADay: 100, handling: { kind: 'log-normal', meanMs: 420_000, variation: 1 }, patienceMs: 400_000 },
  'ccm-autonomi': { callsADay: 80, handling: { kind: 'log-normal', meanMs: 330_000, variation: 1 }, patienceMs: 240_000 },
  'ccm-online': { callsADay: 160, handling: { kind: 'log-normal', meanMs: 180_000, variation: 1.2 }, patienceMs: 120_000 },
  'ccm-centralino': { callsADay: 60, handling: { kind: 'log-normal', meanMs: 60_000, variation: 0.6 }, patienceMs: 90_000 },
}

/** Monday has the most calls, Saturday few, Sunday none. */
export const usualSize = (day: string): number => [1.2, 1.05, 1, 0.95, 0.8, 0.25, 0][weekdayOf(day) - 1] ?? 1

/** Weights of the half hours from 8:00 to 19:00. */
const shape = [3, 6, 9, 11, 12, 12, 11, 10, 9, 8, 6, 5, 5, 6, 7, 7, 6, 5, 4, 3, 2, 1]
const open = 16
const weight = shape.reduce((sum, each) => sum + each, 0)

/** The calls of a day, by half hour from midnight. */
export const usualCourse = (calls: number): number[] => [
  ...new Array<number>(open).fill(0),
  ...shape.map(each => (each / weight) * calls),
]

const hour = 2 * halfHourMs

export interface SkillRow {
  person_id: string
  section_id: string
  level: number
}

/**
 * Who works on a day: so many of each section, of those that serve it best; half come at 8 and half at 13, for six hours with a break.
 * @param rows in order of person
 * @param until nobody works longer
 */
export function agentsOfDay(
  rows: readonly SkillRow[],
  midnight: number,
  sections: readonly string[],
  ofSection: number,
  until = Number.POSITIVE_INFINITY,
): SimulatedAgent[] {
  const taken = new Map<string, number>()
  return [...Map.groupBy(rows, row => row.person_id)].flatMap(([id, skills]) => {
    const [best] = skills.toSorted((a, b) => b.level - a.level)
    const nth = taken.get(best?.section_id ?? '') ?? 0
    if (!best || !sections.includes(best.section_id) || nth >= ofSection) return []
    taken.set(best.section_id, nth + 1)
    const begin = midnight + (nth % 2 === 0 ? 8 : 13) * hour
    const pause = begin + 3 * hour + nth * 600_000
    const to = Math.min(begin + 6 * hour, until)
    if (to <= begin) return []
    return [
      {
        id,
        skills: skills
          .filter(({ section_id }) => sections.includes(section_id))
          .map(({ section_id, level }) => ({ section: section_id, level: level >= 5 ? 5 : level >= 3 ? 3 : 1 })),
        shifts: [{ from: begin, to, breaks: pause + 900_000 < to ? [{ from: pause, to: pause + 900_000 }] : [] }],
      } satisfies SimulatedAgent,
    ]
  })
}

/** Who calls, and which office. */
export interface Caller {
  from: string | null
  office: NumberInForce | undefined
  provinceCode: string | null
}

/** A call, as far as it has come. Instants are milliseconds. */
export interface CallOfDay<C extends Caller> {
  id: string
  caller: C
  section: string
  arrivedAt: number
  queuedAt: number
  offer: string | null
  offeredAt: number
  agent: string | null
  connectedAt: number | null
  /** When the conversation ended, or the caller gave up, or was sent away. */
  endedAt: number | null
}

export interface DayOptions<C extends Caller> {
  /** Identifiers of calls. */
  ids: () => string
  by: Actor
  /** Paths of sections, by identifier. */
  paths: ReadonlyMap<string, string>
  /** Who joins the queue of a section. */
  callerFor(section: string, at: number): C
  /** The key that leads to a section, and what it is called; with it, offers and menus are told as well. */
  menuOf?: (section: string) => { node: string; key: string; label: string }
}

const arrivedBeforeMs = 20_000

/** What happens on a day, as entries of the journal. */
export class JournalOfDay<C extends Caller = Caller> {
  readonly entries: CheckedEntry[] = []
  private readonly callOf = new Map<string, CallOfDay<C>>()
  private readonly options: DayOptions<C>

  constructor(options: DayOptions<C>) {
    this.options = options
  }

  /** The calls that joined a queue. */
  get calls(): CallOfDay<C>[] {
    return [...this.callOf.values()]
  }

  /** Hears a step of the simulation. */
  tell(step: RoutingEvent | Command, at: number): void {
    const call = 'work' in step && step.work !== null ? this.callOf.get(step.work) : undefined
    switch (step.type) {
      case 'work.queued':
        this.queued(step.work, step.section, at)
        break
      case 'work.gone':
        if (!call) break
        call.endedAt = at
        this.note(callLeftQueue, { reason: 'caller' }, at, { call: call.id })
        this.note(callEnded, { reason: 'caller' }, at, { call: call.id })
        break
      case 'offer':
        if (!call) break
        call.offer = step.offer
        call.offeredAt = at
        if (this.options.menuOf)
          this.note(
            offerMade,
            { agent: step.agent, offer: step.offer, sectionId: call.section, until: iso(step.until), reason: { ...step.reason } },
            at,
            { call: call.id, person: step.agent },
          )
        break
      case 'withdraw':
        if (call && this.options.menuOf)
          this.note(offerWithdrawn, { agent: step.agent, offer: step.offer, reason: step.reason }, at, {
            call: call.id,
            person: step.agent,
          })
        break
      case 'connect':
        if (call) this.connected(call, step.agent, step.offer, at)
        break
      case 'conversation.ended':
        if (!call) break
        call.endedAt = at
        this.note(conversationEnded, { agent: step.agent }, at, { call: call.id, person: step.agent })
        this.note(callEnded, { reason: 'caller' }, at, { call: call.id, person: step.agent })
        break
      case 'dismiss':
        if (!call) break
        call.endedAt = at
        this.note(callDismissed, { reason: 'nobody', message: null }, at, { call: call.id })
        break
      case 'agent.state':
        this.note(
          agentState,
          { state: step.state, reason: step.reason, since: iso(step.since), until: step.until === null ? null : iso(step.until) },
          at,
          { person: step.agent },
        )
        break
    }
  }

  /** Calls that rang an office, as many as there may be, spread over the day. */
  toOffices(offices: readonly NumberInForce[], calls: number, midnight: number, seed: number): void {
    if (offices.length === 0) return
    for (const [half, expected] of usualCourse(calls).entries())
      for (let n = 0; n < Math.round(expected); n++) {
        const office = offices[(half * 31 + n * 7 + seed) % offices.length]
        const at = midnight + half * halfHourMs + n * 1_000
        const call = this.options.ids()
        if (!office) continue
        this.arrived({ from: null, office, provinceCode: null }, at, call, 'direct')
        this.note(callOfficeRung, { number: office.number }, at + 500, { call })
        this.note(callEnded, { reason: 'office' }, at + 120_000, { call })
      }
  }

  skills(person: string, skills: SimulatedAgent['skills'], at: number): void {
    const set = skills.map(({ section, level }) => ({ sectionId: section, level }))
    this.note(agentSkillsSet, { skills: set, changes: null }, at, { person, units: set.map(({ sectionId }) => sectionId) })
  }

  private queued(work: string, section: string, at: number): void {
    const id = this.options.ids()
    const caller = this.options.callerFor(section, at)
    const arrivedAt = at - arrivedBeforeMs
    const open = { offer: null, offeredAt: 0, agent: null, connectedAt: null, endedAt: null }
    this.callOf.set(work, { id, caller, section, arrivedAt, queuedAt: at, ...open })
    this.arrived(caller, arrivedAt, id, 'channelled')
    const menu = this.options.menuOf?.(section)
    if (menu) this.note(callMenuChosen, menu, at - 4_000, { call: id })
    const units = this.options.paths.get(section)?.split('/').filter(Boolean)
    this.note(callQueued, { sectionId: section, priority: 0, waitingSince: iso(at) }, at, { call: id, units })
  }

  private connected(call: CallOfDay<C>, agent: string, offer: string, at: number): void {
    call.agent = agent
    call.connectedAt = at
    const subjects = { call: call.id, person: agent }
    if (this.options.menuOf) {
      this.note(offerAnswered, { offer, agent }, at, subjects)
      this.note(offerAccepted, { offer, agent }, at, subjects)
    }
    this.note(callConnected, { agent, offer, sectionId: call.section, waitedMs: at - call.queuedAt }, at, subjects)
  }

  private arrived({ from, office, provinceCode }: Caller, at: number, call: string, mode: 'channelled' | 'direct'): void {
    if (!office) return
    const { number, unitId, unitName, regionCode, unitPath } = office
    this.note(
      callArrived,
      { from, to: number, unitId, unitName, provinceCode, regionCode, leg: 'browser', mode },
      at,
      this.options.menuOf ? { call, units: unitPath.split('/').filter(Boolean) } : { call },
    )
  }

  private note<P extends Record<string, unknown>, S extends SubjectName>(
    type: EventType<P, S>,
    payload: P,
    at: number,
    subjects: SubjectsOf<S>,
  ): void {
    this.entries.push(
      checkEntry({
        type,
        payload,
        at,
        actor: this.options.by,
        subjects: { ...(subjects.call === undefined ? {} : { channel: 'telephone' }), ...subjects },
      }),
    )
  }
}

const iso = (at: number): string => new Date(at).toISOString()
