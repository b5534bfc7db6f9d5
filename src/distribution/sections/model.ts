/**
 * The rules of a section's queue: limits and what happens at them, who is offered a call and for how long, who helps out, and what is done about
 * callbacks. A section says what it does differently; the rest holds as in the units above it, or by default.
 */
import { z } from 'zod'
import { Text } from '../../platform/index.ts'
import { Continuity, SectionRouting } from '../model.ts'

const seconds = (min: number, max: number) =>
  z
    .number()
    .int()
    .min(min * 1_000)
    .max(max * 1_000)
const Minutes = z.number().int().min(0).max(1_440)

/** When people may be called, in office time. Holidays are those of the section's place. */
export const DecentHours = z
  .object({
    days: z.array(z.number().int().min(1).max(7)).min(1).max(7).describe('1 is Monday, 7 Sunday'),
    from: Minutes.describe('minutes since midnight'),
    to: Minutes.describe('minutes since midnight; nobody is called from then on'),
    onHolidays: z.boolean(),
  })
  .refine(hours => hours.from < hours.to, { path: ['to'], message: 'distribution.endsBeforeItBegins' })
export type DecentHours = z.infer<typeof DecentHours>

/** What happens to a caller who met a limit and does not wish to be called back. */
export const Otherwise = z.discriminatedUnion('do', [
  z.object({ do: z.literal('wait') }),
  z.object({ do: z.literal('dismiss'), message: Text.pipe(z.string().min(1).max(500)) }),
])
export type Otherwise = z.infer<typeof Otherwise>

const settings = {
  offerAboveMs: seconds(30, 7_200)
    .nullable()
    .describe('offered to callers whose expected wait is longer than this, in milliseconds; null: never by itself'),
  key: z
    .string()
    .regex(/^[0-9]$/)
    .nullable()
    .describe('pressed by a caller who waits, to be called back; null: no key'),
  otherwise: Otherwise,
  maxAttempts: z.number().int().min(1).max(10).describe('how often the number is dialled before it is given up'),
  retryMs: seconds(30, 86_400).describe('the pause between two attempts, in milliseconds'),
  ringMs: seconds(10, 120).describe("how long the citizen's telephone rings, in milliseconds"),
  days: z.number().int().min(1).max(14).describe('on how many days it is tried: 1, only on the first'),
  hours: DecentHours,
}

/** What a section, or a unit above it, does about callbacks; what is not said holds as it does above. */
export const CallbackSettings = z.object(settings).partial().meta({ id: 'CallbackSettings' })
export type CallbackSettings = z.infer<typeof CallbackSettings>
export const WholeCallbackSettings = z.object(settings).meta({ id: 'WholeCallbackSettings' })
export type WholeCallbackSettings = z.infer<typeof WholeCallbackSettings>

/**
 * What holds when nobody says otherwise. Nine to eight, Monday to Saturday, not on holidays: the widest span in which Italian habit takes a call
 * for polite. A decision of ours, not a rule of law: the caller has asked for this call, so the rules for selling by telephone do not apply.
 */
export const defaultCallbacks: WholeCallbackSettings = {
  offerAboveMs: 600_000,
  key: '5',
  otherwise: { do: 'wait' },
  maxAttempts: 3,
  retryMs: 600_000,
  ringMs: 30_000,
  days: 3,
  hours: { days: [1, 2, 3, 4, 5, 6], from: 9 * 60, to: 20 * 60, onHolidays: false },
}

/** The rules of a section: what the section itself says, and what holds. */
export const SectionRules = z
  .object({
    section: z.object({ id: z.string(), name: z.string() }),
    version: z.number().int().describe('0 as long as the section has said nothing itself'),
    routing: SectionRouting.describe('what the section says itself; the rest holds by default'),
    callbacks: CallbackSettings.describe('what the section says itself; the rest holds as in the units above it, or by default'),
    holds: z.object({
      limits: z.object({ maxWaiting: z.number().int().nullable(), maxWaitMs: z.number().int().nullable() }),
      wrapUpMs: z.number().int(),
      offerTimeoutMs: z.number().int(),
      choice: z.enum(['longest-idle', 'best-level']).describe('to whom a call goes among those who are free'),
      priority: z.number().int().describe('calls of a section with a greater one go first'),
      helpers: z
        .array(z.object({ section: z.string(), afterMs: z.number().int() }))
        .describe('who helps out, and after which wait'),
      continuity: Continuity,
      callbacks: WholeCallbackSettings,
    }),
  })
  .meta({ id: 'SectionLine' })
export type SectionRules = z.infer<typeof SectionRules>

export const SetSectionRules = z.strictObject({ routing: SectionRouting, callbacks: CallbackSettings })
export type SetSectionRules = z.infer<typeof SetSectionRules>
