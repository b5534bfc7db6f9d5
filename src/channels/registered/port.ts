/**
 * The port of registered mail: a service whose provider vouches for when a message was sent and when it was delivered, and signs what it says.
 * PEC is the first that stands behind it (`src/channels/pec/`).
 *
 *   bytes of a mail ──read()──▶ ordinary
 *                            ├▶ message   somebody's message in the provider's envelope
 *                            ├▶ anomaly   ordinary mail that the provider passed on without vouching for it
 *                            ├▶ receipt   what became of a message that we sent
 *                            └▶ unreadable, with the reason
 *
 * Every evidence has the instant that counts in law, who signed it, and which message it is about.
 */

/** The word of a signature: it is good and of somebody we trust; it could not be tied to anybody we trust; it does not fit these bytes or this sender. */
export type SignatureVerdict = 'valid' | 'not-verified' | 'broken'

/** Why a signature is not valid. */
export type SignatureReason =
  | 'unsigned'
  | 'no-trust-store'
  | 'unknown-authority'
  | 'out-of-date'
  | 'not-for-mail'
  | 'unreadable'
  | 'altered'
  | 'other-signer'

export interface Signature {
  readonly verdict: SignatureVerdict
  readonly reason: SignatureReason | null
  /** Who signed: the address, the name, and the authority that vouches for them. */
  readonly signer: { readonly address: string; readonly name: string; readonly authority: string } | null
}

/** Somebody to whom a message goes; who is not certified gets it as ordinary mail, and no delivery is ever vouched for. */
export interface Recipient {
  readonly address: string
  readonly certified: boolean
}

/** What a provider vouches for. */
export interface Evidence {
  /** The instant that counts in law. */
  readonly at: Date
  /** The provider that says so. */
  readonly issuer: string
  /** The provider's own name for the message, the same in everything that it says about it. */
  readonly identifier: string
  /** `Message-ID` of the message that it is about. */
  readonly about: string | null
  readonly sender: string
  readonly recipients: readonly Recipient[]
  readonly subject: string
}

/** Why a message was not taken or not delivered. */
export type FailureCause = 'no-recipient' | 'no-domain' | 'virus' | 'other'

interface Failed {
  readonly cause: FailureCause
  /** The provider's words. */
  readonly detail: string
}

/** How much of the message a receipt of delivery carries: all of it, its hashes, or nothing. */
export type ReceiptForm = 'full' | 'brief' | 'short'

export type Receipt = Evidence &
  (
    | { readonly kind: 'accepted' }
    | ({ readonly kind: 'not-accepted' } & Failed)
    | { readonly kind: 'taken-in-charge'; readonly to: readonly string[] }
    | { readonly kind: 'delivered'; readonly to: string; readonly form: ReceiptForm; readonly content: Buffer | null }
    | ({ readonly kind: 'not-delivered'; readonly to: string | null } & Failed)
    | ({ readonly kind: 'delivery-delayed'; readonly to: string | null } & Failed)
    | ({ readonly kind: 'virus'; readonly to: string | null } & Failed)
  )

export type ReceiptKind = Receipt['kind']

/** A message in its envelope. */
export type RegisteredMessage = Evidence & { readonly kind: 'message'; readonly content: Buffer }

/** Mail for which the provider does not vouch; its instant is what its own header says. */
export interface Anomaly {
  readonly kind: 'anomaly'
  readonly at: Date | null
  readonly content: Buffer
}

/** What the bytes of a mail are. `sha256` is of the bytes as they came, in hexadecimal. */
export type RegisteredReading = { readonly sha256: string } & (
  | { readonly is: 'ordinary' }
  | { readonly is: 'message'; readonly message: RegisteredMessage; readonly signature: Signature }
  | { readonly is: 'anomaly'; readonly message: Anomaly; readonly signature: Signature }
  | { readonly is: 'receipt'; readonly receipt: Receipt; readonly signature: Signature }
  | { readonly is: 'unreadable'; readonly why: UnreadableReason }
)

/** `parts` the mail is not built as it should be; `certificate` what the provider certifies cannot be read; `contradiction` it says two things. */
export type UnreadableReason = 'parts' | 'certificate' | 'contradiction'

/** A message that is to be sent, as far as the rules of the service look at it. */
export interface Outgoing {
  readonly from: string
  readonly reversePath: string
  readonly to: readonly string[]
  readonly blindCopies: readonly string[]
  readonly sizeBytes: number
}

export interface RegisteredMailReader {
  /** Reads the bytes of a mail. Never throws, whatever they are. */
  read(raw: Buffer): Promise<RegisteredReading>
}

export interface RegisteredMailService extends RegisteredMailReader {
  /** Why the service would not take a message; null when it would. */
  mayLeave(message: Outgoing): RefusedToLeave | null
}

/** What is wrong with a message before it is sent. */
export type RefusedToLeave = 'too-big' | 'other-sender' | 'blind-copy' | 'no-recipient' | 'too-many-recipients'
