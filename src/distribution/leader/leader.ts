/**
 * The leader: runs the engine on the journal.
 *
 *   journal ──▶ read from the kept position ──▶ engine ──▶ steps, entries, board, position: one transaction ──▶ journal
 *
 * Exactly once: the position in the journal is written with the step, so a fact is either taken, with everything that follows from it, or
 * will be taken. After any error nothing in memory is trusted, and the rows are read again: that answers at once whether the last
 * transaction happened, which a lost answer to COMMIT leaves open. The same way leads on after a restart and after a take-over.
 *
 * Time is the database's: each look at the journal answers what time it is, and the round that follows goes by that. So it does not matter
 * what the clock of the machine says, and whoever takes over goes on where the other stopped. A fact counts at the instant at which it was
 * written, so that an answer given in time is in time however late it is read; but never later than now, whoever wrote it. Only when the
 * journal has been read to its end does time itself pass (`tick`).
 */

import { backOffMs, type Clock, type Entry, type JournalTail, type Log, readEntry, type SetAside } from '../../platform/index.ts'
import type { RoutingEvent } from '../../routing/index.ts'
import { silentAfterMs } from '../model.ts'
import { NoAnswer, within } from './connection.ts'
import { sleep, type Term } from './election.ts'
import { type Ledger, Superseded } from './ledger.ts'
import { type Doubt, type Engines, isDue, type Memory, rebuild, save, takeStep, wasTaken } from './memory.ts'
import { learnPaths, lookAtSettings } from './settings.ts'
import { type FactForEngine, hear, isHeard } from './translate.ts'

/** So many entries are taken in one transaction at most. */
const batchSize = 500
/** Due timers are done together: at most one tick in so many milliseconds. */
const tickIntervalMs = 40
/** After a gap (take-over, database away) others first write what happened meanwhile; only then do offers run out. */
const graceMs = 1_000
const settingsIntervalMs = 30_000
/** How far was read without a step is written so often, if anything was. */
const positionIntervalMs = 5_000
/** A clock that goes back by less was only set right. */
const setBackMs = 1_000
/** An hour is quiet when nothing has come for so long. */
const quietAfterMs = 10_000
/** The longest rest, in rests after a round that took one fact. */
const maxRests = 3
/** The longest that a round may take before its connection counts as dead. */
const maxRoundMs = 5_000
const maxLastWordMs = 1_000
/** The engine breaks off so often in a row, and the state of the steps counts as unusable. */
const maxBreaks = 3
/** After an error: soon, because often the next try succeeds; then less and less often, because the database may be away. */
const retryPauses = { minRetryMs: 10, maxRetryMs: 500 }

export interface LeaderPace {
  /** The journal is looked at so often, whatever wakes or does not: while calls come, and in a quiet hour. */
  readonly pollIntervalMs: number
  readonly quietPollIntervalMs: number
  /**
   * After a round that took facts, others are let come together for so long and a little more, the longer the more it took: a round costs the
   * same for one as for twenty. A fact that comes alone is taken at once.
   */
  readonly restMs: number
  /** Silent pages are looked for so often. */
  readonly sweepIntervalMs: number
  /** A snapshot is written after so many steps: rebuilding replays fewer than twice as many. */
  readonly stepsPerSnapshot: number
}

/** A newer release writes what this one cannot read: a node of that release shall lead. */
class LeftToNewerRelease extends Error {
  override readonly name = 'LeftToNewer'
}

/** The engine broke off in the middle of a fact. */
class BrokeOff extends Error {
  override readonly name = 'BrokeOff'
}

/** What the leader stands on. */
export interface LeaderContext {
  /** This process, for who looks at the rows. */
  readonly name: string
  readonly domain: string
  readonly clock: Clock
  /** The time of wires and servers: real, unless these are models too. */
  readonly wires: Clock
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>
  readonly tail: Pick<JournalTail, 'watch' | 'committed'>
  readonly pace: LeaderPace
  /** Others than the real ones, for a night. */
  readonly engines?: Engines
  /** Asked when an entry of a newer release is met that the engine should hear of: whether to make room for a node of that release. */
  readonly makesRoom?: () => boolean
  /** Opens a connection of the leader's own. */
  open(): Promise<Ledger>
  /** Lets others ask the engine of an office, until the returned function is called. */
  answer?(engine: Pick<Memory['engine'], 'explain'>): Promise<() => Promise<void>>
}

/** How a time in office has ended: the term is over or another leads, or room is made for a node of a newer release. */
export type Leaving = 'over' | 'makes-room'

