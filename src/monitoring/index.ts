/** The door of monitoring: the figures of now, and the sums of half hours. */
export { startMonitoring } from './gauges.ts'
export * from './model.ts'
export { OwnCount } from './own-count.ts'
export { monitoringRoutes } from './routes.ts'
export { arrivalsByProvince, dayFigures, liveFigures } from './service.ts'
export { countJournal } from './store.ts'
export {
  type DaySpan,
  firstHalfHour,
  followSums,
  type NumberOfDay,
  numbersOfDays,
  RebuildUnderWay,
  rebuildSums,
  type SectionHalfHour,
  sectionsOfDays,
  sumsPlaces,
} from './sums/index.ts'
