/**
 * One page at the other end of a WebSocket: what it says is checked, what is too much or makes no sense ends the connection with a reason,
 * and one that does not answer pings is cut off.
 */
import type { RawData, WebSocket } from 'ws'
import type { z } from 'zod'
import { isClosedAtStop } from '../../../platform/index.ts'
import { closeCodes, maxMessageLength } from './protocol.ts'

/** RFC 6455 §7.4.1. */
const leave = 1000
const pingEveryMs = 5_000
const helloWithinMs = 10_000
/** How many messages at once, and how many a second in the long run: connecting two voices takes some thirty at once. */
const burst = 100
const perSecond = 25

export type Gone = 'stopping' | 'left' | 'lost'

export interface Page<M> {
  send(message: M): void
  close(code: number, reason: string): void
}

/**
 * Listens to a socket. `hear` gets checked messages in order; `gone` is called once, at the end, and says how: the program stops (then the
 * page will look for the next one, and nothing is over), the page took leave, or the connection was lost.
 */
export function attend<I, M>(
  socket: WebSocket,
  schema: z.ZodType<I>,
  { hear, gone }: { hear(message: I): void; gone(how: Gone): void },
): Page<M> {
  let alive = true
  let heard = false
  let allowance = burst
  let countedAt = Date.now()
  // Of the network, not of the house: an answer to a ping takes real time.
  const pinging = setInterval(() => {
    if (!alive) {
      socket.terminate()
      return
    }
    alive = false
    socket.ping()
  }, pingEveryMs)
  const waiting = setTimeout(() => {
    if (!heard) close(closeCodes.badMessage, 'no hello')
  }, helloWithinMs)

  function close(code: number, reason: string): void {
    // A reason has at most 123 bytes (RFC 6455 §5.5).
    socket.close(
      code,
      Buffer.from(reason)
        .subarray(0, 120)
        .toString('utf8')
        .replace(/\uFFFD+$/, ''),
    )
  }

  function within(): boolean {
    const now = Date.now()
    allowance = Math.min(burst, allowance + ((now - countedAt) / 1_000) * perSecond)
    countedAt = now
    allowance--
    return allowance >= 0
  }

  /** Returns the message, or what is wrong with it: a code and a reason. */
  function read(data: RawData, binary: boolean): { message: I } | { code: number; reason: string } {
    const size = Array.isArray(data) ? data.reduce((sum, each) => sum + each.length, 0) : data.byteLength
    if (!within()) return { code: closeCodes.tooMany, reason: 'too many messages' }
    if (binary) return { code: closeCodes.badMessage, reason: 'text only' }
    if (size > maxMessageLength) return { code: closeCodes.tooBig, reason: `at most ${maxMessageLength} bytes` }
    const result = schema.safeParse(decode(String(data)))
    if (result.success) return { message: result.data }
    const issue = result.error.issues[0]
    return {
      code: closeCodes.badMessage,
      reason: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not understood'}`,
    }
  }

  socket.on('pong', () => {
    alive = true
  })
  socket.on('message', (data, binary) => {
    if (socket.readyState !== socket.OPEN) return
    const result = read(data, binary)
    if ('code' in result) {
      close(result.code, result.reason)
      return
    }
    heard = true
    hear(result.message)
  })
  socket.on('close', code => {
    clearInterval(pinging)
    clearTimeout(waiting)
    gone(isClosedAtStop(socket) ? 'stopping' : code === leave ? 'left' : 'lost')
  })
  return {
    send(message) {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message))
    },
    close,
  }
}

function decode(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
