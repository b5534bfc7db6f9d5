/** The door of the simulation: the routing engine's twin under virtual time, and the formulas that it is checked against. */
export {
  erlangB,
  erlangC,
  type Line,
  leastServers,
  type Performance,
  type Target,
  withImpatience,
  withoutImpatience,
} from './erlang.ts'
export * from './model.ts'
export { nationalBehaviour, nationalDay } from './national-day.ts'
export {
  agentsNeeded,
  type Cover,
  coverWithShifts,
  forecast,
  type PastDay,
  type Shift,
  type ShiftKind,
  type Workload,
} from './planner.ts'
export type { Duration } from './random.ts'
export { routes } from './routes.ts'
export { closeRuns } from './service.ts'
export { type SimulateOptions, simulate } from './simulate.ts'
export { Change, withChanges } from './what-if.ts'
