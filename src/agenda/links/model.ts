/** What a citizen sees by the link of a mail. */
import { z } from 'zod'
import { ContactLanguage } from '../../contacts/index.ts'
import { Instant } from '../../platform/index.ts'
import { AppointmentMode } from '../model.ts'
import { Waiting } from '../waiting/model.ts'

export const LinkedAppointment = z
  .object({
    canArrive: z.boolean().describe('it is its day, and at a counter: whoever has come can say so'),
    language: ContactLanguage.describe("the one that was asked for, else the citizen's"),
    state: z.enum(['booked', 'confirmed', 'cancelled', 'over']).describe('over: it has begun, or is past'),
    waiting: Waiting.nullable().describe('how the citizen waits for an earlier time; null for who does not'),
    appointment: z
      .object({
        start: Instant,
        end: Instant,
        timeZone: z.string(),
        mode: AppointmentMode,
        unit: z.object({ name: z.string(), address: z.string() }),
        service: z.string(),
        bring: z.string(),
        dayCode: z.string().nullable().describe('its number on its day, at the kiosk and on the display'),
      })
      .nullable()
      .describe('null once it is over'),
  })
  .meta({ id: 'LinkedAppointment' })
export type LinkedAppointment = z.infer<typeof LinkedAppointment>
