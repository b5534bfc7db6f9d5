/**
 * `npm run traffic`: virtual citizens call a running program with the sample through the public telephone, virtual operators answer at their desks,
 * beside real people. At its end it compares the live page with the journal's own count.
 *
 *   npm run traffic -- --calls-per-minute 30 --agents 12                until Ctrl+C, an hour at most
 *   npm run traffic -- --calls-per-minute 30 --agents 12 --minutes 10
 *   npm run traffic -- --calls-per-minute 12 --agents 10 --scenario sample/scenarios/payment-day.json
 *   npm run traffic -- --url http://127.0.0.1:8080 --seed 7
 *
 * A scenario trains supervisors: it makes calls, matters and operators more or fewer as it goes (`traffic/scenario.ts`). The journal says when
 * traffic began and ended. Ctrl+C lets callers hang up and operators end their conversations and sign out. Ends with 1 when something differs or went wrong.
 */
import { z } from 'zod'
import { type SampleTraffic, trafficAgents, trafficSheets } from '../sample/index.ts'
import { publishedPassword } from '../src/identity/index.ts'
import { readConfig } from '../src/platform/index.ts'
import { drawMs, randomOf } from '../src/simulation/index.ts'
import { Mistake, runCommand } from './house.ts'
import { readOptions } from './options.ts'
import { type CallOutcome, callOnce } from './traffic/caller.ts'
import { ownCount } from './traffic/journal.ts'
import { comeToWork, type Operator } from './traffic/operator.ts'
import { Client } from './traffic/page.ts'
import { callsPerMinuteOf, keyOf, mostMinutes, operatorsOf, type Part, readScenario, usualScenario } from './traffic/scenario.ts'

const number = (least: number, most: number) => z.coerce.number().int().min(least).max(most)
const options = readOptions(
  z.object({
    'calls-per-minute': number(1, 60).default(12),
    agents: number(1, 30).default(6),
    minutes: number(1, mostMinutes).default(mostMinutes),
    scenario: z.string().optional(),
    url: z.url().optional(),
    seed: number(0, 1e9).default(1),
  }),
)

/** The number of Roma EUR in the sample. */
const to = '+390600000001'

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

  const { parts, name: scenario = null } = scenarioOf(options)
  const announce = (state: SampleTraffic['state']) =>
    supervisor.ask('POST', '/api/sample/traffic', {
      state,
      callsPerMinute: Math.max(1, ...parts.map(part => Math.round(callsPerMinuteOf(part, options['calls-per-minute'])))),
      agents: options.agents,
      scenario,
    })
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  const outcomes = new Map<string, number>()
  const count = (what: string) => outcomes.set(what, (outcomes.get(what) ?? 0) + 1)
  const wrongs: string[] = []
  const wrong = (what: string) => {
    if (wrongs.length < 50) console.error(what)
    wrongs.push(what)
  }
  const sheets = trafficSheets(options.seed)
  const desks = new Map<string, Operator>()
  const under = new Set<Promise<void>>()
  await announce('begins')
  try {
    for (const [nth, part] of parts.entries()) {
      await takeSeats(desks, operatorsOf(part, options.agents), stopping.signal, (user, at) =>
        comeToWork({
          ...{ url, user, sheetFor: sheets, wrong },
          random: randomOf(options.seed, 1_000 + at),
          ended: kind => count(`ended with ${kind}`),
        }),
      )
      if (stopping.signal.aborted) break
      const perMinute = callsPerMinuteOf(part, options['calls-per-minute'])
      const what = scenario === null ? '' : `${part.name} (${part.minutes} min): `
      console.log(`${what}${desks.size} operators are available; ${perMinute} calls a minute to ${to}. Ctrl+C ends it.`)
      await calls(url, part, nth, perMinute, stopping.signal, under, count)
    }
    stop()
    await Promise.all(under)
  } finally {
    stop()
    for (const operator of desks.values()) await operator.leave()
    await announce('ends')
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

/** The course that the command is to follow. @throws Mistake when the file cannot be followed */
function scenarioOf({ scenario, minutes }: typeof options): { parts: Part[]; name?: string } {
  if (scenario === undefined) return usualScenario(minutes)
  try {
    return readScenario(scenario)
  } catch (error) {
    throw new Mistake(error instanceof Error ? error.message : String(error))
  }
}

/** Lets operators come to work, or the last ones leave, until so many are at their desks. */
async function takeSeats(
  desks: Map<string, Operator>,
  wanted: number,
  signal: AbortSignal,
  come: (user: string, at: number) => Promise<Operator>,
): Promise<void> {
  for (const [user, operator] of [...desks].slice(wanted)) {
    desks.delete(user)
    await operator.leave()
  }
  for (const [at, user] of trafficAgents(wanted).entries())
    if (!signal.aborted && !desks.has(user)) desks.set(user, await come(user, at))
}

/** Calls come at random while a part lasts, or until the signal; whoever calls then hangs up. Who is under way stands in `under`. */
async function calls(
  url: string,
  part: Part,
  nth: number,
  perMinute: number,
  signal: AbortSignal,
  under: Set<Promise<void>>,
  ended: (outcome: CallOutcome) => void,
): Promise<void> {
  const random = randomOf(options.seed, 1 + nth)
  const until = performance.now() + part.minutes * 60_000
  const between = { kind: 'exponential', meanMs: 60_000 / Math.max(perMinute, 1e-6) } as const
  for (let n = 1; ; n++) {
    const left = until - performance.now()
    const pause = drawMs(between, random)
    await passes(Math.min(pause, left), signal)
    if (signal.aborted || pause >= left) return
    // No subscriber's number begins with 0: nobody has this one.
    const from = `+39060${900_000 + Math.floor(random() * 300)}`
    const call = callOnce({
      ...{ url, to, from, signal, patienceSeconds: part.patienceSeconds },
      key: keyOf(part, random),
      random: randomOf(options.seed, 10_000 * (1 + nth) + n),
    }).then(outcome => {
      ended(outcome)
      under.delete(call)
    })
    under.add(call)
  }
}

function passes(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(done, ms)
    function done() {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done)
    if (signal.aborted) done()
  })
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
