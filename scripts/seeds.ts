/**
 * `npm run seeds`: nights in which everything fails, one for each seed, on the real engine and the real leader. See `test/night/`.
 *
 *   npm run seeds -- --minutes 10            as many nights as fit, from a seed that is drawn and printed
 *   npm run seeds -- --minutes 10 --seed 7   the same, from this seed on
 *   npm run seeds -- --seed 7                one night, again
 *
 * A seed whose night goes wrong is added to `test/night/seeds.txt`, which the tests run for ever. The last line is
 * `seeds runs=… simulated_hours=… faults=… violations=… canary=caught|alive`.
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { canariesAlive } from '../test/night/canaries.ts'
import { keepSeed } from '../test/night/kept.ts'
import { type Night, night } from '../test/night/night.ts'

const hourMs = 3_600_000
const root = join(import.meta.dirname, '..')

const Options = z.object({
  minutes: z.coerce.number().positive().max(100_000).optional(),
  seed: z.coerce.number().int().min(0).max(2_147_483_647).optional(),
})
const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } })
const read = Options.safeParse(values)
if (!read.success) {
  for (const issue of read.error.issues) console.error(`--${issue.path.join('.')}: ${issue.message}`)
  process.exit(1)
}
const { minutes, seed } = read.data
const first = seed ?? Math.floor(Math.random() * 2_000_000_000)
const once = minutes === undefined && seed !== undefined
const endsAt = Date.now() + (minutes ?? 1) * 60_000

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

function printNight({ seed, simulatedMs, steps, epochs, outcomes, digest }: Night, realMs: number): void {
  const { answered, abandoned, refused } = outcomes
  console.log(
    `seed ${seed}: ${(simulatedMs / hourMs).toFixed(1)} hours in ${(realMs / 1000).toFixed(1)} s, ${steps} steps, ${epochs} leaders, ` +
      `${answered} answered, ${abandoned} abandoned, ${refused} refused, journal ${digest}`,
  )
}

console.log(`first seed ${first}, commit ${commit()}`)
const started = Date.now()
const faults = new Map<string, number>()
const total = { runs: 0, simulatedMs: 0, faults: 0, violations: 0, steps: 0, leaders: 0, answered: 0, abandoned: 0, refused: 0 }
let saidAt = started
for (let next = first; once ? next === first : Date.now() < endsAt; next++) {
  const began = Date.now()
  const result = await night(next)
  total.runs++
  total.simulatedMs += result.simulatedMs
  total.steps += result.steps
  total.leaders += result.epochs
  for (const outcome of ['answered', 'abandoned', 'refused'] as const) total[outcome] += result.outcomes[outcome]
  for (const [kind, count] of result.faults) {
    faults.set(kind, (faults.get(kind) ?? 0) + count)
    total.faults += count
  }
  if (once) printNight(result, Date.now() - began)
  if (result.violation !== null) {
    total.violations++
    keepSeed(next, result.violation)
    console.log(`seed ${next} goes wrong: ${result.violation}\n  again: npm run seeds -- --seed ${next}`)
  }
  if (Date.now() > saidAt + 60_000) {
    saidAt = Date.now()
    console.log(`${total.runs} nights, ${(total.simulatedMs / hourMs).toFixed(0)} hours, ${total.violations} gone wrong`)
  }
}

console.table(Object.fromEntries([...faults].sort(([, a], [, b]) => b - a).map(([kind, count]) => [kind, { count }])))
console.log(
  `${total.answered} answered, ${total.abandoned} abandoned, ${total.refused} refused; ${total.steps} steps of ${total.leaders} leaders`,
)
const hours = total.simulatedMs / hourMs
const realS = (Date.now() - started) / 1000
console.log(
  `${hours.toFixed(0)} hours (${(hours / 8_766).toFixed(2)} years) in ${realS.toFixed(0)} s: ${((hours / realS) * 60).toFixed(0)} hours a minute`,
)
const alive = await canariesAlive()
for (const canary of alive) console.log(`The canary ${canary} lives: the nights would not notice what it breaks.`)
console.log(
  `seeds runs=${total.runs} simulated_hours=${hours.toFixed(0)} faults=${total.faults} violations=${total.violations} canary=${alive.length === 0 ? 'caught' : 'alive'}`,
)
process.exitCode = total.violations > 0 || alive.length > 0 ? 1 : 0
