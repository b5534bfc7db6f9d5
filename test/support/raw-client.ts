/**
 * A client that keeps no rules: it writes bytes as it likes, breaks off with a reset, writes slowly, opens hundreds of connections. For tests
 * of what a server does with strangers.
 */
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

export interface RawClient {
  readonly socket: Socket
  write(text: string | Buffer): void
  /** Ends the connection with a TCP reset, as a machine does that knows nothing of it any more. */
  reset(): Promise<void>
  /** Everything that was heard so far. */
  heard(): string
  /** Resolves when something was heard that fits; rejects when the connection ends before, or after a while. */
  until(pattern: RegExp, withinMs?: number): Promise<string>
  /** Milliseconds from the opening of the connection until its end. */
  readonly closed: Promise<number>
}

/** Opens a connection to the server at `url`. */
export async function rawClient(url: string): Promise<RawClient> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: false })
  const opened = performance.now()
  let text = ''
  let over = false
  const listeners = new Set<() => void>()
  const closed = new Promise<number>(resolve =>
    socket.once('close', () => {
      over = true
      for (const look of listeners) look()
      resolve(performance.now() - opened)
    }),
  )
  socket.on('error', () => {})
  socket.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1')
    for (const look of listeners) look()
  })
  await new Promise<void>(resolve => {
    socket.once('connect', resolve)
    socket.once('close', () => resolve())
  })
  return {
    socket,
    write: bytes => void socket.write(bytes),
    async reset() {
      socket.resetAndDestroy()
      await closed
    },
    heard: () => text,
    until: (pattern, withinMs = 60_000) =>
      new Promise((resolve, reject) => {
        const end = (act: () => void) => {
          clearTimeout(timer)
          listeners.delete(look)
          act()
        }
        const look = () => {
          if (pattern.test(text)) end(() => resolve(text))
          else if (over) end(() => reject(new Error(`the connection ended after: ${text.slice(0, 500)}`)))
        }
        const timer = setTimeout(
          () => end(() => reject(new Error(`nothing that fits ${pattern}: ${text.slice(0, 500)}`))),
          withinMs,
        )
        listeners.add(look)
        look()
      }),
    closed,
  }
}

/** The bytes of a request for a WebSocket. */
export const upgradeRequest = (path: string, headers: readonly string[] = []): string =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
    '',
    '',
  ].join('\r\n')

/** The bytes of a request with a body. */
export const postRequest = (path: string, body: string, headers: readonly string[] = []): string =>
  [
    `POST ${path} HTTP/1.1`,
    'Host: localhost',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...headers,
    '',
    body,
  ].join('\r\n')

/** A masked text frame (RFC 6455 §5.2) of up to 125 bytes. */
export function frame(text: string): Buffer {
  const payload = Buffer.from(text)
  const mask = Buffer.from([1, 2, 3, 4])
  const masked = Buffer.from(payload.map((byte, i) => byte ^ (mask[i % 4] ?? 0)))
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length]), mask, masked])
}

/** Looks again and again, for what has no event. */
export async function eventually(look: () => Promise<boolean>, withinMs: number, what: string): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await look())) {
    if (performance.now() > deadline) throw new Error(`${what} did not come about within ${withinMs} ms`)
    await pause(50)
  }
}
