/** The door of the counters: who comes to an office, who is called, and how the day went. */
export { pairingHashOf } from './devices.ts'
export * from './events.ts'
export { type CitizenWords, defaultRules, type HallRules, type KioskQuestion } from './model.ts'
export { callNextOf, insertPastVisits, type PastVisit } from './past.ts'
export { counterRoutes } from './routes.ts'
export { insertCounters, type NewCounters } from './setup-store.ts'
export { startCounters } from './start.ts'
