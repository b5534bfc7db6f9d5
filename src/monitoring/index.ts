/** The door of monitoring: the figures of now, and the sums of half hours. */
export { startMonitoring } from './gauges.ts'
export * from './model.ts'
export { countJournal, OwnCount } from './own-count.ts'
export { routes } from './routes.ts'
export { arrivalsByProvince, dayFigures, liveFigures } from './service.ts'
export {
  firstHalfHour,
  followSums,
  type NumberOfDay,
  numbersOfDays,
  RebuildUnderWay,
  rebuildSums,
  type SectionHalfHour,
  type Span,
  sectionsOfDays,
  sumsPlaces,
} from './sums/index.ts'
