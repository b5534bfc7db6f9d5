/**
 * From the journal to the live pages: one reader of the journal for all of them.
 *
 *   entries ──▶ messages, each made once ──▶ groups ──▶ readers: one write each
 *
 * Who may have a message is decided by groups, not reader by reader: a message names the groups that may know of it, a reader belongs to some. For
 * all readers of the same groups the text is put together once.
 *
 * It never holds up others for long: what comes while it writes is taken together afterwards, it rests between two rounds, and gives way within
 * a round. When it cannot keep up it forgets, and says so: the pages then ask for everything again.
 */
import { setImmediate as othersFirst } from 'node:timers/promises'
import type { Actor } from '../actor.ts'
import type { Db } from '../database/database.ts'
import type { Entry } from '../events/event.ts'
import { journalEnd } from '../events/journal.ts'
import { beginning, type Position, positionText, readPosition } from '../events/position.ts'
import type { House } from '../house.ts'
import { Ring } from './live-ring.ts'
import { anew, type Groups, messagesOf, place, stillHere, textsOf } from './messages.ts'

/** Who may know that an entry exists: whoever belongs to one of its groups. */
export interface Audience {
  groupsOf(actor: Actor): Groups
  hearersOf(entry: Pick<Entry, 'type' | 'subjects'>): readonly string[]
  /** Whether from this entry on its person may see something else. The streams of that person end, and are asked for anew. */
  changesRights(entry: Pick<Entry, 'type' | 'subjects'>): boolean
  /** Some entries once more, about what else shows what they tell. */
  toldElsewhere?(db: Db, entries: readonly Entry[]): Promise<readonly Entry[]>
}

/** One stream to one page. */
export interface Reader {
  readonly groups: Groups
  /** Who reads; ends with a change of the rights of this person. */
  readonly person: string
  send(text: Buffer): void
  end(): void
}

export interface FanOut {
  /**
   * Adds a reader, who is told what he has missed since the place `from`, as far as that is still known, and then everything.
   * Returns how to leave.
   */
  join(reader: Reader, from?: string): Promise<() => void>
  /** Tells everybody up to where they have been told everything: so a quiet stream, too, can be taken up after a break. */
  tellPlaces(): Promise<void>
  close(): void
}

/** What is kept for those who come back. */
const kept = { ms: 5 * 60_000, messages: 20_000 }
/** So many entries are made messages in one go. */
const entriesOfRound = 500
/** More than that waiting is not told one by one any more. */
const maxWaiting = 10_000
/** Rounds follow each other at a distance: what comes in between is told together. */
const restMs = 50
/** So long others wait at most. */
const sliceMs = 5
/** When nobody has read for so long, nothing is read. */
const readOnMs = kept.ms

/** Entries that came together, and how far the journal had been read after them. */
interface Handed {
  readonly entries: readonly Entry[]
  readonly end: Position
}

interface Joined {
  readonly reader: Reader
  /** The last batch that it has had. */
  batch: number
}

