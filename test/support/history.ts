/**
 * Weeks of a contact centre in the journal, made up but true to form: each day is run in the simulator, with callers, lengths and patience
 * that are known, and what happens is written as the entries that telephony and distribution would have written.
 */
import {
  agentSkillsSet,
  agentState,
  callDismissed,
  callLeftQueue,
  callQueued,
  conversationEnded,
} from '../../src/distribution/index.ts'
import { contactCentreSections, type NumberInForce, numbersInForce } from '../../src/organisation/index.ts'
import {
  addDays,
  boundsOf,
  type CheckedEntry,
  checkEntry,
  type EventType,
  type House,
  type Subjects,
  system,
  weekdayOf,
  writeEntries,
} from '../../src/platform/index.ts'
import type { Command, RoutingEvent } from '../../src/routing/index.ts'
import { defaultSection } from '../../src/routing/index.ts'
import {
  type Duration,
  halfHourMs,
  plainBehaviour,
  type SimulatedAgent,
  type SimulatedSection,
  simulate,
} from '../../src/simulation/index.ts'
import { callArrived, callConnected, callEnded, callOfficeRung } from '../../src/telephony/events.ts'

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

export interface HistoryOptions {
  /** The first day, and how many. */
  from: string
  days: number
  sections?: Readonly<Record<string, SectionOfHistory>>
  /** How many agents of each section are there, of those that serve it best; each works from 8 to 14 or from 13 to 19. */
  agentsOfSection?: number
  /** Calls of a day, as a share of those of a working day. */
  sizeOf?: (day: string) => number
  /** Calls on a working day to the numbers below a unit that ring their office, and are seen on their way. */
  direct?: { path: string; callsADay: number }
}

/** Monday has the most calls, Saturday few, Sunday none. */
export const usualSize = (day: string): number => [1.2, 1.05, 1, 0.95, 0.8, 0.25, 0][weekdayOf(day) - 1] ?? 1

/** Weights of the half hours from 8:00 to 19:00. */
const shape = [3, 6, 9, 11, 12, 12, 11, 10, 9, 8, 6, 5, 5, 6, 7, 7, 6, 5, 4, 3, 2, 1]
const open = 16
const weight = shape.reduce((sum, each) => sum + each, 0)
const course = (calls: number): number[] => [...new Array<number>(open).fill(0), ...shape.map(each => (each / weight) * calls)]

/** So many entries are written in one statement. */
const entriesAtOnce = 5_000
const by = system('history')
const hour = 2 * halfHourMs

/** Writes the days, and answers how many calls waited for a section. */
export async function writeHistory(house: House, options: HistoryOptions): Promise<{ calls: number; entries: number }> {
  const written = { calls: 0, entries: 0 }
  for (let n = 0; n < options.days; n++) {
    const { entries, calls } = await dayOfHistory(house, addDays(options.from, n), n, options)
    written.calls += calls
    written.entries += entries.length
    for (let from = 0; from < entries.length; from += entriesAtOnce)
      await house.database.kysely.transaction().execute(tx => writeEntries(tx, entries.slice(from, from + entriesAtOnce)))
  }
  return written
}

async function dayOfHistory(house: House, day: string, seed: number, options: HistoryOptions) {
  const { config, database } = house
  const { sections: known = usualSections, sizeOf = usualSize, agentsOfSection = 4, direct } = options
  const [from, to] = boundsOf(config.TIME_ZONE, day)
  const size = sizeOf(day)
  const noon = new Date(from + 12 * hour)
  const plan = await numbersInForce(database.kysely, noon)
  const paths = new Map((await contactCentreSections(database.kysely)).map(({ id, path }) => [id, path]))
  const sections = Object.entries(known).map(
    ([id, { callsADay, handling, patienceMs }]): SimulatedSection => ({
      id,
      settings: { ...defaultSection, wrapUpMs: 30_000 },
      handling,
      patience: { kind: 'exponential', meanMs: patienceMs },
      arrivals: { perHalfHour: course(callsADay * size) },
      withinMs: 20_000,
    }),
  )
  const agents = size === 0 ? [] : await agentsOf(house, from, Object.keys(known), agentsOfSection)
  const story = new Story(
    house,
    seed,
    plan.filter(({ mode }) => mode === 'channelled'),
    paths,
  )
  if (seed === 0) for (const { id, skills } of agents) story.skills(id, skills, from)
  simulate(
    {
      seed: seed + 1,
      from,
      to,
      sections,
      agents,
      behaviour: { ...plainBehaviour, answerDelay: { kind: 'exponential', meanMs: 3_000 } },
    },
    { onStep: (step, at) => story.tell(step, at) },
  )
  if (direct)
    story.toOffices(
      plan.filter(({ mode, unitPath }) => mode === 'direct' && unitPath.startsWith(direct.path)),
      direct.callsADay * size,
      from,
    )
  return { entries: story.entries.sort((a, b) => Number(a.at) - Number(b.at)), calls: story.calls }
}

