/** The door of the organisation: units, the number plan, opening hours, holidays, municipalities. */
export { easter, holidays, holidaysOf } from './calendar.ts'
export * from './model.ts'
export { distanceKm, municipalities, provinceOf, searchMunicipalities } from './municipalities.ts'
export { routes } from './routes.ts'
export {
  cancelNumberChange,
  holidayTest,
  isOpen,
  nearestAgencies,
  planNumbers,
  reverseNumber,
  scheduleNumber,
  setHours,
} from './service.ts'
export {
  type ChangeRow,
  competentCric,
  competentGai,
  contactCentreSections,
  countNumbers,
  fallbackNumbers,
  hoursOf,
  insertChanges,
  insertHours,
  insertNumbers,
  insertUnits,
  type NewUnit,
  officeOfNumber,
  searchUnits,
  type UnitFilter,
  unitOf,
  unitsOf,
} from './store.ts'
export { endOfPrefix, wordsAsked, wordsOf } from './words.ts'
