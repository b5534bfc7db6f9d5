/**
 * A WebSocket of the browser's telephone that comes back by itself. What is said while it is away waits, and is sent once the program has
 * said that the leg goes on; when the leg is gone, it is dropped.
 */
import './plain-zod.ts'
import type { z } from 'zod'
import { closeCodes, maxMessageLength, reconnect } from '../../../src/telephony/switches/browser/protocol.ts'

export type SignallingEnd = 'signed-out' | 'replaced' | 'outdated' | 'switched-off'

export interface SignallingParts<In extends { type: string }, Out> {
  address: string
  schema: z.ZodType<In>
  /** The first message of each connection. */
  hello(): Out & { resume?: unknown }
  hear(message: In): void
  /** `lost` may come again and again; the socket is being sought. */
  state(state: 'connecting' | 'ready' | 'lost'): void
  /** It will not come back by itself. */
  ended(why: SignallingEnd): void
}

export interface Signalling<Out> {
  send(message: Out): void
  close(): void
}

/** Pause before the attempt of this number, counted from 0. */
export const pauseBefore = (attempt: number): number =>
  reconnect.pausesMs[Math.min(attempt, reconnect.pausesMs.length - 1)] ?? 2_000

export function openSignalling<In extends { type: string }, Out>(parts: SignallingParts<In, Out>): Signalling<Out> {
  let socket: WebSocket | undefined
  let welcomed = false
  let resuming = false
  let attempt = 0
  let over = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const waiting: string[] = []

  const connect = () => {
    clearTimeout(timer)
    welcomed = false
    parts.state('connecting')
    const current = new WebSocket(parts.address)
    socket = current
    current.addEventListener('open', () => {
      const hello = parts.hello()
      resuming = hello.resume !== undefined
      current.send(JSON.stringify(hello))
    })
    current.addEventListener('message', ({ data }) => {
      if (current === socket) hear(String(data))
    })
    current.addEventListener('close', ({ code }) => {
      if (current !== socket || over) return
      const end = ends[code]
      if (end) {
        over = true
        parts.ended(end)
        return
      }
      parts.state('lost')
      timer = setTimeout(connect, code === closeCodes.tooMany ? 5_000 : pauseBefore(attempt++))
    })
  }

  const hear = (text: string) => {
    const message = parts.schema.safeParse(parse(text))
    // A newer program may say more than we know.
    if (!message.success) return
    const { data } = message
    if (data.type === 'welcome') {
      attempt = 0
      welcomed = true
      // What waited belonged to a leg that is gone.
      if (resuming && 'resumed' in data && data.resumed !== true) waiting.length = 0
    }
    parts.hear(data)
    if (data.type === 'welcome') {
      parts.state('ready')
      for (const each of waiting.splice(0)) socket?.send(each)
    }
  }

  const online = () => {
    if (!over && socket?.readyState !== WebSocket.OPEN) connect()
  }
  addEventListener('online', online)
  connect()

  return {
    send(message) {
      const text = JSON.stringify(message)
      if (over || text.length > maxMessageLength) return
      if (welcomed && socket?.readyState === WebSocket.OPEN) socket.send(text)
      else waiting.push(text)
    },
    close() {
      over = true
      clearTimeout(timer)
      removeEventListener('online', online)
      socket?.close(1000)
    },
  }
}

const ends: Readonly<Record<number, SignallingEnd>> = {
  [closeCodes.signedOut]: 'signed-out',
  [closeCodes.switchedOff]: 'switched-off',
  [closeCodes.replaced]: 'replaced',
  [closeCodes.otherVersion]: 'outdated',
  [closeCodes.badMessage]: 'outdated',
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The address of a WebSocket of ours, on the page's own origin. */
export function socketAddress(path: string): string {
  const address = new URL(path, location.href)
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
  return address.href
}
