/**
 * `npm run simulate`: a day of the contact centre, on the engine that distributes the live calls.
 *
 *   npm run simulate                                       a national day, a table by section
 *   npm run simulate -- --seed 7 --calls 20000 --agents 500 --sections 6
 *   npm run simulate -- --day 2026-11-24                   a real day, call by call, from the journal of the program's database
 *   npm run simulate -- --what-if '[{"kind":"agents","section":"section-1","number":20,"fromHalfHour":18,"toHalfHour":22}]'
 *   npm run simulate -- --day 2026-11-24 --what-if '[{"kind":"channelling","unitId":"dr-puglia","from":"2026-11-30"}]'
 *   npm run simulate -- --seeds 20                         so many days; with a change five, each pair with the same callers
 *   npm run simulate -- --half-hours                       also by half hour
 *   npm run simulate -- --json                             everything, as JSON
 */
import { z } from 'zod'
import { needCurrentDatabase, openDatabase, readConfig, systemClock } from '../src/platform/index.ts'
import {
  Change,
  Channelling,
  type Comparison,
  type Figures,
  type Interval,
  nationalDay,
  type Result,
  runTask,
  type SimulatedDayFigures,
  type Task,
  taskOfDay,
  withChanges,
} from '../src/simulation/index.ts'
import { runCommand } from './house.ts'
import { readOptions } from './options.ts'

const AnyChange = z.discriminatedUnion('kind', [...Change.options, Channelling])
const seedsOfComparison = 5

const whole = z.coerce.number().int()
const Options = z.object({
  seed: whole.default(1),
  seeds: whole.min(1).max(1_000).optional(),
  day: z.iso.date().optional(),
  calls: whole.min(0).max(2_000_000).default(120_000),
  agents: whole.min(0).max(20_000).default(3_000),
  sections: whole.min(1).max(100).default(12),
  'what-if': z
    .string()
    .transform((text, context) => {
      try {
        return z.array(AnyChange).parse(JSON.parse(text))
      } catch (error) {
        context.addIssue({ code: 'custom', message: error instanceof z.ZodError ? z.prettifyError(error) : 'must be JSON' })
        return z.NEVER
      }
    })
    .optional(),
  'half-hours': z.boolean().default(false),
  json: z.boolean().default(false),
})
type Options = z.infer<typeof Options>

const percent = (share: number) => `${(100 * share).toFixed(1)} %`
const points = (share: number) => `${(100 * share).toFixed(2)} points`
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`

const row = (figures: Figures) => ({
  calls: Math.round(figures.arrived),
  'within 20 s': percent(figures.serviceLevel),
  'mean wait': seconds(figures.averageSpeedOfAnswerMs),
  longest: seconds(figures.longestWaitMs),
  'gave up': percent(figures.abandonment),
  occupancy: percent(figures.occupancy),
})

/** How far the expected wait that callers are told is off: too long on the mean (bias), and in size. */
const rowOfDay = (figures: SimulatedDayFigures) => ({
  ...row(figures),
  'told: bias': seconds(figures.estimate.meanErrorMs),
  'told: off by': seconds(figures.estimate.meanAbsoluteErrorMs),
})

function print(title: string, result: Result, halfHours: boolean): void {
  console.log(`\n${title}`)
  console.table({
    ...Object.fromEntries(result.sections.map(section => [section.id, rowOfDay(section)])),
    total: rowOfDay(result.total),
  })
  if (halfHours)
    for (const { id, halfHours } of [...result.sections, { id: 'total', halfHours: result.total.halfHours }]) {
      console.log(id)
      console.table(
        Object.fromEntries(
          halfHours.flatMap((half, i) =>
            half.arrived > 0 ? [[`${String(i >> 1).padStart(2, '0')}:${i % 2 ? '30' : '00'}`, row(half)]] : [],
          ),
        ),
      )
    }
  const answered = result.total.waits.reduce((sum, { calls }) => sum + calls, 0)
  let until = 0
  console.log('Waits of the answered:')
  console.table(
    Object.fromEntries(
      result.total.waits.map(({ belowMs, calls }) => {
        until += calls
        const share = (of: number) => percent(answered === 0 ? 0 : of / answered)
        return [
          belowMs === null ? 'longer' : `below ${seconds(belowMs)}`,
          { calls: Math.round(calls), share: share(calls), 'so far': share(until) },
        ]
      }),
    ),
  )
  const { meanInLine, arrivalsTimesWait } = result.little
  console.log(`Little's law: ${meanInLine.toFixed(6)} in line on average, arrivals × wait ${arrivalsTimesWait.toFixed(6)}.`)
}

function printComparison({ seeds, total, sections }: Comparison): void {
  const say = ({ mean, half }: Interval, unit: (value: number) => string) =>
    half === null ? unit(mean) : `${unit(mean)} ± ${unit(half)}`
  const rowOf = ({ serviceLevel, averageSpeedOfAnswerMs, abandonment }: Comparison['total']) => ({
    'within 20 s': serviceLevel.difference ? say(serviceLevel.difference, points) : say(serviceLevel.before, percent),
    'mean wait': say(averageSpeedOfAnswerMs.difference ?? averageSpeedOfAnswerMs.before, seconds),
    'gave up': abandonment.difference ? say(abandonment.difference, points) : say(abandonment.before, percent),
  })
  const what = total.serviceLevel.difference ? 'What the change does, the same callers before and after' : 'How sure that is'
  console.log(`\n${what}: mean of ${seeds} days and 95 % confidence interval`)
  console.table({ ...Object.fromEntries(sections.map(section => [section.id, rowOf(section)])), total: rowOf(total) })
}

async function taskOf({ seed, day, calls, agents, sections, 'what-if': changes = [], ...rest }: Options): Promise<Task> {
  const seeds = rest.seeds ?? (changes.length > 0 ? seedsOfComparison : 1)
  if (day !== undefined) {
    const config = readConfig(process.env)
    const database = await openDatabase(config)
    try {
      await needCurrentDatabase(database)
      return await taskOfDay({ database, config, clock: systemClock }, day, { seed, seeds, changes })
    } finally {
      await database.close()
    }
  }
  const before = nationalDay(seed, { calls, agents, sections })
  const plain = changes.flatMap(change => (change.kind === 'channelling' ? [] : [change]))
  if (plain.length < changes.length) throw new RangeError('Channelling offices needs their calls: give a real day with --day.')
  return { before, after: plain.length === 0 ? null : withChanges(before, plain), seeds }
}

const options = readOptions(Options, ['half-hours', 'json'])
await runCommand(async () => {
  const task = await taskOf(options)
  const { before, after, comparison } = runTask(task)
  if (options.json) console.log(JSON.stringify({ before, after, comparison }, null, 2))
  else {
    const name = options.day ?? `Seed ${options.seed}`
    print(`${name}${after ? ', as it is' : ''}`, before, options['half-hours'])
    if (after) print(`${name}, with the change`, after, options['half-hours'])
    if (task.seeds > 1) printComparison(comparison)
  }
})
