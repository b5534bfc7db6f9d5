/** Pieces of messages that are built for tests: heads, parts, boundaries. */
import { createHash } from 'node:crypto'

export interface MailMessage {
  kind: MessageKind
  name: string
  raw: Buffer
  /** What the sender wrote, and nothing else of the text. */
  text?: string
  subject?: string
  from?: string
  fromName?: string
  to?: readonly string[]
  /** Names of attachments. */
  files?: readonly string[]
  by?: 'person' | 'bounce' | 'auto-reply' | 'list'
  /** The Message-ID of the mail that a report is about. */
  about?: string
  /** The first file, byte for byte. */
  inside?: Buffer
  /** What PEC makes of it. */
  pec?: string
}

export type MessageKind =
  | 'charset'
  | 'head'
  | 'address'
  | 'structure'
  | 'nesting'
  | 'attachment'
  | 'winmail'
  | 'bounce'
  | 'auto-reply'
  | 'list'
  | 'quoting'
  | 'pec'
  | 'broken'

export type Part = string | Buffer
export const joined = (parts: readonly Part[]): Buffer =>
  Buffer.concat(parts.map(part => (typeof part === 'string' ? Buffer.from(part, 'utf8') : part)))

export const usual = {
  From: 'Giulia Ferri <giulia@example.org>',
  To: 'pensioni@ente.example',
  Subject: 'Domanda',
  'Message-ID': '<m@example.org>',
  Date: 'Fri, 27 Nov 2026 10:00:00 +0100',
  'MIME-Version': '1.0',
}

/** A whole mail; a head that is null is left out. */
export function mail(headers: Readonly<Record<string, Part | null>>, body: Part = 'Buongiorno'): Buffer {
  const all: Readonly<Record<string, Part | null>> = { ...usual, ...headers }
  const head = Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [`${name}: `, value, '\r\n']))
  return joined([...head, '\r\n', body, '\r\n'])
}

export const part = (headers: readonly string[], body: Part): Buffer => joined([headers.join('\r\n'), '\r\n\r\n', body])

/** Parts between boundaries, as the body of a mail or of another part. */
export const parts = (boundary: string, all: readonly Part[]): Buffer =>
  joined([...all.flatMap(each => [`--${boundary}\r\n`, each, '\r\n']), `--${boundary}--\r\n`])

export const plain = 'Content-Type: text/plain; charset=utf-8'
export const html = 'Content-Type: text/html; charset=utf-8'
export const hello = part([plain], 'Buongiorno, ecco i documenti.')
export const file = (name: string, content: Part = '%PDF-1.4 x', type = 'application/pdf') =>
  part([`Content-Type: ${type}`, `Content-Disposition: attachment; filename="${name}"`], content)

export const quotedPrintable = (bytes: Buffer): string =>
  [...bytes]
    .map(byte =>
      byte > 32 && byte < 127 && byte !== 61 ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('')
    .replace(/((?:=..|[^=]){70})(?=.)/g, '$1=\r\n')

export const written = 'Buongiorno, ecco i documenti.'

/** A mail of several parts, under a boundary of its own. */
export const mixed = (
  all: readonly Part[],
  boundary = `b${createHash('sha256').update(joined(all)).digest('hex').slice(0, 12)}`,
) => mail({ 'Content-Type': `multipart/mixed; boundary="${boundary}"` }, parts(boundary, all))
