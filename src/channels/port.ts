/**
 * The port of a channel by which an answer reaches a citizen. Each channel is a folder that says what it can do, and a line in `model.ts`; the
 * outbox, the tickets and their journal know channels by this alone.
 *
 *   an answer ──address()──▶ kept with the ticket ──▶ outbox ──carrier──▶ accepted | come again | refused
 *                                                └──▶ no carrier: a person says it, and it is said when it is written down
 */
import type { z } from 'zod'
import type { Channel, Config, House } from '../platform/index.ts'
import type { Attempt } from './policy.ts'
import type { MailRow } from './store.ts'

/** A file that goes out with a message. */
export interface AttachedFile {
  name: string
  type: string
  bytes: Buffer
}

/** What brings messages away: open as long as the program runs. Whatever goes wrong is told as an attempt; it never throws. */
export interface Carrier {
  send(message: MailRow, files: readonly AttachedFile[]): Promise<Attempt>
  close(): void
}

export interface OutgoingChannel {
  /** The channel on which the journal has what was sent. */
  readonly on: Channel
  /** An address as somebody types it, under the channel's own name: `{ email: 'anna@example.org' }`. */
  readonly typed: z.ZodType<Readonly<Record<string, string>>>
  /** The address as it is kept. @throws Refused 422 for one that cannot exist */
  address(typed: string): string
  /** Undefined where a person brings the answer, as in a call. */
  readonly carried?: {
    /** Whether messages leave here at all, as this installation is set; else they wait. */
    leaves(config: Config): boolean
    /** Opens what brings them away. Call it where messages leave. */
    open(config: Config, house: House): Promise<Carrier>
  }
}
