/**
 * `npm run seeds`: nights in which everything fails, one for each seed, on the real engine and the real leader. See `test/night/`.
 *
 *   npm run seeds -- --minutes 10            as many nights as fit, from a seed that is drawn and printed
 *   npm run seeds -- --minutes 10 --seed 7   the same, from this seed on
 *   npm run seeds -- --seed 7                one night, again
 *
 * With `--minutes`, every processor runs nights; afterwards each instant and each call to the database of a small scene is failed in turn
 * (every `--stride`th, 5 if not said), and each canary is to be caught. A night depends on its seed and the commit, on nothing else: every
 * fifth is one of an upgrade, in which nodes of two releases take turns. A seed
 * whose night goes wrong is added to `test/night/seeds.txt`, which the tests run for ever. The last line is
 * `seeds runs=… simulated_hours=… faults=… violations=… canary=caught|alive`.
 */
import { execFileSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import { type CanaryName, type Caught, canaries, canaryNames } from '../test/night/canaries.ts'
import { keepSeed } from '../test/night/kept.ts'
import type { Night } from '../test/night/night.ts'
import { nightOfSeed } from '../test/night/of-seed.ts'
import { allOutcomes } from '../test/night/people.ts'
import { everyKind } from '../test/night/rates.ts'
import { blowsAtInstant } from '../test/night/sweep.ts'
import type { Answer, Task } from '../test/night/worker.ts'
import { readOptions } from './options.ts'

const hourMs = 3_600_000
const root = join(import.meta.dirname, '..')
/** In fewer nights than this a kind of fault may be missing by chance. */
const nightsOfEveryKind = 150

const Options = z.object({
  minutes: z.coerce.number().positive().max(100_000).optional(),
  seed: z.coerce.number().int().min(0).max(2_147_483_647).optional(),
  stride: z.coerce.number().int().min(1).default(5),
  workers: z.coerce.number().int().min(1).max(512).default(availableParallelism()),
})
const said = readOptions(Options)
const { minutes = 1, seed, stride, workers } = said
/** A seed without minutes is one night, again. */
const isOneNight = seed !== undefined && said.minutes === undefined
const first = seed ?? Math.floor(Math.random() * 2_000_000_000)

/** The commit, and whether files differ from it: with the seed it is all that a night depends on. */
function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
    const changed = git('status', '--porcelain', '--', 'src', 'test/night') !== ''
    return `${git('rev-parse', '--short', 'HEAD')}${changed ? ' with changes' : ''}`
  } catch {
    return 'unknown'
  }
}

console.log(`first seed ${first}, commit ${commit()}`)
const total = { runs: 0, simulatedMs: 0, faults: 0, violations: 0, steps: 0, leaders: 0, tickets: 0, agentHours: 0 }
const outcomes = Object.fromEntries(allOutcomes.map(outcome => [outcome, 0]))
const looked = { wholes: 0, replays: 0, prefixes: 0 }
const faults = new Map<string, number>()

function tally(result: Night): void {
  const hours = result.simulatedMs / hourMs
  total.runs++
  total.simulatedMs += result.simulatedMs
  total.steps += result.steps
  total.leaders += result.epochs
  total.tickets += result.tickets
  total.agentHours += result.agents * hours
  for (const outcome of allOutcomes) outcomes[outcome] = (outcomes[outcome] ?? 0) + result.outcomes[outcome]
  for (const what of ['wholes', 'replays', 'prefixes'] as const) looked[what] += result.looked[what]
  for (const [kind, count] of result.faults) {
    faults.set(kind, (faults.get(kind) ?? 0) + count)
    total.faults += count
  }
  if (result.violation === null) return
  total.violations++
  keepSeed(result.seed, result.violation)
  console.log(`seed ${result.seed} goes wrong: ${result.violation}\n  again: npm run seeds -- --seed ${result.seed}`)
}

const told = () => allOutcomes.map(outcome => `${outcomes[outcome]} ${outcome.replace('-', ' ')}`).join(', ')

/** A thread, asked one thing after the other. */
function startWorker(): { ask(task: Task): Promise<Answer>; end(): Promise<unknown> } {
  const worker = new Worker(new URL('../test/night/worker.ts', import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: 64 },
  })
  return {
    ask(task) {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>()
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.postMessage(task)
      return promise.finally(() => worker.removeListener('error', reject))
    },
    end: () => worker.terminate(),
  }
}

async function oneNight(): Promise<void> {
  const began = Date.now()
  const result = await nightOfSeed(first)
  tally(result)
  const { simulatedMs, steps, epochs, digest, agents, tickets } = result
  console.log(
    `seed ${first}: ${(simulatedMs / hourMs).toFixed(1)} hours in ${((Date.now() - began) / 1000).toFixed(1)} s, ${agents} agents, ` +
      `${steps} steps, ${epochs} leaders, ${told()}, ${tickets} tickets, journal ${digest}`,
  )
}

