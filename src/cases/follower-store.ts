/** SQL of how far the followers of cases have read the journal. */
import type { Db, Tx } from '../platform/index.ts'

/** The followers, with what they have read, by name. */
export const readFollowers = (db: Db): Promise<{ name: string; position: string }[]> =>
  db.selectFrom('case_follower').select(['name', 'position']).orderBy('name').execute()

/** Lets a follower begin at a position, where it has not begun yet. */
export async function beginFollower(db: Db, name: string, position: string): Promise<void> {
  await db
    .insertInto('case_follower')
    .values({ name, position })
    .onConflict(conflict => conflict.doNothing())
    .execute()
}

/** How far a follower has read; no other reads on until the end of the transaction. */
export async function lockFollower(tx: Tx, name: string): Promise<string> {
  const row = await tx
    .selectFrom('case_follower')
    .select('position')
    .where('name', '=', name)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return row.position
}

/** Says how far a follower has read. */
export async function moveFollower(tx: Tx, name: string, position: string): Promise<void> {
  await tx.updateTable('case_follower').set({ position }).where('name', '=', name).execute()
}
