/**
 * What a page may say to Asterisk over SIP, read as far as security needs it (RFC 3261). Our telephones register, and answer, renegotiate and
 * end calls that come to them; they call nobody. So everything else is refused, and what passes has one meaning: one message a frame, no
 * folded lines, no header twice that may stand once, no header that our telephones do not write.
 */

/** The message may go on; or why not. `account` is the telephone that it registers, `callId` the dialog that it belongs to. */
export type SipVerdict =
  | { allowed: true; kind: 'keep-alive' }
  | { allowed: true; kind: 'register'; account: string }
  | { allowed: true; kind: 'dialog'; callId: string }
  | { allowed: false; why: string }

const maxHeaders = 60
const maxHeaderLength = 4_096
const maxBodyLength = 60_000

/** Requests within a dialog. An INVITE there moves the sound to another network. */
const dialogMethods = new Set(['INVITE', 'ACK', 'BYE', 'UPDATE'])
/** What Asterisk may have asked. */
const answeredMethods = new Set(['INVITE', 'BYE', 'CANCEL', 'OPTIONS', 'NOTIFY', 'UPDATE', 'INFO', 'MESSAGE'])

/** Names in full by their compact forms (RFC 3261 §7.3.3). */
const compact: Readonly<Record<string, string>> = {
  c: 'content-type',
  f: 'from',
  i: 'call-id',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  t: 'to',
  v: 'via',
}
const once = ['from', 'to', 'call-id', 'cseq', 'max-forwards', 'content-length', 'content-type', 'contact', 'expires'] as const
const needed = ['via', 'from', 'to', 'call-id', 'cseq'] as const
const known: ReadonlySet<string> = new Set([
  ...once,
  'via',
  'accept',
  'allow',
  'authorization',
  'proxy-authorization',
  'reason',
  'record-route',
  'require',
  'retry-after',
  'supported',
  'unsupported',
  'user-agent',
  'warning',
  'session-expires',
  'min-se',
])

interface Message {
  readonly first: string
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly body: string
}

const refuse = (why: string): SipVerdict => ({ allowed: false, why })

/** Whether a frame of a page may go on to Asterisk. Pure. */
export function readSip(text: string): SipVerdict {
  // RFC 5626 §3.5.1.
  if (text === '\r\n' || text === '\r\n\r\n') return { allowed: true, kind: 'keep-alive' }
  const message = parse(text)
  if (typeof message === 'string') return refuse(message)
  const { first, headers } = message
  for (const name of needed) if (!headers.has(name)) return refuse(`no ${name}`)
  for (const name of once) if ((headers.get(name)?.length ?? 0) > 1) return refuse(`${name} stands twice`)
  const value = (name: string): string => headers.get(name)?.[0] ?? ''
  const sequence = /^(\d{1,10})[ \t]+([A-Z]+)$/.exec(value('cseq'))
  const method = sequence?.[2] ?? ''
  if (!sequence) return refuse('no sequence')
  const callId = value('call-id')
  if (!/^[\x21-\x7e]{1,200}$/.test(callId)) return refuse('no call')
  const contact = headers.get('contact')?.[0]
  if (contact !== undefined && !isOwnContact(contact)) return refuse('the contact is another host')
  if (headers.has('content-type') && !/^application\/sdp$/i.test(value('content-type')))
    return refuse('the body is no description of sound')

  if (/^SIP\/2\.0 [1-6]\d{2} [^\r\n]{0,200}$/.test(first))
    return answeredMethods.has(method) ? { allowed: true, kind: 'dialog', callId } : refuse('answers what nobody asked')

  const request = /^([A-Z]+) (sips?:[^\s<>"?]{1,300}) SIP\/2\.0$/.exec(first)
  if (!request) return refuse('not a message of SIP')
  const [, asked = '', uri = ''] = request
  if (asked !== method) return refuse('two methods')
  if (headers.get('via')?.length !== 1 || value('via').includes(',')) return refuse('came another way')
  if (asked === 'REGISTER') return register(uri, value('from'), value('to'))
  if (!dialogMethods.has(asked)) return refuse('telephones do not do this')
  // Without a tag of the other side it would begin something new.
  return /;\s*tag=[\w.!%*+`'~-]{1,200}/i.test(value('to'))
    ? { allowed: true, kind: 'dialog', callId }
    : refuse('telephones call nobody')
}

function register(uri: string, from: string, to: string): SipVerdict {
  const of = (header: string) => /^(?:"[^"\\]*"\s*)?<sips?:([\w.-]{1,100})@([\w.[\]:-]{1,200})>(?:;[^<>,]*)?$/.exec(header)
  const [, account = '', host = ''] = of(to) ?? []
  if (account === '') return refuse('registers nobody')
  const sender = of(from)
  if (sender?.[1] !== account || sender[2] !== host) return refuse('registers somebody else')
  return /^sips?:([^@;]+)(?:;.*)?$/.exec(uri)?.[1] === host
    ? { allowed: true, kind: 'register', account }
    : refuse('registers elsewhere')
}

/** A browser cannot be reached but over its socket: its host is a name that exists nowhere (RFC 7118 §5). `*` takes all contacts back. */
const isOwnContact = (contact: string): boolean =>
  /^\*(?:;[^<>,]*)?$/.test(contact) ||
  /^(?:"[^"\\]*"\s*)?<sips?:[\w.%-]{1,100}@[\w-]{1,100}\.invalid(?:;[^<>,?]*)?>(?:;[^,]*)?$/.test(contact)

/** The first line, the headers by their full names in lower case, the body; or what is wrong. */
function parse(text: string): Message | string {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return 'not a whole message'
  const body = text.slice(end + 4)
  const [first = '', ...rows] = text.slice(0, end).split('\r\n')
  if (rows.length > maxHeaders) return 'too many headers'
  const headers = new Map<string, string[]>()
  for (const row of [first, ...rows]) if (row.length > maxHeaderLength || hasControls(row)) return 'a broken line'
  for (const row of rows) {
    const [, written, value = ''] = /^([A-Za-z-]{1,40})[ \t]*:[ \t]*(.*?)[ \t]*$/.exec(row) ?? []
    if (written === undefined) return 'a line that is no header'
    const name = compact[written.toLowerCase()] ?? written.toLowerCase()
    if (!known.has(name)) return `telephones do not write ${name}`
    headers.set(name, [...(headers.get(name) ?? []), value])
  }
  const length = headers.get('content-length')?.[0]
  const bytes = Buffer.byteLength(body)
  if (bytes > maxBodyLength) return 'too long a body'
  // RFC 7118 §5.3: one message in each frame, whole.
  if (length === undefined ? bytes > 0 : length !== String(bytes)) return 'not one message'
  return { first, headers, body }
}

function hasControls(row: string): boolean {
  for (let at = 0; at < row.length; at++) {
    const code = row.charCodeAt(at)
    if ((code < 32 && code !== 9) || code === 127) return true
  }
  return false
}

/** The dialog that Asterisk begins at a telephone; undefined for every other message of it. */
export function begunDialog(text: string): string | undefined {
  if (!text.startsWith('INVITE ')) return undefined
  const head = text.slice(0, text.indexOf('\r\n\r\n'))
  return /^(?:Call-ID|i)[ \t]*:[ \t]*(\S{1,200})[ \t]*$/im.exec(head)?.[1]
}
