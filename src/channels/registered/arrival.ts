/**
 * Registered mail as the intake of mail has it. Pure.
 *
 *   envelope ───▶ a letter: the mail in it is read as every mail is, its sender and its instants are the provider's word
 *   anomaly ────▶ a letter for which nobody vouches: ordinary mail, whatever the mailbox
 *   receipt ────▶ joined to the message that it is about, never a contact of a citizen
 *   the rest ───▶ ordinary mail, or for somebody to look at
 */
import { receivedAt } from './policy.ts'
import type { Receipt, RegisteredReading, Signature } from './port.ts'

/** A mail that came in an envelope. */
export interface Letter {
  readonly kind: 'message' | 'anomaly'
  /** The mail inside. */
  readonly content: Buffer
  /** Who sent it, as a provider whom we trust says; null where nobody vouches for it. */
  readonly sender: string | null
  /** When the sender's provider took it, and when it counts as received. */
  readonly sentAt: Date | null
  readonly receivedAt: Date
  readonly issuer: string | null
  readonly identifier: string | null
  readonly signature: Signature
  readonly sha256: string
}

export type PecArrival =
  | { readonly is: 'ordinary' }
  | { readonly is: 'letter'; readonly letter: Letter }
  | { readonly is: 'receipt'; readonly receipt: Receipt; readonly signature: Signature; readonly sha256: string }
  | { readonly is: 'unreadable'; readonly why: string }

/** @param deliveredAt when the server put the mail into our mailbox */
export function arrivalOf(reading: RegisteredReading, deliveredAt: Date): PecArrival {
  switch (reading.is) {
    case 'ordinary':
      return { is: 'ordinary' }
    case 'unreadable':
      return { is: 'unreadable', why: `PEC: ${reading.why}` }
    case 'receipt':
      return reading
    case 'anomaly': {
      const { message, signature, sha256 } = reading
      const nobody = { sender: null, issuer: null, identifier: null }
      return {
        is: 'letter',
        letter: {
          kind: 'anomaly',
          content: message.content,
          sentAt: message.at,
          receivedAt: deliveredAt,
          signature,
          sha256,
          ...nobody,
        },
      }
    }
    case 'message': {
      const { message, signature, sha256 } = reading
      const { content, at, issuer, identifier } = message
      const isVouchedFor = signature.verdict === 'valid'
      return {
        is: 'letter',
        letter: {
          ...{ kind: 'message', content, issuer, identifier, signature, sha256, sentAt: at },
          sender: isVouchedFor ? message.sender : null,
          receivedAt: isVouchedFor ? receivedAt(message, deliveredAt) : deliveredAt,
        },
      }
    }
  }
}
