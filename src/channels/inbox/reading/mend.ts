/**
 * What broken programs send, brought into the form that the standards ask for before it is parsed, and texts that were decoded by the wrong charset. The
 * original is kept as it came; this is only for reading. Pure, and linear in the length of the mail.
 */

const lineFeed = 10
const carriageReturn = 13

/** A mail whose lines end as lines do, whose head is UTF-8, and whose content types are some. */
export function mendMail(raw: Uint8Array): Buffer {
  const bytes = withLineFeeds(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength))
  const head = headOf(bytes)
  const mended = isUtf8(head) ? bytes : Buffer.concat([inUtf8(head), bytes.subarray(head.length)])
  return rewriteTypes(mended, mendType)
}

/** Lines that end by CR alone, as old Macs wrote them, are one line to everybody else. */
function withLineFeeds(bytes: Buffer): Buffer {
  if (bytes.includes(lineFeed) || !bytes.includes(carriageReturn)) return bytes
  return Buffer.from(bytes.map(byte => (byte === carriageReturn ? lineFeed : byte)))
}

/** Up to the first empty line. */
function headOf(bytes: Buffer): Buffer {
  const ends = [bytes.indexOf('\n\n'), bytes.indexOf('\n\r\n')].filter(at => at >= 0)
  return bytes.subarray(0, ends.length === 0 ? bytes.length : Math.min(...ends))
}

const strict = new TextDecoder('utf-8', { fatal: true })
const latin = new TextDecoder('windows-1252')

function isUtf8(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes)
    return true
  } catch {
    return false
  }
}

/** Lines that are no UTF-8 are taken for the Latin of Windows (RFC 6532 allows UTF-8 alone). */
function inUtf8(head: Buffer): Buffer {
  const lines: Buffer[] = []
  for (let at = 0; at < head.length; ) {
    const end = head.indexOf(lineFeed, at)
    const line = head.subarray(at, end < 0 ? head.length : end + 1)
    lines.push(isUtf8(line) ? line : Buffer.from(latin.decode(line)))
    at += line.length
  }
  return Buffer.concat(lines)
}

// --- content types --------------------------------------------------------------------------------------------------

/** A header with its folded lines. A line of a text that looks like one is taken for one: that harms nobody. */
const typeHeader = /^content-type[ \t]*:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*/gim

function rewriteTypes(bytes: Buffer, rewrite: (header: string) => string): Buffer {
  const text = bytes.toString('latin1')
  const written = text.replace(typeHeader, rewrite)
  return written === text ? bytes : Buffer.from(written, 'latin1')
}

/** A charset in apostrophes is meant without them; what is no type at all is text (RFC 2045 §5.2), unless it has the name of a file. */
function mendType(header: string): string {
  const plain = header.replace(/(charset\s*=\s*)'([\w.:-]{1,40})'/i, '$1$2')
  const isType = /^content-type[ \t]*:\s*"?[\w!#$&^.+-]+\s*\/\s*[\w!#$&^.+*-]+/i.test(plain)
  return isType || /name\*?\d?\*?\s*=/i.test(plain) ? plain : 'Content-Type: text/plain'
}

// --- charsets that lie ----------------------------------------------------------------------------------------------

/** Whether a text has letters that could not be decoded, and none that could: then it was never UTF-8. */
export const isUndecoded = (text: string): boolean => text.includes('\ufffd') && !/[^\p{ASCII}\ufffd\ufeff]/u.test(text)

/** The mail as if all its texts that call themselves UTF-8, or nothing, were the Latin of Windows. */
export function inLatin(mended: Buffer): Buffer {
  const rewritten = rewriteTypes(mended, header => {
    if (!/^content-type[ \t]*:\s*text\//i.test(header)) return header
    const withoutUtf8 = header.replace(/;?\s{0,100}charset\s{0,10}=\s{0,10}(?:"?(?:utf-?8|us-ascii)"?|""|(?=;|$))/gi, '')
    return /charset\s*=/i.test(withoutUtf8) ? withoutUtf8 : `${withoutUtf8}; charset=windows-1252`
  })
  const hasType = /^content-type[ \t]*:/im.test(headOf(rewritten).toString('latin1'))
  return hasType ? rewritten : Buffer.concat([Buffer.from('Content-Type: text/plain; charset=windows-1252\r\n'), rewritten])
}

/** What the Latin of Windows has beyond ISO 8859-1, by its letters. */
const windowsBytes: ReadonlyMap<string, number> = new Map(
  Array.from({ length: 32 }, (_, n) => [latin.decode(Uint8Array.of(128 + n)), 128 + n] as const),
)

/** UTF-8 that was read as the Latin of Windows, line by line: `perchÃ©` is `perché`. */
export const withoutDoubleDecoding = (text: string): string =>
  /[\u00c2-\u00f4][\u0080-\u2122]/.test(text) ? text.split('\n').map(rereadLine).join('\n') : text

function rereadLine(line: string): string {
  if (!/[\u00c2-\u00f4][\u0080-\u2122]/.test(line)) return line
  const bytes = Buffer.alloc(line.length)
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at)
    const byte = windowsBytes.get(line.charAt(at)) ?? (code < 256 ? code : undefined)
    if (byte === undefined) return line
    bytes[at] = byte
  }
  return isUtf8(bytes) ? bytes.toString('utf8') : line
}

/** Whether some text of the mail says that it is UTF-7 (RFC 2152), which nobody decodes any more. */
export const saysUtf7 = (mended: Buffer): boolean =>
  (mended.includes('utf-7') || mended.includes('UTF-7')) &&
  (mended.toString('latin1').match(typeHeader) ?? []).some(header => /charset\s*=\s*"?(?:unicode-1-1-)?utf-7/i.test(header))

/** `perch+AOk-` is `perché`. */
export const fromUtf7 = (text: string): string =>
  text.replace(/\+([A-Za-z0-9+/]*)-?/g, (whole, base64: string) => {
    if (base64 === '') return whole === '+-' ? '+' : whole
    const bytes = Buffer.from(base64, 'base64')
    return bytes.length < 2
      ? whole
      : bytes
          .subarray(0, bytes.length & ~1)
          .swap16()
          .toString('utf16le')
  })

// --- texts that no parser finds -------------------------------------------------------------------------------------

const maxFoundBytes = 200_000

/** The body of a mail whose parts cannot be told apart, as it stands there: rather lines of no meaning than a citizen's words lost. */
export function wholeBody(mended: Buffer): string {
  const body = mended.subarray(headOf(mended).length, headOf(mended).length + maxFoundBytes)
  return (isUtf8(body) ? body.toString('utf8') : latin.decode(body)).trim()
}
