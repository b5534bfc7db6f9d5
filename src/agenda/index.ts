/** The door of the agenda: services, free times, holds, appointments. */
export { type BookedAppointment, type ConfirmHold, confirmHold } from './appointments.ts'
export * from './events.ts'
export { releaseHold, takeHold } from './holds.ts'
export { appointmentMail } from './mail.ts'
export * from './model.ts'
export { agendaRoutes } from './routes.ts'
export { insertAgenda, type NewAgenda, type NewCalendar, type NewClosure, type NewService } from './setup-store.ts'
export { startAgenda } from './start.ts'
