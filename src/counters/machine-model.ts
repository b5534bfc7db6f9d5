/** What kiosks and displays ask and are told. */
import { z } from 'zod'
import { Instant, Uuid } from '../platform/index.ts'
import { ArrivalCode, CounterLanguage, ExpectedWait, Triage } from './model.ts'

export const ConnectDevice = z.object({ code: z.string().trim().min(8).max(12) })
export type ConnectDevice = z.infer<typeof ConnectDevice>

export const KioskHall = z.object({
  id: Uuid,
  name: z.string(),
  open: z.boolean(),
  closedBecause: z.enum(['hours', 'late', 'contingent']).nullable(),
  triage: Triage.nullable(),
  expected: ExpectedWait,
})

export const Kiosk = z.object({ unit: z.string(), halls: z.array(KioskHall) }).meta({ id: 'Kiosk' })
export type Kiosk = z.infer<typeof Kiosk>

export const TakeTicket = z.object({ hallId: Uuid, serviceId: Uuid, language: CounterLanguage.default('it') })
export type TakeTicket = z.infer<typeof TakeTicket>

export const ArriveAtKiosk = z.object({ code: ArrivalCode, language: CounterLanguage.default('it') })
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
    calls: z.array(DisplayCall).describe('newest first'),
  })
  .meta({ id: 'CounterDisplay' })
export type Display = z.infer<typeof Display>
