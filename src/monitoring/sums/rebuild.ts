/**
 * Writes the sums anew from the journal, while the program runs: the next generation is written beside the current one, by the same hand,
 * and takes its place in one transaction when it has come to the journal's end. Memory is bounded by a part of the journal; a rebuilding that
 * was cut off left a generation that nobody reads, and the next one removes it.
 */
import { sql } from 'kysely'
import type { Db, House } from '../../platform/index.ts'
import { takeOn } from './follow.ts'
import { keepOlder, removeOthers } from './store.ts'

const entriesAtATime = 5_000
/** Any number will do, as long as every rebuilding takes the same one. */
const rebuildLock = 4_012_0001

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
    const { rows } = await sql<{ locked: boolean }>`select pg_try_advisory_lock(${rebuildLock}) as locked`.execute(db)
    if (rows[0]?.locked !== true) throw new RebuildUnderWay('The sums are being rebuilt already.')
    try {
      return await rebuild(house, db, told)
    } finally {
      await sql`select pg_advisory_unlock(${rebuildLock})`.execute(db)
    }
  })
}

async function rebuild(house: Pick<House, 'clock'>, db: Db, told: (entries: number) => void): Promise<number> {
  await removeOthers(db)
  const { generation } = await db
    .insertInto('sum_follower')
    .columns(['generation', 'is_current', 'position', 'entries'])
    .expression(eb =>
      eb
        .selectFrom('sum_follower')
        .select([
          sql<number>`max(generation) + 1`.as('generation'),
          sql`false`.as('is_current'),
          sql`''`.as('position'),
          sql`0`.as('entries'),
        ]),
    )
    .returning('generation')
    .executeTakeFirstOrThrow()
  let read = 0
  for (let part = entriesAtATime; part === entriesAtATime; ) {
    part = await db.transaction().execute(async tx => takeOn(house, tx, await lockRow(tx, generation), entriesAtATime))
    read += part
    told(read)
  }
  await db.transaction().execute(async tx => {
    // Whoever follows waits here, and goes on with the new generation.
    await tx.selectFrom('sum_follower').select('generation').where('is_current', '=', true).forUpdate().executeTakeFirstOrThrow()
    for (let part = entriesAtATime; part === entriesAtATime; read += part)
      part = await takeOn(house, tx, await lockRow(tx, generation), entriesAtATime)
    await keepOlder(tx, generation)
    await tx.updateTable('sum_follower').set({ is_current: false }).where('is_current', '=', true).execute()
    await tx.updateTable('sum_follower').set({ is_current: true }).where('generation', '=', generation).execute()
  })
  await removeOthers(db)
  return read
}

const lockRow = (tx: Db, generation: number) =>
  tx.selectFrom('sum_follower').selectAll().where('generation', '=', generation).forUpdate().executeTakeFirstOrThrow()
