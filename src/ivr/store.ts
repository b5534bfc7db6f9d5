/** Flows in the database: every version is kept, one of each flow is in force, at most one is a draft. */
import { sql } from 'kysely'
import type { Db, Tx } from '../platform/index.ts'
import { Flow } from './model.ts'
import type {} from './tables.ts'

export interface KeptFlow {
  id: string
  version: number
  flow: Flow
}

/** A version without its content. */
export interface FlowRow {
  version: number
  status: 'draft' | 'published' | 'superseded' | 'discarded'
  edit: number
  copyOf: number | null
  note: string
  changedAt: Date
  changedBy: string | null
  publishedAt: Date | null
  publishedBy: string | null
}

export type WholeFlow = FlowRow & { flow: Flow }

const columns = [
  'version',
  'status',
  'edit',
  'copy_of as copyOf',
  'note',
  'changed_at as changedAt',
  'changed_by as changedBy',
  'published_at as publishedAt',
  'published_by as publishedBy',
] as const

/** The version that new calls are led by; undefined when none was ever published. Index: flow_in_force. */
export async function versionInForce(db: Db, id = 'main'): Promise<{ id: string; version: number } | undefined> {
  const { rows } = await sql<{ id: string; version: number }>`
    /* ivr.version-in-force */
    select id, version from flow where id = ${id} and status = 'published'`.execute(db)
  return rows[0]
}

/** What is in force, read whole. */
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

/** One version with all that is known of it: by its number, or the one in force, or the draft. Indexes: the key, flow_in_force, flow_draft. */
export async function wholeFlow(db: Db, id: string, which: number | 'in-force' | 'draft'): Promise<WholeFlow | undefined> {
  const all = db
    .selectFrom('flow')
    .select([...columns, 'content'])
    .where('id', '=', id)
  const one =
    typeof which === 'number'
      ? all.where('version', '=', which)
      : all.where('status', '=', which === 'draft' ? 'draft' : 'published')
  const row = await one.executeTakeFirst()
  if (!row) return undefined
  const { content, ...rest } = row
  return { ...rest, flow: Flow.parse(content) }
}

/** Versions from the newest back, below `before`. Index: the key. */
export function listFlows(db: Db, id: string, limit: number, before?: number): Promise<FlowRow[]> {
  const all = db.selectFrom('flow').select(columns).where('id', '=', id)
  return (before === undefined ? all : all.where('version', '<', before)).orderBy('version', 'desc').limit(limit).execute()
}

/** Until the transaction ends nobody else changes the flow: numbers of versions stay dense, and one is in force. */
export async function lockFlow(tx: Tx, id: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${`flow ${id}`}))`.execute(tx)
}

export interface NewFlow {
  now: Date
  by: string | null
  copyOf?: number | null
  note?: string
  /** `superseded`: what is put in force at once and is no draft for anybody. */
  status?: 'draft' | 'superseded'
}

/** Keeps a new version and answers its number. The flow must be locked. */
export async function insertFlow(
  tx: Tx,
  flow: Flow,
  { now, by, copyOf = null, note = '', status = 'draft' }: NewFlow,
): Promise<number> {
  const { newest } = await tx
    .selectFrom('flow')
    .select(({ fn }) => fn.max('version').as('newest'))
    .where('id', '=', flow.id)
    .executeTakeFirstOrThrow()
  const version = (newest ?? 0) + 1
  await tx
    .insertInto('flow')
    .values({
      ...{ id: flow.id, version, status, content: JSON.stringify(flow), created_at: now, published_at: null },
      ...{ copy_of: copyOf, note, changed_at: now, changed_by: by, published_by: null },
    })
    .execute()
  return version
}

/** Saves a draft over what it was. */
export async function updateDraft(tx: Tx, flow: Flow, version: number, now: Date, by: string | null): Promise<void> {
  await tx
    .updateTable('flow')
    .set(({ eb }) => ({ content: JSON.stringify(flow), edit: eb('edit', '+', 1), changed_at: now, changed_by: by }))
    .where('id', '=', flow.id)
    .where('version', '=', version)
    .where('status', '=', 'draft')
    .execute()
}

/** Puts a draft away. Its content is kept. */
export async function discard(tx: Tx, id: string, version: number): Promise<void> {
  await tx.updateTable('flow').set({ status: 'discarded' }).where('id', '=', id).where('version', '=', version).execute()
}

/** Puts a version in force; the one before it gives way. */
export async function putInForce(
  tx: Tx,
  id: string,
  version: number,
  { now, by, note }: { now: Date; by: string | null; note?: string },
): Promise<void> {
  await tx.updateTable('flow').set({ status: 'superseded' }).where('id', '=', id).where('status', '=', 'published').execute()
  await tx
    .updateTable('flow')
    .set({ status: 'published', published_at: now, published_by: by, ...(note === undefined ? {} : { note }) })
    .where('id', '=', id)
    .where('version', '=', version)
    .execute()
}
