/** What the planner speaks of over HTTP. */
import { z } from 'zod'
import { Uuid } from '../platform/index.ts'
import { Change } from './what-if.ts'

/** A day that can have been, or be planned: the calendar beyond is nobody's business, and years of one digit are none of the database's. */
export const PlannerDay = z.iso
  .date()
  .refine(day => day >= '2000-01-01' && day <= '2199-12-31', 'simulation.dayFarAway')
  .meta({ example: '2026-11-23' })

const count = z.number().int()
const share = z.number().describe('0 to 1')
const mean = z.number().describe('a whole number for one day, a mean for several runs')

export const FiguresView = z
  .object({
    arrived: mean,
    answered: mean,
    answeredWithin: mean.describe('within 20 seconds'),
    abandoned: mean,
    abandonedWithin: mean,
    dismissed: mean.describe('ended with a message'),
    diverted: mean,
    waitMsOfAnswered: z.number(),
    waitMsOfAll: z.number(),
    longestWaitMs: z.number(),
    serviceLevel: share.describe('answered within the time ÷ (answered + given up after the time)'),
    averageSpeedOfAnswerMs: z.number(),
    abandonment: share,
    occupancy: share,
  })
  .meta({ id: 'SimulatedFigures' })

const DayFiguresView = FiguresView.extend({
  halfHours: z.array(FiguresView),
  waits: z
    .array(z.object({ belowMs: z.number().nullable(), calls: mean }))
    .describe('answered calls that waited less than this and not less than the one before; null for the rest'),
  estimate: z
    .object({ calls: mean, meanErrorMs: z.number(), meanAbsoluteErrorMs: z.number() })
    .describe('the expected wait that callers were told against the wait that followed; positive: told too long'),
}).meta({ id: 'SimulatedDay' })

export const ResultView = z
  .object({
    seed: z.number().int(),
    sections: z.array(DayFiguresView.extend({ id: z.string() })),
    total: DayFiguresView,
    retrials: mean,
    repeats: mean,
    unansweredOffers: mean,
    continuity: z.object({ asked: mean, honoured: mean, givenUp: mean }),
    little: z.object({ meanInLine: z.number(), arrivalsTimesWait: z.number() }),
    events: mean,
    simulatedMs: z.number(),
  })
  .meta({ id: 'SimulationResult' })

export const PlannedSection = z.object({ id: z.string(), name: z.string() })

const From = z
  .enum(['day', 'half-hour', 'section', 'institute', 'usual'])
  .describe('where it was measured: on the day, in the half hour, in the section, in all sections; usual: nowhere')
const HandlingView = z.object({ meanMs: z.number().describe('conversation and wrap-up'), calls: count, from: From })
const PatienceView = z.object({ meanMs: z.number(), gaveUp: count, from: From })

export const PastDayView = z.object({
  day: PlannerDay,
  sections: z.array(PlannedSection),
  calls: count.describe('calls that waited for a section on the day'),
  halfHours: z.array(z.string()).describe('what the clock on the wall shows at the beginning of each half hour of the figures'),
  asItWas: ResultView,
  assumptions: z
    .array(z.object({ id: z.string(), handling: HandlingView, patience: PatienceView }))
    .describe('with which the day is simulated, by section'),
})

export const ForecastQuery = z.object({
  day: PlannerDay.describe('the day to plan'),
  sectionId: z.string().max(100).optional().describe('one section; all without it'),
  answered: z.coerce.number().min(0.01).max(0.999).default(0.8).describe('share to be answered within the time'),
  withinSeconds: z.coerce.number().int().min(1).max(3_600).default(20),
  abandonedBelow: z.coerce.number().min(0.001).max(0.5).optional().describe('plan for this share of callers who give up instead'),
  shrinkage: z.coerce.number().min(0).max(0.8).default(0.3).describe('share of paid time that is not on the line'),
  weeks: z.coerce.number().int().min(1).max(26).default(8),
})
export type ForecastQuery = z.infer<typeof ForecastQuery>

const ForecastErrorView = z.object({
  days: count.describe('days that were forecast from the days before them'),
  wape: z.number().describe('calls wrongly expected ÷ calls that came, by half hour'),
  meanAbsoluteError: z.number().describe('calls that a half hour was off'),
  wapeOfDay: z.number().describe('calls wrongly expected ÷ calls that came, by day'),
  bias: z.number().describe('calls too many ÷ calls that came; below zero: too few'),
})

