/** The door of telephony: the life of calls, over Asterisk and over the browser. */
import type {} from './tables.ts'

export { scheduleEmptying } from './calls/emptying.ts'
export { pastCall } from './calls/past.ts'
export { scheduleOfferCalls } from './calls/time-offers/service.ts'
export * from './events.ts'
export * from './model.ts'
export { SpeechFailed } from './prompts/index.ts'
export { promptRoutes } from './prompts/recordings/routes.ts'
export { voiceOf } from './prompts/recordings/service.ts'
export { telephonyRoutes } from './routes.ts'
export { startTelephony, type Telephony, type TelephonyOptions } from './start.ts'
export { isTalking } from './store.ts'
