/** The door of the organisation: units, the number plan, opening hours, holidays, municipalities. */
export { easter, holidayName, holidays, holidaysOf } from './calendar.ts'
export { closuresAffecting, insertClosure } from './closure-store.ts'
export {
  type ClosedDay,
  checkClosureDays,
  closedDays,
  decideClosure,
  type WorkCalendar,
  withdrawClosure,
  workCalendarOf,
} from './closures.ts'
export { decentSpan, type Span } from './decent-hours.ts'
export { unitClosureCancelled, unitClosureDecided, unitHoursChanged } from './events.ts'
export * from './model.ts'
export { distanceKm, municipalities, provinceOf, regionNames, searchMunicipalities } from './municipalities.ts'
export { cancelNumberChange, planNumbers, reverseNumber, scheduleNumber } from './number-service.ts'
export {
  type ChangeRow,
  countNumbers,
  exampleNumbers,
  fallbackNumbers,
  insertChanges,
  insertNumbers,
  type NumberInForce,
  numberChangesBetween,
  numbersInForce,
  numbersOf,
  officeOfNumber,
  provincesOfNumbers,
} from './number-store.ts'
export { minutesOf, stretches } from './opening.ts'
export { organisationRoutes } from './routes.ts'
export { holidayTest, isOpen, nearestAgencies, openingOf, setHours } from './service.ts'
export {
  competentCric,
  competentGai,
  contactCentreSections,
  insertHours,
  insertUnits,
  type NewUnit,
  openingHoursOf,
  searchUnits,
  type UnitFilter,
  unitOf,
  unitsOf,
} from './store.ts'
export { wordsAsked, wordsOf } from './words.ts'
