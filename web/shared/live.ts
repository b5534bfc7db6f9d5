/**
 * What happens in the house, as it happens: `/api/live` (Server-Sent Events). A message tells what happened to what; the pages then ask the
 * API again. The stream is read with fetch rather than EventSource, which gives up for ever on an answer that is not 200 and cannot
 * then be resumed: here `Last-Event-ID` goes with every new attempt, so nothing is missed.
 */
import { backOffMs } from '../../src/platform/back-off.ts'
import { ApiProblem } from './api.ts'

export interface LiveMessage {
  /** The types of the journal's entries that it tells of: `ticket.claimed`, `call.queued`. */
  types: string[]
  call?: string
  case?: string
  contact?: string
  person?: string
  units?: string[]
}

export type LiveState = 'connecting' | 'live' | 'waiting'

/**
 * What the server says of the stream itself: something was missed, ask for everything; or other pages of the reader have its place. And what stands in no
 * journal: others have come to what is open here, or gone; null when it may be anything.
 */
type LiveWord = LiveMessage | { anew: true } | { replaced: true } | { viewers: string | null }

export interface SseMessage {
  id: string | undefined
  /** Empty when only the place in the stream is told. */
  data: string
}

/** Cuts a stream of text into messages (HTML standard, "event stream interpretation"), as far as ours goes: id and data. Pure. */
export function sseReader(): (chunk: string) => SseMessage[] {
  let rest = ''
  return chunk => {
    const blocks = (rest + chunk).replaceAll('\r\n', '\n').split('\n\n')
    rest = blocks.pop() ?? ''
    return blocks.flatMap(block => {
      let id: string | undefined
      const data: string[] = []
      for (const line of block.split('\n')) {
        if (line.startsWith('id:')) id = line.slice(3).trim()
        else if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''))
      }
      return data.length > 0 || id !== undefined ? [{ id, data: data.join('\n') }] : []
    })
  }
}

/** The pauses before the stream is opened again. */
const retryPauses = { minRetryMs: 1_000, maxRetryMs: 30_000 }

/** The server writes at least every 15 s; silence for longer means a dead connection that nobody has told us about. */
const silenceMs = 40_000

interface Listeners {
  message(message: LiveMessage): void
  /** Something may have been missed that nobody can tell any more. */
  anew(): void
  /** Others have come to something, gone, or begun to write; null when that may be anything. */
  viewers(id: string | null): void
  state(state: LiveState): void
  signedOut(): void
}

/** A page in the background whose place was taken by another looks again so often, whether it is looked at or not. */
const replacedRetryMs = 10 * 60_000

/**
 * Opens the stream and keeps it open until the answer is called.
 * @param page the name of this page, by which the server knows whose stream it is
 */
export function openLive(page: string, listeners: Listeners): () => void {
  const stopped = new AbortController()
  let lastId: string | undefined
  let attempt = 0
  let wake: (() => void) | undefined

  let isReplaced = false

  const hear = (word: LiveWord) => {
    if ('anew' in word) listeners.anew()
    else if ('replaced' in word) isReplaced = true
    else if ('viewers' in word) listeners.viewers(word.viewers)
    else listeners.message(word)
  }

  const read = async (): Promise<void> => {
    const connection = new AbortController()
    const end = () => connection.abort()
    stopped.signal.addEventListener('abort', end)
    let silence = setTimeout(end, silenceMs)
    try {
      const response = await fetch('/api/live', {
        headers: { accept: 'text/event-stream', 'x-page': page, ...(lastId === undefined ? {} : { 'last-event-id': lastId }) },
        credentials: 'same-origin',
        signal: connection.signal,
      })
      if (response.status === 401) {
        stopped.abort()
        listeners.signedOut()
        return
      }
      if (!response.ok || !response.body) throw new ApiProblem(response.status, 'web.live', response.statusText)
      isReplaced = false
      listeners.state('live')
      const next = sseReader()
      const stream = response.body.pipeThrough(new TextDecoderStream()).getReader()
      for (;;) {
        const { value, done } = await stream.read()
        if (done) return
        attempt = 0
        clearTimeout(silence)
        silence = setTimeout(end, silenceMs)
        for (const message of next(value)) {
          lastId = message.id ?? lastId
          if (message.data !== '') hear(JSON.parse(message.data) as LiveWord)
        }
      }
    } finally {
      clearTimeout(silence)
      stopped.signal.removeEventListener('abort', end)
    }
  }

  const online = () => wake?.()
  const looked = () => {
    if (isReplaced && document.visibilityState === 'visible') wake?.()
  }
  addEventListener('online', online)
  addEventListener('focus', looked)
  document.addEventListener('visibilitychange', looked)
  void (async () => {
    listeners.state('connecting')
    while (!stopped.signal.aborted) {
      // Whatever ended it, the answer is the same: tell the reader that the page waits, and try again.
      await read().catch(() => undefined)
      if (stopped.signal.aborted) break
      listeners.state('waiting')
      await new Promise<void>(resolve => {
        wake = resolve
        const timer = setTimeout(resolve, isReplaced ? replacedRetryMs : backOffMs(retryPauses, attempt++, Math.random()))
        stopped.signal.addEventListener('abort', () => {
          clearTimeout(timer)
          resolve()
        })
      })
    }
    removeEventListener('online', online)
    removeEventListener('focus', looked)
    document.removeEventListener('visibilitychange', looked)
  })()
  return () => stopped.abort()
}
