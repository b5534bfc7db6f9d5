/** The door of telephony: the life of calls, over Asterisk and over the browser. */
import type {} from './tables.ts'

export { scheduleEmptying } from './emptying.ts'
export * from './events.ts'
export * from './model.ts'
export { pastCall } from './past.ts'
export { promptRoutes } from './recordings/routes.ts'
export { telephonyRoutes } from './routes.ts'
export { startTelephony, type Telephony, type TelephonyOptions } from './start.ts'
export { isTalking } from './store.ts'
