/**
 * A telephone for tests: speaks SIP (RFC 3261) and RTP (RFC 3550, G.711 A-law) over UDP on loopback, calls and is called, sends keys
 * (RFC 4733) and keeps what it hears. sipp makes the volume; this one makes the assertions.
 *
 * It can also sign in (digest, RFC 2617) and speak SIP over a WebSocket (RFC 7118), as a browser's telephone does. There it rings, answers
 * and hangs up like one, and is deaf: sound would need DTLS, which is for the tests with a real browser.
 *
 * Loopback loses nothing, but an Asterisk that is overloaded drops what begins something new, and counts on its being sent again
 * (RFC 3261 §17.1): so over UDP it is. What the other side repeats is answered again.
 */

import { createHash, randomBytes } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { EventEmitter, once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import WebSocket from 'ws'

const address = '127.0.0.1'
const rate = 8_000
const packetMs = 20
const packetSamples = (rate * packetMs) / 1_000
const aLaw = 8
const telephoneEvent = 101
const keys = '0123456789*#'

export interface Heard {
  /** When the sound arrived, milliseconds on the clock of `performance.now()`. */
  readonly at: number
  readonly samples: Int16Array
}

/** One conversation, whoever began it. */
export interface Conversation {
  readonly callId: string
  /** The first line and headers of the INVITE, when we were called. */
  readonly invite: Message | undefined
  readonly state: 'calling' | 'ringing' | 'talking' | 'ended'
  /** Resolves when it is answered. Rejects with the SIP status when it is not. */
  readonly answered: Promise<void>
  /** Resolves with the SIP status that refused it, 487 when it was cancelled, or 200 when it was hung up. */
  readonly ended: Promise<number>
  readonly heard: readonly Heard[]
  /** The last provisional status, e.g. 180. */
  progress(): number
  /** Answers a call to us. */
  answer(): void
  /** Refuses a call to us, e.g. with 486 (busy) or 603 (declined). */
  refuse(status: number): void
  hangUp(): void
  /** Presses keys, 100 ms each. */
  press(digits: string): Promise<void>
  /** Presses keys that are heard as tones in the sound (ITU-T Q.23), 100 ms each, for a line that knows no events. */
  pressTones(digits: string): Promise<void>
  /** Presses so many keys at once, as an event each of 20 ms: a line that has gone mad. */
  rattle(digits: string): Promise<void>
  /** What is spoken from now on: a tone of this frequency in Hz, or 0 for silence. */
  hum(frequency: number): void
  /** Sends no sound any more, as a telephone that is muted. */
  mute(): void
  /** Is gone without a word: sends nothing and answers nothing. */
  vanish(): void
  /** Sends a request within the call, e.g. REFER, and resolves with the status of its answer. */
  ask(method: string, headers?: readonly string[]): Promise<number>
}

export interface SipTelephone {
  /** The port of SIP over UDP; 0 over a WebSocket. */
  readonly port: number
  /** Signs in for `seconds`. Rejects with the SIP status when it is refused. */
  register(user: string, password: string, server: { port: number }, seconds?: number): Promise<void>
  /** Calls `number` at a SIP server. The caller's number is the one shown; `events` is whether keys as events are offered, as they are unless said. */
  call(
    number: string,
    server: { port: number },
    options?: { from?: string; headers?: readonly string[]; events?: boolean },
  ): Conversation
  /** Sends a request to `user` outside of any call, e.g. OPTIONS, and resolves with the status of its answer. */
  ask(method: string, user: string, server: { port: number }): Promise<number>
  /** The next call to this telephone, ringing. */
  nextCall(withinMs?: number): Promise<Conversation>
  /** Resolves when its present connection is closed, by whomever. */
  readonly closed: Promise<void>
  /** Opens a new connection in place of the old one; conversations go on. Nothing to do over UDP. */
  reconnect(): Promise<void>
  close(): Promise<void>
}

/** RFC 3261 §17.1.1.1: T1, T2, and 64 × T1, after which nothing is hoped for any more. */
const minRepeatMs = 500
const maxRepeatMs = 4_000
const giveUpMs = 32_000
/** The machine may be busy: what is dialled rings within this. */
const ringsWithinMs = 60_000
/** A registration that is under way for so long has been lost on the way. */
const registeredWithinMs = 15_000
/** Who is further behind than this lets the sound of the meantime go, as a telephone does. */
const maxBehindMs = 500

interface Message {
  readonly start: string
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly body: string
}

/** What carries SIP: datagrams to ports of loopback, or one WebSocket, where ports mean nothing. */
interface Carrier {
  readonly name: 'UDP' | 'WS'
  readonly port: number
  /** Host and port under which it says it can be reached. */
  readonly host: string
  send(port: number, text: string): void
  onMessage(listener: (text: string, port: number) => void): void
  /** Resolves when the other side closed it. */
  readonly closed: Promise<void>
  reconnect(): Promise<void>
  close(): Promise<void>
}

/**
 * Sends over UDP again and again until it is answered; once over a WebSocket, which loses nothing. Returns how to say that it was answered.
 * @param unanswered is called when it never was
 */
function sendUntilAnswered(sip: Carrier, port: number, text: string, unanswered: () => void = () => {}): () => void {
  const from = performance.now()
  let timer: NodeJS.Timeout | undefined
  let waitMs = minRepeatMs
  sip.send(port, text)
  const again = () => {
    timer = setTimeout(() => {
      if (performance.now() - from > giveUpMs) return unanswered()
      if (sip.name === 'UDP') sip.send(port, text)
      waitMs = Math.min(maxRepeatMs, waitMs * 2)
      again()
    }, waitMs).unref()
  }
  again()
  return () => clearTimeout(timer)
}

async function overUdp(): Promise<Carrier> {
  const socket = await boundSocket()
  const { port } = socket.address()
  let open = true
  const closed = new Promise<void>(resolve => socket.once('close', () => resolve()))
  return {
    name: 'UDP',
    port,
    host: `${address}:${port}`,
    send: (to, text) => open && socket.send(text, to, address),
    onMessage: listener => socket.on('message', (bytes, from) => listener(bytes.toString('utf8'), from.port)),
    closed,
    reconnect: async () => {},
    close() {
      open = false
      return new Promise<void>(resolve => socket.close(() => resolve()))
    },
  }
}

async function overWebSocket(url: string, headers: Record<string, string>): Promise<Carrier> {
  let listen: (text: string) => void = () => {}
  async function connect() {
    const opened = new WebSocket(url, 'sip', { headers })
    opened.on('message', message => listen(message.toString()))
    await once(opened, 'open')
    return { opened, closed: new Promise<void>(resolve => opened.once('close', () => resolve())) }
  }
  let line = await connect()
  return {
    name: 'WS',
    port: 0,
    host: `${randomBytes(6).toString('hex')}.invalid`,
    send: (_, text) => line.opened.readyState === WebSocket.OPEN && line.opened.send(text),
    onMessage(listener) {
      listen = text => listener(text, 0)
    },
    get closed() {
      return line.closed
    },
    async reconnect() {
      line.opened.terminate()
      line = await connect()
    },
    async close() {
      line.opened.close()
      await line.closed
    },
  }
}

/** Opens a telephone: on a port of its own, or over a WebSocket (`{ url: 'ws://127.0.0.1:8088/ws' }`). */
export async function openSipTelephone(over?: { url: string; headers?: Record<string, string> }): Promise<SipTelephone> {
  const sip = over ? await overWebSocket(over.url, over.headers ?? {}) : await overUdp()
  const conversations = new Map<string, SipConversation>()
  const incoming: Conversation[] = []
  const arrivals = new EventEmitter()
  const registrations = new Map<string, (message: Message) => void>()

  sip.onMessage((text, from) => {
    const message = parse(text)
    const callId = message.headers.get('call-id')?.[0] ?? ''
    registrations.get(callId)?.(message)
    const line = conversations.get(callId)
    if (line) {
      line.receive(message, from)
      return
    }
    if (!message.start.startsWith('INVITE ')) {
      // A question whether we are there, or the end of something that we have forgotten.
      if (!message.start.startsWith('SIP/2.0') && !message.start.startsWith('ACK '))
        sip.send(from, response(message, 200, sip.host))
      return
    }
    boundSocket().then(rtp => {
      const called = new SipConversation(sip, rtp, callId, from, message)
      conversations.set(callId, called)
      called.ended.then(() => setTimeout(() => conversations.delete(callId), 2_000).unref())
      incoming.push(called)
      arrivals.emit('call')
    })
    sip.send(from, response(message, 100, sip.host))
  })

  return {
    port: sip.port,
    get closed() {
      return sip.closed
    },
    reconnect: () => sip.reconnect(),
    register: (user, password, server, seconds = 300) => register(sip, registrations, { user, password, server, seconds }),
    ask(method, user, server) {
      const callId = `${randomBytes(8).toString('hex')}@${address}`
      const uri = `sip:${user}@${address}:${server.port}`
      return new Promise((resolve, reject) => {
        const answered = sendUntilAnswered(
          sip,
          server.port,
          [
            `${method} ${uri} SIP/2.0`,
            `Via: SIP/2.0/${sip.name} ${sip.host};branch=${newBranch()};rport`,
            ...['Max-Forwards: 70', `From: <sip:carrier@${sip.host}>;tag=1`, `To: <${uri}>`, `Call-ID: ${callId}`],
            ...[`CSeq: 1 ${method}`, `Contact: <sip:carrier@${sip.host}>`, 'X-Trunk: 1', 'Content-Length: 0', '', ''],
          ].join('\r\n'),
          () => reject(new Error(`no answer to ${method}`)),
        )
        registrations.set(callId, message => {
          answered()
          registrations.delete(callId)
          resolve(Number(message.start.split(' ')[1]))
        })
      })
    },
    call(number, server, { from = '+390612345678', headers = ['X-Trunk: 1'], events = true } = {}) {
      const line = new SipConversation(sip, undefined, `${randomBytes(8).toString('hex')}@${address}`, server.port, undefined)
      line.events = events
      conversations.set(line.callId, line)
      line.dial(number, from, headers)
      return line
    },
    async nextCall(withinMs = ringsWithinMs) {
      if (incoming.length === 0) await once(arrivals, 'call', { signal: AbortSignal.timeout(withinMs) })
      const call = incoming.shift()
      if (!call) throw new Error('no call arrived')
      return call
    },
    async close() {
      for (const line of conversations.values()) line.hangUp()
      await pause(50)
      for (const line of conversations.values()) line.close()
      await sip.close()
    },
  }
}

/** REGISTER, answered by a challenge, answered by a digest (RFC 3261 §10 and §22; RFC 2617 §3.2.2 with `qop=auth`). */
function register(
  sip: Carrier,
  registrations: Map<string, (message: Message) => void>,
  { user, password, server, seconds }: { user: string; password: string; server: { port: number }; seconds: number },
): Promise<void> {
  const callId = `${randomBytes(8).toString('hex')}@${address}`
  const tag = randomBytes(6).toString('hex')
  const uri = `sip:${address}`
  let sequence = 0
  let answered = () => {}
  const send = (authorization?: string) => {
    answered = sendUntilAnswered(
      sip,
      server.port,
      [
        `REGISTER ${uri} SIP/2.0`,
        `Via: SIP/2.0/${sip.name} ${sip.host};branch=${newBranch()};rport`,
        'Max-Forwards: 70',
        `From: <sip:${user}@${address}>;tag=${tag}`,
        `To: <sip:${user}@${address}>`,
        `Call-ID: ${callId}`,
        `CSeq: ${++sequence} REGISTER`,
        `Contact: <sip:${user}@${sip.host}${sip.name === 'WS' ? ';transport=ws' : ''}>`,
        `Expires: ${seconds}`,
        ...(authorization ? [`Authorization: ${authorization}`] : []),
        'Content-Length: 0',
        '',
        '',
      ].join('\r\n'),
    )
  }
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      answered()
      registrations.delete(callId)
      reject(new Error(why))
    }
    setTimeout(() => fail('the registration had no answer'), registeredWithinMs).unref()
    sip.closed.then(() => fail('the line was closed before the registration had an answer'))
    registrations.set(callId, message => {
      const status = Number(message.start.split(' ')[1])
      answered()
      if (status < 200) return
      const challenge = message.headers.get('www-authenticate')?.[0]
      if (status === 401 && challenge && sequence === 1) return send(digest(challenge, user, password, 'REGISTER', uri))
      registrations.delete(callId)
      if (status === 200) resolve()
      else reject(new Error(`refused with ${status}`))
    })
    send()
  })
}

