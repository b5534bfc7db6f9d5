/**
 * The counters of an office as whoever manages the office sets them up: one document with one version, from the halls to what the kiosk asks. It is looked at
 * before it is saved: who is in what would go, and what the kiosk and the agenda would no longer reach.
 */
import { z } from 'zod'
import { Instant, Text, TextLine, Uuid } from '../../platform/index.ts'
import { CitizenWords, HallRules, KioskQuestion, VisitClass } from '../model.ts'

const ServiceId = z.string().min(1).max(100)

export const SetUpCounterService = z.object({
  id: Uuid,
  words: CitizenWords,
  visitClass: VisitClass.extract(['fast', 'ordinary']),
  agendaServices: z.array(ServiceId).max(100).describe('whose appointments are received as this one'),
})
export type SetUpCounterService = z.infer<typeof SetUpCounterService>

export const SetUpDesk = z.object({
  id: Uuid,
  label: TextLine.pipe(z.string().min(1).max(20)),
  services: z.array(Uuid).max(30).describe('what it serves; empty for everything of the hall'),
})
export type SetUpDesk = z.infer<typeof SetUpDesk>

export const SetUpHall = z
  .object({
    id: Uuid,
    name: TextLine.pipe(z.string().min(2).max(80)),
    letter: z
      .string()
      .regex(/^[A-Z]$/, 'counters.setUp.letterForm')
      .describe('begins the numbers of the hall'),
    dailyContingent: z.number().int().min(1).max(2_000).nullable().describe('tickets of the kiosk a day; null without a bound'),
    rules: HallRules,
    services: z.array(SetUpCounterService).max(30),
    desks: z.array(SetUpDesk).max(60),
    questions: z.array(KioskQuestion).max(40).describe('what the kiosk asks; the first one begins'),
  })
  .meta({ id: 'CounterSetUpHall' })
export type SetUpHall = z.infer<typeof SetUpHall>

export const CounterSetUp = z.object({ halls: z.array(SetUpHall).max(26) }).meta({ id: 'CounterSetUp' })
export type CounterSetUp = z.infer<typeof CounterSetUp>

export const CounterSetUpView = z
  .object({
    unit: z.object({ id: z.string(), name: z.string() }),
    version: z.number().int().describe('0 as long as the office has changed nothing'),
    setUp: CounterSetUp,
    agendaServices: z.array(z.object({ id: z.string(), name: z.string() })).describe('for which the office gives appointments'),
    usualRules: HallRules.describe('of a hall about which nothing was decided'),
  })
  .meta({ id: 'CounterSetUpView' })
export type CounterSetUpView = z.infer<typeof CounterSetUpView>

/** Something that would go, and who is still in it. */
export const InUse = z.object({
  what: z.enum(['hall', 'desk', 'service']),
  name: z.string(),
  codes: z.array(z.string()).describe('of the visits that are not over'),
  sitting: z.string().nullable().describe('who sits there'),
})
export type InUse = z.infer<typeof InUse>

export const CounterSetUpEffect = z
  .object({
    inUse: z.array(InUse).describe('cannot be saved as long as there is one'),
    notAtKiosk: z.array(z.object({ hall: z.string(), service: z.string() })).describe('no answer of the kiosk leads there'),
    notReceived: z.array(z.string()).describe('services of the agenda whose appointments no hall receives'),
    bounds: z
      .array(z.object({ hallId: Uuid, minutes: z.record(VisitClass, z.number().int()) }))
      .describe('by class: who comes later than this never goes before'),
  })
  .meta({ id: 'CounterSetUpEffect' })
export type CounterSetUpEffect = z.infer<typeof CounterSetUpEffect>

export const NewCounterSetUp = z.object({ setUp: CounterSetUp, reason: Text.pipe(z.string().min(3).max(500)) })
export type NewCounterSetUp = z.infer<typeof NewCounterSetUp>

export const CounterSetUpVersion = z
  .object({
    version: z.number().int(),
    setUp: CounterSetUp,
    reason: z.string().describe('empty for what was there before the office changed anything'),
    by: z.string(),
    at: Instant,
  })
  .meta({ id: 'CounterSetUpVersion' })
export type CounterSetUpVersion = z.infer<typeof CounterSetUpVersion>
