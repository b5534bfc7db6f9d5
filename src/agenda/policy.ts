/**
 * Who may do what in the agenda. Pure.
 *
 * An office has its agenda in hand. Who speaks with citizens elsewhere looks for free times and books them, and cancels or moves what
 * was booked when the citizen asks for it; the day of an office and its notes are not theirs. Directors and headquarters look.
 */

import { can, reachOf } from '../identity/capabilities.ts'
import { type Actor, allowed, dayAt, refused, type Verdict } from '../platform/index.ts'
import type {
  AppointmentAction,
  AppointmentEnding,
  AppointmentMode,
  AppointmentState,
  BookingGroup,
  CancelledBy,
} from './model.ts'
import type { AppointmentRow } from './tables.ts'

/** For whom it is undefined, there is no such appointment. */
export type AppointmentStanding = 'office' | 'booker' | 'overseer' | undefined

/** Returns what somebody is to an appointment: by its office, and by the unit that booked it. */
export function appointmentStandingOf(
  actor: Actor,
  { unit_path, booked_by_path }: Pick<AppointmentRow, 'unit_path' | 'booked_by_path'>,
): AppointmentStanding {
  if (actor.kind === 'system') return 'office'
  if (actor.kind !== 'person') return undefined
  if (can(actor, 'appointments.handle', unit_path)) return 'office'
  if (can(actor, 'appointments.oversee', unit_path)) return 'overseer'
  return can(actor, 'appointments.move', booked_by_path) ? 'booker' : undefined
}

/** Whose days somebody may look at: those of units under a path. Undefined: nobody's. */
export function dayScope(actor: Actor): { all: true } | { all: false; under: string } | undefined {
  if (actor.kind === 'system') return { all: true }
  if (actor.kind !== 'person') return undefined
  const reach = reachOf(actor, 'days.see')
  if (reach === undefined) return undefined
  return reach === 'all' ? { all: true } : { all: false, under: actor.unitPath }
}

/** Services and free times are looked at by who books, and by who has an agenda. */
export const mayLookForTimes = (actor: Actor): boolean => mayBookAppointments(actor).allowed || dayScope(actor) !== undefined

/** Appointments are booked by who speaks with the citizen. */
export function mayBookAppointments(actor: Actor): Verdict {
  if (actor.kind !== 'person') return allowed
  return can(actor, 'appointments.book') ? allowed : refused('agenda.policy.notYourTask')
}

/** From where somebody books: an office for who stands at its counter, the contact centre, a regional centre, or citizens for themselves. */
export function bookingGroupOf(actor: Actor): BookingGroup {
  if (can(actor, 'appointments.handle')) return 'counter'
  if (can(actor, 'calls.answer')) return 'contact-centre'
  return can(actor, 'tickets.work') ? 'cric' : 'public'
}

/** Who chooses the calendar and time of an office by hand, whatever is kept for whom. */
export const mayPlace = (actor: Actor, unitPath: string): Verdict =>
  actor.kind === 'system' || can(actor, 'appointments.handle', unitPath) ? allowed : refused('agenda.policy.officePlaces')

/** So long before an appointment its citizen may be called. */
const callEarlyMs = 15 * 60_000

/** Whether the citizen of an appointment may be called now. Instants are milliseconds. */
export function mayCallCitizen(
  standing: AppointmentStanding,
  { mode, state, start }: { mode: AppointmentMode; state: AppointmentState; start: number },
  now: number,
): Verdict {
  if (standing !== 'office') return refused('agenda.policy.notYourTask')
  if (mode !== 'telephone') return refused('agenda.policy.notByTelephone')
  if (!states.start.includes(state) && state !== 'in-progress') return refused(`agenda.policy.is.${state}`)
  return now >= start - callEarlyMs ? allowed : refused('agenda.policy.notYetTimeToCall')
}

/** Whether somebody prints and sends the letters of an office. */
export const sendsLetters = (actor: Actor, unitPath: string): boolean =>
  actor.kind === 'system' || can(actor, 'appointments.handle', unitPath)

/** The post needs so long: four working days (the standard of ordinary mail in Italy), and those of a weekend between. */
export const postMs = 6 * 24 * 60 * 60_000