/**
 * Leads until the term ends, or another leader has been elected, or room is to be made for a node of a newer release.
 *
 * An entry on which the engine breaks off is remembered, and gone on without at the next try: no entry may keep everybody's calls waiting.
 */
export async function lead(ground: LeaderContext, term: Term): Promise<Leaving> {
  const { domain, clock, wires, log } = ground
  let epoch: number | undefined
  let failures = 0
  const untakable = new Map<number, string>()
  let breaks = 0
  let brokeOff: string | null = null
  const bell = openBell(ground.tail, term)
  try {
    while (!term.ended.aborted) {
      let ledger: Ledger | undefined
      try {
        ledger = await ground.open()
        epoch ??= await within(maxRoundMs, 'beginning an epoch', ledger.beginEpoch(ground.name, new Date(clock.now())), wires)
        await new TermOfOffice(ground, ledger, epoch, bell, term, untakable, brokeOff).run(() => {
          failures = 0
          breaks = 0
          brokeOff = null
        })
      } catch (error) {
        if (error instanceof Superseded && epoch !== undefined && (await isOver(ledger, epoch, wires))) {
          log.info({ domain, epoch }, 'another process distributes the calls now')
          return 'over'
        }
        if (error instanceof LeftToNewerRelease) {
          log.warn({ domain, epoch, reason: error.message }, 'distribution: makes room for a node of a newer release')
          return 'makes-room'
        }
        if (error instanceof BrokeOff && ++breaks >= maxBreaks) brokeOff = error.message
        log.warn({ domain, epoch, err: error }, 'distribution: begins again from what is written')
      } finally {
        ledger?.close()
      }
      await sleep(backOffMs(retryPauses, failures++), term.ended, wires)
    }
    return 'over'
  } finally {
    bell.close()
  }
}

async function isOver(ledger: Ledger | undefined, epoch: number, wires: Clock): Promise<boolean> {
  if (ledger === undefined) return false
  return within(maxRoundMs, 'reading the epoch', ledger.holdEpoch(epoch), wires).then(
    () => false,
    error => error instanceof Superseded,
  )
}

/** Rings when the journal may have something for the engine. */
interface Bell {
  /** Waits for a ring, at most until `ms` have passed by the house's clock. A ring that nobody waited for is not lost. */
  wait(clock: Clock, ms: number): Promise<void>
  /** Does something at once, without ringing for it. */
  quietly(work: () => void): void
  close(): void
}

function openBell(tail: LeaderContext['tail'], term: Term): Bell {
  let rung = false
  let ring: () => void = () => {
    rung = true
  }
  let isDeaf = false
  const strike = () => {
    if (!isDeaf) ring()
  }
  const stop = tail.watch(strike)
  term.ended.addEventListener('abort', strike)
  return {
    async wait(clock, ms) {
      if (!rung && !term.ended.aborted && ms > 0) {
        const { promise, resolve } = Promise.withResolvers<void>()
        ring = resolve
        const cancel = clock.after(ms, resolve)
        await promise
        cancel()
        ring = () => {
          rung = true
        }
      }
      rung = false
    },
    quietly(work) {
      isDeaf = true
      work()
      isDeaf = false
    },
    close() {
      stop()
      term.ended.removeEventListener('abort', strike)
    },
  }
}

/** One stretch of leading on one connection: memory is built at its beginning and thrown away at its end. */
class TermOfOffice {
  private readonly ground: LeaderContext
  private readonly ledger: Ledger
  private readonly epoch: number
  private readonly bell: Bell
  private readonly term: Term
  /** Entries on which the engine broke off, and how. */
  private readonly untakable: Map<number, string>
  private readonly brokeOff: string | null
  /** By the database's clock, as all that follows. */
  private begunAt = 0
  private now = 0
  private lastTick = 0
  private lastHeard = 0
  /** How many facts the last round took. */
  private taken = 0
  private sweepAt = 0
  private settingsAt = 0
  /** Something was read that made no step, and this is not written; and when it was last written. */
  private hasReadOn = false
  private placeAt = 0

  constructor(
    ground: LeaderContext,
    ledger: Ledger,
    epoch: number,
    bell: Bell,
    term: Term,
    untakable: Map<number, string>,
    brokeOff: string | null,
  ) {
    this.ground = ground
    this.ledger = ledger
    this.epoch = epoch
    this.bell = bell
    this.term = term
    this.untakable = untakable
    this.brokeOff = brokeOff
  }

