/** The door of the agenda: services, free times, holds, appointments. */
export { type BookedAppointment, type ConfirmHold, confirmHold } from './appointments.ts'
export { keepNumbers, setLetters } from './code-store.ts'
export { giveDayCode, takeDayCode } from './codes.ts'
export * from './events.ts'
export { releaseHold, takeHold } from './holds.ts'
export { appointmentByLink } from './links/service.ts'
export { appointmentMail } from './mail.ts'
export * from './model.ts'
export { agendaRoutes } from './routes.ts'
export { insertAgenda, type NewAgenda, type NewCalendar, type NewClosure, type NewService } from './setup-store.ts'
export { startAgenda } from './start.ts'
export { servicesOfUnit } from './store.ts'
export { appointmentMailOwner } from './unsent.ts'
export { bookedBetween } from './visit-store.ts'
export {
  appointmentByCode,
  arriveForAppointment,
  concludeForVisit,
  minutesOfDay,
  startForVisit,
  type VisitAppointment,
} from './visits.ts'
export { acceptTimeOffer, declineTimeOffer, putOnList, waitForEarlier } from './waiting/service.ts'
