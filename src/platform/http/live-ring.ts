/**
 * The last minutes of what live pages were told, so that a page whose connection broke goes on where it was without a look at the journal: by
 * the node that it was with before, or by another one, which has the same minutes and finds out what the page has not had.
 *
 * A place in the stream is a position in the journal, with its snapshot: it says of each message whether it had been read there, also of one
 * about an entry that came late, with a lower number than others which the page has had.
 */
import { type Position, parseSnapshot, readAt } from '../events/position.ts'
import type { Message } from './messages.ts'

/** Entries that came together, as messages. */
export interface Batch {
  /** Numbers of batches rise by one. */
  readonly number: number
  readonly messages: readonly Message[]
  /** How far the journal had been read after it. */
  readonly end: Position
  /** When it came, in milliseconds. */
  readonly at: number
}

export interface RingLimits {
  readonly ms: number
  readonly messages: number
}

export class Ring {
  private readonly limits: RingLimits
  /** All that was read before this is not in the ring. */
  private begin: Position
  private batches: Batch[] = []
  private messages = 0

  constructor(begin: Position, limits: RingLimits) {
    this.begin = begin
    this.limits = limits
  }

  add(batch: Batch): void {
    this.batches.push(batch)
    this.messages += batch.messages.length
    let gone = 0
    for (const old of this.batches) {
      if (this.messages <= this.limits.messages && old.at >= batch.at - this.limits.ms) break
      this.messages -= old.messages.length
      this.begin = old.end
      gone++
    }
    if (gone > 0) this.batches = this.batches.slice(gone)
  }

  /** The messages about what had not been read at a position; undefined when some of them may be forgotten. */
  after(position: Position): readonly Message[] | undefined {
    if (!hasAll(position, this.begin)) return undefined
    const isRead = readAt(position)
    return this.batches.flatMap(({ messages }) => messages.filter(({ entries }) => !entries.every(isRead)))
  }
}

/** Whether everything that has been read at `other` has been read at `position` as well. */
function hasAll(position: Position, other: Position): boolean {
  if (position.era !== other.era || other.id > position.id) return false
  const [mine, theirs] = [parseSnapshot(position.snapshot), parseSnapshot(other.snapshot)]
  const unseen = new Set(theirs.running)
  return theirs.xmax <= mine.xmax && mine.running.every(xid => xid >= theirs.xmax || unseen.has(xid))
}
