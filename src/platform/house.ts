/**
 * What every room is given: the database, the journal, time, identifiers, the log. And the form of a use case: one function,
 * one transaction, which checks the policy, changes the rows and writes to the journal what happened.
 */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Actor } from './actor.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import type { Database, Tx } from './database/database.ts'
import { Refused } from './errors.ts'
import type { EventType, SubjectName, SubjectsOf } from './events/event.ts'
import { writeEntry } from './events/journal.ts'
import type { JournalTail } from './events/tail.ts'
import type { Ids } from './ids.ts'
import type { Jobs } from './jobs.ts'
import type { Log } from './log.ts'

export interface House {
  readonly config: Config
  readonly database: Database
  readonly tail: JournalTail
  readonly jobs: Jobs
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
}

/** What a use case works with. Everything in it belongs to one transaction. */
export interface Work {
  readonly tx: Tx
  readonly actor: Actor
  /** The instant of the use case, the same wherever it is asked. */
  readonly now: Date
  readonly ids: Ids
  readonly house: House
  /** Writes an entry to the journal. */
  journal<P extends Record<string, unknown>, S extends SubjectName>(
    type: EventType<P, S>,
    payload: P,
    subjects: SubjectsOf<S>,
  ): Promise<void>
}

/** The key of a request that may be sent twice, and a fingerprint of what it asks. */
export interface Idempotency {
  readonly key: string
  readonly fingerprint: string
}

export type UseCase<I, O> = (house: House, actor: Actor, input: I, idempotency?: Idempotency) => Promise<O>

/**
 * Makes a use case. It runs in one transaction, is repeated when the database asks for that (deadlock, serialisation), and
 * answers plain JSON. With an idempotency key the first answer is kept in the same transaction and given again to the second request.
 */
export function useCase<I, O>(work: (work: Work, input: I) => Promise<O>): UseCase<I, O> {
  return (house, actor, input, idempotency) =>
    inTransaction(house, actor, async each => {
      if (!idempotency) return work(each, input)
      const earlier = await claimKey(each, idempotency)
      if (earlier) return earlier.answer as O
      const answer = await work(each, input)
      await each.tx
        .updateTable('idempotency')
        .set({ answer: JSON.stringify(answer ?? null) })
        .where('actor', '=', actorKey(actor))
        .where('key', '=', idempotency.key)
        .execute()
      return answer
    })
}

/** Runs `work` in one transaction and wakes the followers of the journal when it has committed. */
export async function inTransaction<O>(house: House, actor: Actor, work: (work: Work) => Promise<O>): Promise<O> {
  for (let attempt = 1; ; attempt++) {
    let wrote = false
    try {
      const answer = await house.database.kysely.transaction().execute(tx => {
        const now = new Date(house.clock.now())
        return work({
          tx,
          actor,
          now,
          ids: house.ids,
          house,
          journal(type, payload, subjects) {
            wrote = true
            return writeEntry(tx, { type, payload, subjects, actor, at: now.getTime() })
          },
        })
      })
      if (wrote) house.tail.committed()
      return answer
    } catch (error) {
      if (attempt === 3 || !isWorthRepeating(error)) throw error
    }
  }
}

/**
 * Whether an error says nothing about what was asked: the database is going away or is short of something, the transaction met another, or it
 * took too long. Doing the same again may work. PostgreSQL's classes 08, 25, 40, 53, 55, 57 and 58, and a connection that broke.
 */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  return /^(08|25|40|53|55|57|58)/.test(code) || /^E[A-Z]+$/.test(code) || /connection|terminat/i.test(error.message)
}

/** PostgreSQL: 40001 serialization_failure, 40P01 deadlock_detected. Nothing was done, and doing it again may work. */
function isWorthRepeating(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '40001' || error.code === '40P01')
}

function actorKey(actor: Actor): string {
  return actor.kind === 'person'
    ? `person:${actor.personId}`
    : actor.kind === 'system'
      ? `system:${actor.name}`
      : `citizen:${actor.channel}`
}

async function claimKey({ tx, actor, now }: Work, { key, fingerprint }: Idempotency): Promise<{ answer: unknown } | undefined> {
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

/** A fingerprint of what a request asks for. */
export const fingerprintOf = (...parts: unknown[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex')

/** Removes the kept answers that are older than a day. */
export async function forgetOldAnswers(house: House): Promise<void> {
  await house.database.kysely
    .deleteFrom('idempotency')
    .where('at', '<', sql<Date>`${new Date(house.clock.now() - 24 * 3_600_000)}`)
    .execute()
}
