/** SQL of the generations of sums: how far each has read the journal, and which one is current. They are two at most. */
import { sql } from 'kysely'
import type { Db } from '../../platform/index.ts'

export interface FollowerRow {
  generation: number
  position: string
  entries: number
  read_through: Date | null
  forgotten_before: Date | null
}

/** The current generation, locked; undefined while another node has it. */
export const lockCurrentIfFree = (tx: Db): Promise<FollowerRow | undefined> =>
  tx.selectFrom('sum_follower').selectAll().where('is_current', '=', true).forUpdate().skipLocked().executeTakeFirst()

/** Waits until nobody writes the current generation, and keeps everybody from it until the end of the transaction. */
export async function lockCurrent(tx: Db): Promise<void> {
  await tx.selectFrom('sum_follower').select('generation').where('is_current', '=', true).forUpdate().executeTakeFirstOrThrow()
}

export const lockGeneration = (tx: Db, generation: number): Promise<FollowerRow> =>
  tx.selectFrom('sum_follower').selectAll().where('generation', '=', generation).forUpdate().executeTakeFirstOrThrow()

/** Says how far a generation has read. */
export async function moveOn(tx: Db, generation: number, read: Omit<FollowerRow, 'generation'>): Promise<void> {
  await tx.updateTable('sum_follower').set(read).where('generation', '=', generation).execute()
}

/** Begins a generation that has read nothing. Returns its number. */
export async function beginGeneration(db: Db): Promise<number> {
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
  return generation
}

/** Puts a generation in the place of the current one. */
export async function makeCurrent(tx: Db, generation: number): Promise<void> {
  await tx.updateTable('sum_follower').set({ is_current: false }).where('is_current', '=', true).execute()
  await tx.updateTable('sum_follower').set({ is_current: true }).where('generation', '=', generation).execute()
}

/** Any number will do, as long as every rebuilding takes the same one. */
const rebuildLock = 4_012_0001

/** Takes the lock of rebuilding, on this connection. Returns whether it was free. */
export async function lockRebuild(db: Db): Promise<boolean> {
  const { rows } = await sql<{ locked: boolean }>`select pg_try_advisory_lock(${rebuildLock}) as locked`.execute(db)
  return rows[0]?.locked === true
}

export async function unlockRebuild(db: Db): Promise<void> {
  await sql`select pg_advisory_unlock(${rebuildLock})`.execute(db)
}
