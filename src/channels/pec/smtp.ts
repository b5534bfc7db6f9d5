/**
 * The way to the access point of a PEC provider. A message is written once, kept, and only then handed over: the bytes that are kept are the bytes
 * that the receipts are about, also when it is handed over again.
 */
import { createHash } from 'node:crypto'
import nodemailer, { type Transporter } from 'nodemailer'
import type { House } from '../../platform/index.ts'
import { addressedTo, openTransport, writtenFiles } from '../email/smtp.ts'
import { type Attempt, htmlOf, readFailure } from '../policy.ts'
import type { AttachedFile, Carrier } from '../port.ts'
import { lineOf } from '../registered/policy.ts'
import { keepMessage } from '../registered/store.ts'
import type { MailRow } from '../store.ts'
import { mayLeave } from './service.ts'

interface AccessPoint {
  readonly url: string
  /** Our address there: the sender in the head and on the way (RFC 6109 §3.1.1). */
  readonly from: string
}

/** Opens the way to an access point. */
export function openPecSmtp(house: House, { url, from }: AccessPoint): Carrier {
  const transport = openTransport(url)
  const writer = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
  return {
    send: (mail, files) => submit(house, { transport, writer, from }, mail, files),
    close: () => transport.close(),
  }
}

interface Way {
  readonly transport: Transporter
  readonly writer: Transporter
  readonly from: string
}

async function submit(
  house: House,
  { transport, writer, from }: Way,
  mail: MailRow,
  files: readonly AttachedFile[],
): Promise<Attempt> {
  try {
    const written = await write(writer, mail, files, from)
    const to = [mail.to_address, ...mail.cc_addresses].map(address => address.toLowerCase())
    const refused = mayLeave({ from, reversePath: from, to, blindCopies: [], sizeBytes: written.length })
    if (refused)
      return { kind: 'refused', problem: `PEC: ${refused}`, reason: refused === 'no-recipient' ? 'address' : 'refused' }
    const sentAt = new Date(house.clock.now())
    const { raw, isTaken } = await keepMessage(house.database.kysely, {
      mail_id: mail.id,
      message_id: mail.message_id,
      sender: from.toLowerCase(),
      recipients: to,
      raw: written,
      sha256: createHash('sha256').update(written).digest(),
      sent_at: sentAt,
      state: 'sent',
      state_at: sentAt,
      next_look_at: lineOf({ sentAt, recipients: to }, [], sentAt).nextLookAt,
    })
    // Somebody died after handing it over, and its receipt has come meanwhile.
    if (!isTaken) await transport.sendMail({ envelope: { from, to }, raw })
    return { kind: 'accepted' }
  } catch (error) {
    return readFailure(error)
  }
}

/** A message as it goes over the line. The signed address to answer to is left out: a PEC mailbox has one name only. */
async function write(writer: Transporter, mail: MailRow, files: readonly AttachedFile[], from: string): Promise<Buffer> {
  const written: unknown = await writer.sendMail({
    from: { name: mail.from_name, address: from },
    ...addressedTo(mail),
    attachments: writtenFiles(files),
    messageId: mail.message_id,
    subject: mail.subject,
    text: mail.body,
    html: htmlOf(mail.body, mail.language),
    date: mail.queued_at,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(mail.in_reply_to === null ? {} : { inReplyTo: mail.in_reply_to, references: mail.refs }),
    headers: {
      'Content-Language': mail.language,
      // The receipt of delivery is to have the message in it.
      'X-TipoRicevuta': 'completa',
      ...(mail.automatic ? { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' } : {}),
    },
  })
  if (written instanceof Object && 'message' in written && Buffer.isBuffer(written.message)) return written.message
  throw new Error('The message could not be written.')
}
