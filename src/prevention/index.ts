/** The door of prevention: what IT groups do so that fewer questions come. */
export * from './events.ts'
export * from './model.ts'
export { preventionRoutes } from './routes.ts'
