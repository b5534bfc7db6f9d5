/**
 * A night, made from its seed: the real leader on three nodes, on a store that fails as a database fails, with people who do as people do.
 *
 *   first phase    anything may fail; what must hold is looked at after each transaction of the leader (`checks.ts`)
 *   second phase   all heals, nobody else rings, nobody hangs up: whoever is still on the line is served within a bound
 *   in the end     each call is exactly one of answered, abandoned, refused with a message; the engine and the board are empty
 */
import { createHash } from 'node:crypto'
import { sectionRoutingSet } from '../../src/distribution/events.ts'
import { type Engines, engines as realEngines } from '../../src/distribution/leader/memory.ts'
import { Centre, drawRouting, drawSharing } from './centre.ts'
import { Checks } from './checks.ts'
import { Cluster } from './cluster.ts'
import { type Canary, Store } from './database.ts'
import { type Outcome, People } from './people.ts'
import { type Accident, accidents, drawRates, type Rates } from './rates.ts'
import { Strangers } from './strangers.ts'
import { World } from './world.ts'

export interface Night {
  readonly seed: number
  readonly simulatedMs: number
  readonly faults: ReadonlyMap<string, number>
  readonly outcomes: Readonly<Record<Outcome, number>>
  readonly tickets: number
  readonly agents: number
  readonly steps: number
  /** Looks at the whole state, states rebuilt from what was written, and prefixes of the journal tried on them. */
  readonly looked: Readonly<Record<'wholes' | 'replays' | 'prefixes', number>>
  readonly epochs: number
  /** What must not be; null when all is well. */
  readonly violation: string | null
  /** Of the journal: the same seed gives the same. */
  readonly digest: string
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** What is broken on purpose, and how long a night may be. */
export interface Broken {
  canary?: Canary | null
  engines?: Engines
  /** Another release, by which nodes are replaced while calls are under way. */
  other?: Engines
  maxHours?: number
}

/** Runs the night of a seed; with something broken when a canary is to be caught. */
export async function night(
  seed: number,
  { canary = null, engines = realEngines, other, maxHours = 200 }: Broken = {},
): Promise<Night> {
  const begin = new World(seed, 0)
  const start = drawStart(begin)
  // Most are short and dense, some go round the clock, some take days.
  const kind = begin.between(0, 9)
  const drawn = kind < 6 ? begin.between(1, 3) : kind < 9 ? begin.between(12, 30) : begin.between(48, 120)
  const hours = Math.min(maxHours, drawn)
  const world = new World(seed ^ 0x5eed, start)
  const rates = drawRates(world)
  // What is taken out of the rows shows only when calls to the database go wrong.
  if (canary !== null) rates.call = 0.02
  const store = new Store(world, rates, canary)
  const centre = new Centre(world)
  const checks = new Checks(store, engines, other)
  for (const { id } of centre.sections)
    store.routing.set(
      id,
      drawRouting(
        world,
        id,
        centre.sections.map(section => section.id),
      ),
    )
  const people = new People(world, store, centre, entry => checks.heard(entry))
  const cluster = new Cluster(world, store, centre, rates, engines)
  cluster.onDoubts = () => checks.expectWhole()
  const strangers = new Strangers(world, store)
  store.onCommit = () => {
    cluster.ring()
    people.wake()
  }

  if (world.chance(0.6)) {
    const members = people.agents.filter(() => world.chance(0.5)).map(agent => agent.id)
    store.written = [drawSharing(world, members)]
    // Some of them have no telephone.
    for (const id of members) if (world.chance(0.3)) store.withoutTelephone.add(id)
  }
  for (const at of [clocksForward, clocksBack])
    if (at > start && at < start + hours * hour)
      world.after(at - start, () => world.fault(at === clocksForward ? 'hour missing' : 'hour twice'))

  cluster.start()
  for (const agent of people.agents) world.after(world.between(0, minute), () => people.staff.act(agent))
  comeAndGo(world, store, people, start + hours * hour)
  if (other !== undefined) {
    const again = () => {
      cluster.upgrade(other)
      world.after(world.between(second, 10 * minute), again)
    }
    world.after(world.between(second, 10 * minute), again)
  }
  for (const kind of accidents) happen(world, rates, kind, () => cluster.meets(kind, people, strangers))
  // Often the last moments before all heals are the worst.
  if (world.chance(0.5)) world.after(hours * hour - 3 * second, () => rates.worsen())
  await world.run(start + hours * hour)

  heal(world, store, centre, people, cluster)
  const waiting = people.callers.filter(caller => caller.state !== 'over').length + people.papers.open
  // Where the clock of the database went forward and back, the engine waits until it is there again: its time never goes back.
  const aheadMs = Math.max(0, checks.engine.snapshot().now - store.now)
  // Who talks may go on for ten minutes; then each takes its minute, its wrap-up and the ringing, one after the other at every agent.
  const boundMs = aheadMs + 25 * minute + Math.ceil(waiting / people.agents.length) * 3 * minute
  await world.run(world.now + boundMs, () => people.onTheLine === 0 && people.papers.open === 0)
  if (people.papers.open > 0)
    world.fail(`${people.papers.open} tickets are not done ${boundMs / minute} minutes after all has healed`)
  if (people.onTheLine > 0) {
    const left = people.callers.filter(caller => caller.state !== 'over')
    world.fail(
      `${left.length} of ${waiting} callers are not served ${boundMs / minute} minutes after all has healed: ${left[0]?.id} ${left[0]?.state}`,
    )
  }
  // The last facts reach the engine.
  await world.run(world.now + 5 * minute)
  const outcomes = countOutcomes(world, people)
  checks.lookAtTheWhole()
  checks.rebuildAsIfAllHadDied()
  await world.run(world.now + minute)
  checks.lookAtWhatWasSetAside()
  if (store.calls.size > 0) world.fail(`${store.calls.size} calls are left on the board`)
  if (checks.engine.snapshot().works.length > 0)
    world.fail(`${checks.engine.snapshot().works.length} calls are left in the engine`)
  cluster.end()
  const digest = createHash('sha256')
  for (const { xid, id, at, type, payload } of store.journal) digest.update(JSON.stringify([xid, id, at, type, payload]))
  return {
    seed,
    simulatedMs: world.now - start,
    faults: world.faults,
    outcomes,
    steps: store.seq,
    tickets: people.papers.all.length,
    agents: people.agents.length,
    looked: checks.looked,
    epochs: store.epoch,
    violation: world.violation,
    digest: digest.digest('hex').slice(0, 16),
  }
}

/** The instants at which an hour is left out and comes twice, in the years that the nights are in. */
const clocksForward = Date.UTC(2027, 2, 28, 1)
const clocksBack = Date.UTC(2026, 9, 25, 1)

/** A morning of any day, the night in which an hour is missing, or the one in which an hour comes twice. */
function drawStart(world: World): number {
  const kind = world.between(0, 3)
  if (kind === 0) return Date.UTC(2027, 2, 27, 22, world.between(0, 120))
  if (kind === 1) return Date.UTC(2026, 9, 24, 22, world.between(0, 120))
  return Date.UTC(2026, world.between(0, 11), world.between(1, 28), world.between(5, 14), world.between(0, 59))
}

/** Callers come as life brings them; agents do this and that. Dense by day, sparse by night. */
function comeAndGo(world: World, store: Store, people: People, until: number): void {
  // From twice as many callers as can be served to hardly any.
  const meanMs = (world.anySize(70, 3_000) * second) / people.agents.length
  const sparse = () => {
    const hourOfDay = new Date(world.now).getUTCHours()
    return hourOfDay < 5 || hourOfDay > 19 ? 10 : 1
  }
  const arrive = () => {
    if (world.now >= until) return
    people.arrive()
    // Now and then several at once.
    if (world.chance(0.05)) for (let n = world.between(1, 8); n > 0; n--) people.arrive()
    world.after(world.exponential(meanMs * sparse()), arrive)
  }
  const paper = () => {
    if (world.now >= until) return
    people.papers.arrive()
    world.after(world.exponential(meanMs * 2 * sparse()), paper)
  }
  if (store.written.length > 0) world.after(minute, paper)
  const act = () => {
    if (world.now >= until) return
    people.staff.act(world.oneOf(people.agents))
    world.after(world.exponential(90 * second * sparse()), act)
  }
  arrive()
  world.after(minute, act)
}

function happen(world: World, rates: Rates, kind: Accident, meets: () => void): void {
  const mean = rates.everyMs(kind)
  if (!Number.isFinite(mean)) return
  const next = () =>
    world.after(world.exponential(mean), () => {
      meets()
      next()
    })
  next()
}

/** From now on everything goes well, and everybody who can work does. */
export function heal(world: World, store: Store, centre: Centre, people: People, cluster: Cluster): void {
  people.pen.healed = true
  people.deaf = false
  store.away = false
  store.skew = 0
  store.withoutTelephone.clear()
  const sharing = { mode: 'distributed', capacity: 5, offerMinutes: 1 } as const
  store.written = store.written.map(section => ({ ...section, sharing, members: people.agents.map(({ id }) => id).sort() }))
  store.rates.heal()
  centre.alwaysOpen = true
  for (const { id } of centre.sections) store.routing.set(id, {})
  for (const agent of people.agents) {
    store.skills.set(
      agent.id,
      centre.sections.map(({ id }) => ({ section: id, level: 3 })).sort((a, b) => (a.section < b.section ? -1 : 1)),
    )
    people.staff.backToWork(agent)
  }
  void people.pen.write(sectionRoutingSet, { sectionId: 'pensions', changes: null }, { units: ['pensions'] })
  cluster.heal()
  people.wake()
  const tend = () => {
    for (const agent of people.agents) if (!agent.talking && agent.offer === '') people.staff.backToWork(agent)
    world.after(minute, tend)
  }
  world.after(minute, tend)
}

/** Lost: in no way over. Twice: in two ways. */
export function countOutcomes(world: World, people: People): Record<Outcome, number> {
  const outcomes: Record<Outcome, number> = { answered: 0, abandoned: 0, refused: 0, 'not-reached': 0 }
  for (const { id, outcomes: ends } of people.callers) {
    const [end, another] = ends
    if (end === undefined) world.fail(`${id} is lost`)
    else if (another !== undefined) world.fail(`${id} is ${ends.join(' and ')}`)
    else outcomes[end]++
  }
  return outcomes
}
