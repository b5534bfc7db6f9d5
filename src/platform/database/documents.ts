/**
 * Documents that a unit has as a whole, each version beside those before: the newest holds, none is ever changed. The table has the columns `unit_id, version,
 * document, reason, by_name, at`, with the first two as its key.
 */
import { sql } from 'kysely'
import { z } from 'zod'
import { changedMeanwhile } from '../http/changed-meanwhile.ts'
import { decodeCursor, pageOf } from '../http/route.ts'
import type { Db } from './database.ts'

export interface DocumentVersion<D> {
  version: number
  document: D
  /** Empty for what was there before anybody had changed anything. */
  reason: string
  byName: string
  at: Date
}

interface DocumentRow {
  version: number
  document: unknown
  reason: string
  by_name: string
  at: Date
}

/** The documents of one kind. @param name of the document, in what a refusal says of the newest version */
export function documentsOf<D>(table: string, name: string, schema: z.ZodType<D>) {
  const rows = sql.table(table)
  const read = async (db: Db, unitId: string, before: number | undefined, limit: number): Promise<DocumentVersion<D>[]> => {
    const found = await sql<DocumentRow>`
      select version, document, reason, by_name, at from ${rows}
      where  unit_id = ${unitId} and (${before ?? null}::integer is null or version < ${before ?? null}::integer)
      order  by version desc limit ${limit}`.execute(db)
    return found.rows.map(({ by_name: byName, document, ...row }) => ({ ...row, byName, document: schema.parse(document) }))
  }
  const insert = async (db: Db, unitId: string, row: DocumentVersion<D>): Promise<boolean> => {
    const { version, document, reason, byName, at } = row
    const added = await sql`
      insert into ${rows} (unit_id, version, document, reason, by_name, at)
      values (${unitId}, ${version}, ${JSON.stringify(document)}::jsonb, ${reason}, ${byName}, ${at})
      on     conflict (unit_id, version) do nothing
      returning version`.execute(db)
    return added.rows.length > 0
  }
  const newest = async (db: Db, unitId: string): Promise<number> => {
    const found = await sql<{ version: number }>`
      select coalesce(max(version), 0) as version from ${rows} where unit_id = ${unitId}`.execute(db)
    return found.rows[0]?.version ?? 0
  }
  return {
    /** The version that holds; 0 as long as there is none. */
    newest,
    /** One page of the versions, the newest first. */
    async page(db: Db, unitId: string, { cursor, limit }: { cursor?: string | undefined; limit: number }) {
      const before = decodeCursor(z.tuple([z.number().int()]), cursor)?.[0]
      return pageOf(await read(db, unitId, before, limit + 1), limit, row => [row.version])
    },
    /**
     * Adds a document after the version that was read, and before the first one `before`, which was there without any.
     * @returns its version
     * @throws Refused 412 when somebody else has saved one since
     */
    async add(db: Db, unitId: string, version: number, before: D, row: Omit<DocumentVersion<D>, 'version'>): Promise<number> {
      const next = Math.max(version, 1) + 1
      const isNewest = (await newest(db, unitId)) === version
      const first = { version: 1, document: before, reason: '', byName: '', at: row.at }
      if (isNewest && version === 0) await insert(db, unitId, first)
      // The key of the table decides between two at once.
      if (isNewest && (await insert(db, unitId, { ...row, version: next }))) return next
      const [last] = await read(db, unitId, undefined, 1)
      throw changedMeanwhile({ version: last?.version ?? 0, [name]: before }, last && { by: last.byName, at: last.at })
    },
  }
}