async function manyNights(): Promise<void> {
  const endsAt = Date.now() + minutes * 60_000
  let next = first
  let saidAt = Date.now()
  await eachWorker(async ask => {
    while (Date.now() < endsAt) {
      const said = await ask({ night: next++ })
      if ('error' in said) throw new Error(said.error)
      if ('night' in said) tally(said.night)
      if (Date.now() < saidAt + 60_000) continue
      saidAt = Date.now()
      console.log(`${total.runs} nights, ${(total.simulatedMs / hourMs).toFixed(0)} hours, ${total.violations} gone wrong`)
    }
  })
}

async function eachWorker(work: (ask: (task: Task) => Promise<Answer>) => Promise<void>): Promise<void> {
  await Promise.all(
    Array.from({ length: workers }, async () => {
      const worker = startWorker()
      try {
        await work(worker.ask)
      } finally {
        await worker.end()
      }
    }),
  )
}

/** Each instant and each call of a small scene, failed in turn. */
async function everyInstant(): Promise<void> {
  const calls = ['not-sent', 'answer-lost', 'unanswered', 'slow', 'stuck'] as const
  const left = [...blowsAtInstant, ...calls]
  const scenes: Record<string, { scenes: number; violations: number }> = {}
  await eachWorker(async ask => {
    for (let kind = left.shift(); kind !== undefined; kind = left.shift()) {
      const said = await ask({ sweep: kind, stride })
      if ('error' in said) throw new Error(said.error)
      if (!('sweep' in said)) continue
      const { violations } = said.sweep
      scenes[kind] = { scenes: said.sweep.scenes, violations: violations.length }
      total.violations += violations.length
      for (const violation of violations.slice(0, 3)) console.log(`a scene goes wrong: ${violation}`)
    }
  })
  console.log(stride === 1 ? 'At every instant, at every call:' : `At every ${stride}th instant, at every ${stride}th call:`)
  console.table(scenes)
}

async function catchThem(): Promise<CanaryName[]> {
  const left = [...canaryNames]
  const caught = new Map<CanaryName, Caught>()
  await eachWorker(async ask => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      const said = await ask({ canary: name })
      if ('error' in said) throw new Error(said.error)
      if ('caught' in said) caught.set(name, said.caught)
    }
  })
  const rows = canaryNames.flatMap(name => {
    const { nights, simulatedMs, what } = caught.get(name) ?? { nights: 0, simulatedMs: 0, what: null }
    const said = what === null ? 'NOT NOTICED' : what.replace(/^\S+ /, '').slice(0, 60)
    return [[name, { breaks: canaries[name], nights, hours: Number((simulatedMs / hourMs).toFixed(1)), said }] as const]
  })
  console.table(Object.fromEntries(rows))
  return canaryNames.filter(name => (caught.get(name)?.what ?? null) === null)
}

function report(realS: number, processorS: number): string[] {
  const hours = total.simulatedMs / hourMs
  const rows = [...faults].sort(([, a], [, b]) => b - a)
  console.table(
    Object.fromEntries(rows.map(([kind, count]) => [kind, { count, 'per 1000 hours': Math.round((count / hours) * 1000) }])),
  )
  const calls = allOutcomes.reduce((sum, outcome) => sum + (outcomes[outcome] ?? 0), 0)
  console.log(`${told()}; ${total.tickets} tickets done; ${total.steps} steps of ${total.leaders} leaders`)
  console.log(
    `a simulated hour has ${(calls / hours).toFixed(1)} calls, ${(total.tickets / hours).toFixed(1)} tickets and ${(total.steps / hours).toFixed(0)} steps, ` +
      `with ${(total.agentHours / hours).toFixed(1)} agents and three nodes; nights count like days`,
  )
  console.log(
    `every step was replayed and held against the book; ${looked.wholes} looks at the whole state, ${looked.replays} states rebuilt from ` +
      `snapshot and steps, ${looked.prefixes} prefixes of the journal beyond them`,
  )
  console.log(
    `${hours.toFixed(0)} hours (${(hours / 8_766).toFixed(2)} years) in ${realS.toFixed(0)} s with ${workers} threads: ` +
      `${((hours / realS) * 60).toFixed(0)} hours a minute, ${((hours / processorS) * 60).toFixed(0)} a minute of processor`,
  )
  return total.runs < nightsOfEveryKind ? [] : everyKind.filter(kind => !faults.has(kind))
}

const started = Date.now()
const usedBefore = process.cpuUsage()
let missing: string[] = []
let alive: CanaryName[] = []
if (isOneNight) await oneNight()
else {
  await manyNights()
  const { user, system } = process.cpuUsage(usedBefore)
  missing = report((Date.now() - started) / 1000, (user + system) / 1_000_000)
  for (const kind of missing) console.log(`Never happened: ${kind}. The nights do not try what they should.`)
  await everyInstant()
  alive = await catchThem()
  for (const canary of alive) console.log(`The canary ${canary} lives: the nights would not notice what it breaks.`)
}
const canary = isOneNight ? 'not-tried' : alive.length === 0 ? 'caught' : 'alive'
console.log(
  `seeds runs=${total.runs} simulated_hours=${(total.simulatedMs / hourMs).toFixed(0)} faults=${total.faults} violations=${total.violations} canary=${canary}`,
)
process.exitCode = total.violations > 0 || alive.length > 0 || missing.length > 0 ? 1 : 0