  /** Notes what time it is. At the beginning, and when the database's own clock has been set back, everything is reckoned from there. */
  private setTime(now: number): void {
    if (now > this.now - setBackMs && this.begunAt > 0) {
      this.now = Math.max(this.now, now)
      return
    }
    this.now = now
    this.begunAt = now
    this.lastHeard = now
    this.lastTick = 0
    // Pages could not report while the database was away: they are given the time to.
    this.sweepAt = now + silentAfterMs
    this.settingsAt = now
    this.placeAt = now
  }

  /** Works until the term ends. `wrote` is called whenever something has been written. */
  async run(wrote: () => void): Promise<void> {
    const { ledger } = this
    const { domain, wires, log } = this.ground
    const { memory, doubts } = await within(
      maxRoundMs * 4,
      'rebuilding',
      rebuild(ledger, this.ground.engines, this.brokeOff),
      wires,
    )
    if (memory.epoch !== this.epoch) throw new Superseded(`Epoch ${this.epoch} of ${domain} is over.`)
    await within(maxRoundMs, 'reading the sections', learnPaths(ledger, memory.told, new Date(this.ground.clock.now())), wires)
    tellDoubts(log, domain, doubts)
    log.info({ domain, epoch: this.epoch, step: memory.seq }, 'distribution: rebuilt')
    const answering = this.ground.answer?.(memory.engine)
    try {
      await this.distribute(memory, wrote)
    } finally {
      void answering?.then(stop => stop()).catch(() => {})
    }
  }

  private async distribute(memory: Memory, wrote: () => void): Promise<void> {
    const { ledger, term } = this
    const { wires } = this.ground
    while (!term.ended.aborted) {
      const saved = memory.savedSeq
      const more = await within(maxRoundMs, 'a round of distribution', this.round(memory), wires)
      if (memory.savedSeq > saved) wrote()
      if (!more) await this.rest()
      await this.bell.wait(this.ground.clock, more ? 0 : this.waitMs(memory))
    }
    // In the middle of what is read once more: it begins there again.
    if (memory.again.size > 0) return
    // What is left in memory would be done again by the next leader; with a snapshot there is nothing to replay.
    const lastWord = save(ledger, memory, new Date(this.now), true)
    await within(maxLastWordMs, 'the last snapshot', lastWord, wires).catch((error: unknown) => {
      if (!(error instanceof NoAnswer || error instanceof Superseded)) throw error
    })
  }

  private async rest(): Promise<void> {
    const { pace, wires } = this.ground
    if (this.taken === 0 || pace.restMs === 0) return
    await sleep(Math.min(maxRests * pace.restMs, pace.restMs + this.taken), this.term.ended, wires)
  }

  /** Takes what there is. Returns whether there is more. */
  private async round(memory: Memory): Promise<boolean> {
    const { ledger } = this
    const { pace, tail } = this.ground
    const { entries, position, more, now: said } = await ledger.journal(memory.position, batchSize)
    this.setTime(said)
    this.taken = 0
    const { now } = this
    memory.position = position
    // To an engine that knows no section yet, every call would be for a section that does not exist.
    let settings = memory.told.sections.size === 0
    const aside: SetAside[] = []
    for (const entry of entries) {
      const heard = this.hear(entry, aside)
      if (heard === 'settings') settings = true
      else if (heard !== null && !wasTaken(memory, heard)) {
        // Settings that were announced before a fact hold for it.
        if (settings) await this.lookAtSettings(memory)
        settings = false
        this.lastHeard = now
        this.taken++
        this.take(memory, entry, heard)
      }
    }
    // Before the place in the journal goes on, so that nothing is passed over that stands nowhere.
    if (aside.length > 0) await ledger.setAside(aside, new Date(now))
    if (settings || now >= this.settingsAt) await this.lookAtSettings(memory)
    if (!more) {
      memory.again.clear()
      this.letTimePass(memory)
    }
    // Whoever finds the place that is written now must not have to pass anything over.
    const isUnsaid = aside.length > 0 && memory.seq > memory.savedSeq
    if ((isDue(memory) || isUnsaid) && memory.again.size === 0) {
      const tells = memory.entries.length > 0
      await save(ledger, memory, new Date(now), memory.seq - memory.snapshotSeq >= pace.stepsPerSnapshot)
      this.hasReadOn = false
      // What it has written itself tells the engine nothing.
      if (tells) this.bell.quietly(() => tail.committed())
    }
    this.hasReadOn ||= entries.length > 0
    // Whoever comes next shall not meet it again: an entry on which the engine breaks off costs each leader one beginning.
    if (aside.length > 0) this.placeAt = Number.NEGATIVE_INFINITY
    if (memory.again.size === 0) await this.notePlace(memory)
    if (now >= this.sweepAt) await this.sweep()
    return more
  }

