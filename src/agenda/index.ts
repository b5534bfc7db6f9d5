/** The door of the agenda: services, free times, holds, appointments. */
export { type BookedAppointment, type ConfirmHold, confirmHold } from './appointments.ts'
export { keepNumbers, setLetters } from './code-store.ts'
export { giveDayCode, takeDayCode } from './codes.ts'
export * from './events.ts'
export { releaseHold, takeHold } from './holds.ts'
export { writeLetter } from './letters/write.ts'
export { appointmentByLink } from './links/service.ts'
export { appointmentMail } from './mail.ts'
export * from './model.ts'
export { textReminderPurpose } from './reminders/text.ts'
export { agendaRoutes } from './routes.ts'
export { bookSeries } from './series.ts'
export { insertAgenda, type NewAgenda, type NewCalendar, type NewClosure, type NewService } from './setup-store.ts'
export { startAgenda } from './start.ts'
export { servicesOfUnit } from './store.ts'
export { appointmentMailOwner } from './unsent.ts'
export { bookedBetween } from './visit-store.ts'
export {
  appointmentByCode,
  appointmentToCall,
  arriveForAppointment,
  callInForVisit,
  concludeForVisit,
  leaveForVisit,
  minutesOfDay,
  missForCall,
  startForVisit,
  subjectsForCall,
  type VisitAppointment,
  waitAgainForVisit,
} from './visits.ts'
export { answerByTelephone, type KeyedAnswer, type OfferToTell, offersToTell } from './waiting/by-telephone.ts'
export { callAgainFrom, callNoMore, type OneOffer, offerDue, offeredCitizen } from './waiting/calling.ts'
export { acceptTimeOffer, declineTimeOffer, putOnList, waitForEarlier } from './waiting/service.ts'
export { countWrongCode, offersToCall } from './waiting/store.ts'
export { settleReminder } from './writing.ts'
