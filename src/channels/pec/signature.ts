/**
 * The signature of a provider over an envelope (S/MIME, RFC 8551). It is over the bytes of the signed part as they came, so these are cut from
 * the mail and never written again.
 *
 *   not signed, or by nobody whom the list leads to        not-verified
 *   bytes that were altered, a signature that cannot be
 *   read, or somebody else's than the sender's             broken
 *   all fits, and the list knew the signer at that time    valid
 */
import { X509Certificate } from 'node:crypto'
import { AltName, Certificate, ContentInfo, ExtKeyUsage, GeneralNames, SignedData, type SignerInfo } from 'pkijs'
import type { Signature, SignatureReason } from '../registered/port.ts'
import type { TrustStore } from './authorities.ts'
import { contentOf, onlyHeader, type Part, senderIn } from './parts.ts'
import { chainVerdict, maxCertificates } from './trust.ts'

const maxSignatureBytes = 256 * 1024
const signatureTypes = ['application/pkcs7-signature', 'application/x-pkcs7-signature']
const signedDataType = '1.2.840.113549.1.7.2'
const emailOfSubject = '1.2.840.113549.1.9.1'
const nameOfSubject = '2.5.4.3'
const organisationOfSubject = '2.5.4.10'
const alternativeNames = '2.5.29.17'
const extendedKeyUsage = '2.5.29.37'
/** rfc822Name (RFC 5280 §4.2.1.6). */
const addressName = 1
/** For mail, or for anything. */
const usagesForMail = ['1.3.6.1.5.5.7.3.4', '2.5.29.37.0']

/** The part that a mail's signature is over; undefined when the mail is not signed. */
export function signedPartOf(mail: Part): Part | undefined {
  const [signed, signature] = mail.parts
  const isSigned = mail.type === 'multipart/signed' && mail.parts.length === 2
  return isSigned && signature && signatureTypes.includes(signature.type) ? signed : undefined
}

/**
 * Verifies the signature of a mail. Never throws, whatever the bytes are.
 * @param at the mail's own instant, at which the certificates must have been good: years later they are not
 */
export async function verifySignature(mail: Part, trust: TrustStore, at: Date): Promise<Signature> {
  const signed = signedPartOf(mail)
  const attached = mail.parts[1]
  if (!signed || !attached) return { verdict: 'not-verified', reason: 'unsigned', signer: null }
  const read = readSignature(contentOf(attached))
  if (!read) return broken('unreadable', null)
  const signer = signerOf(read.certificate)
  if (!(await isOver(read.signedData, signed.raw))) return broken('altered', signer)
  const from = senderIn(onlyHeader(mail, 'from') ?? '')
  if (from === undefined || !read.addresses.includes(from)) return broken('other-signer', signer)
  const reason = notVerified(read, trust, at)
  return { verdict: reason === null ? 'valid' : 'not-verified', reason, signer: { ...signer, address: from } }
}

const broken = (reason: SignatureReason, signer: Signature['signer']): Signature => ({ verdict: 'broken', reason, signer })

function notVerified(read: ReadSignature, trust: TrustStore, at: Date): SignatureReason | null {
  if (trust.length === 0) return 'no-trust-store'
  if (!isForMail(read.certificate)) return 'not-for-mail'
  const verdict = chainVerdict(x509Of(read.certificate), read.others.map(x509Of), trust, at)
  return verdict === 'trusted' ? null : verdict
}

interface ReadSignature {
  readonly signedData: SignedData
  readonly certificate: Certificate
  readonly others: readonly Certificate[]
  readonly addresses: readonly string[]
}

/** Undefined when it cannot be read, has not exactly one signer, or brings what it signs along: then it would say nothing about the part beside it. */
function readSignature(bytes: Buffer): ReadSignature | undefined {
  if (bytes.length > maxSignatureBytes) return undefined
  try {
    const content = ContentInfo.fromBER(new Uint8Array(bytes))
    if (content.contentType !== signedDataType) return undefined
    const signedData = new SignedData({ schema: content.content })
    const [signer] = signedData.signerInfos
    if (!signer || signedData.signerInfos.length !== 1 || signedData.encapContentInfo.eContent) return undefined
    const certificates = (signedData.certificates ?? []).filter(each => each instanceof Certificate)
    if (certificates.length > maxCertificates) return undefined
    const certificate = certificates.find(each => isOf(signer, each))
    if (!certificate) return undefined
    const others = certificates.filter(each => each !== certificate)
    return { signedData, certificate, others, addresses: addressesOf(certificate) }
  } catch {
    return undefined
  }
}

function isOf(signer: SignerInfo, certificate: Certificate): boolean {
  const { sid } = signer
  return sid instanceof Object && 'serialNumber' in sid && 'issuer' in sid
    ? certificate.serialNumber.isEqual(sid.serialNumber) && certificate.issuer.isEqual(sid.issuer)
    : false
}

/**
 * Whether the signature is over these bytes. They are signed with the line ends of mail (RFC 8551 §3.1.1), and come with them from a mail server;
 * a copy that somebody saved on another system may have lost them.
 */
async function isOver(signedData: SignedData, bytes: Buffer): Promise<boolean> {
  if (await fits(signedData, bytes)) return true
  const canonical = Buffer.from(bytes.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1')
  return !canonical.equals(bytes) && (await fits(signedData, canonical))
}

async function fits(signedData: SignedData, bytes: Buffer): Promise<boolean> {
  try {
    return await signedData.verify({ signer: 0, data: new Uint8Array(bytes).buffer, checkChain: false })
  } catch {
    return false
  }
}

// --- what a certificate says ----------------------------------------------------------------------------------------

const x509Of = (certificate: Certificate): X509Certificate => new X509Certificate(Buffer.from(certificate.toSchema().toBER()))

function signerOf(certificate: Certificate): NonNullable<Signature['signer']> {
  return {
    address: addressesOf(certificate)[0] ?? '',
    name: subjectOf(certificate.subject, nameOfSubject) ?? subjectOf(certificate.subject, organisationOfSubject) ?? '',
    authority: subjectOf(certificate.issuer, nameOfSubject) ?? subjectOf(certificate.issuer, organisationOfSubject) ?? '',
  }
}

function subjectOf(name: Certificate['subject'], type: string): string | undefined {
  const value: unknown = name.typesAndValues.find(each => each.type === type)?.value.valueBlock.value
  return typeof value === 'string' ? value.slice(0, 200) : undefined
}

/** The addresses for which a certificate signs. */
function addressesOf(certificate: Certificate): string[] {
  const named = certificate.extensions?.find(each => each.extnID === alternativeNames)?.parsedValue
  const names = named instanceof GeneralNames ? named.names : named instanceof AltName ? named.altNames : []
  const alternative: readonly unknown[] = names.filter(each => each.type === addressName).map(each => each.value)
  return [subjectOf(certificate.subject, emailOfSubject), ...alternative].flatMap(each =>
    typeof each === 'string' ? [each.toLowerCase()] : [],
  )
}

function isForMail(certificate: Certificate): boolean {
  const usage = certificate.extensions?.find(each => each.extnID === extendedKeyUsage)?.parsedValue
  return !(usage instanceof ExtKeyUsage) || usage.keyPurposes.some(each => usagesForMail.includes(each))
}
