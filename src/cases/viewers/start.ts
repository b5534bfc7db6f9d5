/** Keeps the rows of the pages that are connected here, takes away what has expired, and tells the pages what other processes say. One timer for all of them. */
import { z } from 'zod'
import type { House, LivePages } from '../../platform/index.ts'
import { countsForMs, leavePage, tellViewers, viewersChannel } from './service.ts'
import { deleteExpired, endViewerBy, renewViewers, type ViewerPage } from './store.ts'

const sweepIntervalMs = 10_000
/** A page whose stream broke off may come back within this time, and nobody has seen it gone. */
const comeBackMs = 15_000
const expiredAtOnce = 500

const Told = z.object({ about: z.uuid(), people: z.array(z.uuid()) })

/** What a process has told; undefined for what is none of ours. */
function readTold(said: string): z.infer<typeof Told> | undefined {
  try {
    return Told.parse(JSON.parse(said))
  } catch {
    return undefined
  }
}

/** Follows the live pages of this process. */
export async function startViewers(house: House, live: LivePages): Promise<{ close(): Promise<void> }> {
  const db = house.database.kysely
  const warn = (error: unknown) => house.log.warn({ err: error }, 'who has what open could not be kept')
  const stopListening = await house.database.listen(viewersChannel, said => {
    // The connection is new: what was said meanwhile nobody knows, so that every page asks.
    if (said === '') return live.tellAll({ viewers: null })
    const told = readTold(said)
    if (told) live.tell(told.people, { viewers: told.about })
  })
  const stopHearing = live.onEnd((page, why) => {
    const by = new Date(house.clock.now() + comeBackMs)
    const done = why === 'lost' ? endViewerBy(db, page, by) : leavePage(house, page, page.pageId)
    Promise.resolve(done).catch(warn)
  })
  let sweeping: Promise<void> = Promise.resolve()
  const next = (): (() => void) =>
    house.clock.after(sweepIntervalMs, () => {
      sweeping = sweepViewers(house, live.connected())
        .catch(warn)
        .then(() => {
          if (!closed) cancel = next()
        })
    })
  let closed = false
  let cancel = next()
  return {
    async close() {
      closed = true
      cancel()
      stopHearing()
      await stopListening()
      await sweeping
    },
  }
}

/** Renews the rows of connected pages and takes away those that nobody has renewed, whichever process they belonged to. */
export async function sweepViewers(house: House, connected: readonly ViewerPage[]): Promise<void> {
  const db = house.database.kysely
  const at = house.clock.now()
  const now = new Date(at)
  if (connected.length > 0)
    await renewViewers(db, connected, {
      before: new Date(at + countsForMs - sweepIntervalMs),
      until: new Date(at + countsForMs),
    })
  const gone = await deleteExpired(db, now, expiredAtOnce)
  if (gone.length > 0) await tellViewers(db, gone, now)
}
