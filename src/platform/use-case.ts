/**
 * The form of a use case: one function, one transaction, which checks the policy, changes the rows and writes to the journal what happened.
 */
import type { Actor } from './actor.ts'
import type { Tx } from './database/database.ts'
import type { EventType, Subjects } from './events/event.ts'
import { writeEntry } from './events/journal.ts'
import type { House } from './house.ts'
import { claimKey, type Idempotency, keepAnswer } from './idempotency.ts'
import type { Ids } from './ids.ts'

/** What a use case works with. Everything in it belongs to one transaction. */
export interface Work {
  readonly tx: Tx
  readonly actor: Actor
  /** The instant of the use case, the same wherever it is asked. */
  readonly now: Date
  readonly ids: Ids
  readonly house: House
  /** Writes an entry to the journal. */
  journal<P extends Record<string, unknown>>(type: EventType<P>, payload: P, subjects: Subjects): Promise<void>
}

export type UseCase<I, O> = (house: House, actor: Actor, input: I, idempotency?: Idempotency) => Promise<O>

/**
 * Makes a use case. It runs in one transaction, is repeated when the database asks for that (deadlock, serialisation), and
 * returns plain JSON. With an idempotency key the first answer is kept in the same transaction and given again to the second request.
 */
export function useCase<I, O>(work: (work: Work, input: I) => Promise<O>): UseCase<I, O> {
  return (house, actor, input, idempotency) =>
    inTransaction(house, actor, async each => {
      if (!idempotency) return work(each, input)
      const earlier = await claimKey(each.tx, actor, each.now, idempotency)
      if (earlier) return earlier.answer as O
      const answer = await work(each, input)
      await keepAnswer(each.tx, actor, idempotency.key, answer)
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
