/**
 * A night, made from its seed: the real leader on three nodes, on a store that fails as a database fails, with people who do as people do.
 *
 *   first phase    anything may fail; what must hold is looked at after each transaction of the leader (`checks.ts`)
 *   second phase   all heals, nobody else rings, nobody hangs up: whoever is still on the line is served within a bound
 *   in the end     each call is exactly one of answered, abandoned, refused with a message; the engine and the board are empty
 */
import { createHash } from 'node:crypto'
import { sectionRoutingSet } from '../../src/distribution/events.ts'
import { type Ground, lead } from '../../src/distribution/leader.ts'
import { domain } from '../../src/distribution/model.ts'
import type { Entry, Follower } from '../../src/platform/index.ts'
import { Centre, drawRouting } from './centre.ts'
import { Checks } from './checks.ts'
import { type Canary, Line, Store } from './database.ts'
import { type Outcome, People } from './people.ts'
import { type Accident, accidents, drawRates, type Rates } from './rates.ts'
import { Process, World } from './world.ts'

export interface Night {
  readonly seed: number
  readonly simulatedMs: number
  readonly faults: ReadonlyMap<string, number>
  readonly outcomes: Readonly<Record<Outcome, number>>
  readonly steps: number
  readonly epochs: number
  /** What must not be; null when all is well. */
  readonly violation: string | null
  /** Of the journal: the same seed gives the same. */
  readonly digest: string
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** The lock's session is ended when its holder has said nothing for so long; see `election.ts`. */
const leaseMs = 1_000
const askMs = 100

/** A place for a process, which is started again when it ends. */
interface Node {
  process: Process
  /** It leads, or believes so. */
  term: AbortController | null
}

/** Runs the night of a seed; with something taken out of the design when a canary is given. */
export async function night(seed: number, canary: Canary | null = null): Promise<Night> {
  const begin = new World(seed, 0)
  const start = drawStart(begin)
  // Most nights are short and dense, some go round the clock.
  const hours = begin.chance(0.2) ? begin.between(12, 30) : begin.between(1, 3)
  const world = new World(seed ^ 0x5eed, start)
  const rates = drawRates(world)
  const store = new Store(world, rates, canary)
  const centre = new Centre(world)
  const checks = new Checks(store)
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
  const cluster = new Cluster(world, store, centre, rates)
  store.onCommit = entries => {
    cluster.ring(entries)
    people.wake()
  }

  cluster.start()
  for (const agent of people.agents) world.after(world.between(0, minute), () => people.act(agent))
  comeAndGo(world, people, start + hours * hour)
  for (const kind of accidents) happen(world, rates, kind, () => cluster.meets(kind, people))
  // Often the last moments before all heals are the worst.
  if (world.chance(0.5)) world.after(hours * hour - 3 * second, () => rates.worsen())
  await world.run(start + hours * hour)

  heal(world, store, centre, people, cluster)
  const waiting = people.callers.filter(caller => caller.state !== 'over').length
  // Who talks may go on for ten minutes; then each takes its minute, its wrap-up and the ringing, one after the other at every agent.
  const boundMs = 25 * minute + Math.ceil(waiting / people.agents.length) * 3 * minute
  await world.run(world.now + boundMs, () => !people.onTheLine)
  if (people.onTheLine) {
    const left = people.callers.filter(caller => caller.state !== 'over')
    world.fail(
      `${left.length} of ${waiting} callers are not served ${boundMs / minute} minutes after all has healed: ${left[0]?.id} ${left[0]?.state}`,
    )
  }
  // The last facts reach the engine.
  await world.run(world.now + 5 * minute)
  const outcomes = countOutcomes(world, people)
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
    epochs: store.epoch,
    violation: world.violation,
    digest: digest.digest('hex').slice(0, 16),
  }
}

/** A morning of any day, the night in which an hour is missing, or the one in which an hour comes twice. */
function drawStart(world: World): number {
  const kind = world.between(0, 3)
  if (kind === 0) return Date.UTC(2027, 2, 27, 22, world.between(0, 120))
  if (kind === 1) return Date.UTC(2026, 9, 24, 22, world.between(0, 120))
  return Date.UTC(2026, world.between(0, 11), world.between(1, 28), world.between(5, 14), world.between(0, 59))
}

