/**
 * How sure we are of the person behind a conversation or a case, as it stands beside the name. A level belongs to a conversation; of a case it is the
 * highest that one of its conversations has reached, because what was verified once stays verified of the matter.
 */
import { type IdentificationLevel, isAtLeast, levelOf, visitMs } from '../contacts/index.ts'
import type { Db } from '../platform/index.ts'
import { type NotedRow, notedIn } from './level-store.ts'

/** Levels by identifier; whoever is not in it is not identified. */
export type Levels = ReadonlyMap<string, IdentificationLevel>

/** The level of each of some conversations. Index: interaction_pkey. */
export const levelsOfConversations = async (db: Db, ids: readonly string[]): Promise<Levels> =>
  levelsBy(await notedIn(db, 'interaction', ids), row => row.interaction_id)

/** The level of each of some cases. Index: interaction_of_case. */
export const levelsOfCases = async (db: Db, ids: readonly string[]): Promise<Levels> =>
  levelsBy(await notedIn(db, 'case', ids), row => row.case_id)

/** The highest level of the conversations that have the same key. */
function levelsBy(rows: readonly NotedRow[], keyOf: (row: NotedRow) => string | null): Levels {
  const levels = new Map<string, IdentificationLevel>()
  for (const told of Map.groupBy(rows, row => row.interaction_id).values()) {
    const [first] = told
    const key = first && keyOf(first)
    if (!key) continue
    const level = levelOf(
      told.map(({ method, call_id, at }) => ({ method, callId: call_id, at: at.getTime() })),
      { callId: first.call_id, now: first.opened_at.getTime() + visitMs },
    )
    const before = levels.get(key)
    if (before === undefined || isAtLeast(level, before)) levels.set(key, level)
  }
  return levels
}
