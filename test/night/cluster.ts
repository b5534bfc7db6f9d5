/** Three nodes, of which one holds the lock; and what befalls them. */
import { z } from 'zod'
import { sectionRoutingSet } from '../../src/distribution/events.ts'
import { type LeaderContext, lead } from '../../src/distribution/leader/leader.ts'
import type { Engines } from '../../src/distribution/leader/memory.ts'
import { domain } from '../../src/distribution/model.ts'
import { type Centre, drawRouting } from './centre.ts'
import type { Store } from './database.ts'
import { Line } from './line.ts'
import type { People } from './people.ts'
import type { Accident, Rates } from './rates.ts'
import { fragile, type Strangers } from './strangers.ts'
import { Process, type World } from './world.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** The lock's session is ended when its holder has said nothing for so long; see `election.ts`. */
const leaseMs = 1_000
const askMs = 100
/** Who makes room for a node of a newer release rests so long, and does it so seldom; see `election.ts` and `start.ts`. */
const roomMs = 3 * second
const roomAgainMs = 5 * minute

/** A place for a process, which is started again when it ends. */
interface Node {
  process: Process
  /** It leads, or believes so. */
  term: AbortController | null
  /** Of the release that runs there. */
  engines: Engines
  /** Made room for a node of a newer release, and does not stand for election until then. */
  restsUntil: number
  madeRoomAt: number
}

const neverMadeRoom = { restsUntil: 0, madeRoomAt: Number.NEGATIVE_INFINITY }

export class Cluster {
  /** A leader has said that it found damaged rows: its next save keeps the state whole, as it was decided. */
  onDoubts: () => void = () => {}
  private readonly world: World
  private readonly store: Store
  private readonly centre: Centre
  private readonly nodes: Node[] = []
  private readonly rates: Rates
  private readonly pace: LeaderContext['pace']
  private readonly engines: Engines
  private holder: Node | null = null
  /** Those who are about to hear that something was written: it is said in batches. */
  private readonly rung = new Set<Process>()
  private readonly ringMs: number
  /** Somebody asks for the lock. While it is held, asking changes nothing, and is left out. */
  private asking = false
  private healed = false
  private readonly watchers = new Map<Process, Set<() => void>>()

  constructor(world: World, store: Store, centre: Centre, rates: Rates, engines: Engines) {
    this.world = world
    this.store = store
    this.centre = centre
    this.rates = rates
    this.engines = engines
    this.ringMs = Math.round(world.anySize(5, 400))
    // Times are drawn too: what holds must hold at any pace.
    this.pace = {
      lookBusyMs: Math.round(world.anySize(200, 2_000)),
      lookQuietMs: Math.round(world.anySize(1_000, 6_000)),
      sweepMs: Math.round(world.anySize(500, 6_000)),
      stepsOfSnapshot: Math.round(world.anySize(50, 1_000)),
      // The rings come late enough: a rest would only make fewer instants at which something may happen.
      restMs: 0,
    }
  }

  start(): void {
    for (let n = 0; n < 3; n++)
      this.nodes.push({ process: this.newProcess(), term: null, engines: this.engines, ...neverMadeRoom })
    this.elect()
  }

  end(): void {
    for (const { process } of this.nodes) process.dead = true
  }

  /** Tells the nodes that something was written, or not. */
  ring(): void {
    const { world } = this
    for (const [process, watchers] of this.watchers) {
      if (watchers.size === 0 || this.rung.has(process)) continue
      if (world.chance(this.rates.deaf)) {
        world.fault('wake-up lost')
        continue
      }
      this.rung.add(process)
      world.after(world.between(0, this.ringMs), () => {
        this.rung.delete(process)
        process.reach(() => {
          for (const written of watchers) written()
        })
      })
    }
  }

