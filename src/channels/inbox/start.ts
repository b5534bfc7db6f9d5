/** Mail that comes in, in a running program. */
import type { House } from '../../platform/index.ts'
import { openPec } from '../pec/open.ts'
import { type ProcessParts, startProcessing } from './process.ts'
import { type IntakePace, superviseMailboxes } from './supervisor.ts'

/** Starts to fetch and read mail (the role `worker`). */
export function startInbox(house: House, parts: Omit<ProcessParts, 'registered'>, pace?: IntakePace): { close(): Promise<void> } {
  if (!house.config.ROLES.includes('worker')) return { close: async () => {} }
  const processing = startProcessing(house, { ...parts, registered: openPec(house.config) })
  const supervision = superviseMailboxes(house, processing.wake, pace)
  return {
    async close() {
      await supervision.close()
      await processing.close()
    },
  }
}
