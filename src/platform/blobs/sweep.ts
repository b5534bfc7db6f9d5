/**
 * Removes from a bucket what nothing names: what was brought and not kept, because its transaction failed or its process died, and what was erased. Who
 * removes it says so first, in a row, so that nobody keeps it meanwhile; who dies on the way leaves it to the next.
 */
import type { House } from '../house.ts'
import { bucketOf } from './blobs.ts'
import { BucketAway } from './bucket.ts'
import { deleteLeftover, takeLeftovers } from './store.ts'

const sweepBatch = 100
/** Another one tries after so long. */
const againMs = 600_000

/** Removes what is due, some at a time. Returns how many. */
export async function sweepBlobs(house: House): Promise<number> {
  const bucket = bucketOf(house)
  if (bucket === undefined) return 0
  const { kysely } = house.database
  let removed = 0
  for (;;) {
    const now = house.clock.now()
    const due = await takeLeftovers(kysely, new Date(now), new Date(now + againMs), sweepBatch)
    for (const each of due) {
      await bucket.remove(each.id, each.bucket)
      await deleteLeftover(kysely, each.id)
      removed++
    }
    if (due.length < sweepBatch) return removed
  }
}

/** Keeps a bucket free of what nothing names (the role `worker`). */
export function scheduleSweep(house: House): void {
  house.jobs.schedule('blobs.sweep', '*/10 * * * *', async () => {
    await sweepBlobs(house).catch((error: unknown) => {
      if (!(error instanceof BucketAway)) throw error
      house.log.warn({ problem: error.message }, 'leftovers cannot be removed now; it will be tried again')
    })
  })
}
