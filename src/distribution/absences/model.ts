/** Days on which members of the second level are away. */
import { z } from 'zod'
import { Instant, Permission, Uuid } from '../../platform/index.ts'

export const AbsenceKind = z.enum(['holiday', 'illness', 'training', 'leave', 'other'])
export type AbsenceKind = z.infer<typeof AbsenceKind>

const Day = z.iso.date().refine(day => day >= '2000-01-01' && day < '2100-01-01', 'platform.field.yearsFarAway')

export const NewAbsence = z.object({
  personId: Uuid.describe('oneself, or a member of a section that one answers for'),
  from: Day.describe('the first day of it'),
  until: Day.describe('the last day of it'),
  kind: AbsenceKind,
})
export type NewAbsence = z.infer<typeof NewAbsence>

export const Absence = z
  .object({
    id: Uuid,
    person: z.object({ id: Uuid, name: z.string() }),
    from: Day,
    until: Day,
    kind: AbsenceKind.nullable().describe('null for colleagues, who need not know why'),
    isNow: z.boolean(),
    enteredBy: z.string(),
    enteredAt: Instant,
    change: Permission.describe('whether the reader may take it away'),
  })
  .meta({ id: 'Absence' })
export type Absence = z.infer<typeof Absence>
