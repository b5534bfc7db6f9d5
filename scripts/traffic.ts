/**
 * `npm run traffic`: virtual citizens call a running program with the sample through the public telephone, virtual operators answer at their desks,
 * beside real people. At its end it compares the live page with the journal's own count.
 *
 *   npm run traffic -- --calls-per-minute 30 --agents 12                until Ctrl+C, an hour at most
 *   npm run traffic -- --calls-per-minute 30 --agents 12 --minutes 10
 *   npm run traffic -- --url http://127.0.0.1:8080 --seed 7
 *
 * Ctrl+C lets callers hang up and operators end their conversations and sign out. Ends with 1 when something differs or went wrong.
 */
import { z } from 'zod'
import { trafficAgents, trafficSheets } from '../sample/index.ts'
import { publishedPassword } from '../src/identity/index.ts'
import { readConfig } from '../src/platform/index.ts'
import { drawMs, randomOf } from '../src/simulation/index.ts'
import { Mistake, runCommand } from './house.ts'
import { readOptions } from './options.ts'
import { type CallOutcome, callOnce } from './traffic/caller.ts'
import { ownCount } from './traffic/journal.ts'
import { comeToWork, type Operator } from './traffic/operator.ts'
import { Client } from './traffic/page.ts'

const number = (least: number, most: number) => z.coerce.number().int().min(least).max(most)
const options = readOptions(
  z.object({
    'calls-per-minute': number(1, 60).default(12),
    agents: number(1, 30).default(6),
    minutes: number(1, 60).default(60),
    url: z.url().optional(),
    seed: number(0, 1e9).default(1),
  }),
)

/** The number of Roma EUR in the sample, and the keys that lead to its sections. */
const to = '+390600000001'
const keys = ['1', '1', '1', '2', '2', '4', '5', '5', '0']

const Live = z.object({
  at: z.iso.datetime(),
  behindSeconds: z.number(),
  total: z.object({
    waiting: z.number(),
    inConversation: z.number(),
    abandoned30: z.number(),
    serviceLevel30: z.object({ answeredWithin20: z.number() }),
  }),
})
const Day = z.object({ behindSeconds: z.number(), total: z.number() })
const settledWithinMs = 60_000

await runCommand(async () => {
  const config = readConfig(process.env)
  const url = options.url ?? `http://${config.HOST === '0.0.0.0' ? '127.0.0.1' : config.HOST}:${config.PORT}`
  const supervisor = new Client(url)
  const { loaded } = z.object({ loaded: z.boolean() }).parse(await supervisor.ask('GET', '/api/sample'))
  if (!loaded) throw new Mistake('The sample institute is not loaded there: traffic is for trying.')
  await supervisor.ask('POST', '/api/session', { user: 'ugo.preti', password: publishedPassword })

  const stopping = new AbortController()
  const stop = () => stopping.abort()
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  const deadline = setTimeout(stop, options.minutes * 60_000)
  const outcomes = new Map<string, number>()
  const count = (what: string) => outcomes.set(what, (outcomes.get(what) ?? 0) + 1)
  const wrongs: string[] = []
  const wrong = (what: string) => {
    if (wrongs.length < 50) console.error(what)
    wrongs.push(what)
  }
  const sheets = trafficSheets(options.seed)
  const operators: Operator[] = []
  try {
    for (const [nth, user] of trafficAgents(options.agents).entries()) {
      if (stopping.signal.aborted) break
      const random = randomOf(options.seed, 1_000 + nth)
      operators.push(await comeToWork({ url, user, random, sheetFor: sheets, ended: kind => count(`ended with ${kind}`), wrong }))
    }
    console.log(
      `${operators.length} operators are available; ${options['calls-per-minute']} calls a minute to ${to}. Ctrl+C ends it.`,
    )
    await calls(url, stopping.signal, outcome => count(outcome))
  } finally {
    clearTimeout(deadline)
    for (const operator of operators) await operator.leave()
  }
  for (const [what, n] of [...outcomes].sort()) console.log(`  ${what.padEnd(22)} ${n}`)
  const differences = await compare(url, supervisor, config)
  await supervisor.ask('DELETE', '/api/session')
  if (differences > 0 || wrongs.length > 0) {
    console.log(`${differences} differences, ${wrongs.length} things that went wrong.`)
    process.exitCode = 1
  }
  process.off('SIGINT', stop)
})

/** Calls come at random, until the signal; whoever calls then hangs up. */
async function calls(url: string, signal: AbortSignal, ended: (outcome: CallOutcome) => void): Promise<void> {
  const random = randomOf(options.seed, 1)
  const between = { kind: 'exponential', meanMs: 60_000 / options['calls-per-minute'] } as const
  const under = new Set<Promise<void>>()
  for (let n = 1; !signal.aborted; n++) {
    await new Promise<void>(resolve => {
      const timer = setTimeout(done, drawMs(between, random))
      function done() {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        resolve()
      }
      signal.addEventListener('abort', done)
    })
    if (signal.aborted) break
    const key = keys[Math.floor(random() * keys.length)] ?? '1'
    // No subscriber's number begins with 0: nobody has this one.
    const from = `+39060${900_000 + Math.floor(random() * 300)}`
    const call = callOnce({ url, to, from, key, random: randomOf(options.seed, 10_000 + n), signal }).then(outcome => {
      ended(outcome)
      under.delete(call)
    })
    under.add(call)
  }
  await Promise.all(under)
}

/** Prints what the live page says and what the journal says. Returns how many figures differ. */
async function compare(url: string, supervisor: Client, config: ReturnType<typeof readConfig>): Promise<number> {
  const until = Date.now() + settledWithinMs
  let live = Live.parse(await supervisor.ask('GET', '/api/monitoring/live'))
  let day = Day.parse(await supervisor.ask('GET', '/api/monitoring/day'))
  // The sums follow the journal at a distance of a second or so.
  for (
    let before = -1;
    Date.now() < until && (before !== day.total || live.total.inConversation > 0 || live.total.waiting > 0);
  ) {
    before = day.total
    await new Promise(resolve => setTimeout(resolve, 3_000))
    live = Live.parse(await supervisor.ask('GET', '/api/monitoring/live'))
    day = Day.parse(await supervisor.ask('GET', '/api/monitoring/day'))
  }
  const journal = await ownCount(config, new Date(live.at)).catch((error: unknown) => {
    throw new Mistake(`The journal of ${url} cannot be read from here: ${error instanceof Error ? error.message : error}`)
  })
  const figures: [string, number, number][] = [
    ['calls of today', day.total, journal.arrivalsToday],
    ['answered in 20 s, of the last 30 min', live.total.serviceLevel30.answeredWithin20, journal.answeredWithin20],
    ['gave up, of the last 30 min', live.total.abandoned30, journal.abandoned30],
    ['waiting now', live.total.waiting, journal.waiting],
    ['in conversation now', live.total.inConversation, journal.talking],
  ]
  console.log(`${'live page'.padStart(50)} ${'journal'.padStart(8)}`)
  for (const [what, page, own] of figures)
    console.log(`  ${what.padEnd(38)} ${String(page).padStart(9)} ${String(own).padStart(8)}${page === own ? '' : '   differs'}`)
  return figures.filter(([, page, own]) => page !== own).length
}
