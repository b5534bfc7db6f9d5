/**
 * Deadlines of tickets: within how much working time a ticket is answered first, and solved; and within how much a central directorate answers the centre
 * that has asked it.
 *
 *   running ──warned──▶ running ──due──▶ late: its coordinator is told ──▶ its director is told
 *      │  ▲
 *      │  └─ the citizen has replied: the clock goes on
 *      └─ the citizen is asked: the clock stands, and nothing is due
 */
import { z } from 'zod'
import { Instant, Permission, Text } from '../../platform/index.ts'

export const TicketPriority = z.enum(['normal', 'urgent'])
export type TicketPriority = z.infer<typeof TicketPriority>

/** What the citizen is owed, and what the centre is owed by a central directorate that it has asked. */
export const DeadlineKind = z.enum(['first-answer', 'solution', 'directorate'])
export type DeadlineKind = z.infer<typeof DeadlineKind>

/** The deadlines that every ticket has. */
export const ownKinds = DeadlineKind.extract(['first-answer', 'solution']).options

const Measure = z.enum(['minutes', 'days'])

/** Which target: of a typology and all below it that have none of their own; `''` is for all others. */
export const TargetKey = z.object({ typologyId: z.string().max(100), priority: TicketPriority, kind: DeadlineKind })
export type TargetKey = z.infer<typeof TargetKey>

export const TargetTime = z.object({
  amount: z.number().int().min(1).max(100_000).describe('so many minutes or days'),
  measure: Measure.describe('working minutes, or working days: due when the last of them ends'),
  warnMinutes: z.number().int().min(0).max(10_000).describe('working minutes before it at which who has the ticket is warned'),
  raiseMinutes: z.number().int().min(0).max(10_000).describe('working minutes after it at which the director is told'),
})
export type TargetTime = z.infer<typeof TargetTime>

export const DeadlineTarget = TargetKey.extend({
  ...TargetTime.shape,
  typology: z.string().nullable().describe('its label; null for all others'),
  version: z.number().int(),
}).meta({ id: 'DeadlineTarget' })
export type DeadlineTarget = z.infer<typeof DeadlineTarget>

export const DeadlineTargets = z
  .object({ items: z.array(DeadlineTarget), change: Permission.describe('whether the reader may change them') })
  .meta({ id: 'DeadlineTargets' })
export type DeadlineTargets = z.infer<typeof DeadlineTargets>

/** What has been said of a deadline, each once: who has the ticket was warned; its coordinator, then its director was told that it is late. */
export const tellings = ['none', 'warned', 'coordinator', 'director'] as const
export const Telling = z.enum(tellings)
export type Telling = z.infer<typeof Telling>

/** One of the deadlines of a ticket. */
export const TicketDeadline = z
  .object({
    kind: DeadlineKind,
    dueAt: Instant.nullable().describe('null while the clock stands'),
    metAt: Instant.nullable(),
    told: Telling,
    amount: z.number().int(),
    measure: Measure,
  })
  .meta({ id: 'TicketDeadline' })
export type TicketDeadline = z.infer<typeof TicketDeadline>

/** A stretch of time and how much of it counts. */
export const DeadlineStretch = z
  .object({
    from: Instant,
    until: Instant,
    counted: z.number().describe('working minutes, or days, of the target that it counts for'),
    because: z.enum(['counted', 'waiting', 'first-day', 'closed', 'lunch', 'holiday', 'closure']),
    name: z.string().nullable().describe('of the holiday, or why the unit was closed'),
  })
  .meta({ id: 'DeadlineStretch' })
export type DeadlineStretch = z.infer<typeof DeadlineStretch>

/** Why a ticket is due when it is: every stretch of time from the question on. */
export const DeadlineExplanation = z
  .object({
    ...TicketDeadline.shape,
    unit: z.string().describe('whose hours, holidays and closures count'),
    typology: z.string().nullable().describe('whose target it is; null where it is that of all others'),
    priority: TicketPriority,
    timeZone: z.string(),
    startedAt: Instant,
    counted: z.number().describe('so far, or until it was met or is due'),
    stretches: z.array(DeadlineStretch).max(2_000),
  })
  .meta({ id: 'DeadlineExplanation' })
export type DeadlineExplanation = z.infer<typeof DeadlineExplanation>

/** How urgent a ticket is. Urgent needs a reason. */
export const Prioritise = z
  .object({ priority: TicketPriority, reason: Text.pipe(z.string().max(500)).default('') })
  .refine(({ priority, reason }) => priority === 'normal' || reason.length >= 3, { path: ['reason'] })
export type Prioritise = z.infer<typeof Prioritise>
