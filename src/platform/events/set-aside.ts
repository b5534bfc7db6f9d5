/**
 * What a reader of the journal cannot take is set aside where people see it, and the reader goes on with the next entry.
 *
 *   entry ──▶ readable ──▶ taken
 *      │          └── failed ────┐
 *      └── newer, damaged ────────┴──▶ unreadable_entry · /metrics · log
 *
 * The entry itself stays where it is, in the journal: setting it aside says who went on without it, and why.
 */

import { type Kysely, sql } from 'kysely'
import { Counter } from 'prom-client'
import { z } from 'zod'
import type { Tx } from '../database/database.ts'
import type { Tables } from '../database/tables.ts'
import type { House } from '../house.ts'
import { registry } from '../http/metrics.ts'
import { decodeCursor, Instant, page, pageOf } from '../http/route.ts'
import { type Entry, readEntry, type Unreadable } from './event.ts'

/** An entry without which a reader went on, as it is listed. */
export const UnreadableEntry = z.object({
  reader: z.string().describe('which part of the program'),
  entryId: z.number().int(),
  type: z.string(),
  version: z.number().int(),
  why: z
    .enum(['newer', 'damaged', 'failed'])
    .describe('written by a newer release; not of its shape; read, but it could not be taken'),
  reason: z.string(),
  at: Instant.describe('when the entry was written'),
  setAsideAt: Instant,
})
export type UnreadableEntry = z.infer<typeof UnreadableEntry>
export const UnreadableEntries = page(UnreadableEntry)

const Cursor = z.tuple([z.number().int(), z.string()])

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

/** One page of what was set aside, the newest entries first. Index: unreadable_entry_pkey. */
export async function entriesSetAside(
  db: Kysely<Tables>,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<{ items: UnreadableEntry[]; next: string | null }> {
  const [entry, reader] = decodeCursor(Cursor, cursor) ?? [Number.MAX_SAFE_INTEGER, '']
  const rows = await db
    .selectFrom('unreadable_entry')
    .selectAll()
    .where(sql<boolean>`(entry_id, reader) < (${entry}::bigint, ${reader})`)
    .orderBy('entry_id', 'desc')
    .orderBy('reader', 'desc')
    .limit(limit + 1)
    .execute()
  const { items, next } = pageOf(rows, limit, row => [row.entry_id, row.reader])
  return {
    items: items.map(({ reader, entry_id, type, version, why, reason, at, set_aside_at }) => ({
      reader,
      entryId: entry_id,
      type,
      version,
      why,
      reason,
      at: at.toISOString(),
      setAsideAt: set_aside_at.toISOString(),
    })),
    next,
  }
}

/** For `/readyz`: how many entries were set aside in a day, counted to a thousand. Index: unreadable_entry_by_age. */
export async function setAsideLately(db: Kysely<Tables>, now: Date): Promise<number> {
  const rows = await db
    .selectFrom('unreadable_entry')
    .select('entry_id')
    .where('set_aside_at', '>', new Date(now.getTime() - 24 * 3_600_000))
    .limit(1_000)
    .execute()
  return rows.length
}
