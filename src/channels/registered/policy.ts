/**
 * What became of a registered message that we sent. Pure: it is computed from the receipts that there are, in whatever order they came.
 *
 *   sent ──accepted──▶ taken in charge ──▶ delivered
 *     │        └──────────────────────────▶ not delivered
 *     └──not accepted
 *
 * Each recipient goes this way alone. Beside it runs a clock: when 12, and again when 24 hours have gone by since the provider accepted the message (since it
 * was sent, when the provider is silent) and somebody's delivery is still not vouched for, whoever has the case in hand is told (RFC 6109 §3.3.3 gives the providers the same time).
 */
import type { FailureCause, Receipt, ReceiptForm, ReceiptKind, SignatureVerdict } from './port.ts'

/** After how many hours without a receipt of delivery somebody is told. */
export const silenceHours = [12, 24] as const
export type SilenceHours = (typeof silenceHours)[number]

const hourMs = 3_600_000

/** A message as it left. */
export interface SentMessage {
  readonly sentAt: Date
  readonly recipients: readonly string[]
}

/** A receipt as it is kept: with the word of its signature. */
export interface KeptReceipt {
  readonly kind: ReceiptKind
  readonly at: Date
  /** The recipients that it is about; none when it is about all. */
  readonly about: readonly string[]
  /** Recipients for whom no delivery is vouched for, as an acceptance says. */
  readonly uncertified: readonly string[]
  readonly cause: FailureCause | null
  readonly detail: string | null
  readonly form: ReceiptForm | null
  readonly verdict: SignatureVerdict
}

export type RecipientState = 'sent' | 'accepted' | 'taken-in-charge' | 'delayed' | 'delivered' | 'not-delivered' | 'not-accepted'

/** The states of a message in which nothing more is waited for. */
export const endStates = ['delivered', 'not-delivered', 'not-accepted'] as const

export interface RecipientLine {
  readonly address: string
  readonly state: RecipientState
  /** Of the evidence of this state. */
  readonly at: Date
  /** The provider vouches for no delivery: this one gets ordinary mail. */
  readonly uncertified: boolean
}

export interface Line {
  readonly recipients: readonly RecipientLine[]
  /** Of the recipient who is worst off. */
  readonly state: RecipientState
  /** Whether a receipt of delivery, or of its failure, may still come. */
  readonly isOpen: boolean
  /** Since how many hours it is missing, in steps; null while it is not yet, or no longer. */
  readonly silence: SilenceHours | null
  /** When to look again; null when nothing is waited for. */
  readonly nextLookAt: Date | null
}

/** Only what a provider whom we trust has signed says what became of a message; the rest is shown, and counts for nothing. */
export const isEvidence = ({ verdict }: Pick<KeptReceipt, 'verdict'>): boolean => verdict === 'valid'

/** Whose state a kind of receipt says, and how strongly: a later word never undoes a stronger one, since receipts come in any order. */
const said = {
  accepted: { state: 'accepted', strength: 1 },
  'taken-in-charge': { state: 'taken-in-charge', strength: 2 },
  'delivery-delayed': { state: 'delayed', strength: 3 },
  'not-accepted': { state: 'not-accepted', strength: 4 },
  virus: { state: 'not-delivered', strength: 4 },
  'not-delivered': { state: 'not-delivered', strength: 5 },
  // Who has it, has it: a failure that was said before was of another attempt.
  delivered: { state: 'delivered', strength: 6 },
} as const satisfies Record<ReceiptKind, { state: RecipientState; strength: number }>

/** Where a message stands at an instant. */
export function lineOf(sent: SentMessage, receipts: readonly KeptReceipt[], now: Date): Line {
  const evidence = receipts.filter(isEvidence)
  const recipients = sent.recipients.map(address => recipientLine(address, sent, evidence))
  const state = worstOf(recipients)
  const isOpen = recipients.some(isWaitedFor)
  const since = firstAt(evidence.filter(each => each.kind === 'accepted')) ?? sent.sentAt
  const passed = silenceHours.filter(hours => now.getTime() - since.getTime() >= hours * hourMs)
  const next = silenceHours[passed.length]
  return {
    recipients,
    state,
    isOpen,
    silence: isOpen ? (passed.at(-1) ?? null) : null,
    nextLookAt: isOpen && next !== undefined ? new Date(since.getTime() + next * hourMs) : null,
  }
}

function recipientLine(address: string, sent: SentMessage, evidence: readonly KeptReceipt[]): RecipientLine {
  const own = evidence.filter(each => each.about.length === 0 || each.about.includes(address.toLowerCase()))
  const strongest = own.reduce<KeptReceipt | undefined>(
    (best, each) => (best && !isStronger(each, best) ? best : each),
    undefined,
  )
  return {
    address,
    state: strongest ? said[strongest.kind].state : 'sent',
    at: strongest?.at ?? sent.sentAt,
    uncertified: evidence.some(each => each.kind === 'accepted' && each.uncertified.includes(address.toLowerCase())),
  }
}

/** Receipts as things went: by the instant that counts, and within a second, which is all that certificates tell, in the order of the states. */
export const inOrder = <Kept extends Pick<KeptReceipt, 'kind' | 'at'>>(receipts: readonly Kept[]): Kept[] =>
  receipts.toSorted((one, other) => one.at.getTime() - other.at.getTime() || said[one.kind].strength - said[other.kind].strength)

/** Of two of one strength the earlier counts: the second only repeats it. */
function isStronger(one: KeptReceipt, other: KeptReceipt): boolean {
  const difference = said[one.kind].strength - said[other.kind].strength
  return difference > 0 || (difference === 0 && one.at < other.at)
}

const isEnd = (state: RecipientState): boolean => endStates.some(each => each === state)

const isWaitedFor = ({ state, uncertified }: RecipientLine): boolean => !isEnd(state) && !(uncertified && state !== 'sent')

const order: readonly RecipientState[] = [
  'not-accepted',
  'not-delivered',
  'delayed',
  'sent',
  'accepted',
  'taken-in-charge',
  'delivered',
]

const worstOf = (recipients: readonly RecipientLine[]): RecipientState =>
  order.find(state => recipients.some(each => each.state === state)) ?? 'sent'

const firstAt = (receipts: readonly KeptReceipt[]): Date | undefined =>
  receipts.reduce<Date | undefined>((first, { at }) => (first && first <= at ? first : at), undefined)

/** A receipt as it is kept. */
export function keptReceipt(receipt: Receipt, verdict: SignatureVerdict): KeptReceipt {
  const failed = 'cause' in receipt ? receipt : undefined
  return {
    kind: receipt.kind,
    at: receipt.at,
    about: recipientsOf(receipt),
    uncertified: receipt.recipients.filter(each => !each.certified).map(each => each.address),
    cause: failed?.cause ?? null,
    detail: failed?.detail ?? null,
    form: receipt.kind === 'delivered' ? receipt.form : null,
    verdict,
  }
}

/** The recipients that a receipt is about; none when it is about all. */
export function recipientsOf(receipt: Receipt): readonly string[] {
  if (!('to' in receipt) || receipt.to === null) return []
  return typeof receipt.to === 'string' ? [receipt.to] : receipt.to
}

/**
 * When a message counts as received: when the server put its envelope into our mailbox, which cannot be before the sender's provider made it.
 * @param deliveredAt as the server of the mailbox says (`INTERNALDATE`, RFC 3501 §2.3.3)
 */
export const receivedAt = (envelope: { readonly at: Date }, deliveredAt: Date): Date =>
  deliveredAt < envelope.at ? envelope.at : deliveredAt
