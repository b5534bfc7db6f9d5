/** The legs of the browser switch, and the pages and connections that they hang on. */
import type { SwitchFact } from '../port.ts'
import type { Page } from './page.ts'
import type { ToCaller, ToDesk } from './protocol.ts'
import type { Claim } from './token.ts'

export type EndFact = Extract<SwitchFact, { type: 'ended' }>['cause']

interface AnyLeg {
  readonly id: string
  callId: string | null
  answered: boolean
  readonly from: string | null
  connection: Connection | null
  /** Stops what would end the leg by itself: the ringing, or the wait for its page. */
  cancel: () => void
}

export interface CallerLeg extends AnyLeg {
  readonly role: 'caller'
  /** The number that was called; null for a page that we rang. */
  readonly to: string | null
  page: Page<ToCaller> | null
  ringing: boolean
  music: boolean
  saying: { playback: string; text: string; language: string } | null
}

export interface AgentLeg extends AnyLeg {
  readonly role: 'agent'
  readonly personId: string
  page: Page<ToDesk> | null
  /** When the ringing ends. */
  readonly ringsUntil: number
}

export type BrowserLeg = CallerLeg | AgentLeg

/** Two legs whose pages talk to each other. */
export interface Connection {
  readonly id: string
  readonly callId: string
  readonly legs: [BrowserLeg, BrowserLeg]
}

export const claimOf = (leg: BrowserLeg, at: number): Claim => ({
  leg: leg.id,
  role: leg.role,
  callId: leg.callId,
  personId: leg.role === 'agent' ? leg.personId : null,
  answered: leg.answered,
  from: leg.from,
  to: leg.role === 'caller' ? leg.to : null,
  at,
})

/** The other end of a leg's connection. */
export const otherEnd = (leg: BrowserLeg): BrowserLeg | undefined => leg.connection?.legs.find(each => each !== leg)

/** Says something to the page of either kind of leg, in the words that both know. */
export function tell(leg: BrowserLeg, message: Extract<ToCaller, { type: 'connect' | 'disconnect' | 'signal' | 'ended' }>): void {
  leg.page?.send(message)
}
