/** The door of staffing: who works in the sections of a region, what they have to do, and how many people a target needs. */
export * from './events.ts'
export { insertReserve, putMember } from './members/store.ts'
export * from './model.ts'
export { closePlans } from './plan/service.ts'
export { staffingRoutes } from './routes.ts'
export type { SectionMemberRow, StaffReserveRow } from './tables.ts'
export { countWorkloadAnew, followWorkload, MonthsArchived, startWorkload, workloadPlaces } from './workload/follow.ts'
