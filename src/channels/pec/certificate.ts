/**
 * What a PEC provider certifies about a message: `daticert.xml` (RFC 6109 §4.4). Pure. It comes from outside, so it is read within bounds, no
 * entity but XML's own five is known, nothing is ever fetched, and what it says twice is refused.
 */
import { SaxesParser } from 'saxes'

/** What a certificate is about, by the word that stands in it. */
export const certificateTypes = [
  'accettazione',
  'non-accettazione',
  'presa-in-carico',
  'avvenuta-consegna',
  'posta-certificata',
  'errore-consegna',
  'preavviso-errore-consegna',
  'rilevazione-virus',
] as const
export type CertificateType = (typeof certificateTypes)[number]

const errors = ['nessuno', 'no-dest', 'no-dominio', 'virus', 'altro'] as const
export type CertificateError = (typeof errors)[number]

export const receiptForms = ['completa', 'breve', 'sintetica'] as const

/** A `daticert.xml`, under the names of its elements. */
export interface Certificate {
  readonly type: CertificateType
  readonly error: CertificateError
  readonly sender: string
  readonly recipients: readonly { readonly address: string; readonly certified: boolean }[]
  readonly subject: string
  readonly issuer: string
  readonly at: Date
  readonly identifier: string
  readonly messageId: string | null
  readonly receiptForm: (typeof receiptForms)[number] | null
  /** The recipient whose delivery is certified, or refused. */
  readonly delivery: string | null
  /** The recipients for whom the other provider has taken the message in charge. */
  readonly takenFor: readonly string[]
  readonly errorDetail: string | null
}

/** Not what a provider may certify. The message says what is wrong, in English. */
export class UnreadableCertificate extends Error {
  override readonly name = 'UnreadableCertificate'
}

/** For thousands of recipients, and far below what would keep the program busy. */
const maxCertificateBytes = 1024 * 1024
const maxDepth = 8
const maxTextLength = 4_000
const maxRecipients = 5_000

/** Reads a `daticert.xml`. @throws UnreadableCertificate */
export function readCertificate(bytes: Buffer): Certificate {
  const found = elementsOf(textOf(bytes))
  const one = (name: string): string | null => {
    const values = found.texts.get(name) ?? []
    if (values.length > 1) throw new UnreadableCertificate(`${name} stands there ${values.length} times.`)
    return values[0]?.text || null
  }
  const need = (name: string): string => {
    const value = one(name)
    if (value === null) throw new UnreadableCertificate(`${name} is missing.`)
    return value
  }
  const attributeOf = (name: string, attribute: string): string | undefined =>
    found.texts.get(name)?.[0]?.attributes[attribute]?.trim()
  const root = 'postacert'
  const head = `${root}/intestazione`
  const body = `${root}/dati`
  for (const name of [root, head, body, `${body}/data`, `${body}/ricevuta`])
    if ((found.texts.get(name)?.length ?? 0) > 1) throw new UnreadableCertificate(`${name} stands there more than once.`)
  const recipients = found.texts.get(`${head}/destinatari`) ?? []
  if (recipients.length > maxRecipients) throw new UnreadableCertificate('There are too many recipients.')
  return {
    type: wordOf(certificateTypes, attributeOf(root, 'tipo'), 'tipo'),
    error: wordOf(errors, attributeOf(root, 'errore') ?? 'nessuno', 'errore'),
    sender: address(need(`${head}/mittente`)),
    recipients: recipients.map(each => ({ address: address(each.text), certified: each.attributes.tipo !== 'esterno' })),
    subject: one(`${head}/oggetto`) ?? '',
    issuer: need(`${body}/gestore-emittente`),
    at: instantOf(need(`${body}/data/giorno`), need(`${body}/data/ora`), attributeOf(`${body}/data`, 'zona')),
    identifier: need(`${body}/identificativo`),
    messageId: one(`${body}/msgid`),
    receiptForm: found.texts.has(`${body}/ricevuta`)
      ? wordOf(receiptForms, attributeOf(`${body}/ricevuta`, 'tipo'), 'ricevuta')
      : null,
    delivery: optionalAddress(one(`${body}/consegna`)),
    takenFor: (found.texts.get(`${body}/ricezione`) ?? []).map(each => address(each.text)),
    errorDetail: one(`${body}/errore-esteso`),
  }
}

