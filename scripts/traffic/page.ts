/** One page of the browser's telephone as a program: what it says and hears over its WebSocket. */
import WebSocket from 'ws'
import type { z } from 'zod'
import { protocolVersion } from '../../src/telephony/switches/browser/protocol.ts'

export interface ScriptedPage<Out> {
  send(message: Out): void
  close(): void
  /** Resolves when the socket is gone, with why it was closed. */
  readonly gone: Promise<{ code: number; reason: string }>
}

export interface Script<In> {
  url: string
  path: string
  cookie?: string
  schema: z.ZodType<In>
  /** What is said in the first message beside the version. */
  hello: Record<string, unknown>
  hear(message: In): void
}

export function openPage<In, Out>({ url, path, cookie, schema, hello, hear }: Script<In>): ScriptedPage<Out> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}${path}`, {
    origin: new URL(url).origin,
    headers: cookie === undefined ? {} : { cookie },
  })
  const { promise: gone, resolve } = Promise.withResolvers<{ code: number; reason: string }>()
  socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', version: protocolVersion, ...hello })))
  socket.on('message', data => hear(schema.parse(JSON.parse(String(data)))))
  socket.on('error', () => {})
  socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }))
  return {
    send(message) {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message))
    },
    close: () => socket.close(1000),
    gone,
  }
}

/** A person at the API. */
export class Client {
  private readonly url: string
  private readonly jar = new Map<string, string>()

  constructor(url: string) {
    this.url = url
  }

  get cookie(): string {
    return [...this.jar.values()].join('; ')
  }

  /** @throws Error with status and code when the program refuses, or is not there */
  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<unknown> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        origin: new URL(this.url).origin,
        'sec-fetch-site': 'same-origin',
        ...(this.jar.size === 0 ? {} : { cookie: this.cookie }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    })
    for (const each of response.headers.getSetCookie()) {
      const [pair = ''] = each.split(';')
      this.jar.set(pair.split('=')[0] ?? '', pair)
    }
    const text = await response.text()
    if (response.status >= 300) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`)
    return text === '' ? undefined : JSON.parse(text)
  }
}
