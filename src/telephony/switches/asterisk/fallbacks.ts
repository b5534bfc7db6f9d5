/**
 * Where callers go while the program is away: Asterisk is told for each office number at each connection, because it forgets when it
 * restarts, and the number plan may have changed while we were not looking.
 */
import type { Log } from '../../../platform/index.ts'
import { type AriClient, AriError } from '../ari/index.ts'

const atOnce = 8

export interface Fallback {
  /** The office's number, E.164. */
  readonly number: string
  readonly fallback: string | null
}

/** Tells Asterisk now and at each connection; what it has been told already is not said again. Returns how to stop. */
export function keepFallbacks(ari: AriClient, log: Log, read: () => Promise<readonly Fallback[]>): () => void {
  let told = new Map<string, string>()
  let toldTo: number | undefined

  async function tell(startedAt: Date): Promise<void> {
    if (toldTo !== startedAt.getTime()) told = new Map()
    toldTo = startedAt.getTime()
    const mine = told
    const wanted = new Map((await read()).map(({ number, fallback }) => [number, fallback ?? '']))
    for (const number of mine.keys()) if (!wanted.has(number)) wanted.set(number, '')
    const news = [...wanted].filter(([number, fallback]) => mine.get(number) !== fallback)
    for (let at = 0; at < news.length && told === mine; at += atOnce)
      await Promise.all(
        news.slice(at, at + atOnce).map(async ([number, fallback]) => {
          await ari.server.setFallback(number, fallback === '' ? undefined : fallback)
          mine.set(number, fallback)
        }),
      )
  }

  return ari.onConnected(({ startedAt }) => {
    // No call waits for it.
    tell(startedAt).catch((error: unknown) => {
      const known = error instanceof AriError || error instanceof RangeError
      log[known ? 'warn' : 'error']({ error: String(error) }, 'telephony: not every fallback number could be told to Asterisk')
    })
  })
}