interface Element {
  text: string
  attributes: Readonly<Record<string, string>>
}

/** The texts of all elements, by the way to them. */
function elementsOf(xml: string): { texts: ReadonlyMap<string, Element[]> } {
  const texts = new Map<string, Element[]>()
  const open: Element[] = []
  const path: string[] = []
  const parser = new SaxesParser()
  parser.on('error', error => {
    throw new UnreadableCertificate(error.message)
  })
  parser.on('doctype', doctype => {
    // Some providers name the DTD of the rules. What is declared in the file itself has no business there.
    if (doctype.includes('[')) throw new UnreadableCertificate('It declares things of its own.')
  })
  parser.on('opentag', ({ name, attributes }) => {
    path.push(name)
    if (path.length > maxDepth) throw new UnreadableCertificate('Its elements are nested too deeply.')
    const element = { text: '', attributes }
    open.push(element)
    const way = path.join('/')
    const there = texts.get(way)
    if (there) there.push(element)
    else texts.set(way, [element])
  })
  const addText = (text: string) => {
    const element = open.at(-1)
    if (!element) return
    element.text += text
    if (element.text.length > maxTextLength) throw new UnreadableCertificate('A text in it is too long.')
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', () => {
    path.pop()
    const closed = open.pop()
    if (closed) closed.text = closed.text.trim()
  })
  parser.write(xml).close()
  if (!texts.has('postacert')) throw new UnreadableCertificate('It is no postacert.')
  return { texts }
}

/** The encodings that providers write. */
const encodings: Readonly<Record<string, string>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'us-ascii': 'utf-8',
  'iso-8859-1': 'windows-1252',
  'iso-8859-15': 'iso-8859-15',
  'windows-1252': 'windows-1252',
  'utf-16': 'utf-16le',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
}

/** The text of an XML file: by its byte order mark, else by its first bytes and what it declares (XML 1.0, appendix F). */
function textOf(bytes: Buffer): string {
  if (bytes.length > maxCertificateBytes) throw new UnreadableCertificate('It is too big.')
  const encoding = encodingOf(bytes)
  if (encoding === undefined) throw new UnreadableCertificate('It is written in an encoding that no provider uses.')
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    throw new UnreadableCertificate(`It is not written in ${encoding}.`)
  }
}

function encodingOf(bytes: Buffer): string | undefined {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  if (first === 0xef && second === 0xbb) return 'utf-8'
  if (first === 0x3c && second === 0) return 'utf-16le'
  if (first === 0 && second === 0x3c) return 'utf-16be'
  const declared = /^<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(bytes.subarray(0, 200).toString('latin1'))?.[1]
  // Who declares UTF-16 and writes one byte a letter was saved again by somebody: then its bytes say what it is.
  const name = declared?.toLowerCase() ?? 'utf-8'
  return name.startsWith('utf-16') ? 'utf-8' : encodings[name]
}

function wordOf<Word extends string>(words: readonly Word[], text: string | undefined, name: string): Word {
  const word = words.find(each => each === text)
  if (word === undefined) throw new UnreadableCertificate(`${name} says "${(text ?? '').slice(0, 40)}".`)
  return word
}

function address(text: string): string {
  const bare = text.trim().toLowerCase()
  if (!/^[^\s@<>]+@[^\s@<>]+$/.test(bare) || bare.length > 320)
    throw new UnreadableCertificate(`"${bare.slice(0, 40)}" is no address.`)
  return bare
}

const optionalAddress = (text: string | null): string | null => (text === null ? null : address(text))

/** `29/11/2026`, `03:15:00` and `+0100` as an instant. */
function instantOf(day: string, time: string, zone: string | undefined): Date {
  const [, date, month, year] = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(day) ?? []
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? '') ?? []
  if (!year || !sign || !/^\d{2}:\d{2}:\d{2}$/.test(time))
    throw new UnreadableCertificate(`"${day} ${time} ${zone ?? ''}" is no instant.`)
  const at = new Date(`${year}-${month}-${date}T${time}${sign}${hours}:${minutes}`)
  // The 31st of February would be read as a day of March.
  const isReal = new Date(Date.UTC(Number(year), Number(month) - 1, Number(date))).getUTCDate() === Number(date)
  if (Number.isNaN(at.getTime()) || !isReal) throw new UnreadableCertificate(`"${day} ${time}" is no instant.`)
  return at
}
