import { sql } from 'kysely'
import type { Tx } from './database.ts'

/**
 * Does `work` so that, if it fails, what it has written is taken back and the transaction around it goes on.
 * @throws what `work` throws
 */
export async function inSavepoint<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await sql`savepoint before_work`.execute(tx)
  try {
    const result = await work()
    await sql`release savepoint before_work`.execute(tx)
    return result
  } catch (error) {
    await sql`rollback to savepoint before_work`.execute(tx)
    throw error
  }
}
