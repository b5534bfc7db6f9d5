/** Envelopes and receipts as PEC providers write them (RFC 6109 §3 and §4), of every kind, signed. */
import { randomUUID } from 'node:crypto'
import type { CertificateError, CertificateType } from '../../src/channels/pec/certificate.ts'
import type { SigningCertificate } from './pec-authority.ts'

export interface CertificateParts {
  type: CertificateType
  error?: CertificateError
  sender: string
  recipients: readonly { address: string; certified?: boolean }[]
  subject: string
  issuer?: string
  at: Date
  identifier: string
  messageId: string
  form?: 'completa' | 'breve' | 'sintetica'
  delivery?: string
  takenFor?: readonly string[]
  detail?: string
}

export type XmlEncoding = 'utf-8' | 'iso-8859-1' | 'utf-16le' | 'utf-16be'

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')

/** Day and time in Italy's winter time, as certificates have them. */
function italian(at: Date): { day: string; time: string } {
  const [date = '', time = ''] = new Date(at.getTime() + 3_600_000).toISOString().slice(0, 19).split('T')
  return { day: date.split('-').reverse().join('/'), time }
}

/** The text of a `daticert.xml`. */
export function certificateXml(parts: CertificateParts, encoding: XmlEncoding = 'utf-8'): string {
  const { day, time } = italian(parts.at)
  const optional = (name: string, text: string | undefined) => (text === undefined ? '' : `<${name}>${escaped(text)}</${name}>`)
  return `<?xml version="1.0" encoding="${encoding.replace(/[lb]e$/, '').toUpperCase()}"?>
<postacert tipo="${parts.type}" errore="${parts.error ?? 'nessuno'}">
  <intestazione>
    <mittente>${escaped(parts.sender)}</mittente>
    ${parts.recipients.map(each => `<destinatari tipo="${each.certified === false ? 'esterno' : 'certificato'}">${escaped(each.address)}</destinatari>`).join('\n    ')}
    <risposte>${escaped(parts.sender)}</risposte>
    ${optional('oggetto', parts.subject)}
  </intestazione>
  <dati>
    <gestore-emittente>${escaped(parts.issuer ?? 'GESTORE DI PROVA S.p.A.')}</gestore-emittente>
    <data zona="+0100"><giorno>${day}</giorno><ora>${time}</ora></data>
    <identificativo>${escaped(parts.identifier)}</identificativo>
    <msgid>${escaped(parts.messageId)}</msgid>
    ${parts.form ? `<ricevuta tipo="${parts.form}"/>` : ''}
    ${optional('consegna', parts.delivery)}
    ${(parts.takenFor ?? []).map(each => `<ricezione>${escaped(each)}</ricezione>`).join('')}
    ${optional('errore-esteso', parts.detail)}
  </dati>
</postacert>
`
}

/** A text in an encoding, as a file begins in it. */
export function encoded(text: string, encoding: XmlEncoding): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text, 'utf8')
  if (encoding === 'iso-8859-1') return Buffer.from(text, 'latin1')
  const little = Buffer.from(`\ufeff${text}`, 'utf16le')
  return encoding === 'utf-16le' ? little : little.swap16()
}

export interface SealedParts {
  /** `X-Trasporto`, `X-Ricevuta` and the like. */
  headers: Readonly<Record<string, string>>
  from: string
  to: string
  subject: string
  at: Date
  text: string
  certificate?: Buffer
  /** The mail that comes along. */
  content?: Buffer
}