function digest(challenge: string, user: string, password: string, method: string, uri: string): string {
  const said = (name: string) => new RegExp(`${name}="?([^",]+)"?`).exec(challenge)?.[1] ?? ''
  const md5 = (text: string) => createHash('md5').update(text).digest('hex')
  const cnonce = randomBytes(8).toString('hex')
  const one = md5(`${user}:${said('realm')}:${password}`)
  const two = md5(`${method}:${uri}`)
  const answer = md5(`${one}:${said('nonce')}:00000001:${cnonce}:auth:${two}`)
  return [
    `Digest username="${user}", realm="${said('realm')}", nonce="${said('nonce')}", uri="${uri}", response="${answer}"`,
    `algorithm=MD5, cnonce="${cnonce}", qop=auth, nc=00000001, opaque="${said('opaque')}"`,
  ].join(', ')
}

class SipConversation implements Conversation {
  readonly callId: string
  readonly invite: Message | undefined
  readonly answered: Promise<void>
  readonly ended: Promise<number>
  readonly heard: Heard[] = []
  state: Conversation['state']
  events = true
  private readonly asked = new Map<string, (status: number) => void>()
  private gone = false
  private tones: readonly [number, number] | undefined
  private muted = false
  private readonly sip: Carrier
  private readonly server: number
  private readonly ourTag = randomBytes(6).toString('hex')
  private theirTag = ''
  private ourUri = ''
  private theirUri = ''
  private target = ''
  private sequence = 0
  private dialled: { text: string; branch: string } | undefined
  /** Says that what was sent last was answered, by the method that the answer names. */
  private readonly unanswered = new Map<string, () => void>()
  private lastProgress = 0
  private rtp: Socket | undefined
  private sounding: NodeJS.Timeout | undefined
  private frequency = 0
  private markAnswered: () => void = () => {}
  private markRefused: (status: Error) => void = () => {}
  private markEnded: (status: number) => void = () => {}
  private stream = {
    sequence: Math.floor(Math.random() * 30_000),
    time: Math.floor(Math.random() * 1e9),
    source: randomBytes(4).readUInt32BE(0),
  }
  private theirRtp: { address: string; port: number } | undefined

