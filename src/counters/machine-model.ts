/** What kiosks and displays ask and are told. */

import { z } from 'zod'
import { ContactLanguage } from '../contacts/index.ts'
import { Instant, Uuid } from '../platform/index.ts'
import { ArrivalCode, ExpectedWait, KioskQuestion, VisitState } from './model.ts'

export const ConnectDevice = z.object({ code: z.string().trim().min(8).max(12) })
export type ConnectDevice = z.infer<typeof ConnectDevice>

export const KioskHall = z.object({
  id: Uuid,
  name: z.string(),
  open: z.boolean(),
  closedBecause: z.enum(['hours', 'late', 'contingent']).nullable(),
  letter: z.string().describe('begins the numbers of the hall'),
  questions: z.array(KioskQuestion).describe('the first one begins; empty where it asks nothing and gives no tickets'),
  expected: ExpectedWait,
})

export const Kiosk = z
  .object({
    unit: z.string(),
    halls: z.array(KioskHall),
    here: z
      .string()
      .nullable()
      .describe('the page on which somebody with an appointment says so with the own telephone, for its QR code'),
  })
  .meta({ id: 'Kiosk' })
export type Kiosk = z.infer<typeof Kiosk>

export const TakeTicket = z.object({ hallId: Uuid, serviceId: Uuid, language: ContactLanguage.default('it') })
export type TakeTicket = z.infer<typeof TakeTicket>

export const ArriveAtKiosk = z.object({ code: ArrivalCode, language: ContactLanguage.default('it') })
export type ArriveAtKiosk = z.infer<typeof ArriveAtKiosk>

/** What is printed: nothing about the person. */
export const CounterTicket = z
  .object({
    code: z.string(),
    hall: z.string(),
    unit: z.string(),
    service: z.string(),
    at: Instant,
    dueAt: Instant.nullable(),
    ahead: z.number().int(),
    expected: ExpectedWait,
  })
  .meta({ id: 'CounterTicket' })
export type CounterTicket = z.infer<typeof CounterTicket>

export const DisplayCall = z.object({
  id: z.string().describe('of the call: another one for a repeated call'),
  code: z.string(),
  desk: z.string(),
  hall: z.string(),
  at: Instant,
})
export const Display = z
  .object({
    unit: z.string(),
    halls: z.array(z.object({ id: Uuid, name: z.string(), waiting: z.number().int() })),
    at: Instant.describe('when this was so'),
    continues: z.boolean().describe('it goes on where another display is full, which chimes for both'),
    calls: z.array(DisplayCall).describe('newest first'),
  })
  .meta({ id: 'CounterDisplay' })
export type Display = z.infer<typeof Display>

// --- the own telephone of whoever has come ------------------------------------------------------------------------------

/** The page behind the QR code of a hall. */
export const HereOffice = z.object({ unit: z.string(), hall: z.string(), open: z.boolean() }).meta({ id: 'HereOffice' })
export type HereOffice = z.infer<typeof HereOffice>

/** The token of the own visit, by which its page is asked. */
export const HereArrival = z.object({ visit: z.string() }).meta({ id: 'HereArrival' })

/** One visit to whoever has its link: nothing that says who it is or why. */
export const HereVisit = z
  .object({
    unit: z.string(),
    hall: z.string(),
    timeZone: z.string(),
    code: z.string(),
    state: VisitState,
    desk: z.string().nullable().describe('to which it is called'),
    dueAt: Instant.nullable(),
    ahead: z.number().int(),
    expected: ExpectedWait,
  })
  .meta({ id: 'HereVisit' })
export type HereVisit = z.infer<typeof HereVisit>

export const ArriveHere = z.object({ code: ArrivalCode })