/** Builds a mail and signs it. */
export function sealed(signing: SigningCertificate, parts: SealedParts): Buffer {
  const inner = `--${randomUUID()}`
  const outer = `----${randomUUID()}`
  const lines = (...all: string[]) => Buffer.from(all.join('\r\n'), 'latin1')
  const signed = Buffer.concat([
    lines(`Content-Type: multipart/mixed; boundary="${inner}"`, '', ''),
    lines(`--${inner}`, 'Content-Type: text/plain; charset="iso-8859-1"', 'Content-Transfer-Encoding: quoted-printable', '', ''),
    lines(quotedPrintable(parts.text), ''),
    ...(parts.certificate
      ? [
          lines(`--${inner}`, 'Content-Type: application/xml; name="daticert.xml"', 'Content-Transfer-Encoding: base64', ''),
          lines('Content-Disposition: inline; filename="daticert.xml"', '', base64(parts.certificate), ''),
        ]
      : []),
    ...(parts.content
      ? [
          lines(`--${inner}`, 'Content-Type: message/rfc822; name="postacert.eml"', ''),
          lines('Content-Disposition: inline; filename="postacert.eml"', '', ''),
          parts.content,
          lines('', ''),
        ]
      : []),
    lines(`--${inner}--`, ''),
  ])
  const head = {
    ...parts.headers,
    Date: parts.at.toUTCString().replace('GMT', '+0000'),
    'Message-ID': `<${randomUUID()}@${parts.from.slice(parts.from.lastIndexOf('@') + 1).replace('>', '')}>`,
    From: parts.from,
    To: parts.to,
    Subject: encodedWord(parts.subject),
    'MIME-Version': '1.0',
    'Content-Type': `multipart/signed; protocol="application/pkcs7-signature"; micalg="sha-256"; boundary="${outer}"`,
  }
  return Buffer.concat([
    lines(...Object.entries(head).map(([name, value]) => `${name}: ${value}`), '', 'This is an S/MIME signed message', ''),
    lines(`--${outer}`, ''),
    signed,
    lines(
      '',
      `--${outer}`,
      'Content-Type: application/pkcs7-signature; name="smime.p7s"',
      'Content-Transfer-Encoding: base64',
      '',
    ),
    lines('Content-Disposition: attachment; filename="smime.p7s"', '', base64(signing.sign(signed)), `--${outer}--`, ''),
  ])
}

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/(.{76})/g, '$1\r\n')

const encodedWord = (text: string): string =>
  [...text].every(each => each >= ' ' && each <= '~') ? text : `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`

const quotedPrintable = (text: string): string =>
  text
    .split('\n')
    .map(line =>
      [...Buffer.from(line, 'latin1')]
        .map(byte =>
          byte >= 32 && byte < 127 && byte !== 61
            ? String.fromCharCode(byte)
            : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
        )
        .join('')
        .replace(/(.{70}[^=]{0,3})(?=.)/g, '$1=\r\n'),
    )
    .join('\r\n')

const titles: Readonly<Record<CertificateType, string>> = {
  accettazione: 'ACCETTAZIONE',
  'non-accettazione': 'AVVISO DI NON ACCETTAZIONE',
  'presa-in-carico': 'PRESA IN CARICO',
  'avvenuta-consegna': 'CONSEGNA',
  'posta-certificata': 'POSTA CERTIFICATA',
  'errore-consegna': 'AVVISO DI MANCATA CONSEGNA',
  'preavviso-errore-consegna': 'AVVISO DI MANCATA CONSEGNA PER SUP. TEMPO MASSIMO',
  'rilevazione-virus': 'PROBLEMA DI SICUREZZA',
}

/** A receipt, or with `posta-certificata` an envelope, of a provider. */
export function certified(
  signing: SigningCertificate,
  provider: string,
  parts: CertificateParts & { content?: Buffer | undefined; encoding?: XmlEncoding; to?: string },
): Buffer {
  const isEnvelope = parts.type === 'posta-certificata'
  const encoding = parts.encoding ?? 'utf-8'
  return sealed(signing, {
    headers: {
      [isEnvelope ? 'X-Trasporto' : 'X-Ricevuta']: parts.type,
      'X-Riferimento-Message-ID': parts.messageId,
      ...(parts.error === 'virus' ? { 'X-VerificaSicurezza': 'errore' } : {}),
    },
    from: isEnvelope ? `"Per conto di: ${parts.sender}" <${provider}>` : provider,
    to: parts.to ?? (isEnvelope ? parts.recipients.map(each => each.address).join(', ') : parts.sender),
    subject: `${titles[parts.type]}: ${parts.subject}`,
    at: parts.at,
    text: `${titles[parts.type]}\n\nIl giorno ${italian(parts.at).day} alle ore ${italian(parts.at).time} il messaggio "${parts.subject}" …\nÈ così.`,
    certificate: encoded(certificateXml(parts, encoding), encoding),
    ...(parts.content ? { content: parts.content } : {}),
  })
}

/** Ordinary mail as a provider passes it on: without a certificate (RFC 6109 §3.2.2). */
export const anomaly = (
  signing: SigningCertificate,
  provider: string,
  parts: { sender: string; to: string; subject: string; at: Date; content: Buffer },
): Buffer =>
  sealed(signing, {
    headers: { 'X-Trasporto': 'errore' },
    from: `"Per conto di: ${parts.sender}" <${provider}>`,
    to: parts.to,
    subject: `ANOMALIA MESSAGGIO: ${parts.subject}`,
    at: parts.at,
    text: 'Anomalia nel messaggio\n\nIl messaggio allegato non è stato certificato.',
    content: parts.content,
  })