  constructor(sip: Carrier, rtp: Socket | undefined, callId: string, server: number, invite: Message | undefined) {
    this.sip = sip
    this.rtp = rtp
    this.callId = callId
    this.server = server
    this.invite = invite
    this.state = invite ? 'ringing' : 'calling'
    this.answered = new Promise((resolve, reject) => {
      this.markAnswered = resolve
      this.markRefused = reject
    })
    // Tests that only look at the end need not look at this one.
    this.answered.catch(() => {})
    this.ended = new Promise(resolve => {
      this.markEnded = resolve
    })
    if (!invite) return
    this.theirUri = invite.headers.get('from')?.[0] ?? ''
    this.ourUri = invite.headers.get('to')?.[0] ?? ''
    this.target = uriIn(invite.headers.get('contact')?.[0] ?? '')
    this.theirRtp = rtpAddress(invite.body)
    sip.send(server, response(invite, 180, sip.host, this.ourTag))
  }

  async dial(number: string, from: string, headers: readonly string[]): Promise<void> {
    this.rtp = await boundSocket()
    this.ourUri = `<sip:${from}@${this.sip.host}>`
    this.theirUri = `<sip:${number}@${address}:${this.server}>`
    this.target = `sip:${number}@${address}:${this.server}`
    const branch = newBranch()
    const text = this.request('INVITE', ++this.sequence, branch, headers, this.description())
    this.dialled = { text, branch }
    this.send('INVITE', text, () => {
      this.markRefused(new Error('no answer to the call'))
      this.finish(408)
    })
  }

