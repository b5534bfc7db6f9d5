/**
 * The page's sign of life, from a worker: a page in the background is woken once a minute at most, a worker goes on. Without the sign
 * the program offers no call to the page.
 */
import type { RequestOf, UrlOf } from '../routes.ts'
import { inTurn } from './in-turn.ts'

const url = '/api/desk/heartbeat' satisfies UrlOf<'POST'>

const heartbeatIntervalMs = 5_000
const patienceMs = 8_000

export type Pulse = RequestOf<'POST', typeof url>['body']

/** What the page is told after each beat. */
export type Beat = { reached: true; active: boolean } | { reached: false; status: number }

let pulse: Pulse | undefined
let timer: ReturnType<typeof setInterval> | undefined

self.addEventListener('message', ({ data }: MessageEvent<Pulse | null>) => {
  const atOnce = data !== null && (pulse?.telephoneReady !== data.telephoneReady || pulse.pageId !== data.pageId)
  pulse = data ?? undefined
  if (data === null) {
    clearInterval(timer)
    timer = undefined
    return
  }
  timer ??= setInterval(() => beat('due'), heartbeatIntervalMs)
  if (atOnce) void beat('changed')
})

const beat = inTurn(async () => {
  if (pulse) self.postMessage(await send(pulse))
})

async function send(body: Pulse): Promise<Beat> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(patienceMs),
    })
    if (!response.ok) return { reached: false, status: response.status }
    const answer: unknown = await response.json()
    return {
      reached: true,
      active: typeof answer === 'object' && answer !== null && 'active' in answer && answer.active === true,
    }
  } catch {
    // No network, or the program restarts: the page says so, and the next beat tries again.
    return { reached: false, status: 0 }
  }
}
