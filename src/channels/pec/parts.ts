/**
 * The parts of a mail, cut from its bytes and never built again: a signature is over exactly these (RFC 1847, RFC 8551). Pure, and bounded whatever the
 * bytes are. It reads envelopes, which providers build; the mail inside is for the reader of mail.
 */

export interface Part {
  /** By name in lower case; a header that comes twice has two values. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  /** Content type in lower case, without parameters. */
  readonly type: string
  readonly parameters: ReadonlyMap<string, string>
  /** The whole part, headers and body, as it came. */
  readonly raw: Buffer
  /** Body as it came, still encoded. */
  readonly body: Buffer
  readonly parts: readonly Part[]
}

const maxHeaderBytes = 256 * 1024
const maxParts = 64
const maxDepth = 8

/** A mail that is not built as envelopes are. */
export class UnreadableParts extends Error {
  override readonly name = 'UnreadableParts'
}

/** Cuts a mail into its parts. @throws UnreadableParts beyond the bounds */
export function readParts(raw: Buffer, depth = 0): Part {
  if (depth > maxDepth) throw new UnreadableParts('The parts are nested too deeply.')
  const bodyAt = endOfHeaders(raw)
  const headers = readHeaders(raw.subarray(0, bodyAt).toString('latin1'))
  const body = raw.subarray(bodyAt)
  const { value, parameters } = readParameters(headers.get('content-type')?.[0] ?? 'text/plain')
  const boundary = value.startsWith('multipart/') ? parameters.get('boundary') : undefined
  const parts = boundary ? cutAt(body, boundary).map(part => readParts(part, depth + 1)) : []
  return { headers, type: value, parameters, raw, body, parts }
}

/** The value of a header that is there once. Undefined when it is missing, or ambiguous. */
export function onlyHeader(part: Pick<Part, 'headers'>, name: string): string | undefined {
  const values = part.headers.get(name)
  return values?.length === 1 ? values[0] : undefined
}

/** A part and all parts in it, outermost first; not what a message in it consists of. */
export function* allParts(part: Part): Generator<Part> {
  yield part
  for (const inner of part.parts) yield* allParts(inner)
}

/** The name under which a part would be saved, in lower case. */
export function fileName(part: Part): string | undefined {
  const disposition = part.headers.get('content-disposition')?.[0]
  const name = (disposition ? readParameters(disposition).parameters.get('filename') : undefined) ?? part.parameters.get('name')
  return name?.trim().toLowerCase()
}

/** The body without its transfer encoding. */
export function contentOf(part: Part): Buffer {
  const encoding = part.headers.get('content-transfer-encoding')?.[0]?.trim().toLowerCase()
  if (encoding === 'base64') return Buffer.from(part.body.toString('latin1'), 'base64')
  if (encoding === 'quoted-printable') return quotedPrintable(part.body.toString('latin1'))
  return part.body
}

/** The one address of a `From`, in lower case. Undefined when there is none, or more than one. */
export function senderIn(header: string): string | undefined {
  const bare = withoutComments(header.replace(/"(?:[^"\\]|\\.)*"/g, ' '))
  const bracketed = [...bare.matchAll(/<([^<>]*)>/g)].map(([, address = '']) => address.trim())
  const found = bracketed.length > 0 ? bracketed : [bare.trim()]
  const [only] = found
  return found.length === 1 && only !== undefined && /^[^\s@,;<>]+@[^\s@,;<>]+$/.test(only) ? only.toLowerCase() : undefined
}

// --- bytes ----------------------------------------------------------------------------------------------------------

const lineFeed = 10
const carriageReturn = 13

/** Where the body begins: after the first empty line. */
function endOfHeaders(raw: Buffer): number {
  for (let at = 0; at <= Math.min(raw.length, maxHeaderBytes); ) {
    const end = raw.indexOf(lineFeed, at)
    if (end < 0) return raw.length
    if (end === at || (end === at + 1 && raw[at] === carriageReturn)) return end + 1
    at = end + 1
  }
  throw new UnreadableParts('The headers are too long.')
}

