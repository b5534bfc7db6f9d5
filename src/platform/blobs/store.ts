/** SQL of large things: what is known of each, and the pieces of those that lie in the database. */
import { type Generated, type RawBuilder, sql } from 'kysely'
import type { Db } from '../database/database.ts'

interface BlobTable {
  id: string
  size_bytes: number
  sha256: Buffer
  created_at: Date
  /** Where the bytes lie; null: here, in pieces. */
  bucket: string | null
}

interface BlobChunkTable {
  blob_id: string
  n: number
  bytes: Buffer
}

interface BlobLeftoverTable {
  id: string
  bucket: string
  due_at: Date
  taken: Generated<boolean>
}

declare module '../database/tables.ts' {
  interface Tables {
    blob: BlobTable
    blob_chunk: BlobChunkTable
    blob_leftover: BlobLeftoverTable
  }
}

export const insertBlob = (db: Db, row: BlobTable): Promise<unknown> => db.insertInto('blob').values(row).execute()
export const insertChunk = (db: Db, row: BlobChunkTable): Promise<unknown> => db.insertInto('blob_chunk').values(row).execute()

/** Index: blob_pkey. Bytes come back as a Buffer from PostgreSQL and as an Uint8Array from the embedded database. */
export async function readBlobRow(db: Db, id: string): Promise<BlobTable | undefined> {
  const row = await db.selectFrom('blob').selectAll().where('id', '=', id).executeTakeFirst()
  return row && { ...row, size_bytes: Number(row.size_bytes), sha256: Buffer.from(row.sha256) }
}

/** Index: blob_chunk_pkey. */
export async function readChunk(db: Db, id: string, n: number): Promise<Buffer | undefined> {
  const row = await db.selectFrom('blob_chunk').select('bytes').where('blob_id', '=', id).where('n', '=', n).executeTakeFirst()
  return row && Buffer.from(row.bytes)
}

/**
 * Takes the bytes of some blobs away, and keeps what is known of them.
 * @param ids a query of identifiers
 */
export async function eraseBlobs(db: Db, ids: RawBuilder<unknown>): Promise<void> {
  await sql`
    with erased as (
      update blob set bucket = null
      from   (select id, bucket from blob where id in (${ids}) and bucket is not null for update) old
      where  blob.id = old.id
      returning old.id, old.bucket)
    insert into blob_leftover (id, bucket, due_at) select id, bucket, 'epoch' from erased`.execute(db)
  await sql`delete from blob_chunk where blob_id in (${ids})`.execute(db)
}

/** Takes a blob away that nothing names any more. */
export async function deleteBlob(db: Db, id: string): Promise<void> {
  await eraseBlobs(db, sql`select ${id}::uuid`)
  await db.deleteFrom('blob').where('id', '=', id).execute()
}

// --- leftovers ------------------------------------------------------------------------------------------------------

export const insertLeftover = (db: Db, row: { id: string; bucket: string; due_at: Date }): Promise<unknown> =>
  db.insertInto('blob_leftover').values(row).execute()

/** It is named now, and no leftover any more. Returns false when somebody removes it. Index: blob_leftover_pkey. */
export async function keepLeftover(db: Db, id: string): Promise<boolean> {
  const kept = await db
    .deleteFrom('blob_leftover')
    .where('id', '=', id)
    .where('taken', '=', false)
    .returning('id')
    .executeTakeFirst()
  return kept !== undefined
}

/** Takes leftovers that are due; until `until` nobody else does. Index: blob_leftover_due. */
export async function takeLeftovers(db: Db, now: Date, until: Date, limit: number): Promise<{ id: string; bucket: string }[]> {
  const { rows } = await sql<{ id: string; bucket: string }>`
    update blob_leftover set taken = true, due_at = ${until}
    where  id in (select id from blob_leftover where due_at <= ${now} order by due_at, id limit ${limit} for update skip locked)
    returning id, bucket`.execute(db)
  return rows
}

export const deleteLeftover = (db: Db, id: string): Promise<unknown> =>
  db.deleteFrom('blob_leftover').where('id', '=', id).execute()

/** A bucket in which large things lie; undefined when all lie here. Index: blob_elsewhere. */
export async function someBucket(db: Db): Promise<string | undefined> {
  const row = await db.selectFrom('blob').select('bucket').where('bucket', 'is not', null).limit(1).executeTakeFirst()
  return row?.bucket ?? undefined
}
