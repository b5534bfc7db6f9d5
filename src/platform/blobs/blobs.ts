/**
 * Large things, such as a mail or what is attached to it, through one small port.
 *
 *   bytes ──bring──▶ where they will lie ──keep──▶ named by a row, in the transaction that needs them
 *                           │
 *                           └── not kept within a day, or erased ──▶ a leftover, which is removed (`sweep.ts`)
 *
 * What is slow is done before the transaction, so that none waits for it; what a row names is there. The house keeps the bytes as rows of PostgreSQL, so
 * that a backup of the database has everything, or in a bucket where one is set (`BLOBS_URL`). Each says where it lies: a change of the setting moves nothing,
 * and everything can still be read.
 */
import { createHash } from 'node:crypto'
import { Refused } from '../errors.ts'
import type { House } from '../house.ts'
import type { Work } from '../use-case.ts'
import { type Bucket, BucketAway, openBucket } from './bucket.ts'
import { insertBlob, insertChunk, insertLeftover, keepLeftover, readBlobRow, readChunk } from './store.ts'

declare module '../house.ts' {
  interface HouseParts {
    bucket: Bucket | undefined
  }
}

/** The bucket that is set; undefined where large things lie in the database. */
export const bucketOf = ({ config, parts }: Pick<House, 'config' | 'parts'>): Bucket | undefined =>
  (parts.bucket ??= openBucket(config))

/** Bytes that nothing names yet. */
export interface BroughtBlob {
  readonly id: string
  readonly bytes: Uint8Array
  readonly sha256: Buffer
  /** Where they lie already; null where they will lie in the database. */
  readonly bucket: string | null
}

const chunkBytes = 256 * 1024
/** Far longer than between bringing and keeping. */
const keptWithinMs = 24 * 3_600_000

/**
 * Brings bytes to where they will lie. Call it before the transaction that keeps them.
 * @throws BucketAway when that cannot be done now
 */
export async function bringBlob(house: House, bytes: Uint8Array): Promise<BroughtBlob> {
  const bucket = bucketOf(house)
  const brought = { id: house.ids(), bytes, sha256: sha256Of(bytes), bucket: bucket?.name ?? null }
  if (bucket === undefined) return brought
  const dueAt = new Date(house.clock.now() + keptWithinMs)
  await insertLeftover(house.database.kysely, { id: brought.id, bucket: bucket.name, due_at: dueAt })
  await bucket.put(brought.id, bytes, brought.sha256)
  return brought
}

/** Keeps what was brought: it is there exactly if the transaction commits. Returns its identifier. */
export async function keepBlob(
  { tx, now }: Pick<Work, 'tx' | 'now'>,
  { id, bytes, sha256, bucket }: BroughtBlob,
): Promise<string> {
  if (bucket !== null && !(await keepLeftover(tx, id))) throw new BucketAway('what was brought has been removed meanwhile')
  await insertBlob(tx, { id, size_bytes: bytes.length, sha256, created_at: now, bucket })
  for (let n = 0; bucket === null && n * chunkBytes < bytes.length; n++)
    await insertChunk(tx, { blob_id: id, n, bytes: Buffer.from(bytes.subarray(n * chunkBytes, (n + 1) * chunkBytes)) })
  return id
}

/**
 * The bytes, piece by piece. Whoever has read them to the end has what was kept.
 * @throws Refused 404 when they were erased, BlobLost, BucketAway
 */
export async function* readBlob(house: House, id: string): AsyncGenerator<Buffer> {
  const row = await readBlobRow(house.database.kysely, id)
  if (!row) throw erased()
  const hash = createHash('sha256')
  let bytes = 0
  for await (const piece of row.bucket === null ? chunksOf(house, id) : await piecesIn(house, id, row.bucket)) {
    bytes += piece.length
    if (bytes > row.size_bytes) break
    hash.update(piece)
    yield Buffer.from(piece)
  }
  if (bytes === 0 && row.size_bytes > 0 && row.bucket === null) throw erased()
  if (bytes !== row.size_bytes || !hash.digest().equals(row.sha256)) throw lost(house, id, 'is not what was kept')
}

/** Bytes are not there, or are others: nobody gets them, and an administrator has to look. */
export class BlobLost extends Refused {
  constructor(problem: string) {
    super('platform.blobLost', {}, 404)
    this.message = problem
  }
}

function lost(house: House, id: string, problem: string): BlobLost {
  house.log.error({ blob: id }, `a large thing ${problem}`)
  return new BlobLost(`blob ${id} ${problem}`)
}

const erased = (): Refused => new Refused('platform.blobErased', {}, 404)

async function* chunksOf({ database }: House, id: string): AsyncGenerator<Buffer> {
  for (let n = 0; ; n++) {
    const chunk = await readChunk(database.kysely, id, n)
    if (chunk === undefined) return
    yield chunk
  }
}

async function piecesIn(house: House, id: string, name: string): Promise<AsyncIterable<Uint8Array>> {
  const bucket = bucketOf(house)
  if (bucket === undefined) throw new BucketAway(`BLOBS_URL is not set, and some large things lie in the bucket ${name}`)
  const found = await bucket.read(id, name)
  if (found === undefined) throw lost(house, id, `is not in the bucket ${name}, where it was kept`)
  return found
}

/** All pieces together: for what has a bound. */
export async function wholeBlob(house: House, id: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of readBlob(house, id)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const sha256Of = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()