/** Who sets up the agenda of an office. */
export const maySetUp = (actor: Actor, unitPath: string): Verdict =>
  can(actor, 'agenda.keep', unitPath) ? allowed : refused('agenda.policy.managerSetsUp')

/** Who is told how many people are booked at a unit and those below it on some days: whoever may close it on them. */
export const mayCountBooked = (actor: Actor, unitPath: string): Verdict =>
  can(actor, 'hours.set', unitPath) ? allowed : refused('agenda.policy.closerCounts')

/** The question of rights; `fitsMoment` is the question of the moment. */
export function mayActOnAppointment(action: AppointmentAction, standing: AppointmentStanding): Verdict {
  if (standing === 'office') return allowed
  if (standing === 'booker') return action === 'cancel' || action === 'move' ? allowed : refused('agenda.policy.officeOnly')
  return refused('agenda.policy.notYourTask')
}

/** A mail that was given up can be mended too: nobody writes another one. */
export const mendable = { alsoFailed: true } as const

/** Who speaks with the citizen mends what the citizen is written. */
export const mayMendMail = (standing: AppointmentStanding): Verdict =>
  standing === 'office' || standing === 'booker' ? allowed : refused('agenda.policy.notYourTask')

const states: Readonly<Record<AppointmentAction, readonly AppointmentState[]>> = {
  prepare: ['booked', 'checked-in', 'in-progress'],
  'check-in': ['booked'],
  'call-in': ['checked-in'],
  start: ['booked', 'checked-in'],
  conclude: ['booked', 'checked-in', 'in-progress'],
  'no-show': ['booked'],
  leave: ['checked-in'],
  cancel: ['booked', 'checked-in'],
  // A citizen who did not come, or has to come again, gets another time, and the matter stays open.
  move: ['booked', 'checked-in', 'in-progress', 'no-show', 'left'],
  // The wrong line was pressed: the appointment is again what it was before.
  'take-back': ['checked-in', 'in-progress', 'no-show', 'left'],
}

/** What can only be true on the day itself, or afterwards when it was not written down at once. */
const onTheDay: readonly AppointmentAction[] = ['check-in', 'call-in', 'start', 'conclude', 'leave']

/**
 * Whether an action fits the state and the moment. Nobody arrives on a day before the appointment's, and nobody has failed to come before
 * its time. Instants are milliseconds.
 */
export function fitsMoment(
  action: AppointmentAction,
  appointment: { state: AppointmentState; start: number },
  { now, timeZone }: { now: number; timeZone: string },
): Verdict {
  if (!states[action].includes(appointment.state)) return refused(`agenda.policy.is.${appointment.state}`)
  const day = dayAt(timeZone, appointment.start)
  if (onTheDay.includes(action) && dayAt(timeZone, now) < day)
    return refused('agenda.policy.notYetDay', { day: day.split('-').reverse().join('/') })
  if (action === 'no-show' && now < appointment.start) return refused('agenda.policy.notYetTime')
  return allowed
}

/** Whether an appointment is still to come, and can be given up or moved. */
export const isAhead = (row: { state: AppointmentState; starts_at: Date }, now: number, timeZone: string): boolean =>
  row.state === 'booked' &&
  row.starts_at.getTime() > now &&
  fitsMoment('cancel', { state: row.state, start: row.starts_at.getTime() }, { now, timeZone }).allowed

/** Whoever cancels later than this before the beginning hardly leaves anybody the time to take the place: a day, as is usual of appointments. */
export const lateCancellationMs = 24 * 60 * 60_000

/**
 * What became of an appointment; null as long as it is not over. Of a cancellation of which nobody has said whose it was, the citizen's is assumed.
 * @param isLate whether it ended within `lateCancellationMs` before its beginning, or after it
 */
export function endingOf({ state, cancelledBy, isLate }: EndedFacts): AppointmentEnding | null {
  if (state === 'concluded') return 'served'
  if (state === 'no-show' || state === 'left') return state
  if (state !== 'cancelled') return null
  if (cancelledBy === 'office') return 'office-fault'
  return isLate ? 'cancelled-late' : 'cancelled-in-time'
}

export interface EndedFacts {
  state: AppointmentState
  cancelledBy: CancelledBy | null
  isLate: boolean
}
