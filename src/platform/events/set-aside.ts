/**
 * What a reader of the journal cannot take is set aside where people see it, and the reader goes on with the next entry.
 *
 *   entry ──▶ readable ──▶ taken
 *      │          └── failed ────┐
 *      └── newer, damaged ────────┴──▶ unreadable_entry · /metrics · log
 *
 * The entry itself stays where it is, in the journal: setting it aside says who went on without it, and why.
 */

import type { Kysely } from 'kysely'
import { Counter } from 'prom-client'
import type { Tx } from '../database/database.ts'
import type { Tables } from '../database/tables.ts'
import type { House } from '../house.ts'
import { registry } from '../http/metrics.ts'
import { type Entry, readEntry, type Unreadable } from './event.ts'

/** Why a reader went on without an entry. */
export interface SetAside {
  readonly entry: Pick<Entry, 'id' | 'type' | 'version' | 'at'>
  readonly why: Unreadable['why'] | 'failed'
  /** In English. */
  readonly reason: string
}

const unreadableEntries = new Counter({
  name: 'filo_journal_unreadable_entries_total',
  help: 'Entries of the journal that a reader could not take and set aside',
  labelNames: ['reader', 'type', 'why'] as const,
  registers: [registry],
})

/** Notes in the rows and in the figures what a reader goes on without. Doing it again changes nothing in the rows. */
export async function setAside(db: Kysely<Tables> | Tx, reader: string, aside: readonly SetAside[], now: Date): Promise<void> {
  if (aside.length === 0) return
  for (const { entry, why } of aside) unreadableEntries.inc({ reader, type: entry.type, why })
  await db
    .insertInto('unreadable_entry')
    .values(
      aside.map(({ entry, why, reason }) => ({
        reader,
        entry_id: entry.id,
        type: entry.type,
        version: entry.version,
        why,
        reason: reason.slice(0, 500),
        at: entry.at,
        set_aside_at: now,
      })),
    )
    .onConflict(conflict => conflict.doNothing())
    .execute()
}

/**
 * A follower that takes the entries of some types one at a time. An entry that cannot be read, or whose taking fails, is set aside under the
 * reader's name, and the next one is taken all the same.
 */
export function eachEntry(
  house: Pick<House, 'database' | 'clock' | 'log'>,
  reader: string,
  types: readonly { readonly type: string }[],
  take: (entry: Entry) => void | Promise<void>,
): (entries: readonly Entry[]) => Promise<void> {
  const wanted = new Set(types.map(({ type }) => type))
  return async entries => {
    const aside: SetAside[] = []
    for (const entry of entries) {
      if (!wanted.has(entry.type)) continue
      const reading = readEntry(entry)
      if (reading.is === 'unreadable') aside.push({ entry, ...reading })
      else
        try {
          await take(entry)
        } catch (error) {
          aside.push({ entry, why: 'failed', reason: String(error) })
        }
    }
    for (const { entry, why, reason } of aside)
      house.log.error(
        { reader, entry: entry.id, type: entry.type, version: entry.version, why, reason },
        'an entry was set aside',
      )
    await setAside(house.database.kysely, reader, aside, new Date(house.clock.now()))
  }
}
