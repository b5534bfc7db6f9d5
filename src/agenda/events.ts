/**
 * What the agenda writes to the journal. Names and times as they were then; never what a citizen asked for or was told: texts are with
 * the appointment, under its rights. Holds write nothing: nothing has happened yet, and most are let go.
 */
import { z } from 'zod'
import { about, defineEvent } from '../platform/index.ts'
import { LetterKind } from './letters/model.ts'
import { AppointmentOutcome, AppointmentState, CancelledBy } from './model.ts'
import { OfferEnd } from './waiting/model.ts'

const ofAppointment = about('matter', 'units')

const ofOffice = about('organisation', 'units')

const instant = z.iso.datetime()
const appointment = { appointmentId: z.uuid(), unitId: z.string() }
const place = { ...appointment, unitName: z.string(), serviceName: z.string(), start: instant }

export const appointmentBooked = defineEvent('appointment.booked', ofAppointment, z.object(place))
export const appointmentPrepared = defineEvent('appointment.prepared', ofAppointment, z.object(appointment))
/** The citizen has said, by the link of a mail, that it stands. */
export const appointmentConfirmed = defineEvent('appointment.confirmed', ofAppointment, z.object(appointment))
/** `unitId` is the office of the new time. */
export const appointmentMoved = defineEvent(
  'appointment.moved',
  ofAppointment,
  z.object({ ...place, previousUnitId: z.string(), previousStart: instant }),
)
/** `by` is null where nobody has said. */
export const appointmentCancelled = defineEvent('appointment.cancelled', ofAppointment, {
  version: 2,
  payload: z.object({ ...place, by: CancelledBy.nullable() }),
  from: { 1: old => ({ ...old, by: null }) },
})
export const appointmentCheckedIn = defineEvent('appointment.checked-in', ofAppointment, z.object(appointment))
export const appointmentStarted = defineEvent('appointment.started', ofAppointment, z.object(appointment))
/** `followUp` is the appointment at which the citizen goes on with the matter; without one the matter is over. */
export const appointmentConcluded = defineEvent('appointment.concluded', ofAppointment, {
  version: 2,
  payload: z.object({ ...appointment, outcome: AppointmentOutcome, followUp: z.object(appointment).nullable() }),
  from: { 1: old => ({ ...old, followUp: null }) },
})
/** A step that was pressed by mistake is taken back. */
export const appointmentTakenBack = defineEvent(
  'appointment.taken-back',
  ofAppointment,
  z.object({ ...appointment, from: AppointmentState, to: AppointmentState }),
)
export const appointmentNoShow = defineEvent('appointment.no-show', ofAppointment, z.object(appointment))
/** The citizen would rather come earlier, or no longer. */
export const appointmentWaits = defineEvent('appointment.waits', ofAppointment, z.object({ ...appointment, waits: z.boolean() }))
/** A freed time is kept for the citizen until an instant. */
export const appointmentOffered = defineEvent(
  'appointment.offered',
  ofAppointment,
  z.object({ ...appointment, start: instant, until: instant }),
)
export const appointmentOfferEnded = defineEvent(
  'appointment.offer-ended',
  ofAppointment,
  z.object({ ...appointment, start: instant, how: OfferEnd }),
)
/** A letter to the citizen was given to the post or handed over; `sent` is false when that is taken back. */
export const appointmentLetterSent = defineEvent(
  'appointment.letter-sent',
  ofAppointment,
  z.object({ ...appointment, letterId: z.uuid(), kind: LetterKind, sent: z.boolean() }),
)
/** The citizen who waited is called in. */
export const appointmentCalledIn = defineEvent('appointment.called-in', ofAppointment, z.object(appointment))
/** The citizen came, and went before being received. */
export const appointmentLeft = defineEvent('appointment.left', ofAppointment, z.object(appointment))
/** An office has set its agenda up anew; `moved` and `cancelled` are the appointments whose time was no longer there. */
export const agendaSetUp = defineEvent(
  'agenda.set-up',
  ofOffice,
  z.object({
    ...{ unitId: z.string(), unitName: z.string(), version: z.number().int(), reason: z.string() },
    ...{ moved: z.number().int(), cancelled: z.number().int() },
  }),
)
/** An office has dealt with appointments whose time was no longer there, on days that a unit has closed; its set-up stays. */
export const agendaRebooked = defineEvent(
  'agenda.rebooked',
  ofOffice,
  z.object({ unitId: z.string(), unitName: z.string(), moved: z.number().int(), cancelled: z.number().int() }),
)
