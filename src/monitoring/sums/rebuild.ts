/**
 * Writes the sums anew from the journal, while the program runs: the next generation is written beside the current one, by the same hand,
 * and takes its place in one transaction when it has come to the journal's end. Memory is bounded by a part of the journal; a rebuilding that
 * was cut off left a generation that nobody reads, and the next one removes it.
 */
import type { Db, House } from '../../platform/index.ts'
import { takeOn } from './follow.ts'
import { beginGeneration, lockCurrent, lockGeneration, lockRebuild, makeCurrent, unlockRebuild } from './follower-store.ts'
import { keepOlder, removeOthers } from './store.ts'

const batchSize = 5_000
/** Thrown when another rebuilding is under way. */
export class RebuildUnderWay extends Error {}

/**
 * Rebuilds the sums. Returns how many entries were read.
 * @param told is told after each part how many entries have been read
 * @throws RebuildUnderWay
 */
export async function rebuildSums(
  house: Pick<House, 'database' | 'clock'>,
  told: (entries: number) => void = () => {},
): Promise<number> {
  // On one connection, which holds the lock until the end of it.
  return house.database.kysely.connection().execute(async db => {
    if (!(await lockRebuild(db))) throw new RebuildUnderWay('The sums are being rebuilt already.')
    try {
      return await rebuild(house, db, told)
    } finally {
      await unlockRebuild(db)
    }
  })
}

async function rebuild(house: Pick<House, 'clock'>, db: Db, told: (entries: number) => void): Promise<number> {
  await removeOthers(db)
  const generation = await beginGeneration(db)
  let read = 0
  for (let part = batchSize; part === batchSize; ) {
    part = await db.transaction().execute(async tx => takeOn(house, tx, await lockGeneration(tx, generation), batchSize))
    read += part
    told(read)
  }
  await db.transaction().execute(async tx => {
    // Whoever follows waits here, and goes on with the new generation.
    await lockCurrent(tx)
    for (let part = batchSize; part === batchSize; read += part)
      part = await takeOn(house, tx, await lockGeneration(tx, generation), batchSize)
    await keepOlder(tx, generation)
    await makeCurrent(tx, generation)
  })
  await removeOthers(db)
  return read
}
