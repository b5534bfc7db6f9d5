/** What the planner speaks of over HTTP. */
import { z } from 'zod'
import { Uuid } from '../platform/index.ts'
import { Change } from './what-if.ts'

/** A day that can have been, or be planned: the calendar beyond is nobody's business, and years of one digit are none of the database's. */
export const Day = z.iso
  .date()
  .refine(day => day >= '2000-01-01' && day <= '2199-12-31', 'must lie between 2000 and 2199')
  .meta({ example: '2026-11-23' })

const count = z.number().int()
const share = z.number().describe('0 to 1')

export const FiguresView = z
  .object({
    arrived: count,
    answered: count,
    answeredWithin: count.describe('within 20 seconds'),
    abandoned: count,
    abandonedWithin: count,
    dismissed: count.describe('ended with a message'),
    diverted: count,
    waitMsOfAnswered: z.number(),
    waitMsOfAll: z.number(),
    longestWaitMs: z.number(),
    serviceLevel: share.describe('answered within the time ÷ (answered + given up after the time)'),
    averageSpeedOfAnswerMs: z.number(),
    abandonment: share,
    occupancy: share,
  })
  .meta({ id: 'SimulatedFigures' })

export const ResultView = z
  .object({
    seed: z.number().int(),
    sections: z.array(
      FiguresView.extend({
        id: z.string(),
        halfHours: z.array(FiguresView),
        waits: z.array(z.object({ belowMs: z.number().nullable(), calls: count })),
        estimate: z.object({ calls: count, meanErrorMs: z.number(), meanAbsoluteErrorMs: z.number() }),
      }),
    ),
    total: FiguresView.extend({ halfHours: z.array(FiguresView) }),
    retrials: count,
    repeats: count,
    unansweredOffers: count,
    continuity: z.object({ asked: count, honoured: count, givenUp: count }),
    little: z.object({ meanInLine: z.number(), arrivalsTimesWait: z.number() }),
    events: count,
    simulatedMs: z.number(),
  })
  .meta({ id: 'SimulationResult' })

export const PlannedSection = z.object({ id: z.string(), name: z.string() })

export const PastDayView = z.object({
  day: Day,
  sections: z.array(PlannedSection),
  calls: count.describe('calls that waited for a section on the day'),
  asItWas: ResultView,
})

export const ForecastQuery = z.object({
  day: Day.describe('the day to plan'),
  sectionId: z.string().max(100).optional().describe('one section; all without it'),
  answered: z.coerce.number().min(0.01).max(0.999).default(0.8).describe('share to be answered within the time'),
  withinSeconds: z.coerce.number().int().min(1).max(3_600).default(20),
  abandonedBelow: z.coerce.number().min(0.001).max(0.5).optional().describe('plan for this share of callers who give up instead'),
  shrinkage: z.coerce.number().min(0).max(0.8).default(0.3).describe('share of paid time that is not on the line'),
  weeks: z.coerce.number().int().min(1).max(26).default(8),
})
export type ForecastQuery = z.infer<typeof ForecastQuery>

export const ForecastView = z.object({
  day: Day,
  holiday: z.boolean(),
  basedOn: z.array(Day).describe('the past days that the forecast is the median of'),
  handlingMs: z.number(),
  patienceMs: z.number(),
  halfHours: z.array(z.object({ at: z.string().meta({ example: '09:30' }), calls: z.number(), needed: count, onDuty: count })),
  shifts: z.array(z.object({ from: z.string(), to: z.string(), agents: count })),
  over: count.describe('half hours of agents beyond the need'),
  under: count.describe('half hours of need that no shift covers'),
})

export const NewRun = z.object({
  basis: z.enum(['day', 'example']).describe('a real day of the journal, or the made-up national day'),
  day: Day.optional().describe('needed for a real day'),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1),
  changes: z
    .array(Change)
    .max(20)
    .default([])
    .describe('what would be different; without any, the day is only simulated as it was'),
})
export type NewRun = z.infer<typeof NewRun>

export const RunView = z
  .object({
    id: Uuid,
    state: z.enum(['running', 'done', 'failed', 'cancelled']),
    progress: share,
    before: ResultView.nullable(),
    after: ResultView.nullable().describe('with the changes; null without changes, or while it runs'),
  })
  .meta({ id: 'SimulationRun' })

export const ChannellingView = z.object({
  regionCode: z.string(),
  numbers: count.describe('numbers of the region that still ring their office'),
  callsADay: z.number().describe('calls to expect more on a working day, at the mean of the numbers that are channelled'),
  factor: z.number().describe('how many times the calls of today that makes'),
})
