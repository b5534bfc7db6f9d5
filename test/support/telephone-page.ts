/**
 * Scripted pages for tests of the browser's telephone: what a citizen's or an operator's page says and hears, without the sound. They
 * connect over real WebSockets, and come back by themselves when the program is started anew, as the pages do.
 */
import WebSocket from 'ws'
import type { z } from 'zod'
import {
  type FromCaller,
  type FromDesk,
  paths,
  protocolVersion,
  ToCaller,
  ToDesk,
} from '../../src/telephony/switches/browser/protocol.ts'

const retryMs = 50

export interface Scripted<In, Out> {
  readonly heard: readonly In[]
  send(message: Out): void
  /** Sends something that is no message. */
  sendRaw(text: string): void
  /** The first message of a type that fits, from the start or after `after` messages. */
  until<T extends In & { type: string }>(fits: (message: In) => message is T, after?: number): Promise<T>
  /** How the socket was closed. */
  readonly closed: Promise<{ code: number; reason: string }>
  /** Breaks the connection without a word, once. */
  break(): void
  /** Goes, and does not come back; null closes without a code. */
  close(code?: number | null): void
  /** Its connection breaks, and it does not come back. */
  vanish(): void
}

interface Script<In, Out> {
  address: string
  cookie?: string
  schema: z.ZodType<In>
  hello(): Out
  hear(message: In): void
}

function script<In extends { type: string }, Out>(parts: Script<In, Out>): Scripted<In, Out> {
  const heard: In[] = []
  const waiting = new Set<() => void>()
  const { promise: closed, resolve: whenClosed } = Promise.withResolvers<{ code: number; reason: string }>()
  let over = false
  let socket = connect()

  function connect(): WebSocket {
    const made = new WebSocket(parts.address, { headers: parts.cookie === undefined ? {} : { cookie: parts.cookie } })
    made.on('open', () => made.send(JSON.stringify(parts.hello())))
    made.on('message', data => {
      const message = parts.schema.parse(JSON.parse(String(data)))
      parts.hear(message)
      heard.push(message)
      for (const look of waiting) look()
    })
    made.on('error', () => {})
    made.on('close', (code, reason) => {
      if (over || code >= 4000) {
        over = true
        whenClosed({ code, reason: String(reason) })
        return
      }
      setTimeout(() => {
        if (!over) socket = connect()
      }, retryMs)
    })
    return made
  }

  return {
    heard,
    closed,
    send: message => socket.send(JSON.stringify(message)),
    sendRaw: text => socket.send(text),
    until<T extends In & { type: string }>(fits: (message: In) => message is T, after = 0): Promise<T> {
      const { promise, resolve, reject } = Promise.withResolvers<T>()
      const look = () => {
        const found = heard.slice(after).find(fits)
        if (!found) return
        clearTimeout(timer)
        waiting.delete(look)
        resolve(found)
      }
      const timer = setTimeout(() => {
        waiting.delete(look)
        reject(new Error(`it never came; heard: ${heard.map(message => JSON.stringify(message)).join('\n')}`))
      }, 60_000)
      waiting.add(look)
      look()
      return promise
    },
    break: () => socket.terminate(),
    close(code = 1000) {
      over = true
      if (code === null) socket.close()
      else socket.close(code)
    },
    vanish() {
      over = true
      socket.terminate()
    },
  }
}

/** Whether a message has a type; with more, whether it has these fields too. */
export const says =
  <M extends { type: string }, T extends M['type']>(type: T, more: Partial<Extract<M, { type: T }>> = {}) =>
  (message: M): message is Extract<M, { type: T }> =>
    message.type === type && Object.entries(more).every(([field, value]) => Reflect.get(message, field) === value)

export type CallerPage = Scripted<ToCaller, FromCaller> & {
  /** Whether music sounds, and with whom the page is connected. */
  readonly now: { music: boolean; connection: string | null; saying: string | null }
  /** Waits for a sentence that has these words in it, and says that it was spoken. */
  spoken(words: RegExp, after?: number): Promise<string>
  /** Waits until music sounds, if it does not already. */
  musicSounds(): Promise<void>
  /** Stays open after the call, as the telephone on which the citizen is called back. */
  awaitCallback(): void
}

const address = (url: string, path: string) => `${url.replace(/^http/, 'ws')}${path}`

/** A citizen's page, which has dialled. */
export function callerPage(url: string, to: string, from: string | null = null): CallerPage {
  const now: { music: boolean; connection: string | null; saying: string | null } = {
    music: false,
    connection: null,
    saying: null,
  }
  let token: string | undefined
  let lastToken: string | undefined
  let dialled = false
  let awaiting = false
  const page: Scripted<ToCaller, FromCaller> = script<ToCaller, FromCaller>({
    address: address(url, paths.caller),
    schema: ToCaller,
    hello: () => ({
      type: 'hello',
      version: protocolVersion,
      ...(token === undefined ? {} : { resume: { token, connection: now.connection } }),
    }),
    hear(message) {
      if (message.type === 'welcome' && !dialled) page.send({ type: 'dial', to, from })
      if (message.type === 'welcome') dialled = true
      if (message.type === 'welcome' && awaiting && lastToken !== undefined) page.send({ type: 'await', token: lastToken })
      if (message.type === 'leg' || message.type === 'ring') token = message.token
      if (message.type === 'leg') lastToken = message.token
      if (message.type === 'ended') token = undefined
      if (message.type === 'music') now.music = message.on
      if (message.type === 'say') now.saying = message.playback
      if (message.type === 'hush' && now.saying === message.playback) now.saying = null
      if (message.type === 'connect') now.connection = message.connection
      if (message.type === 'disconnect' && now.connection === message.connection) now.connection = null
    },
  })
  return Object.assign(page, {
    now,
    async spoken(words: RegExp, after = 0) {
      const said = await page.until(
        (message): message is Extract<ToCaller, { type: 'say' }> => message.type === 'say' && words.test(message.text),
        after,
      )
      if (now.saying === said.playback) now.saying = null
      page.send({ type: 'said', playback: said.playback })
      return said.text
    },
    awaitCallback() {
      awaiting = true
      if (lastToken !== undefined) page.send({ type: 'await', token: lastToken })
    },
    async musicSounds() {
      while (!now.music) await page.until(says('music', { on: true }), page.heard.length)
    },
  })
}

export type DeskPage = Scripted<ToDesk, FromDesk> & { readonly now: { connection: string | null; leg: string | null } }

/** An operator's page. */
export function deskPage(url: string, cookie: string, pageId: string): DeskPage {
  const now: { connection: string | null; leg: string | null } = { connection: null, leg: null }
  let token: string | undefined
  const page = script<ToDesk, FromDesk>({
    address: address(url, paths.desk),
    cookie,
    schema: ToDesk,
    hello: () => ({
      type: 'hello',
      version: protocolVersion,
      pageId,
      ...(token === undefined ? {} : { resume: { token, connection: now.connection } }),
    }),
    hear(message) {
      if (message.type === 'ring') {
        token = message.token
        now.leg = message.leg
      }
      if (message.type === 'connect') now.connection = message.connection
      if (message.type === 'disconnect' && now.connection === message.connection) now.connection = null
      if (message.type === 'ended' || (message.type === 'welcome' && !message.resumed)) {
        token = undefined
        now.leg = null
        now.connection = null
      }
    },
  })
  return Object.assign(page, { now })
}
