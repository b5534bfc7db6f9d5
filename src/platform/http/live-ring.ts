/**
 * The last minutes of what live pages were told, so that a page whose connection broke goes on where it was without a look at the journal: by
 * a node that it was with before, or by another one, which has the same minutes and finds out what the page has not had.
 */
import type { Entry, Position } from '../events/event.ts'
import { isAfter } from '../events/tail.ts'
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
const hasAll = (position: Position, other: Position): boolean => !isAfter(other, position)

const readAt =
  (position: Position) =>
  (entry: Pick<Entry, 'xid' | 'id'>): boolean =>
    !isAfter(entry, position)

/** A position as the place that a stream says it has come to. */
export const positionText = ({ xid, id }: Position): string => `${xid}-${id}`

/** The position that a text tells of; undefined for any other text. */
export function readPosition(text: string): Position | undefined {
  const [, xid, id] = /^(\d{1,20})-(\d{1,15})$/.exec(text) ?? []
  return xid !== undefined && id !== undefined && BigInt(xid) < 2n ** 64n ? { xid, id: Number(id) } : undefined
}
