/** The agents of the bench: SIP telephones that answer at once, talk for three tenths of a second and hang up; all names at one port. */
import { randomUUID } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'

/** Long enough that the two have been joined when the agent hangs up; twenty agents bound the ramp at 66 calls a second. */
const talkMs = 300

export interface Agents {
  port: number
  /** Every INVITE: when it came, and the caller's number that it showed. */
  invites: { at: number; from: string }[]
  /** When an agent hung up. */
  hangUps: number[]
  close(): void
}

export const header = (text: string, name: string) => new RegExp(`^${name}[ \t]*:[ \t]*(.*)$`, 'im').exec(text)?.[1]?.trim() ?? ''
export const all = (text: string, name: string) =>
  [...text.matchAll(new RegExp(`^${name}[ \t]*:.*$`, 'gim'))].map(([found]) => found)

export async function openAgents(): Promise<Agents> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4_194_304 })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  const agents: Agents = { port, invites: [], hangUps: [], close: () => socket.close() }
  const known = new Set<string>()
  socket.on('message', (bytes, from) => answer(socket, agents, known, bytes.toString('latin1'), from.port))
  return agents
}

function answer(socket: Socket, agents: Agents, known: Set<string>, text: string, port: number): void {
  const at = performance.now()
  const method = text.slice(0, text.indexOf(' '))
  if (method === 'SIP/2.0' || method === 'ACK') return
  const callId = header(text, 'Call-ID')
  const tag = `;tag=${callId.slice(0, 8)}`
  const reply = (status: string, body = '') =>
    [
      `SIP/2.0 ${status}`,
      ...all(text, 'Via'),
      `From: ${header(text, 'From')}`,
      `To: ${header(text, 'To')}${header(text, 'To').includes('tag=') ? '' : tag}`,
      `Call-ID: ${callId}`,
      `CSeq: ${header(text, 'CSeq')}`,
      `Contact: <sip:agent@127.0.0.1:${agents.port}>`,
      ...(body ? ['Content-Type: application/sdp'] : []),
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n')
  if (method !== 'INVITE') return void socket.send(reply('200 OK'), port, '127.0.0.1')
  const first = !known.has(callId)
  known.add(callId)
  if (first) agents.invites.push({ at, from: /sip:([^@>]+)@/.exec(header(text, 'From'))?.[1] ?? '' })
  // Nothing listens at that port: agents without ears cost Asterisk the same and us nothing.
  const sdp = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n'
  socket.send(reply('200 OK', sdp), port, '127.0.0.1')
  if (!first || /^To[ \t]*:.*tag=/im.test(text)) return
  setTimeout(() => {
    agents.hangUps.push(performance.now())
    socket.send(
      [
        `BYE ${/<([^>]+)>/.exec(header(text, 'Contact'))?.[1] ?? ''} SIP/2.0`,
        `Via: SIP/2.0/UDP 127.0.0.1:${agents.port};branch=z9hG4bK${randomUUID()}`,
        `From: ${header(text, 'To')}${tag}`,
        `To: ${header(text, 'From')}`,
        `Call-ID: ${callId}`,
        'CSeq: 1 BYE',
        'Max-Forwards: 70',
        'Content-Length: 0',
        '',
        '',
      ].join('\r\n'),
      port,
      '127.0.0.1',
    )
  }, talkMs)
}