export const ForecastView = z.object({
  day: PlannerDay,
  kind: z.enum(['ordinary', 'holiday', 'after-holiday']),
  basis: z.enum(['same-weekday', 'holidays', 'sundays', 'after-holidays', 'working-days', 'nothing']),
  basedOn: z.array(PlannerDay).describe('the past days that the forecast is the median of'),
  level: z.number().describe('by how much the median was raised or lowered to the level of the last two weeks'),
  history: z
    .object({ since: PlannerDay.nullable(), days: count, missing: count })
    .describe('days with calls that are known, and working days among them of which nothing is'),
  error: ForecastErrorView.nullable().describe('how far off the same way of forecasting was; null with too little history'),
  plan: z
    .object({ channelled: count, back: count, callsADay: z.number() })
    .describe('numbers that the plan of the day treats otherwise than the past days did, and what that makes'),
  handling: HandlingView,
  patience: PatienceView,
  sections: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      calls: z.number(),
      needed: count,
      handling: HandlingView,
      patience: PatienceView,
    }),
  ),
  halfHours: z.array(z.object({ at: z.string().meta({ example: '09:30' }), calls: z.number(), needed: count, onDuty: count })),
  shifts: z.array(z.object({ from: z.string(), to: z.string(), agents: count })),
  over: count.describe('half hours of agents beyond the need'),
  under: count.describe('half hours of need that no shift covers'),
})

/** The offices of a territory, channelled from a day on. */
export const Channelling = z.object({
  kind: z.literal('channelling'),
  unitId: z
    .string()
    .max(100)
    .describe('a region, a province or an office: its numbers and those below it')
    .meta({ example: 'dr-calabria' }),
  from: PlannerDay,
})

export const NewRun = z.object({
  basis: z.enum(['day', 'example']).describe('a real day of the journal, or the made-up national day'),
  day: PlannerDay.optional().describe('needed for a real day'),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1),
  seeds: z.number().int().min(1).max(50).default(10).describe('how many days are run, with other chances each'),
  changes: z
    .array(z.discriminatedUnion('kind', [...Change.options, Channelling]))
    .max(20)
    .default([])
    .describe('what would be different; without any, the day is only simulated as it was'),
})
export type NewRun = z.infer<typeof NewRun>

const IntervalView = z
  .object({ mean: z.number(), half: z.number().nullable() })
  .describe('a mean over the seeds, and half the width of its 95 % confidence interval (null with one seed)')
  .meta({ id: 'SimulationInterval' })
const MeasureView = z.object({ before: IntervalView, after: IntervalView.nullable(), difference: IntervalView.nullable() })
const ComparedView = z.object({
  serviceLevel: MeasureView,
  averageSpeedOfAnswerMs: MeasureView,
  abandonment: MeasureView,
  occupancy: MeasureView,
})

export const RunView = z
  .object({
    id: Uuid,
    state: z.enum(['running', 'done', 'failed', 'cancelled']),
    progress: share,
    before: ResultView.nullable(),
    after: ResultView.nullable().describe('with the changes; null without changes, or while it runs'),
    comparison: z
      .object({ seeds: count, total: ComparedView, sections: z.array(ComparedView.extend({ id: z.string() })) })
      .nullable()
      .describe('the same callers before and after, seed by seed'),
  })
  .meta({ id: 'SimulationRun' })

export const PlacesView = z.object({
  places: z.array(
    z.object({
      unitId: z.string(),
      name: z.string(),
      kind: z.enum(['region', 'province', 'office']),
      numbers: count.describe('that ring their office on the day'),
    }),
  ),
})

export const ChannellingQuery = ForecastQuery.omit({ day: true, sectionId: true }).extend({
  unitId: z.string().max(100),
  from: PlannerDay,
})
export type ChannellingQuery = z.infer<typeof ChannellingQuery>

const shapeFrom = z.enum(['own', 'region', 'all', 'nothing'])

export const ChannellingView = z.object({
  unitId: z.string(),
  name: z.string(),
  from: PlannerDay,
  numbers: count.describe('numbers that ring their office on the day'),
  planned: count.describe('numbers of the territory that the plan has channelled by then'),
  arrivalsADay: z.number().describe('calls to the numbers on a working day'),
  callsADay: z.number().describe('of those that reach a section'),
  sources: z.array(
    z.object({
      from: z.enum(['journal', 'same-kind-in-region', 'same-kind', 'all', 'nothing']),
      numbers: count,
      arrivalsADay: z.number(),
      comparedWith: count.describe('channelled numbers that they were compared with'),
    }),
  ),
  proportionsFrom: shapeFrom,
  courseFrom: shapeFrom,
  sections: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      callsADay: z.number(),
      before: z.object({ calls: z.number(), hours: z.number(), peak: count }),
      after: z.object({ calls: z.number(), hours: z.number(), peak: count }),
    }),
  ),
})