  /** An accident of this kind. */
  meets(kind: Accident, people: People, strangers: Strangers): void {
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
      case 'clock jump of the database':
        // All go by it, so this is the one that counts. It goes forward or back, and is set right some time later.
        store.skew = Math.round(world.anySize(1, 10 * minute)) * (world.chance(0.5) ? 1 : -1)
        world.after(world.anySize(second, 20 * minute), () => {
          store.skew = 0
        })
        break
      case 'written work by hand':
        people.papers.takeByHand()
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
        people.staff.vanish(world.oneOf(people.agents))
        break
      case 'telephony deaf':
        people.deaf = true
        world.after(laterMs, () => {
          people.deaf = false
          people.wake()
        })
        break
      case 'transaction of a stranger':
        strangers.holdOpen()
        break
      case 'long transaction of our own':
        strangers.writeForLong()
        break
      case 'entry of a newer release':
        strangers.writeUnreadable('newer')
        break
      case 'damaged entry':
        strangers.writeUnreadable('damaged')
        break
      case 'entry of before':
        strangers.writeOfBefore()
        break
      case 'fact that breaks the engine':
        strangers.writeBreaking()
        break
      case 'snapshot damaged':
        if (store.damageSnapshot('{"version": 9}')) this.killLeader(laterMs)
        break
      case 'snapshot says otherwise':
        if (store.damageSnapshot(JSON.stringify(node.engines.create().snapshot()))) this.killLeader(laterMs)
        break
      case 'place damaged':
        if (store.damagePlaces(world.between(1, 10))) this.killLeader(laterMs)
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
        people.staff.drawSkills(world.oneOf(people.agents))
        if (world.chance(0.7)) void people.pen.write(sectionRoutingSet, { sectionId: id, changes: null }, {})
        break
      }
    }
  }

  /** Whoever leads now ends, so that the next has to go by the rows. */
  private killLeader(laterMs: number): void {
    const node = this.holder
    if (node === null) return
    const { process } = node
    process.dead = true
    this.letGo(node, 0)
    this.world.after(laterMs, () => this.replace(node, process))
  }

  /** A node ends in the middle of its work, the leader mostly, and one of the other release takes its place: upgraded, or set back. */
  upgrade(other: Engines): void {
    if (this.healed) return
    const { world } = this
    const node = this.holder !== null && world.chance(0.8) ? this.holder : world.oneOf(this.nodes)
    const { process } = node
    world.fault('upgrade')
    process.dead = true
    this.letGo(node, 0)
    node.engines = node.engines === other ? this.engines : other
    world.after(world.between(50, 20 * second), () => this.replace(node, process))
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
    this.watchers.set(process, new Set())
    return process
  }

  /** A new process where one has ended. */
  private replace(node: Node, ended: Process): void {
    if (node.process !== ended) return
    ended.dead = true
    this.watchers.delete(ended)
    node.process = this.newProcess()
    node.term = null
    Object.assign(node, neverMadeRoom)
    if (this.holder === node) this.vacate()
  }

  /** The lock of a node is let go after so long, if it then still must be; its holder hears of it as soon as it hears anything. */
  private letGo(node: Node, afterMs: number, still: () => boolean = () => true): void {
    if (this.holder !== node) return
    const { process, term } = node
    this.world.after(afterMs, () => {
      if (this.holder !== node || node.process !== process || !still()) return
      this.vacate()
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
    if (this.asking || this.holder !== null) return
    this.asking = true
    world.after(world.between(1, askMs), () => {
      this.asking = false
      if (this.holder !== null) return
      const free = this.nodes.filter(
        ({ process, term, restsUntil }) => process.awake && !process.cut && term === null && restsUntil <= world.now,
      )
      if (free.length > 0 && !store.away) this.serve(world.oneOf(free))
      else this.elect()
    })
  }

  private vacate(): void {
    this.holder = null
    this.elect()
  }

  private serve(node: Node): void {
    const { world, store } = this
    const { process } = node
    const term = new AbortController()
    node.term = term
    this.holder = node
    // The one before has not heard yet that its time is over.
    if (this.nodes.some(other => other !== node && other.term !== null && !other.process.dead)) world.fault('two believe to lead')
    const watchers = this.watchers.get(process) ?? new Set<() => void>()
    const ground: LeaderContext = {
      name: 'night',
      domain,
      clock: process,
      wires: process,
      log: {
        info: () => {},
        warn: () => {},
        error: (about: unknown, said?: string) => this.hearError(about, said),
      },
      tail: {
        watch: written => {
          watchers.add(written)
          return () => watchers.delete(written)
        },
        committed: () => {},
      },
      pace: this.pace,
      engines: fragile(node.engines),
      makesRoom: () => {
        if (world.now < node.madeRoomAt + roomAgainMs) return false
        node.madeRoomAt = world.now
        return true
      },
      open: async () => new Line(store, process, this.centre, node.engines),
    }
    process.reach(() => {
      lead(ground, { ended: term.signal })
        .catch((error: unknown) => world.fault(`leader ends: ${String(error)}`))
        .then(leaving => {
          if (process.dead) return
          if (leaving === 'makes-room') {
            world.fault('room made in vain')
            node.restsUntil = world.now + roomMs
          }
          node.term = null
          if (this.holder === node) this.vacate()
        })
    })
  }

  /** An error in the leader's log is a violation, unless it is about an entry or about rows that are as they must not be. */
  private hearError(about: unknown, said: string | undefined): void {
    const { world, store } = this
    const { entry, kind } = ErrorOfLeader.parse(about)
    if (said === setAsideSaid && entry !== undefined && store.strange.has(entry)) world.fault('entry set aside')
    else if (said !== undefined && doubtsSaid.has(said) && (store.wasDamaged || kind === 'breaks-off')) {
      world.fault('rebuilt from damaged rows')
      this.onDoubts()
    } else world.fail(`the leader says: ${JSON.stringify([about, said])}`)
  }
}

const ErrorOfLeader = z.object({ entry: z.number().optional(), kind: z.string().optional() })
const setAsideSaid = 'distribution: an entry was set aside'
const doubtsSaid: ReadonlySet<string> = new Set([
  'distribution: the place in the journal cannot be read; read from an earlier one, and passed over what was taken',
  'distribution: the steps cannot be replayed as they stand; taken as it was decided, from the board',
])
