/** The door of the simulation: the routing engine's twin under virtual time, and the formulas that it is checked against. */

export { type Comparison, compareRuns, type Interval, interval, meanDay, type Outcome, runTask, type Task } from './comparison.ts'
export {
  erlangB,
  erlangC,
  minServers,
  type Performance,
  type QueueModel,
  type ServiceTarget,
  withImpatience,
  withoutImpatience,
} from './erlang.ts'
export { EventCalendar } from './event-calendar.ts'
export {
  agentsOfDay,
  type Caller,
  type CallOfDay,
  JournalOfDay,
  type SectionOfHistory,
  type SkillRow,
  usualCourse,
  usualSections,
  usualSize,
} from './journal-of-day.ts'
export * from './model.ts'
export { nationalBehaviour, nationalDay } from './national-day.ts'
export { plansOf } from './past.ts'
export { agentsNeeded, type Cover, coverWithShifts, type Load, type Shift, type ShiftKind } from './planner.ts'
export { type Duration, drawMs, exponential, type Random, randomOf } from './random.ts'
export { simulationRoutes } from './routes.ts'
export { Channelling } from './schema.ts'
export { closeRuns, taskOfDay } from './service.ts'
export { type SimulateOptions, simulate } from './simulate.ts'
export { closeViews } from './views.ts'
export { Change, withChanges } from './what-if.ts'
