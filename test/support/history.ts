/**
 * Weeks of a contact centre in the journal, made up but true to form: each day is run in the simulator, with callers, lengths and patience
 * that are known, and what happens is written as the entries that telephony and distribution would have written.
 */
import { contactCentreSections, numbersInForce } from '../../src/organisation/index.ts'
import { addDays, boundsOf, type House, system, writeEntries } from '../../src/platform/index.ts'
import { defaultSection } from '../../src/routing/index.ts'
import {
  agentsOfDay,
  JournalOfDay,
  plainBehaviour,
  type SectionOfHistory,
  type SimulatedSection,
  simulate,
  usualCourse,
  usualSections,
  usualSize,
} from '../../src/simulation/index.ts'

export { usualSections, usualSize } from '../../src/simulation/index.ts'

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

/** So many entries are written in one statement. */
const entriesAtOnce = 5_000
const by = system('history')
const noonMs = 12 * 3_600_000

/** Writes the days and returns how many calls waited for a section. */
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
  const plan = await numbersInForce(database.kysely, new Date(from + noonMs))
  const channelled = plan.filter(({ mode }) => mode === 'channelled')
  const paths = new Map((await contactCentreSections(database.kysely)).map(({ id, path }) => [id, path]))
  const sections = Object.entries(known).map(
    ([id, { callsADay, handling, patienceMs }]): SimulatedSection => ({
      id,
      settings: { ...defaultSection, wrapUpMs: 30_000 },
      handling,
      patience: { kind: 'exponential', meanMs: patienceMs },
      arrivals: { perHalfHour: usualCourse(callsADay * size) },
      withinMs: 20_000,
    }),
  )
  const skills = await database.kysely.selectFrom('agent_skill').selectAll().orderBy('person_id').execute()
  const agents = size === 0 ? [] : agentsOfDay(skills, from, Object.keys(known), agentsOfSection)
  let calls = 0
  const journal = new JournalOfDay({
    ids: house.ids,
    by,
    paths,
    callerFor: () => ({ from: null, office: channelled[(calls++ * 17 + seed) % channelled.length], provinceCode: null }),
  })
  if (seed === 0) for (const { id, skills: own } of agents) journal.skills(id, own, from)
  simulate(
    {
      seed: seed + 1,
      from,
      to,
      sections,
      agents,
      behaviour: { ...plainBehaviour, answerDelay: { kind: 'exponential', meanMs: 3_000 } },
    },
    { onStep: (step, at) => journal.tell(step, at) },
  )
  if (direct)
    journal.toOffices(
      plan.filter(({ mode, unitPath }) => mode === 'direct' && unitPath.startsWith(direct.path)),
      direct.callsADay * size,
      from,
      seed,
    )
  return { entries: journal.entries.sort((a, b) => Number(a.at) - Number(b.at)), calls }
}