function readHeaders(text: string): Map<string, string[]> {
  const headers = new Map<string, string[]>()
  const unfolded = text.replace(/\r?\n[ \t]+/g, ' ')
  for (const line of unfolded.split(/\r?\n/)) {
    const colon = line.indexOf(':')
    if (colon <= 0) continue
    const name = line.slice(0, colon).trim().toLowerCase()
    const values = headers.get(name) ?? []
    values.push(line.slice(colon + 1).trim())
    headers.set(name, values)
  }
  return headers
}

/** `multipart/signed; boundary="x"` as its value and its parameters. */
function readParameters(header: string): { value: string; parameters: ReadonlyMap<string, string> } {
  const parameters = new Map<string, string>()
  const semicolon = header.indexOf(';')
  const value = (semicolon < 0 ? header : header.slice(0, semicolon)).trim().toLowerCase()
  if (semicolon >= 0)
    for (const [, name = '', quoted, token] of header
      .slice(semicolon)
      .matchAll(/;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/g))
      if (!parameters.has(name.toLowerCase()))
        parameters.set(name.toLowerCase(), quoted === undefined ? (token ?? '') : quoted.replace(/\\(.)/g, '$1'))
  return { value, parameters }
}

/**
 * What lies between the lines of a boundary, byte for byte. The line break before such a line belongs to it and not to the part
 * (RFC 2046 §5.1.1).
 */
function cutAt(body: Buffer, boundary: string): Buffer[] {
  const delimiter = Buffer.from(`--${boundary}`, 'latin1')
  const parts: Buffer[] = []
  let partAt = -1
  for (let at = body.indexOf(delimiter); at >= 0; at = body.indexOf(delimiter, at + delimiter.length)) {
    const line = at === 0 || body[at - 1] === lineFeed ? delimiterLine(body, at + delimiter.length) : undefined
    if (!line) continue
    if (partAt >= 0) parts.push(body.subarray(partAt, Math.max(partAt, beforeLineBreak(body, at))))
    if (parts.length > maxParts) throw new UnreadableParts('There are too many parts.')
    if (line.isLast) return parts
    partAt = line.end
  }
  if (partAt >= 0) parts.push(body.subarray(partAt))
  return parts
}

/** The rest of a line that begins with a boundary. Undefined when more stands on it: then it is of another boundary, or text. */
function delimiterLine(body: Buffer, at: number): { isLast: boolean; end: number } | undefined {
  const newLine = body.indexOf(lineFeed, at)
  const end = newLine < 0 ? body.length : newLine + 1
  if (end - at > 200) return undefined
  const rest = body.subarray(at, end).toString('latin1').trimEnd()
  return rest === '' || rest === '--' ? { isLast: rest === '--', end } : undefined
}

function beforeLineBreak(body: Buffer, at: number): number {
  const end = body[at - 1] === lineFeed ? at - 1 : at
  return end > 0 && body[end - 1] === carriageReturn ? end - 1 : end
}

/** Line by line: a pattern for the spaces at the end of one would try each run of them again and again. */
function quotedPrintable(text: string): Buffer {
  const lines = text.split(/\r?\n/).map(line => {
    const bare = line.trimEnd()
    return bare.endsWith('=') ? bare.slice(0, -1) : `${bare}\r\n`
  })
  const whole = lines.join('').slice(0, text.endsWith('\n') ? undefined : -2)
  const octets = whole.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(octets, 'latin1')
}

/** Comments nest (RFC 5322 §3.2.2). */
function withoutComments(text: string): string {
  let depth = 0
  let kept = ''
  for (const character of text) {
    if (character === '(') depth++
    else if (character === ')' && depth > 0) depth--
    else if (depth === 0) kept += character
  }
  return kept
}
