/** Reads a mail: its head, its text, its attachments. Called in a thread, because whoever writes to us decides how long it takes. */
import { fileTypeFromBuffer } from 'file-type'
import PostalMime, { type Address, type Attachment, type Email, type Header } from 'postal-mime'
import { cleanHtml, maxHtmlLength, textOfHtml } from './clean.ts'
import { fromUtf7, inLatin, isUndecoded, mendMail, saysUtf7, wholeBody, withoutDoubleDecoding } from './mend.ts'
import type { DeliveryReport, MailMarks, ReadAttachment, ReadMail } from './model.ts'
import { safeFileName } from './names.ts'
import { splitQuoted } from './quotes.ts'
import { messageIdIn, readReport } from './report.ts'
import { readWinmail } from './winmail.ts'

const maxAddresses = 200
const maxReferences = 50
const maxAttachments = 100
const maxTextLength = 500_000
const maxNesting = 50
const maxHeadBytes = 1024 * 1024

/** @throws Error for what is no mail, is nested too deep, or has too large a head */
export async function parseMail(raw: Uint8Array): Promise<ReadMail> {
  const mended = mendMail(raw)
  const mail = await parsed(mended)
  const from = mailboxesOf(mail.from ? [mail.from] : [])[0] ?? { address: '', name: '' }
  const html = mail.html !== undefined && mail.html.length <= maxHtmlLength ? cleanHtml(withoutDoubleDecoding(mail.html)) : null
  const marks = marksOf(mail.headers)
  const { attachments, wrapped } = await attachmentsIn(mail)
  const nothing = mail.html === undefined && attachments.length === 0 ? wholeBody(mended) : ''
  const plain = withoutDoubleDecoding(mail.text?.trim() ? mail.text : '') || textOfHtml(html ?? '') || wrapped || nothing
  const { text, quoted } = splitQuoted(cut(plain, maxTextLength))
  return {
    from,
    to: addressesOf(mail.to),
    cc: addressesOf(mail.cc),
    deliveredTo: valuesOf(mail.headers, ['delivered-to', 'x-original-to', 'envelope-to']).map(plainAddress),
    replyTo: addressesOf(mail.replyTo)[0] ?? null,
    subject: cut(
      storable(mail.subject ?? '')
        .replace(/\s+/g, ' ')
        .trim(),
      500,
    ),
    messageId: identifiersIn(mail.messageId ?? '')[0] ?? null,
    references: [...new Set([...identifiersIn(mail.references ?? ''), ...identifiersIn(mail.inReplyTo ?? '')])].slice(
      -maxReferences,
    ),
    sentAt: instantOf(mail.date),
    text,
    quoted,
    html: html === null ? null : storable(html),
    attachments,
    marks,
    report: reportOf(mail, marks),
  }
}

async function parsed(mended: Buffer): Promise<Email> {
  const options = {
    maxNestingDepth: maxNesting,
    maxHeadersSize: maxHeadBytes,
    forceRfc822Attachments: true,
    attachmentEncoding: 'arraybuffer',
  } as const
  const mail = await PostalMime.parse(mended, options)
  if (saysUtf7(mended)) return { ...mail, ...(mail.text === undefined ? {} : { text: fromUtf7(mail.text) }) }
  return isUndecoded(mail.text ?? '') || isUndecoded(mail.html ?? '') ? PostalMime.parse(inLatin(mended), options) : mail
}

/** The attachments, with those that Outlook has wrapped into one, and the text that was wrapped with them. */
async function attachmentsIn(mail: Email): Promise<{ attachments: ReadAttachment[]; wrapped: string }> {
  const attachments: ReadAttachment[] = []
  let wrapped = ''
  for (const attachment of mail.attachments) {
    if (attachments.length >= maxAttachments) break
    const isWrapped =
      /^application\/(?:vnd\.)?ms-tnef$/i.test(attachment.mimeType) || /^winmail\.dat$/i.test(attachment.filename ?? '')
    const content = isWrapped ? readWinmail(Buffer.from(bytesIn(attachment))) : undefined
    wrapped ||= content?.text?.trim() ?? ''
    if (content && content.files.length > 0) {
      for (const { name, bytes } of content.files.slice(0, maxAttachments - attachments.length))
        attachments.push(
          await attachmentOf(
            { filename: name, mimeType: 'application/octet-stream', content: new Uint8Array(bytes) },
            attachments.length,
          ),
        )
    } else attachments.push(await attachmentOf(attachment, attachments.length))
  }
  return { attachments, wrapped }
}

/** What PostgreSQL keeps as text: no NUL, no half pairs. */
const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed()

/** The beginning of a text, which parts no pair. */
const cut = (text: string, length: number): string => storable(text).slice(0, length).toWellFormed()