  private send(method: string, text: string, unanswered?: () => void): void {
    this.unanswered.set(method, sendUntilAnswered(this.sip, this.server, text, unanswered))
  }

  private hasAnswer(method: string): void {
    this.unanswered.get(method)?.()
    this.unanswered.delete(method)
  }

  progress(): number {
    return this.lastProgress
  }

  receive(message: Message, from: number): void {
    if (this.gone) return
    if (message.start.startsWith('SIP/2.0 ')) {
      this.receiveAnswer(message)
      return
    }
    const method = message.start.slice(0, message.start.indexOf(' '))
    if (method === 'ACK') {
      this.hasAnswer('200')
      return
    }
    if (method === 'INVITE' && this.state === 'talking') {
      // The other side changes the sound's way or puts us on hold: agreed.
      this.theirRtp = rtpAddress(message.body) ?? this.theirRtp
      this.sip.send(from, response(message, 200, this.sip.host, this.ourTag, this.description()))
      return
    }
    if (method === 'INVITE') return
    this.sip.send(from, response(message, 200, this.sip.host, this.ourTag))
    if (method === 'CANCEL' && this.state === 'ringing') {
      if (this.invite) this.sip.send(from, response(this.invite, 487, this.sip.host, this.ourTag))
      this.finish(487)
    }
    if (method === 'BYE') this.finish(200)
  }

