/** What a citizen sees by the link of a mail. */
import { z } from 'zod'
import { ContactLanguage } from '../../contacts/index.ts'
import { Instant } from '../../platform/index.ts'
import { AppointmentMode } from '../model.ts'

export const LinkedAppointment = z
  .object({
    language: ContactLanguage.describe("the one that was asked for, else the citizen's"),
    state: z.enum(['booked', 'confirmed', 'cancelled', 'over']).describe('over: it has begun, or is past'),
    appointment: z
      .object({
        start: Instant,
        end: Instant,
        timeZone: z.string(),
        mode: AppointmentMode,
        unit: z.object({ name: z.string(), address: z.string() }),
        service: z.string(),
        bring: z.string(),
      })
      .nullable()
      .describe('null once it is over'),
  })
  .meta({ id: 'LinkedAppointment' })
export type LinkedAppointment = z.infer<typeof LinkedAppointment>
