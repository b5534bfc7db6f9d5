/** What the organisation writes to the journal. */
import { z } from 'zod'
import { defineEvent, Instant, Uuid } from '../platform/index.ts'
import { NumberMode, OpeningSpan, PhoneNumber } from './model.ts'

const Change = z.object({
  number: PhoneNumber,
  unitId: z.string(),
  changeId: Uuid,
  mode: NumberMode,
  from: Instant,
  reason: z.string(),
})

/** From `from` on, calls to the number are channelled, or ring the office again. */
export const numberScheduled = defineEvent('number.scheduled', Change)
/** The number was put back at once to what it was before. */
export const numberReversed = defineEvent('number.reversed', Change)
/** A change that had been planned will not happen. */
export const numberChangeCancelled = defineEvent('number.change-cancelled', Change)
export const unitHoursChanged = defineEvent('unit.hours-changed', z.object({ unitId: z.string(), spans: z.array(OpeningSpan) }))
