/** A virtual citizen on the public telephone: listens, chooses, waits as long as patience lasts, talks, hangs up. */
import { drawMs, type Random } from '../../src/simulation/index.ts'
import { type FromCaller, paths, ToCaller } from '../../src/telephony/switches/browser/protocol.ts'
import { openPage } from './page.ts'

export type CallOutcome = 'talked' | 'asked-for-callback' | 'gave-up-in-menu' | 'gave-up-waiting' | 'turned-away' | 'stopped'

export interface CallPlan {
  url: string
  to: string
  from: string
  key: string
  /** How long callers wait on average before they give up. */
  patienceSeconds: number
  random: Random
  /** Ends the call as a caller who hangs up. */
  signal: AbortSignal
}

const spokenMs = 250
const leavesMenu = 0.04
/** Who is offered to be called back, and takes it. */
const takesCallback = 0.3
/** Nobody talks longer; whoever is with the caller ends before. */
const maxTalkMs = 120_000

const asksForKey = (text: string): boolean => /prema \d|press \d/i.test(text)

/** Calls, and says how it ended. */
export async function callOnce({ url, to, from, key, patienceSeconds, random, signal }: CallPlan): Promise<CallOutcome> {
  let state: 'menu' | 'waiting' | 'talking' = 'menu'
  let outcome: CallOutcome | undefined
  const timers = new Set<NodeJS.Timeout>()
  const after = (ms: number, work: () => void) => timers.add(setTimeout(work, ms))
  const { promise: over, resolve: end } = Promise.withResolvers<void>()
  const leaves = random() < leavesMenu
  const wantsCallback = random() < takesCallback
  let hasChosen = false
  const giveUp = () => {
    outcome ??= state === 'menu' ? 'gave-up-in-menu' : state === 'waiting' ? 'gave-up-waiting' : 'talked'
    page.send({ type: 'hang-up' })
    after(500, end)
  }
  const page = openPage<ToCaller, FromCaller>({
    url,
    path: paths.caller,
    schema: ToCaller,
    hello: {},
    hear(message) {
      switch (message.type) {
        case 'welcome':
          page.send({ type: 'dial', to, from })
          break
        case 'say':
          if (state === 'menu' && asksForKey(message.text) && (!hasChosen || wantsCallback)) {
            // After the menu only a callback is offered, and confirmed, with 1.
            const pressed = hasChosen ? '1' : key
            if (leaves) after(800, giveUp)
            else after(700, () => page.send({ type: 'key', key: pressed }))
            hasChosen = true
          } else after(spokenMs, () => page.send({ type: 'said', playback: message.playback }))
          break
        case 'music':
          if (!message.on || state !== 'menu') break
          state = 'waiting'
          after(drawMs({ kind: 'exponential', meanMs: patienceSeconds * 1_000 }, random), () => {
            if (state === 'waiting') giveUp()
          })
          break
        case 'connect':
          state = 'talking'
          after(maxTalkMs, giveUp)
          break
        case 'ended':
          outcome ??= state === 'talking' ? 'talked' : hasChosen && wantsCallback ? 'asked-for-callback' : 'turned-away'
          end()
          break
      }
    },
  })
  const stop = () => {
    outcome ??= 'stopped'
    page.send({ type: 'hang-up' })
    after(300, end)
  }
  signal.addEventListener('abort', stop, { once: true })
  void page.gone.then(() => {
    outcome ??= 'turned-away'
    end()
  })
  if (signal.aborted) stop()
  await over
  signal.removeEventListener('abort', stop)
  for (const timer of timers) clearTimeout(timer)
  page.close()
  return outcome ?? 'turned-away'
}
