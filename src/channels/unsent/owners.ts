/**
 * Whose mail it is: the room that queued it knows what hangs on it, and so who may send it again or take it back, and what happens then. A room gives an
 * owner for its purposes, as it gives a settler.
 */
import type { Actor, Db, House, Verdict } from '../../platform/index.ts'
import type { MailRow } from '../store.ts'

/** What may be done with a mail that did not leave. */
export interface UnsentRights {
  sendAgain: Verdict
  withdraw: Verdict
  /** The thing to which the page leads, where the mail is about a part of it. */
  about?: string
}

export interface MailOwner {
  /** What the mail is about, and the page leads to. */
  readonly about: 'ticket' | 'mail' | 'appointment'
  /**
   * What a reader may do with mails that did not leave, by mail; without those whose thing is not theirs to see. The mails of a page are asked about at once, so that a
   * longer page costs no more queries.
   */
  may(db: Db, actor: Actor, mails: readonly MailRow[]): Promise<ReadonlyMap<string, UnsentRights>>
  /** Sends it at once, to this address. @throws Refused */
  sendAgain(house: House, actor: Actor, mail: MailRow, address: string): Promise<unknown>
  /** It shall never leave. @throws Refused */
  withdraw(house: House, actor: Actor, mail: MailRow): Promise<unknown>
}

/** The owner of mails of a purpose. */
export type OwnerOf = (purpose: string) => MailOwner | undefined
