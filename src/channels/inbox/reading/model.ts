/** What is read in a mail. */

/** A mail as it was read in a thread of its own: plain data. */
export interface ReadMail {
  from: { address: string; name: string }
  to: string[]
  cc: string[]
  /** Addresses to which the server says that it delivered: there the signed address is found when the mail went through a list or a redirect. */
  deliveredTo: string[]
  replyTo: string | null
  subject: string
  messageId: string | null
  /** In-Reply-To and References together, oldest first. */
  references: string[]
  sentAt: string | null
  /** What the sender wrote, and what of earlier mails stands below it. */
  text: string
  quoted: string
  /** Cleaned; null where the mail has no HTML. */
  html: string | null
  attachments: ReadAttachment[]
  marks: MailMarks
  report: DeliveryReport | null
}

export interface ReadAttachment {
  name: string
  declaredType: string
  /** As its content shows; what it says of itself where the content does not tell. */
  type: string
  contentId: string | null
  bytes: Uint8Array
}

/** What the head says of who, or what, has written a mail. */
export interface MailMarks {
  /** `<>`: nobody wants to hear of its fate (RFC 5321 §4.5.5). */
  nullReturnPath: boolean
  autoSubmitted: string | null
  precedence: string | null
  autoResponseSuppress: string | null
  listId: string | null
  /** PEC: a receipt, or an envelope around a mail. */
  xRicevuta: string | null
  xTrasporto: string | null
  isReport: boolean
}

/** What a mail server says of a mail of ours (RFC 3464). */
export interface DeliveryReport {
  recipients: { address: string; action: string; status: string; detail: string }[]
  /** The Message-ID of the mail that it is about. */
  about: string | null
}