function mailboxesOf(addresses: readonly Address[]): { address: string; name: string }[] {
  const flat = addresses.flatMap(each => (each.address === undefined ? (each.group ?? []) : [each]))
  return flat.slice(0, maxAddresses).map(({ address, name }) => ({
    address: whatIsAnAddress(plainAddress(address ?? '')),
    name: cut(
      storable(name ?? '')
        .replace(/\s+/g, ' ')
        .trim(),
      200,
    ),
  }))
}

const addressesOf = (addresses: readonly Address[] | undefined): string[] =>
  mailboxesOf(addresses ?? []).flatMap(({ address }) => (address === '' ? [] : [address]))

const plainAddress = (address: string): string => cut(storable(address).trim().replace(/^<|>$/g, '').toLowerCase(), 254)

/** Nobody can be answered without a domain. A name before the @ with spaces and the like stands in quotes (RFC 5322 §3.4.1), which the parser takes away. */
function whatIsAnAddress(address: string): string {
  const at = address.lastIndexOf('@')
  if (at < 1) return ''
  const local = address.slice(0, at)
  return /^[^\s"(),:;<>@[\\\]]+$/.test(local) || /^".*"$/.test(local)
    ? address
    : `"${local.replace(/["\\]/g, '\\$&')}"${address.slice(at)}`
}

const identifiersIn = (text: string): string[] => storable(text).match(/<[^<>\s]{1,250}>/g) ?? []

function instantOf(date: string | undefined): string | null {
  const at = date === undefined ? Number.NaN : Date.parse(date)
  const year = new Date(at).getUTCFullYear()
  return Number.isNaN(at) || year < 1980 || year > 2200 ? null : new Date(at).toISOString()
}

const valuesOf = (headers: readonly Header[], names: readonly string[]): string[] =>
  headers.filter(header => names.includes(header.key)).map(header => header.value)

function marksOf(headers: readonly Header[]): MailMarks {
  const value = (name: string) => {
    const first = valuesOf(headers, [name])[0]
    return first === undefined ? null : cut(storable(first).trim().toLowerCase(), 200)
  }
  return {
    nullReturnPath: value('return-path') === '<>',
    autoSubmitted: value('auto-submitted'),
    precedence: value('precedence'),
    autoResponseSuppress: value('x-auto-response-suppress'),
    listId: value('list-id'),
    xRicevuta: value('x-ricevuta'),
    xTrasporto: value('x-trasporto'),
    isReport: value('content-type')?.startsWith('multipart/report') ?? false,
  }
}

async function attachmentOf(
  attachment: Pick<Attachment, 'filename' | 'mimeType' | 'content' | 'contentId'>,
  n: number,
): Promise<ReadAttachment> {
  const bytes = attachment.mimeType.toLowerCase() === 'message/rfc822' ? asItCame(bytesIn(attachment)) : bytesIn(attachment)
  const found = await fileTypeFromBuffer(bytes).catch(() => undefined)
  const declaredType = cut(attachment.mimeType.toLowerCase(), 100)
  return {
    name: safeFileName(attachment.filename, n),
    declaredType,
    type: found?.mime ?? declaredType,
    contentId: attachment.contentId === undefined ? null : cut(attachment.contentId.replace(/^<|>$/g, ''), 250),
    bytes,
  }
}

/**
 * A message in a message is never encoded (RFC 2046 §5.2.1), and the parser has taken the CR of its lines and put a line break behind it. What was signed in
 * it is good only as it came.
 */
function asItCame(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  return text.includes('\r\n') ? bytes : Buffer.from(text.replace(/\n$/, '').replaceAll('\n', '\r\n'), 'latin1')
}

const bytesIn = ({ content }: Pick<Attachment, 'content'>): Uint8Array =>
  typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content)

/** The report in a mail that is one; of servers without a standard the Message-ID that they quote. */
function reportOf(mail: Email, marks: MailMarks): DeliveryReport | null {
  const textOf = (types: readonly string[]) => {
    const found = mail.attachments.find(each => types.includes(each.mimeType.toLowerCase()))
    return found ? storable(Buffer.from(bytesIn(found)).toString('utf8')) : undefined
  }
  const original =
    textOf(['message/rfc822', 'text/rfc822-headers', 'message/global', 'message/global-headers']) ?? storable(mail.text ?? '')
  const status = textOf(['message/delivery-status', 'message/global-delivery-status'])
  if (status !== undefined) return readReport(status, original)
  const isFromServer = marks.nullReturnPath || /^(mailer-daemon|postmaster)@/i.test(mail.from?.address ?? '')
  return isFromServer ? { recipients: [], about: messageIdIn(original) } : null
}