  private receiveAnswer(message: Message): void {
    const status = Number(message.start.split(' ')[1])
    const method = message.headers.get('cseq')?.[0]?.split(' ')[1]
    if (method !== undefined) this.hasAnswer(method)
    if (status >= 200 && method !== undefined) this.asked.get(method)?.(status)
    if (method !== 'INVITE') return
    this.theirTag = /tag=([^;>]+)/.exec(message.headers.get('to')?.[0] ?? '')?.[1] ?? this.theirTag
    if (status < 200) {
      this.lastProgress = status
      return
    }
    if (status >= 300) {
      if (this.dialled) this.sip.send(this.server, this.request('ACK', this.sequence, this.dialled.branch))
      this.markRefused(new Error(`refused with ${status}`))
      this.finish(status)
      return
    }
    this.target = uriIn(message.headers.get('contact')?.[0] ?? '') || this.target
    this.sip.send(this.server, this.request('ACK', Number(message.headers.get('cseq')?.[0]?.split(' ')[0]), newBranch()))
    if (this.state !== 'calling') return
    this.theirRtp = rtpAddress(message.body)
    this.talk()
  }

  answer(): void {
    if (!this.invite || this.state !== 'ringing') return
    // Until the other side has acknowledged it (RFC 3261 §13.3.1.4).
    this.send('200', response(this.invite, 200, this.sip.host, this.ourTag, this.description()))
    this.talk()
  }

  refuse(status: number): void {
    if (!this.invite || this.state !== 'ringing') return
    this.sip.send(this.server, response(this.invite, status, this.sip.host, this.ourTag))
    this.finish(status)
  }

  hangUp(): void {
    if (this.state === 'talking') {
      this.send('BYE', this.request('BYE', ++this.sequence, newBranch()))
      this.finish(200)
    } else if (this.state === 'calling' && this.dialled) {
      this.send('CANCEL', this.request('CANCEL', this.sequence, this.dialled.branch))
    } else this.refuse(480)
  }

  private talk(): void {
    this.state = 'talking'
    this.rtp?.on('message', packet => this.hear(packet))
    let sent = 0
    const start = performance.now()
    // By the clock and not by the timer's count: timers drift, and the other side would hear gaps.
    this.sounding = setInterval(() => {
      const due = Math.floor((performance.now() - start) / packetMs)
      sent = Math.max(sent, due - maxBehindMs / packetMs)
      while (sent <= due) this.sound(sent++)
    }, packetMs / 2)
    this.markAnswered()
  }

  private sound(index: number): void {
    const payload = Buffer.alloc(packetSamples)
    for (let i = 0; i < packetSamples; i++) {
      const time = (index * packetSamples + i) / rate
      const wave = (hertz: number, level: number) => (hertz === 0 ? 0 : Math.round(level * Math.sin(2 * Math.PI * hertz * time)))
      payload[i] = toALaw(this.tones ? wave(this.tones[0], 5_000) + wave(this.tones[1], 5_000) : wave(this.frequency, 8_000))
    }
    this.stream.time += packetSamples
    if (this.muted) return
    this.packet(aLaw, payload, this.stream.time, false)
  }

