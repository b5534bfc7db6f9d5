/** What the organisation writes to the journal. */
import { z } from 'zod'
import { about, defineEvent, Instant, KnownChanges, Uuid, withoutChanges } from '../platform/index.ts'
import { NewUnitClosure, NumberMode, OpeningSpan, PhoneNumber } from './model.ts'

const ofUnit = about('organisation', 'units')

/** A decision about a number, and what it changes: its mode, or what was planned for it. */
const Change = z.object({
  number: PhoneNumber,
  unitId: z.string(),
  changeId: Uuid,
  mode: NumberMode,
  from: Instant,
  reason: z.string(),
  changes: KnownChanges,
})
const aboutNumber = { version: 2, payload: Change, from: { 1: withoutChanges } }

/** From `from` on, calls to the number are channelled, or ring the office again. */
export const numberScheduled = defineEvent('number.scheduled', ofUnit, aboutNumber)
/** The number was put back at once to what it was before. */
export const numberReversed = defineEvent('number.reversed', ofUnit, aboutNumber)
/** A change that had been planned will not happen. */
export const numberChangeCancelled = defineEvent('number.change-cancelled', ofUnit, aboutNumber)
/** The week of a unit's own; empty where it keeps that of the unit above. */
export const unitHoursChanged = defineEvent('unit.hours-changed', ofUnit, {
  version: 2,
  payload: z.object({ unitId: z.string(), spans: z.array(OpeningSpan), changes: KnownChanges }),
  from: { 1: withoutChanges },
})

const ofClosure = z.object({ unitId: z.string(), closureId: Uuid, ...NewUnitClosure.shape })
/** A unit, and those below it, will be closed on some days. */
export const unitClosureDecided = defineEvent('unit.closure-decided', ofUnit, ofClosure)
/** It will work on these days after all. */
export const unitClosureCancelled = defineEvent('unit.closure-cancelled', ofUnit, ofClosure)