export function openFanOut(
  { tail, database, log }: Pick<House, 'tail' | 'database' | 'log'>,
  { hearersOf, changesRights, toldElsewhere }: Pick<Audience, 'hearersOf' | 'changesRights' | 'toldElsewhere'>,
): FanOut {
  const readers = new Set<Joined>()
  let waiting: Handed[] = []
  let waitingEntries = 0
  /** Set when too much waited: everything up to here is not told one by one. */
  let forgotten: Position | undefined
  let working = false
  let closed = false
  let batch = 0
  let ring: Ring | undefined
  let told: Position | undefined
  let following: Promise<() => void> | undefined
  let quiet: NodeJS.Timeout | undefined

  function hear(entries: readonly Entry[], end: Position): void {
    if (forgotten !== undefined || waitingEntries + entries.length > maxWaiting) {
      waiting = []
      waitingEntries = 0
      forgotten = end
    } else {
      waiting.push({ entries, end })
      waitingEntries += entries.length
    }
    if (working) return
    working = true
    work()
      .catch((error: unknown) => log.error({ err: error }, 'live pages could not be told'))
      .finally(() => {
        working = false
      })
  }

  async function work(): Promise<void> {
    while (!closed && (waiting.length > 0 || forgotten !== undefined)) {
      if (forgotten === undefined) await tell(takeRound())
      else forget(forgotten)
      await new Promise(resolve => setTimeout(resolve, restMs))
    }
  }

  /** What waits, up to about the size of a round. */
  function takeRound(): Handed {
    const entries: Entry[] = []
    let end: Position = beginning
    while (entries.length < entriesOfRound) {
      const next = waiting.shift()
      if (next === undefined) break
      entries.push(...next.entries)
      end = next.end
    }
    waitingEntries -= entries.length
    return { entries, end }
  }

  function forget(end: Position): void {
    forgotten = undefined
    log.warn('live pages were told to load anew: too much happened at once')
    batch++
    told = end
    ring = new Ring(end, kept)
    const text = Buffer.from(anew + place(positionText(end)))
    for (const joined of readers) {
      joined.batch = batch
      joined.reader.send(text)
    }
  }

  /** Pages ask again by themselves after a while: what cannot be found out now does not keep back the rest. */
  async function elsewhere(entries: readonly Entry[]): Promise<readonly Entry[]> {
    try {
      return (await toldElsewhere?.(database.kysely, entries)) ?? []
    } catch (error) {
      log.warn({ err: error }, 'live pages were not told of what happened to joined cases')
      return []
    }
  }

  async function tell({ entries, end }: Handed): Promise<void> {
    const messages = messagesOf([...entries, ...(await elsewhere(entries))], hearersOf)
    const number = ++batch
    ring?.add({ number, messages, end, at: performance.now() })
    told = end
    const changed = new Set(entries.flatMap(entry => (changesRights(entry) ? (entry.subjects.person ?? []) : [])))
    const textFor = textsOf(messages, place(positionText(end)))
    await eachReader(joined => {
      // A reader who joined meanwhile has had this batch from the ring.
      if (joined.batch >= number) return
      joined.batch = number
      const { reader } = joined
      if (changed.has(reader.person)) reader.end()
      else {
        const text = textFor(reader.groups)
        if (text !== undefined) reader.send(text)
      }
    })
  }

  /** Does something for each reader who is there, and gives way to others in between. */
  async function eachReader(work: (joined: Joined) => void): Promise<void> {
    let since = performance.now()
    for (const joined of [...readers]) {
      if (readers.has(joined)) work(joined)
      if (performance.now() - since < sliceMs) continue
      await othersFirst()
      since = performance.now()
    }
  }

  async function follow(): Promise<() => void> {
    const begin = await journalEnd(database)
    ring = new Ring(begin, kept)
    told = begin
    return tail.follow(hear, begin)
  }

  function stopFollowing(): void {
    const stop = following
    following = undefined
    ring = undefined
    void stop?.then(end => end()).catch(() => {})
  }

  function leave(joined: Joined): void {
    readers.delete(joined)
    if (readers.size > 0 || quiet !== undefined) return
    quiet = setTimeout(() => {
      quiet = undefined
      if (readers.size === 0) stopFollowing()
    }, readOnMs)
    quiet.unref()
  }

  return {
    async join(reader, from) {
      following ??= follow()
      const mine = following
      mine.catch(() => {
        if (following === mine) following = undefined
      })
      await mine
      if (closed) return () => {}
      const joined = { reader, batch }
      readers.add(joined)
      const position = from === undefined ? undefined : readPosition(from)
      const missed = position && ring?.after(position)
      const here = told ? place(positionText(told)) : ''
      if (from === undefined) reader.send(Buffer.from(here))
      else if (missed === undefined) reader.send(Buffer.from(anew + here))
      else reader.send(textsOf(missed, here)(reader.groups) ?? Buffer.from(here))
      return () => leave(joined)
    },
    async tellPlaces() {
      await eachReader(({ batch: had, reader }) => {
        // In the middle of a round some have not had all of it yet.
        reader.send(Buffer.from(told !== undefined && had === batch ? place(positionText(told)) : stillHere))
      })
    },
    close() {
      closed = true
      clearTimeout(quiet)
      for (const { reader } of [...readers]) reader.end()
      stopFollowing()
    },
  }
}