  private packet(type: number, payload: Buffer, time: number, mark: boolean): void {
    if (!this.theirRtp || !this.rtp) return
    const header = Buffer.alloc(12)
    header[0] = 0x80
    header[1] = type | (mark ? 0x80 : 0)
    header.writeUInt16BE(this.stream.sequence++ & 0xffff, 2)
    header.writeUInt32BE(time >>> 0, 4)
    header.writeUInt32BE(this.stream.source, 8)
    this.rtp.send(Buffer.concat([header, payload]), this.theirRtp.port, this.theirRtp.address)
  }

  private hear(packet: Buffer): void {
    if (packet.length <= 12 || ((packet[1] ?? 0) & 0x7f) !== aLaw) return
    this.heard.push({ at: performance.now(), samples: Int16Array.from(packet.subarray(12), fromALaw) })
  }

  async press(digits: string): Promise<void> {
    for (const digit of digits) {
      const event = keys.indexOf(digit)
      if (event < 0) throw new RangeError(`${digit} is no key`)
      // Two events that began at one time are one (RFC 4733, 2.5.1.3); where the machine is short of time no sound may lie between them.
      this.stream.time += packetSamples
      const { time } = this.stream
      for (let length = 1; length <= 8; length++) {
        const ended = length > 5
        const payload = Buffer.from([event, (ended ? 0x80 : 0) | 10, 0, 0])
        payload.writeUInt16BE(Math.min(length, 5) * packetSamples, 2)
        this.packet(telephoneEvent, payload, time, length === 1)
        await pause(ended ? 1 : packetMs)
      }
      await pause(100)
    }
  }

  async pressTones(digits: string): Promise<void> {
    for (const digit of digits) {
      const place = '123456789*0#'.indexOf(digit)
      if (place < 0) throw new RangeError(`${digit} is no key`)
      this.tones = [[697, 770, 852, 941][Math.floor(place / 3)] ?? 0, [1_209, 1_336, 1_477][place % 3] ?? 0]
      await pause(100)
      this.tones = undefined
      await pause(100)
    }
  }

  async rattle(digits: string): Promise<void> {
    for (const digit of digits) {
      this.stream.time += packetSamples
      const { time } = this.stream
      for (const ended of [false, true, true, true]) {
        const payload = Buffer.from([keys.indexOf(digit), (ended ? 0x80 : 0) | 10, 0, packetSamples])
        this.packet(telephoneEvent, payload, time, !ended)
      }
      await pause(packetMs)
    }
  }

  hum(frequency: number): void {
    this.frequency = frequency
  }

  mute(): void {
    this.muted = true
  }

  vanish(): void {
    this.gone = true
    for (const forget of this.unanswered.values()) forget()
    this.close()
  }

  ask(method: string, headers: readonly string[] = []): Promise<number> {
    return new Promise((resolve, reject) => {
      this.asked.set(method, resolve)
      this.send(method, this.request(method, ++this.sequence, newBranch(), headers), () =>
        reject(new Error(`no answer to ${method}`)),
      )
    })
  }

  private finish(status: number): void {
    if (this.state === 'ended') return
    this.state = 'ended'
    this.hasAnswer('INVITE')
    this.hasAnswer('200')
    this.close()
    this.markEnded(status)
  }

  close(): void {
    clearInterval(this.sounding)
    const { rtp } = this
    this.rtp = undefined
    rtp?.close()
  }

  private description(): string {
    const port = this.rtp?.address().port ?? 9
    const secure = this.sip.name === 'WS'
    return [
      'v=0',
      `o=- 1 1 IN IP4 ${address}`,
      's=-',
      `c=IN IP4 ${address}`,
      't=0 0',
      `m=audio ${port} ${secure ? 'UDP/TLS/RTP/SAVPF' : 'RTP/AVP'} ${aLaw}${this.events ? ` ${telephoneEvent}` : ''}`,
      // What a browser says, true in form: nobody begins DTLS here.
      ...(secure
        ? [
            `a=ice-ufrag:${randomBytes(4).toString('hex')}`,
            `a=ice-pwd:${randomBytes(12).toString('hex')}`,
            `a=fingerprint:sha-256 ${(randomBytes(32).toString('hex').match(/../g) ?? []).join(':').toUpperCase()}`,
            'a=setup:active',
            'a=rtcp-mux',
            `a=candidate:1 1 UDP 2130706431 ${address} ${port} typ host`,
          ]
        : []),
      `a=rtpmap:${aLaw} PCMA/8000`,
      ...(this.events ? [`a=rtpmap:${telephoneEvent} telephone-event/8000`, `a=fmtp:${telephoneEvent} 0-16`] : []),
      'a=sendrecv',
      '',
    ].join('\r\n')
  }

