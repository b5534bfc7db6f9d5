/** Flows in the database: every version is kept, one of each flow is in force. */
import type { Kysely } from 'kysely'
import type { Tables, Tx } from '../platform/index.ts'
import { Flow } from './model.ts'
import type {} from './tables.ts'

type Db = Kysely<Tables> | Tx

export interface KeptFlow {
  id: string
  version: number
  flow: Flow
}

/** The version that new calls are led by; undefined when none was ever published. Index: flow_in_force. */
export async function flowInForce(db: Db, id = 'main'): Promise<KeptFlow | undefined> {
  const row = await db
    .selectFrom('flow')
    .select(['id', 'version', 'content'])
    .where('id', '=', id)
    .where('status', '=', 'published')
    .executeTakeFirst()
  return row && { id: row.id, version: row.version, flow: Flow.parse(row.content) }
}

/** One version, whatever its status. */
export async function flowVersion(db: Db, id: string, version: number): Promise<KeptFlow | undefined> {
  const row = await db.selectFrom('flow').select('content').where('id', '=', id).where('version', '=', version).executeTakeFirst()
  return row && { id, version, flow: Flow.parse(row.content) }
}

/** Keeps a new draft and answers its version. Two who draft at once take turns at the flow's newest row. */
export async function insertDraft(tx: Tx, flow: Flow, now: Date): Promise<number> {
  const newest = await tx
    .selectFrom('flow')
    .select('version')
    .where('id', '=', flow.id)
    .orderBy('version', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst()
  const version = (newest?.version ?? 0) + 1
  await tx
    .insertInto('flow')
    .values({ id: flow.id, version, status: 'draft', content: JSON.stringify(flow), created_at: now, published_at: null })
    .execute()
  return version
}

/** Puts a version in force; the one before it gives way. */
export async function putInForce(tx: Tx, id: string, version: number, now: Date): Promise<void> {
  await tx.updateTable('flow').set({ status: 'superseded' }).where('id', '=', id).where('status', '=', 'published').execute()
  await tx
    .updateTable('flow')
    .set({ status: 'published', published_at: now })
    .where('id', '=', id)
    .where('version', '=', version)
    .execute()
}