/** Of those who serve a section best, half come at 8 and half at 13. */
async function agentsOf(
  house: House,
  midnight: number,
  sections: readonly string[],
  ofSection: number,
): Promise<SimulatedAgent[]> {
  const rows = await house.database.kysely.selectFrom('agent_skill').selectAll().orderBy('person_id').execute()
  const byAgent = Map.groupBy(rows, row => row.person_id)
  const taken = new Map<string, number>()
  return [...byAgent].flatMap(([id, skills]) => {
    const [best] = skills.toSorted((a, b) => b.level - a.level)
    const nth = taken.get(best?.section_id ?? '') ?? 0
    if (!best || !sections.includes(best.section_id) || nth >= ofSection) return []
    taken.set(best.section_id, nth + 1)
    const begin = midnight + (nth % 2 === 0 ? 8 : 13) * hour
    const pause = begin + 3 * hour + nth * 600_000
    return [
      {
        id,
        skills: skills
          .filter(({ section_id }) => sections.includes(section_id))
          .map(({ section_id, level }) => ({ section: section_id, level: level >= 5 ? 5 : level >= 3 ? 3 : 1 })),
        shifts: [{ from: begin, to: begin + 6 * hour, breaks: [{ from: pause, to: pause + 900_000 }] }],
      } satisfies SimulatedAgent,
    ]
  })
}

/** What happens on a day, as entries of the journal. */
class Story {
  readonly entries: CheckedEntry[] = []
  calls = 0
  private readonly house: House
  private readonly seed: number
  private readonly numbers: readonly NumberInForce[]
  private readonly paths: ReadonlyMap<string, string>
  private readonly callOf = new Map<string, { id: string; section: string; queuedAt: number }>()

  constructor(house: House, seed: number, numbers: readonly NumberInForce[], paths: ReadonlyMap<string, string>) {
    this.house = house
    this.seed = seed
    this.numbers = numbers
    this.paths = paths
  }

  tell(step: RoutingEvent | Command, at: number): void {
    switch (step.type) {
      case 'work.queued':
        this.queued(step.work, step.section, at)
        break
      case 'work.gone': {
        const call = this.callOf.get(step.work)
        if (!call) break
        this.note(callLeftQueue, { reason: 'caller' }, at, { call: call.id })
        this.note(callEnded, { reason: 'caller' }, at, { call: call.id })
        break
      }
      case 'connect': {
        const call = this.callOf.get(step.work)
        if (!call) break
        const connected = { agent: step.agent, offer: step.offer, sectionId: call.section, waitedMs: at - call.queuedAt }
        this.note(callConnected, connected, at, { call: call.id, person: step.agent })
        break
      }
      case 'conversation.ended': {
        const call = this.callOf.get(step.work)
        if (!call) break
        this.note(conversationEnded, { agent: step.agent }, at, { call: call.id, person: step.agent })
        this.note(callEnded, { reason: 'caller' }, at, { call: call.id, person: step.agent })
        break
      }
      case 'dismiss': {
        const call = this.callOf.get(step.work)
        if (call) this.note(callDismissed, { reason: 'nobody', message: null }, at, { call: call.id })
        break
      }
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
  toOffices(offices: readonly NumberInForce[], calls: number, midnight: number): void {
    if (offices.length === 0) return
    for (const [half, expected] of course(calls).entries())
      for (let n = 0; n < Math.round(expected); n++) {
        const office = offices[(half * 31 + n * 7 + this.seed) % offices.length]
        const at = midnight + half * halfHourMs + n * 1_000
        const call = this.house.ids()
        if (!office) continue
        this.arrived(office, at, call, 'direct')
        this.note(callOfficeRung, { number: office.number }, at + 500, { call })
        this.note(callEnded, { reason: 'office' }, at + 120_000, { call })
      }
  }

  skills(person: string, skills: SimulatedAgent['skills'], at: number): void {
    const set = skills.map(({ section, level }) => ({ sectionId: section, level }))
    this.note(agentSkillsSet, { skills: set, changes: null }, at, { person, units: set.map(({ sectionId }) => sectionId) })
  }

  private queued(work: string, section: string, at: number): void {
    const call = { id: this.house.ids(), section, queuedAt: at }
    this.callOf.set(work, call)
    const office = this.numbers[(this.calls * 17 + this.seed) % Math.max(1, this.numbers.length)]
    this.calls++
    if (office) this.arrived(office, at - 20_000, call.id, 'channelled')
    const units = this.paths.get(section)?.split('/').filter(Boolean)
    this.note(callQueued, { sectionId: section, priority: 0, waitingSince: iso(at) }, at, { call: call.id, units })
  }

  private arrived(office: NumberInForce, at: number, call: string, mode: 'channelled' | 'direct'): void {
    const { number, unitId, unitName, regionCode } = office
    this.note(
      callArrived,
      { from: null, to: number, unitId, unitName, provinceCode: null, regionCode, leg: 'browser', mode },
      at,
      { call },
    )
  }

  private note<P extends Record<string, unknown>>(type: EventType<P>, payload: P, at: number, subjects: Subjects): void {
    this.entries.push(
      checkEntry({
        type,
        payload,
        at,
        actor: by,
        subjects: { ...(subjects.call === undefined ? {} : { channel: 'telephone' }), ...subjects },
      }),
    )
  }
}

const iso = (at: number): string => new Date(at).toISOString()