  private request(method: string, sequence: number, branch: string, headers: readonly string[] = [], body = ''): string {
    const tagged = (uri: string, tag: string) => (uri.includes('tag=') || tag === '' ? uri : `${uri};tag=${tag}`)
    return [
      `${method} ${this.target} SIP/2.0`,
      `Via: SIP/2.0/${this.sip.name} ${this.sip.host};branch=${branch}`,
      'Max-Forwards: 70',
      `From: ${tagged(this.ourUri, this.ourTag)}`,
      `To: ${tagged(this.theirUri, this.theirTag)}`,
      `Call-ID: ${this.callId}`,
      `CSeq: ${sequence} ${method}`,
      `Contact: <sip:telephone@${this.sip.host}>`,
      ...headers,
      ...(body ? ['Content-Type: application/sdp'] : []),
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n')
  }
}

/** Root mean square of what was heard between two instants; 0 when nothing was. Speech and music lie above 300, silence at 0 to 10. */
export function loudness(heard: readonly Heard[], from = 0, to = Number.POSITIVE_INFINITY): number {
  let squares = 0
  let count = 0
  for (const { at, samples } of heard) {
    if (at < from || at >= to) continue
    for (const sample of samples) squares += sample * sample
    count += samples.length
  }
  return count === 0 ? 0 : Math.sqrt(squares / count)
}

/** The longest time without sound between two instants, in milliseconds: packets that are missing or hold silence. */
export function longestSilenceMs(heard: readonly Heard[], from: number, to: number, threshold = 40): number {
  let longest = 0
  let last = from
  for (const packet of heard) {
    if (packet.at < from || packet.at > to || loudness([packet]) < threshold) continue
    longest = Math.max(longest, packet.at - last)
    last = packet.at
  }
  return Math.max(longest, to - last)
}

async function boundSocket(): Promise<Socket> {
  const socket = createSocket('udp4')
  socket.bind(0, address)
  await once(socket, 'listening')
  return socket
}

const newBranch = (): string => `z9hG4bK${randomBytes(8).toString('hex')}`
const uriIn = (header: string): string => /<([^>]+)>/.exec(header)?.[1] ?? header.trim()

function parse(text: string): Message {
  const [head = '', ...body] = text.split('\r\n\r\n')
  const [start = '', ...lines] = head.split('\r\n')
  const headers = new Map<string, string[]>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).trim().toLowerCase()
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()])
  }
  return { start, headers, body: body.join('\r\n\r\n') }
}

const reasons: Readonly<Record<number, string>> = {
  100: 'Trying',
  180: 'Ringing',
  200: 'OK',
  480: 'Unavailable',
  486: 'Busy',
  487: 'Terminated',
  603: 'Decline',
}

