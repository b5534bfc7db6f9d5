/**
 * Not by chance but one after the other: the same few calls again and again, and each time something happens at the next instant. The caller
 * hangs up at the first, the second, the third instant …, the leader dies there, or sleeps, or is cut off; the first, the second, the third …
 * call to the database goes wrong, in each way, once or for a while. After each the same must hold as after a night.
 */
import { engines } from '../../src/distribution/leader/memory.ts'
import { Centre } from './centre.ts'
import { Checks } from './checks.ts'
import { Cluster } from './cluster.ts'
import { type FaultOfCall, Store } from './database.ts'
import { countOutcomes, heal } from './night.ts'
import { People } from './people.ts'
import { noFaults } from './rates.ts'
import { Strangers } from './strangers.ts'
import { World } from './world.ts'

const second = 1_000
const minute = 60 * second
const start = Date.UTC(2026, 5, 1, 8)
/** While the faults last. */
const lastsMs = 15 * second

/** What can happen at an instant. */
export const blowsAtInstant = [
  ...['hang-up', 'crash', 'pause', 'cut wire', 'lock lost', 'page vanishes', 'place damaged', 'transaction of a stranger'],
  ...['fact that breaks the engine', 'entry of a newer release'],
] as const
type BlowAtInstant = (typeof blowsAtInstant)[number]

export type Blow = { do: BlowAtInstant; at: number } | { do: FaultOfCall; call: number; forMs: number }

export interface Scene {
  /** How many instants and calls to the database there were until all was well again. */
  readonly instants: number
  readonly calls: number
  readonly violation: string | null
}

/** Three callers, two agents, one blow. */
export async function scene(blow: Blow | null): Promise<Scene> {
  const world = new World(1, start)
  const store = new Store(world, noFaults(), null)
  const centre = new Centre(world)
  centre.alwaysOpen = true
  const checks = new Checks(store, engines)
  const people = new People(world, store, centre, entry => checks.heard(entry), 2)
  const cluster = new Cluster(world, store, centre, store.rates, engines)
  cluster.onDoubts = () => checks.expectWhole()
  const strangers = new Strangers(world, store)
  store.onCommit = () => {
    cluster.ring()
    people.wake()
  }
  let calls = 0
  let until = Number.POSITIVE_INFINITY
  store.ordered = () => {
    const isHit = blow !== null && 'call' in blow && calls >= blow.call && world.now <= until
    calls++
    if (!isHit) return null
    if (until === Number.POSITIVE_INFINITY) until = world.now + blow.forMs
    if (blow.forMs === 0) until = 0
    return blow.do
  }
  if (blow !== null && 'at' in blow) {
    const { at } = blow
    const act = () => {
      const [caller] = people.callers
      if (blow.do !== 'hang-up') cluster.meets(blow.do, people, strangers)
      else if (caller) people.hangUp(caller)
    }
    world.blow = { at, work: act }
  }
  cluster.start()
  for (const { id } of people.agents)
    store.skills.set(
      id,
      centre.sections.map(section => ({ section: section.id, level: 3 })).sort((a, b) => (a.section < b.section ? -1 : 1)),
    )
  for (const [n, agent] of people.agents.entries()) world.after(500 + n * 700, () => people.staff.backToWork(agent))
  for (const n of [0, 1, 2]) world.after(1_500 * (n + 1), () => people.arrive())
  await world.run(start + lastsMs)
  const { instants } = world
  const asked = calls
  heal(world, store, centre, people, cluster)
  await world.run(world.now + 30 * minute, () => people.onTheLine === 0)
  if (people.onTheLine > 0) world.fail(`${people.onTheLine} callers are not served half an hour after all has healed`)
  await world.run(world.now + 2 * minute)
  countOutcomes(world, people)
  checks.lookAtTheWhole()
  checks.lookAtWhatWasSetAside()
  checks.rebuildAsIfAllHadDied()
  await world.run(world.now + second)
  cluster.end()
  return { instants, calls: asked, violation: world.violation }
}

export interface Sweep {
  readonly scenes: number
  readonly violations: readonly string[]
}

/**
 * Tries every instant and every call.
 * @param stride 1 for each of them, 7 for every seventh
 */
export async function sweep(stride: number, only?: readonly Blow['do'][]): Promise<Sweep> {
  const whole = await scene(null)
  if (whole.violation !== null) return { scenes: 1, violations: [whole.violation] }
  const blows: Blow[] = []
  const wants = (what: Blow['do']) => only === undefined || only.includes(what)
  for (const what of blowsAtInstant)
    if (wants(what)) for (let at = 0; at < whole.instants; at += stride) blows.push({ do: what, at })
  for (const what of ['not-sent', 'answer-lost', 'unanswered', 'slow', 'stuck'] as const)
    if (wants(what))
      for (let call = 0; call < whole.calls; call += stride)
        blows.push({ do: what, call, forMs: 0 }, { do: what, call, forMs: 8 * second })
  const violations: string[] = []
  for (const blow of blows) {
    const { violation } = await scene(blow)
    if (violation !== null) violations.push(`${JSON.stringify(blow)}: ${violation}`)
  }
  return { scenes: blows.length + 1, violations }
}
