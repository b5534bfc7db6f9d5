/** Calls that officers make to the citizens of appointments by telephone. */
import { z } from 'zod'
import type { FlowContext } from '../../../ivr/index.ts'
import { Instant, Permission, Text, Uuid } from '../../../platform/index.ts'
import { AppointmentCallOutcome } from '../../events.ts'

/** After so many without an answer nobody is called any more, and the citizen counts as not there. */
export const maxAttempts = 3

export const AppointmentCall = z
  .object({
    id: Uuid,
    attempt: z.number().int(),
    officer: z.string(),
    number: z.string(),
    askedAt: Instant,
    stage: z.enum(['officer', 'citizen', 'talking', 'ended']).describe('whose telephone rings, or that they talk'),
    outcome: AppointmentCallOutcome.nullable(),
    talkedSeconds: z.number().int().nullable(),
  })
  .meta({ id: 'AppointmentCall' })
export type AppointmentCall = z.infer<typeof AppointmentCall>

export const AppointmentCalls = z
  .object({
    items: z.array(AppointmentCall),
    number: z.string().nullable().describe("the citizen's number; null when there is none that we call"),
    from: z.string().describe('the telephone at which the reader was rung last; empty when that was never'),
    left: z.number().int().describe('attempts that are left'),
    call: Permission,
  })
  .meta({ id: 'AppointmentCalls' })
export type AppointmentCalls = z.infer<typeof AppointmentCalls>

export const CallCitizen = z.object({
  from: Text.pipe(z.string().min(3).max(30))
    .describe("the officer's telephone, which is rung first")
    .meta({ example: '0659590001' }),
})
export type CallCitizen = z.infer<typeof CallCitizen>

/** What the process that has the switch needs to make the call. */
export interface AppointmentCallOrder {
  callId: string
  appointmentId: string
  officer: string
  officerNumber: string
  number: string
  callerId: string | null
  context: FlowContext
}