function response(request: Message, status: number, host: string, tag = '', body = ''): string {
  const copied = ['via', 'record-route', 'from', 'call-id', 'cseq'].flatMap(name =>
    (request.headers.get(name) ?? []).map(value => `${name}: ${value}`),
  )
  const to = request.headers.get('to')?.[0] ?? ''
  return [
    `SIP/2.0 ${status} ${reasons[status] ?? 'Refused'}`,
    ...copied,
    `To: ${to.includes('tag=') || tag === '' ? to : `${to};tag=${tag}`}`,
    `Contact: <sip:telephone@${host}>`,
    ...(body ? ['Content-Type: application/sdp'] : []),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n')
}

function rtpAddress(description: string): { address: string; port: number } | undefined {
  const host = /^c=IN IP4 (\S+)/m.exec(description)?.[1]
  const port = /^m=audio (\d+)/m.exec(description)?.[1]
  return host && port ? { address: host, port: Number(port) } : undefined
}

/** G.711 A-law, ITU-T G.711 table 1a: sign, exponent of three bits, mantissa of four; even bits inverted on the line. */
export function toALaw(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0
  const size = Math.min(Math.abs(sample) >> 3, 4_095)
  const exponent = size < 32 ? 0 : 27 - Math.clz32(size)
  const mantissa = (size >> Math.max(1, exponent)) & 0x0f
  return (sign | (exponent << 4) | mantissa) ^ 0x55
}

function fromALaw(byte: number): number {
  const code = byte ^ 0x55
  const exponent = (code >> 4) & 7
  const mantissa = code & 0x0f
  const size = exponent === 0 ? (mantissa << 1) + 1 : ((mantissa << 1) + 33) << (exponent - 1)
  const sample = size << 3
  return code & 0x80 ? sample : -sample
}

/**
 * Which part of what was heard between two instants is a tone of this frequency: 1 for a pure tone, about 0 for anything else.
 * One bin of a Fourier transform (G. Goertzel, 1958), against the energy of all.
 */
export function toneShare(heard: readonly Heard[], frequency: number, from = 0, to = Number.POSITIVE_INFINITY): number {
  const samples = heard.filter(({ at }) => at >= from && at < to).flatMap(packet => [...packet.samples])
  const energy = samples.reduce((sum, sample) => sum + sample * sample, 0)
  if (energy === 0) return 0
  const coefficient = 2 * Math.cos((2 * Math.PI * frequency) / rate)
  let last = 0
  let before = 0
  for (const sample of samples) [last, before] = [sample + coefficient * last - before, last]
  const power = last * last + before * before - coefficient * last * before
  return (2 * power) / (samples.length * energy)
}

/** Milliseconds of sound above the threshold, in packets of 20 ms. */
export const soundMs = (heard: readonly Heard[], from = 0, to = Number.POSITIVE_INFINITY, threshold = 40): number =>
  heard.filter(packet => packet.at >= from && packet.at < to && loudness([packet]) > threshold).length * packetMs

/** An ear without a mouth: keeps the sound that arrives at its port. For callers whose SIP another program speaks. */
export async function openEar(): Promise<{ port: number; heard: Heard[]; close(): Promise<void> }> {
  const socket = await boundSocket()
  const heard: Heard[] = []
  socket.on('message', packet => {
    if (packet.length > 12 && ((packet[1] ?? 0) & 0x7f) === aLaw)
      heard.push({ at: performance.now(), samples: Int16Array.from(packet.subarray(12), fromALaw) })
  })
  return {
    port: socket.address().port,
    heard,
    close: () => new Promise<void>(resolve => socket.close(() => resolve())),
  }
}

/**
 * How much of a sound was heard, whole and in one piece: 1 for the same sound, about 0 for another. It may begin within the first
 * `withinMs` of what was heard.
 */
export function likeness(heard: readonly Heard[], wanted: Int16Array, withinMs: number): number {
  const samples = Int16Array.from(heard.flatMap(packet => [...packet.samples]))
  const places = Math.min((withinMs * rate) / 1_000, samples.length - wanted.length)
  // The place is found by a quarter of a second soon after the beginning, which is seldom silent; then all of it is compared.
  const [from, to] = [Math.min(rate / 2, wanted.length), Math.min((rate * 3) / 4, wanted.length)]
  let best = { place: 0, value: -1 }
  for (let place = 0; place < places; place++) {
    const value = correlation(samples, wanted, place, from, to)
    if (value > best.value) best = { place, value }
  }
  return places < 0 ? 0 : correlation(samples, wanted, best.place, 0, wanted.length)
}

function correlation(heard: Int16Array, wanted: Int16Array, place: number, from: number, to: number): number {
  let both = 0
  let one = 0
  let other = 0
  for (let i = from; i < to; i++) {
    const a = heard[place + i] ?? 0
    const b = wanted[i] ?? 0
    both += a * b
    one += a * a
    other += b * b
  }
  return one === 0 || other === 0 ? 0 : both / Math.sqrt(one * other)
}
