/** Requests that may be sent twice: the first answer is kept with its key for a day, and given again to the second request. */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Actor } from './actor.ts'
import type { Tx } from './database/database.ts'
import { Refused } from './errors.ts'
import type { House } from './house.ts'

/** The key of a request that may be sent twice, and a fingerprint of what it asks. */
export interface Idempotency {
  readonly key: string
  readonly fingerprint: string
}

function actorKey(actor: Actor): string {
  return actor.kind === 'person'
    ? `person:${actor.personId}`
    : actor.kind === 'system'
      ? `system:${actor.name}`
      : `citizen:${actor.channel}`
}

/** Claims a key for this transaction. Returns the answer of an earlier request with it. @throws Refused 422 when that asked for something else */
export async function claimKey(
  tx: Tx,
  actor: Actor,
  now: Date,
  { key, fingerprint }: Idempotency,
): Promise<{ answer: unknown } | undefined> {
  // A second request with the same key waits here until the first has committed or gone.
  const claimed = await tx
    .insertInto('idempotency')
    .values({ actor: actorKey(actor), key, fingerprint, answer: null, at: now })
    .onConflict(conflict => conflict.columns(['actor', 'key']).doNothing())
    .returning('key')
    .executeTakeFirst()
  if (claimed) return undefined
  const earlier = await tx
    .selectFrom('idempotency')
    .select(['fingerprint', 'answer'])
    .where('actor', '=', actorKey(actor))
    .where('key', '=', key)
    .executeTakeFirstOrThrow()
  if (earlier.fingerprint !== fingerprint) throw new Refused('platform.idempotencyKeyReused', {}, 422)
  return { answer: earlier.answer }
}

/** Keeps the answer to a request whose key this transaction has claimed. */
export async function keepAnswer(tx: Tx, actor: Actor, key: string, answer: unknown): Promise<void> {
  await tx
    .updateTable('idempotency')
    .set({ answer: JSON.stringify(answer ?? null) })
    .where('actor', '=', actorKey(actor))
    .where('key', '=', key)
    .execute()
}

/** A fingerprint of what a request asks for. */
export const fingerprintOf = (...parts: unknown[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex')

/** Removes the kept answers that are older than a day. */
export async function forgetOldAnswers(house: House): Promise<void> {
  await house.database.kysely
    .deleteFrom('idempotency')
    .where('at', '<', sql<Date>`${new Date(house.clock.now() - 24 * 3_600_000)}`)
    .execute()
}
