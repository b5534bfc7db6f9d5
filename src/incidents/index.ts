/** The door of incidents: many tickets of one cause, and what is said of it. */
export * from './events.ts'
export * from './model.ts'
export { incidentRoutes } from './routes.ts'
export { startIncidents } from './start.ts'
export { noticesForCaller, noticesToSpeak } from './views.ts'
