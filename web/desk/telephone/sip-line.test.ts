/** The line to Asterisk, with a switch of a few lines at the other end of a real WebSocket. */
import { once } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { readSip } from '../../../src/telephony/switches/asterisk/sip.ts'
import type { LineFact } from './line.ts'
import { openSipLine } from './sip-line.ts'

const offer = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 4000 RTP/SAVPF 8',
  'a=rtpmap:8 PCMA/8000',
  'a=sendrecv',
  '',
].join('\r\n')

/** Media that carries nothing: what is tested is what the line says, not what is heard. */
class SilentConnection extends EventTarget {
  readonly iceGatheringState = 'complete'
  readonly signalingState = 'stable'
  localDescription: unknown = null
  addTrack(): void {}
  close(): void {}
  async setRemoteDescription(): Promise<void> {}
  async createAnswer() {
    return { type: 'answer', sdp: offer }
  }
  async setLocalDescription(description: unknown): Promise<void> {
    this.localDescription = description
  }
}

class SilentStream {
  getTracks() {
    return []
  }
}

const header = (message: string, name: string): string => new RegExp(`^${name}: (.*)\r$`, 'im').exec(message)?.[1] ?? ''

/** Answers what it is asked; keeps what it was told. */
async function openSwitch() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const told: string[] = []
  /** What the program would not hand on to Asterisk. */
  const refused: string[] = []
  let socket: WebSocket | undefined
  let contact = ''
  const closed = Promise.withResolvers<void>()
  server.on('connection', opened => {
    socket = opened
    opened.on('close', () => closed.resolve())
    opened.on('message', bytes => {
      const message = String(bytes)
      const verdict = readSip(message)
      if (!verdict.allowed) refused.push(`${verdict.why}: ${message}`)
      const [first = ''] = message.split('\r\n')
      told.push(first.startsWith('SIP/2.0') ? `${first.split(' ')[1]} ${header(message, 'CSeq')}` : (first.split(' ')[0] ?? ''))
      if (first.startsWith('SIP/2.0 200') && header(message, 'CSeq').endsWith('INVITE')) opened.send(request('ACK', message))
      if (first.startsWith('SIP/2.0')) return
      if (first.startsWith('REGISTER')) contact = /<([^>]*)>/.exec(header(message, 'Contact'))?.[1] ?? contact
      const copied = ['Via', 'From', 'Call-ID', 'CSeq'].map(name => `${name}: ${header(message, name)}`)
      const registered = first.startsWith('REGISTER') ? [`Contact: ${header(message, 'Contact')};expires=120`] : []
      const rest = [`To: ${header(message, 'To')};tag=switch`, ...registered, 'Content-Length: 0', '', '']
      opened.send(['SIP/2.0 200 OK', ...copied, ...rest].join('\r\n'))
    })
  })

  function request(method: 'INVITE' | 'ACK', answer = '', body = ''): string {
    return [
      `${method} ${contact} SIP/2.0`,
      `Via: SIP/2.0/WS switch.invalid;branch=z9hG4bK-${method}`,
      'From: <sip:0659591234@switch.invalid>;tag=caller',
      `To: ${header(answer, 'To') || `<${contact}>`}`,
      'Call-ID: the-call',
      `CSeq: 1 ${method}`,
      'Contact: <sip:switch@switch.invalid;transport=ws>',
      'Max-Forwards: 70',
      'Content-Type: application/sdp',
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n')
  }

  return {
    url: `ws://127.0.0.1:${port}`,
    told,
    refused,
    closed: closed.promise,
    call: () => socket?.send(request('INVITE', '', offer)),
    close: () => {
      socket?.terminate()
      server.close()
    },
  }
}

let other: Awaited<ReturnType<typeof openSwitch>>
beforeEach(async () => {
  vi.stubGlobal('window', { RTCPeerConnection: SilentConnection })
  vi.stubGlobal('RTCPeerConnection', SilentConnection)
  vi.stubGlobal('RTCSessionDescription', class {})
  vi.stubGlobal('MediaStream', SilentStream)
  other = await openSwitch()
})
afterEach(() => {
  other.close()
  vi.unstubAllGlobals()
  expect(other.refused, 'what the program lets pass to Asterisk').toEqual([])
})

async function openLine() {
  const facts: LineFact[] = []
  const account = { socket: other.url, uri: 'sip:anna@switch.invalid', user: 'anna', password: 'secret' }
  const line = openSipLine(account, fact => facts.push(fact))
  await expect.poll(() => facts).toContainEqual({ type: 'line', state: 'ready' })
  const leg = async () => {
    other.call()
    await expect.poll(() => facts.map(fact => fact.type)).toContain('rings')
    return facts.flatMap(fact => (fact.type === 'rings' ? [fact.leg] : []))[0] ?? ''
  }
  return { line, leg, facts }
}

test('a page that goes in a conversation drops the connection and says nothing: that would be hanging up', async () => {
  const { line, leg } = await openLine()
  line.answer(await leg(), new MediaStream())
  await expect.poll(() => other.told).toContain('200 1 INVITE')
  const before = [...other.told]
  line.close()
  await other.closed
  expect(other.told).toEqual(before)
})

test('a page that goes while it rings does not turn the call away', async () => {
  const { line, leg } = await openLine()
  await leg()
  line.close()
  await other.closed
  expect(other.told.filter(each => /^[4-6]\d\d /.test(each))).toEqual([])
})

test('between calls a page that goes is registered no longer', async () => {
  const { line } = await openLine()
  line.close()
  await other.closed
  expect(other.told).toEqual(['REGISTER', 'REGISTER'])
})

test('who hangs up says so', async () => {
  const { line, leg, facts } = await openLine()
  const ringing = await leg()
  line.answer(ringing, new MediaStream())
  await expect.poll(() => other.told).toContain('200 1 INVITE')
  line.hangUp(ringing)
  await expect.poll(() => other.told).toContain('BYE')
  expect(facts).toContainEqual({ type: 'ended', leg: ringing })
  line.close()
})
