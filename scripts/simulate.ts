/**
 * `npm run simulate`: a day of the contact centre, on the engine that distributes the live calls.
 *
 *   npm run simulate                                       a national day, a table by section
 *   npm run simulate -- --seed 7 --calls 20000 --agents 500 --sections 6
 *   npm run simulate -- --what-if '[{"kind":"agents","section":"section-1","number":20,"fromHalfHour":18,"toHalfHour":22}]'
 *   npm run simulate -- --half-hours                       also by half hour
 *   npm run simulate -- --json                             everything, as JSON
 */
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { Change, type Figures, nationalDay, type Result, simulate, withChanges } from '../src/simulation/index.ts'

const whole = z.coerce.number().int()
const Options = z.object({
  seed: whole.default(1),
  calls: whole.min(0).max(2_000_000).default(120_000),
  agents: whole.min(0).max(20_000).default(3_000),
  sections: whole.min(1).max(100).default(12),
  'what-if': z
    .string()
    .transform((text, context) => {
      try {
        return z.array(Change).parse(JSON.parse(text))
      } catch (error) {
        context.addIssue({ code: 'custom', message: error instanceof z.ZodError ? z.prettifyError(error) : 'must be JSON' })
        return z.NEVER
      }
    })
    .optional(),
  'half-hours': z.boolean().default(false),
  json: z.boolean().default(false),
})

const percent = (share: number) => `${(100 * share).toFixed(1)} %`
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`

const row = (figures: Figures) => ({
  calls: figures.arrived,
  'within 20 s': percent(figures.serviceLevel),
  'mean wait': seconds(figures.averageSpeedOfAnswerMs),
  longest: seconds(figures.longestWaitMs),
  'gave up': percent(figures.abandonment),
  occupancy: percent(figures.occupancy),
})

function print(title: string, result: Result, halfHours: boolean): void {
  console.log(`\n${title}`)
  console.table({ ...Object.fromEntries(result.sections.map(section => [section.id, row(section)])), total: row(result.total) })
  if (halfHours)
    console.table(
      Object.fromEntries(
        result.total.halfHours.flatMap((half, i) =>
          half.arrived > 0 ? [[`${String(i >> 1).padStart(2, '0')}:${i % 2 ? '30' : '00'}`, row(half)]] : [],
        ),
      ),
    )
  const { meanInLine, arrivalsTimesWait } = result.little
  console.log(`Little's law: ${meanInLine.toFixed(6)} in line on average, arrivals × wait ${arrivalsTimesWait.toFixed(6)}.`)
}

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    calls: { type: 'string' },
    agents: { type: 'string' },
    sections: { type: 'string' },
    'what-if': { type: 'string' },
    'half-hours': { type: 'boolean' },
    json: { type: 'boolean' },
  },
})
const read = Options.safeParse(values)
if (!read.success) {
  for (const issue of read.error.issues) console.error(`--${issue.path.join('.')}: ${issue.message}`)
  process.exit(1)
}
const options = read.data
const day = nationalDay(options.seed, { calls: options.calls, agents: options.agents, sections: options.sections })
try {
  const before = simulate(day)
  const after = options['what-if'] ? simulate(withChanges(day, options['what-if'])) : undefined
  if (options.json) console.log(JSON.stringify(after ? { before, after } : before, null, 2))
  else {
    print(`Seed ${options.seed}${after ? ', as it is' : ''}`, before, options['half-hours'])
    if (after) print(`Seed ${options.seed}, with the change`, after, options['half-hours'])
  }
} catch (error) {
  if (!(error instanceof RangeError)) throw error
  console.error(error.message)
  process.exit(1)
}
