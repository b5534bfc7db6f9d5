/** What becomes of the tickets that a member has in hand who is away. */
import { z } from 'zod'
import { Permission, TextLine } from '../../platform/index.ts'

export const WhenAbsent = z.enum(['at-once', 'after-hours', 'never'])
export type WhenAbsent = z.infer<typeof WhenAbsent>

export const SetAbsenceRule = z.object({
  whenAbsent: WhenAbsent.describe(
    'back to the pool as soon as the absence begins, after some opening hours of the section, or never by themselves',
  ),
  hours: z.number().int().min(1).max(200).describe('opening hours of the section, for `after-hours`'),
  exceptTypologies: z
    .array(TextLine.pipe(z.string().max(100)))
    .max(50)
    .describe('typologies, or nodes above them, of which tickets stay'),
})
export type SetAbsenceRule = z.infer<typeof SetAbsenceRule>

/** What holds as long as a section has said nothing: nobody waits for who is on holiday. */
export const defaultAbsenceRule: SetAbsenceRule = { whenAbsent: 'at-once', hours: 8, exceptTypologies: [] }

export const AbsenceRule = SetAbsenceRule.extend({
  section: z.object({ id: z.string(), name: z.string() }),
  version: z.number().int().describe('grows by one with each change; 0 as long as nobody has said anything'),
  change: Permission,
}).meta({ id: 'AbsenceRule' })
export type AbsenceRule = z.infer<typeof AbsenceRule>
