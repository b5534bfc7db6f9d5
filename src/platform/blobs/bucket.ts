/**
 * A bucket of an S3-compatible server, as far as large things need one: put, read, remove, and whether it is there. Every request is signed, has a deadline,
 * follows no redirect, and is sent once more when the connection breaks: each does the same when it is done twice.
 */
import type { Config } from '../config.ts'
import { Refused } from '../errors.ts'
import { type SigningKey, signedHeaders } from './signature.ts'

export interface Bucket {
  readonly name: string
  /** Returns when the server has the bytes. @throws BucketAway */
  put(key: string, bytes: Uint8Array, sha256: Buffer): Promise<void>
  /** The bytes as they come; undefined when there are none. @throws BucketAway */
  read(key: string, bucket: string): Promise<AsyncIterable<Uint8Array> | undefined>
  /** Removes what is there. @throws BucketAway */
  remove(key: string, bucket: string): Promise<void>
  /** Asks whether the bucket can be used. @throws BucketAway */
  look(withinMs: number): Promise<void>
}

/** The bucket cannot be asked now, or does not let us in. Doing the same again may work; `message` is for administrators, the sentence for everybody. */
export class BucketAway extends Refused {
  constructor(problem: string) {
    super('platform.blobsAway', {}, 503)
    this.message = problem.replace(/\s+/g, ' ').slice(0, 300)
  }
}

/** For the head of an answer and all of its body: 50 MB at less than 1 MB a second. */
const withinMs = 60_000
const emptySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** The bucket that is set; undefined where large things lie in the database. */
export function openBucket({
  BLOBS_URL,
  BLOBS_REGION,
  BLOBS_ACCESS_KEY,
  BLOBS_SECRET_KEY,
}: Pick<Config, 'BLOBS_URL' | 'BLOBS_REGION' | 'BLOBS_ACCESS_KEY' | 'BLOBS_SECRET_KEY'>): Bucket | undefined {
  if (BLOBS_URL === undefined || BLOBS_ACCESS_KEY === undefined || BLOBS_SECRET_KEY === undefined) return undefined
  const { origin, pathname } = new URL(BLOBS_URL)
  const name = pathname.slice(1)
  const ask = askerOf(origin, { accessKey: BLOBS_ACCESS_KEY, secretKey: BLOBS_SECRET_KEY, region: BLOBS_REGION })
  return {
    name,
    async put(key, bytes, sha256) {
      const response = await ask('PUT', `/${name}/${key}`, { body: bytes, sha256: sha256.toString('hex') })
      await rest(response)
      if (!response.ok) throw refusedBy(response)
    },
    async read(key, bucket) {
      const response = await ask('GET', `/${bucket}/${key}`)
      if (response.status === 404) return void (await rest(response))
      if (response.ok && response.body !== null) return pieces(response.body)
      await rest(response)
      if (!response.ok) throw refusedBy(response)
      return pieces([])
    },
    async remove(key, bucket) {
      const response = await ask('DELETE', `/${bucket}/${key}`)
      await rest(response)
      if (!response.ok && response.status !== 404) throw refusedBy(response)
    },
    async look(lookWithinMs) {
      const response = await ask('HEAD', `/${name}`, { withinMs: lookWithinMs })
      await rest(response)
      if (!response.ok) throw refusedBy(response)
    },
  }
}

interface Asked {
  body?: Uint8Array
  sha256?: string
  withinMs?: number
}

type Asker = (method: string, path: string, asked?: Asked) => Promise<Response>

const askerOf =
  (origin: string, key: SigningKey): Asker =>
  async (method, path, { body, sha256 = emptySha256, withinMs: ms = withinMs } = {}) => {
    const url = new URL(path, origin)
    const once = () =>
      fetch(url, {
        method,
        headers: signedHeaders({ method, url, contentSha256: sha256 }, key, new Date()),
        redirect: 'manual',
        signal: AbortSignal.timeout(ms),
        ...(body === undefined ? {} : { body: new Uint8Array(body) }),
      })
    try {
      return await once().catch(error => {
        if (isLate(error)) throw error
        return once()
      })
    } catch (error) {
      throw awayBecause(error)
    }
  }

const isLate = (error: unknown): boolean => error instanceof Error && error.name === 'TimeoutError'

function awayBecause(error: unknown): BucketAway {
  if (isLate(error)) return new BucketAway('no answer in time')
  // `fetch` says only that it failed; why stands in the cause.
  const said = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return new BucketAway(said instanceof Error ? said.message || said.name : String(said))
}

const refusedBy = ({ status }: Response): BucketAway =>
  new BucketAway(
    status === 403
      ? 'the server does not let us in: BLOBS_ACCESS_KEY, BLOBS_SECRET_KEY, BLOBS_REGION, or its clock'
      : status === 404
        ? 'there is no such bucket'
        : `the server answered ${status}`,
  )

/** Lets an answer go of which nothing is wanted, so that its connection can be used again. */
const rest = (response: Response): Promise<unknown> => response.arrayBuffer().catch(() => {})

async function* pieces(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    throw awayBecause(error)
  }
}
