/** The door of guides: steps that whoever helps follows together with a citizen, and what was done of them. */
export * from './events.ts'
export * from './model.ts'
export { guideRoutes } from './routes.ts'
export { addGuide, beginSession, finishSession, sayStep } from './service.ts'
export { keepGuide } from './store.ts'
