/**
 * What the agenda writes to the journal. Names and times as they were then; never what a citizen asked for or was told: texts are with
 * the appointment, under its rights. Holds write nothing: nothing has happened yet, and most are let go.
 */
import { z } from 'zod'
import { defineEvent } from '../platform/index.ts'
import { AppointmentOutcome, AppointmentState } from './model.ts'

const instant = z.iso.datetime()
const appointment = { appointmentId: z.uuid(), unitId: z.string() }
const place = { ...appointment, unitName: z.string(), serviceName: z.string(), start: instant }

export const appointmentBooked = defineEvent('appointment.booked', z.object(place))
export const appointmentPrepared = defineEvent('appointment.prepared', z.object(appointment))
/** `unitId` is the office of the new time. */
export const appointmentMoved = defineEvent(
  'appointment.moved',
  z.object({ ...place, previousUnitId: z.string(), previousStart: instant }),
)
export const appointmentCancelled = defineEvent('appointment.cancelled', z.object(place))
export const appointmentCheckedIn = defineEvent('appointment.checked-in', z.object(appointment))
export const appointmentStarted = defineEvent('appointment.started', z.object(appointment))
export const appointmentConcluded = defineEvent(
  'appointment.concluded',
  z.object({ ...appointment, outcome: AppointmentOutcome }),
)
/** A step that was pressed by mistake is taken back. */
export const appointmentTakenBack = defineEvent(
  'appointment.taken-back',
  z.object({ ...appointment, from: AppointmentState, to: AppointmentState }),
)
export const appointmentNoShow = defineEvent('appointment.no-show', z.object(appointment))
