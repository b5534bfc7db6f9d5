/** How a day went at the counters of an office. */
import { z } from 'zod'
import { CameBecause, OfficeRef } from './model.ts'

const Count = z.number().int()
export const CounterFigures = z
  .object({
    unit: OfficeRef,
    date: z.iso.date(),
    visits: Count,
    persons: Count,
    withAppointment: Count,
    served: Count,
    missed: Count,
    left: Count,
    unserved: Count,
    transferred: Count,
    fastWithin: Count.describe('of the fast counter, called within its minutes'),
    fast: Count,
    averageWaitSeconds: Count.nullable(),
    longestWaitSeconds: Count.nullable(),
    averageWaySeconds: Count.nullable(),
    averageServiceSeconds: Count.nullable(),
    callEnough: Count.describe('a call could have solved it'),
    callAnswered: Count.describe('for how many this was said'),
    notDelivered: Count,
    notRecorded: Count,
    byHour: z.array(z.object({ hour: Count, visits: Count, averageWaitSeconds: Count.nullable() })),
    cameBecause: z.array(z.object({ reason: CameBecause, visits: Count })),
    known: Count.describe('served, and known who they are'),
    returned: Count.describe('of these, served here within `returnDays` before as well'),
    returnDays: Count,
    told: Count.describe('were told what wait to expect, and have been called'),
    toldWithin: Count.describe('of these, were called within it'),
    toldErrorMinutes: z.number().nullable().describe('by how much the middle of what was told was wrong, on average'),
    plannedMinutes: Count.describe('offered by the agenda, at all places together'),
    bookedMinutes: Count,
  })
  .meta({ id: 'CounterFigures' })
export type CounterFigures = z.infer<typeof CounterFigures>