/** Callers come as life brings them; agents do this and that. Dense by day, sparse by night. */
function comeAndGo(world: World, people: People, until: number): void {
  // From twice as many callers as can be served to hardly any.
  const meanMs = (world.anySize(70, 1_500) * second) / people.agents.length
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
  const act = () => {
    if (world.now >= until) return
    people.act(world.oneOf(people.agents))
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

function heal(world: World, store: Store, centre: Centre, people: People, cluster: Cluster): void {
  people.healed = true
  people.deaf = false
  store.away = false
  store.rates.heal()
  centre.alwaysOpen = true
  for (const { id } of centre.sections) store.routing.set(id, {})
  for (const agent of people.agents) {
    store.skills.set(
      agent.id,
      centre.sections.map(({ id }) => ({ section: id, level: 3 })).sort((a, b) => (a.section < b.section ? -1 : 1)),
    )
    people.backToWork(agent)
  }
  void people.write(sectionRoutingSet, { sectionId: 'pensions' }, {})
  cluster.heal()
  people.wake()
  const tend = () => {
    for (const agent of people.agents) if (!agent.talking && agent.offer === '') people.backToWork(agent)
    world.after(minute, tend)
  }
  world.after(minute, tend)
}

/** Lost: in no way over. Twice: in two ways. */
function countOutcomes(world: World, people: People): Record<Outcome, number> {
  const outcomes: Record<Outcome, number> = { answered: 0, abandoned: 0, refused: 0 }
  for (const { id, outcomes: ends } of people.callers) {
    const [end, another] = ends
    if (end === undefined) world.fail(`${id} is lost`)
    else if (another !== undefined) world.fail(`${id} is ${ends.join(' and ')}`)
    else outcomes[end]++
  }
  return outcomes
}

/** Three nodes, of which one holds the lock. */
class Cluster {
  private readonly world: World
  private readonly store: Store
  private readonly centre: Centre
  private readonly nodes: Node[] = []
  private readonly rates: Rates
  private readonly pace: Ground['pace']
  private holder: Node | null = null
  private healed = false
  private readonly followers = new Map<Process, Set<Follower>>()

  constructor(world: World, store: Store, centre: Centre, rates: Rates) {
    this.world = world
    this.store = store
    this.centre = centre
    this.rates = rates
    // Times are drawn too: what holds must hold at any pace.
    this.pace = {
      lookBusyMs: Math.round(world.anySize(200, 2_000)),
      lookQuietMs: Math.round(world.anySize(1_000, 5_000)),
      stepsOfSnapshot: Math.round(world.anySize(50, 3_000)),
    }
  }

  start(): void {
    for (let n = 0; n < 3; n++) this.nodes.push({ process: this.newProcess(), term: null })
    this.elect()
  }

  end(): void {
    for (const { process } of this.nodes) process.dead = true
  }

  /** Tells the nodes that something was written, or not. */
  ring(entries: readonly Entry[]): void {
    const { world } = this
    for (const [process, followers] of this.followers) {
      if (followers.size === 0 || world.chance(this.rates.deaf)) continue
      process.after(world.between(0, 20), () => {
        for (const follower of followers) void follower(entries)
      })
    }
  }

  /** An accident of this kind. */
  meets(kind: Accident, people: People): void {
    if (this.healed) return
    const { world, store } = this
    // The leader is where it hurts.
    const node = this.holder !== null && world.chance(0.8) ? this.holder : world.oneOf(this.nodes)
    const { process } = node
    const laterMs = world.anySize(50, 40 * second)
    world.fault(kind)
    switch (kind) {
      case 'crash':
        process.dead = true
        this.letGo(node, 0)
        world.after(laterMs, () => this.replace(node, process))
        break
      case 'orderly restart':
        node.term?.abort()
        world.stir()
        this.letGo(node, world.between(5, 1_200))
        world.after(laterMs + 1_500, () => this.replace(node, process))
        break
      case 'pause':
        process.pause()
        this.letGo(node, leaseMs, () => !process.awake)
        world.after(laterMs, () => process.resume())
        break
      case 'cut wire':
        process.cut = true
        this.letGo(node, leaseMs, () => process.cut)
        world.after(laterMs, () => {
          process.cut = false
        })
        break
      case 'lock lost':
        this.letGo(node, 0)
        break
      case 'clock jump':
        process.skew = Math.round(world.anySize(1, hour)) * (world.chance(0.5) ? 1 : -1)
        world.after(world.anySize(second, 20 * minute), () => {
          process.skew = 0
        })
        break
      case 'database away':
        store.away = true
        for (const each of this.nodes) this.letGo(each, 0)
        world.after(Math.min(laterMs * 2, minute), () => {
          store.away = false
          people.wake()
        })
        break
      case 'page vanishes':
        people.vanish(world.oneOf(people.agents))
        break
      case 'telephony deaf':
        people.deaf = true
        world.after(laterMs, () => {
          people.deaf = false
          people.wake()
        })
        break
      case 'settings change': {
        const { id } = world.oneOf(this.centre.sections)
        store.routing.set(
          id,
          drawRouting(
            world,
            id,
            this.centre.sections.map(section => section.id),
          ),
        )
        people.drawSkills(world.oneOf(people.agents))
        if (world.chance(0.7)) void people.write(sectionRoutingSet, { sectionId: id }, {})
        break
      }
    }
  }

  heal(): void {
    this.healed = true
    for (const node of this.nodes) {
      node.process.cut = false
      node.process.skew = 0
      if (node.process.dead) this.replace(node, node.process)
      else node.process.resume()
    }
  }

  private newProcess(): Process {
    const process = new Process(this.world)
    this.followers.set(process, new Set())
    return process
  }

  /** A new process where one has ended. */
  private replace(node: Node, ended: Process): void {
    if (node.process !== ended) return
    ended.dead = true
    if (this.holder === node) this.holder = null
    this.followers.delete(ended)
    node.process = this.newProcess()
    node.term = null
  }

  /** The lock of a node is let go after so long, if it then still must be; its holder hears of it as soon as it hears anything. */
  private letGo(node: Node, afterMs: number, still: () => boolean = () => true): void {
    if (this.holder !== node) return
    const { process, term } = node
    this.world.after(afterMs, () => {
      if (this.holder !== node || node.process !== process || !still()) return
      this.holder = null
      const hears = () => {
        if (process.cut) process.after(askMs, hears)
        else term?.abort()
      }
      process.after(this.world.between(0, 300), hears)
    })
  }

  /** Whoever asks first has the lock. */
  private elect(): void {
    const { world, store } = this
    world.after(world.between(1, askMs), () => this.elect())
    if (this.holder !== null || store.away) return
    const free = this.nodes.filter(({ process, term }) => process.awake && !process.cut && term === null)
    if (free.length > 0) this.serve(world.oneOf(free))
  }

  private serve(node: Node): void {
    const { world, store } = this
    const { process } = node
    const term = new AbortController()
    node.term = term
    this.holder = node
    const followers = this.followers.get(process) ?? new Set<Follower>()
    const ground: Ground = {
      name: 'night',
      domain,
      clock: process,
      wires: process,
      log: {
        info: () => {},
        warn: () => {},
        error: (...said: unknown[]) => world.fail(`the leader says: ${JSON.stringify(said)}`),
      },
      tail: {
        follow: async follower => {
          followers.add(follower)
          return () => followers.delete(follower)
        },
        committed: () => {},
      },
      pace: this.pace,
      open: async () => new Line(store, process, this.centre),
    }
    process.reach(() => {
      lead(ground, { ended: term.signal })
        .catch((error: unknown) => world.fault(`leader ends: ${String(error)}`))
        .then(() => {
          if (process.dead) return
          node.term = null
          if (this.holder === node) this.holder = null
        })
    })
  }
}
