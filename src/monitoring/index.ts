/** The door of monitoring: the figures of now. */
export { startMonitoring } from './gauges.ts'
export * from './model.ts'
export { routes } from './routes.ts'
export { dayFigures, liveFigures } from './service.ts'
