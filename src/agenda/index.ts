/** The door of the agenda: services, free times, holds, appointments. */
export { type BookedAppointment, type ConfirmHold, confirmHold } from './appointments.ts'
export { appointmentConcluded, appointmentMoved } from './events.ts'
export { releaseHold, takeHold } from './holds.ts'
export * from './model.ts'
export { routes } from './routes.ts'
export { insertAgenda, type NewAgenda, type NewCalendar, type NewClosure, type NewService } from './setup.ts'
export { startAgenda } from './start.ts'