  /** Every save says how far was read; without one this does, now and then, and only when every step is written. */
  private async notePlace(memory: Memory): Promise<void> {
    const { now } = this
    const { epoch, seq, savedSeq, position } = memory
    if (seq > savedSeq || !this.hasReadOn || now < this.placeAt + positionIntervalMs) return
    await this.ledger.readOn({ epoch, seq, position })
    this.hasReadOn = false
    this.placeAt = now
  }

  /** What an entry means to the engine; nothing for one that cannot be taken, which is set aside. @throws LeftToNewer */
  private hear(entry: Entry, aside: SetAside[]): FactForEngine | null {
    if (!isHeard(entry.type)) return null
    const broke = this.untakable.get(entry.id)
    const reading = readEntry(entry)
    if (broke === undefined && reading.is !== 'unreadable') return hear(entry)
    const why = reading.is === 'unreadable' ? reading : ({ why: 'failed', reason: broke ?? '' } as const)
    if (why.why === 'newer' && this.ground.makesRoom?.() === true)
      throw new LeftToNewerRelease(`Entry ${entry.id}, ${entry.type}: ${why.reason}.`)
    this.ground.log.error({ entry: entry.id, type: entry.type, reason: why.reason }, 'distribution: an entry was set aside')
    aside.push({ entry, why: why.why, reason: why.reason })
    return null
  }

  private take(memory: Memory, entry: Entry, heard: Exclude<FactForEngine, 'settings'>): void {
    try {
      this.step(memory, heard, Math.min(entry.at.getTime(), this.now))
    } catch (error) {
      this.untakable.set(entry.id, String(error))
      throw error
    }
  }

  /** @throws BrokeOff */
  private step(memory: Memory, fact: RoutingEvent, at: number): void {
    try {
      takeStep(memory, fact, at)
    } catch (error) {
      throw new BrokeOff(`${fact.type}: ${String(error)}`, { cause: error })
    }
  }

  private letTimePass(memory: Memory): void {
    const { now } = this
    const due = memory.engine.nextDeadline()
    if (due === null || due > now || now < this.begunAt + graceMs || now < this.lastTick + tickIntervalMs) return
    this.lastTick = now
    this.step(memory, { type: 'tick' }, now)
  }

  /** How long nothing is to be done: until time is to pass, a section opens, pages are swept, or the journal is to be looked at. */
  private waitMs(memory: Memory): number {
    const { pace } = this.ground
    const { now } = this
    const quiet = now > this.lastHeard + quietAfterMs
    const look = quiet ? pace.quietPollIntervalMs : pace.pollIntervalMs
    const due = memory.engine.nextDeadline()
    const tick = due === null ? Number.POSITIVE_INFINITY : Math.max(due, this.begunAt + graceMs, this.lastTick + tickIntervalMs)
    return Math.max(1, Math.min(now + look, tick, this.settingsAt, this.sweepAt) - now)
  }

  private async lookAtSettings(memory: Memory): Promise<void> {
    const { now } = this
    const { events, nextChange } = await lookAtSettings(this.ledger, memory.told, new Date(now))
    for (const event of events) this.step(memory, event, now)
    this.settingsAt = Math.max(now + 1, Math.min(now + settingsIntervalMs, nextChange ?? Number.POSITIVE_INFINITY))
  }

  /** Pages that have fallen silent: a fact for the journal, which then comes to the engine like every other. */
  private async sweep(): Promise<void> {
    this.sweepAt = this.now + this.ground.pace.sweepIntervalMs
    if (await this.ledger.sweep(this.epoch, new Date(this.now))) this.ground.tail.committed()
  }
}

/** What was replayed otherwise than it was decided. Another version may decide otherwise; the same version may not. */
function tellDoubts(log: LeaderContext['log'], domain: string, doubts: readonly Doubt[]): void {
  const [first] = doubts
  if (first === undefined) return
  const grave = doubts.find(({ kind }) => kind !== 'other-version' && kind !== 'unknown-fact')
  const about = { domain, doubts: doubts.length, ...(grave ?? first) }
  if (grave?.kind === 'place-unreadable') {
    log.error(
      about,
      'distribution: the place in the journal cannot be read; read from an earlier one, and passed over what was taken',
    )
    return
  }
  if (grave === undefined)
    log.warn(about, 'distribution: another version of the engine decided otherwise; taken as it was decided')
  else log.error(about, 'distribution: the steps cannot be replayed as they stand; taken as it was decided, from the board')
}
