/**
 * PEC as a service of registered mail (RFC 6109): envelopes and receipts as the port has them.
 *
 * A mail says by a header that it is PEC, and by the certificate in its signed part what it is. The headers are not signed: they only tell that
 * there is something to read, and must not say anything else than the certificate.
 */
import { createHash } from 'node:crypto'
import type {
  Evidence,
  FailureCause,
  Outgoing,
  Receipt,
  ReceiptForm,
  RefusedToLeave,
  RegisteredMailService,
  RegisteredReading,
  UnreadableReason,
} from '../registered/port.ts'
import type { TrustStore } from './authorities.ts'
import { type Certificate, type CertificateError, readCertificate, UnreadableCertificate } from './certificate.ts'
import { allParts, contentOf, fileName, onlyHeader, type Part, readParts, UnreadableParts } from './parts.ts'
import { signedPartOf, verifySignature } from './signature.ts'

/** The law's 30 MB, counted as size times recipients (RFC 6109 §3.1.1). */
export const maxCountedBytes = 30 * 1024 * 1024
const maxRecipients = 1_000

/** PEC, as seen by who trusts the authorities of a list. */
export const pecService = (trust: TrustStore): RegisteredMailService => ({
  read: raw => readPec(raw, trust),
  mayLeave,
})

/** Why the access point would not take a message (RFC 6109 §3.1.1); null when it would. */
export function mayLeave(message: Outgoing): RefusedToLeave | null {
  if (message.to.length === 0) return 'no-recipient'
  if (message.blindCopies.length > 0) return 'blind-copy'
  if (message.from.toLowerCase() !== message.reversePath.toLowerCase()) return 'other-sender'
  if (message.to.length > maxRecipients) return 'too-many-recipients'
  return message.sizeBytes * message.to.length > maxCountedBytes ? 'too-big' : null
}

/** Whether a mail says that it is PEC: cheap, for who only must know that it is nobody's ordinary mail. */
export const saysPec = (headers: Part['headers']): boolean => headers.has('x-trasporto') || headers.has('x-ricevuta')

async function readPec(raw: Buffer, trust: TrustStore): Promise<RegisteredReading> {
  const sha256 = createHash('sha256').update(raw).digest('hex')
  try {
    const mail = readParts(raw)
    return { sha256, ...(saysPec(mail.headers) ? await readRegistered(mail, trust) : { is: 'ordinary' }) }
  } catch (error) {
    if (error instanceof UnreadableParts) return { sha256, is: 'unreadable', why: 'parts' }
    if (error instanceof UnreadableCertificate) return { sha256, is: 'unreadable', why: 'certificate' }
    throw error
  }
}

type Reading = RegisteredReading extends infer R ? (R extends unknown ? Omit<R, 'sha256'> : never) : never

async function readRegistered(mail: Part, trust: TrustStore): Promise<Reading> {
  const transport = onlyHeader(mail, 'x-trasporto')?.toLowerCase()
  const receipt = onlyHeader(mail, 'x-ricevuta')?.toLowerCase()
  if ((transport === undefined) === (receipt === undefined)) return unreadable('contradiction')
  // What lies beside the signed part, nobody vouches for.
  const vouched = signedPartOf(mail) ?? mail
  if (transport === 'errore') return readAnomaly(mail, vouched, trust)
  const certificates = namedParts(vouched, 'daticert.xml')
  const [only] = certificates
  if (!only || certificates.length > 1) return unreadable('parts')
  const certificate = readCertificate(contentOf(only))
  if (certificate.type !== (transport ?? receipt)) return unreadable('contradiction')
  const signature = await verifySignature(mail, trust, certificate.at)
  const content = contentIn(vouched)
  const evidence = evidenceOf(certificate, onlyHeader(mail, 'x-riferimento-message-id'))
  if (certificate.type === 'posta-certificata')
    return content ? { is: 'message', message: { ...evidence, kind: 'message', content }, signature } : unreadable('parts')
  return { is: 'receipt', receipt: receiptOf(certificate, evidence, content), signature }
}

const unreadable = (why: UnreadableReason): Reading => ({ is: 'unreadable', why })

/** What cannot be vouched for comes in an envelope without a certificate (RFC 6109 §3.2.2). */
async function readAnomaly(mail: Part, vouched: Part, trust: TrustStore): Promise<Reading> {
  const content = contentIn(vouched)
  if (!content) return unreadable('parts')
  const written = new Date(onlyHeader(mail, 'date') ?? '')
  const at = Number.isNaN(written.getTime()) ? null : written
  const signature = await verifySignature(mail, trust, at ?? new Date(0))
  return { is: 'anomaly', message: { kind: 'anomaly', at, content }, signature }
}

const namedParts = (part: Part, name: string): Part[] => [...allParts(part)].filter(each => fileName(each) === name)

/** The mail in an envelope, or null. What that one has in it is not looked at: a PEC that somebody passes on is an attachment. */
function contentIn(part: Part): Buffer | null {
  const [named] = namedParts(part, 'postacert.eml')
  const found = named ?? [...allParts(part)].find(each => each.type === 'message/rfc822')
  return found ? contentOf(found) : null
}

function evidenceOf(certificate: Certificate, reference: string | undefined): Evidence {
  const { at, issuer, identifier, sender, recipients, subject } = certificate
  return { at, issuer, identifier, about: certificate.messageId ?? (reference?.trim() || null), sender, recipients, subject }
}

const forms = { completa: 'full', breve: 'brief', sintetica: 'short' } as const satisfies Record<string, ReceiptForm>

const causes = {
  nessuno: 'other',
  'no-dest': 'no-recipient',
  'no-dominio': 'no-domain',
  virus: 'virus',
  altro: 'other',
} as const satisfies Record<CertificateError, FailureCause>

function receiptOf(certificate: Certificate, evidence: Evidence, content: Buffer | null): Receipt {
  const failed = { cause: causes[certificate.error], detail: certificate.errorDetail ?? '' }
  const to = certificate.delivery
  switch (certificate.type) {
    case 'accettazione':
      return { ...evidence, kind: 'accepted' }
    case 'non-accettazione':
      return { ...evidence, ...failed, kind: 'not-accepted' }
    case 'presa-in-carico':
      return { ...evidence, kind: 'taken-in-charge', to: certificate.takenFor }
    case 'avvenuta-consegna': {
      if (to === null) throw new UnreadableCertificate('It does not say to whom the message was delivered.')
      return { ...evidence, kind: 'delivered', to, form: forms[certificate.receiptForm ?? 'completa'], content }
    }
    case 'errore-consegna':
      return { ...evidence, ...failed, kind: 'not-delivered', to }
    case 'preavviso-errore-consegna':
      return { ...evidence, ...failed, kind: 'delivery-delayed', to }
    case 'rilevazione-virus':
      return { ...evidence, ...failed, cause: 'virus', kind: 'virus', to }
    case 'posta-certificata':
      throw new UnreadableCertificate('An envelope is no receipt.')
  }
}
