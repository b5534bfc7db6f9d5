/** A caller of our own, whose clock is the agents' too: for the time from the caller's INVITE to the INVITE at an agent. */
import { randomUUID } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type Agents, all, header } from './agents.ts'

const delayCalls = 20

/** One call after the other, by a caller of our own whose clock is the agents' too. */
export async function measureDelays(server: number, number: string, agents: Agents): Promise<number[]> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  const ended = new Map<string, () => void>()
  socket.on('message', (bytes, from) => {
    const text = bytes.toString('latin1')
    const callId = header(text, 'Call-ID')
    if (text.startsWith('SIP/2.0 200') && header(text, 'CSeq').endsWith('INVITE'))
      socket.send(
        [
          `ACK ${/<([^>]+)>/.exec(header(text, 'Contact'))?.[1] ?? ''} SIP/2.0`,
          `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK${randomUUID()}`,
          ...[`From: ${header(text, 'From')}`, `To: ${header(text, 'To')}`, `Call-ID: ${callId}`, 'CSeq: 1 ACK'],
          ...['Max-Forwards: 70', 'Content-Length: 0', '', ''],
        ].join('\r\n'),
        from.port,
        '127.0.0.1',
      )
    if (!text.startsWith('BYE ')) return
    const copied = [...all(text, 'Via'), ...['From', 'To', 'Call-ID', 'CSeq'].map(name => `${name}: ${header(text, name)}`)]
    socket.send(['SIP/2.0 200 OK', ...copied, 'Content-Length: 0', '', ''].join('\r\n'), from.port, '127.0.0.1')
    ended.get(callId)?.()
  })
  const delays: number[] = []
  // Both queues are called by the same numbers.
  agents.invites.length = 0
  for (let n = 0; n < delayCalls; n++) {
    const from = `+390687${String(100_000 + n)}`
    const callId = randomUUID()
    const sdp = `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n`
    const over = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`call ${n} was not served`)), 15_000)
      ended.set(callId, () => {
        clearTimeout(timer)
        resolve()
      })
    })
    const at = performance.now()
    socket.send(
      [
        `INVITE sip:${number}@127.0.0.1:${server} SIP/2.0`,
        `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK${randomUUID()}`,
        `From: <sip:${from}@127.0.0.1:${port}>;tag=${callId.slice(0, 8)}`,
        `To: <sip:${number}@127.0.0.1:${server}>`,
        ...[`Call-ID: ${callId}`, 'CSeq: 1 INVITE', `Contact: <sip:caller@127.0.0.1:${port}>`, 'X-Trunk: 1', 'Max-Forwards: 70'],
        ...['Content-Type: application/sdp', `Content-Length: ${sdp.length}`, '', sdp],
      ].join('\r\n'),
      server,
      '127.0.0.1',
    )
    await over
    const invite = agents.invites.find(each => each.from === from)
    if (invite) delays.push(invite.at - at)
  }
  socket.close()
  return delays
}
