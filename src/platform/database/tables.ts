/**
 * The tables as Kysely sees them. Each room adds its own by interface merging:
 *
 *   declare module '../platform/index.ts' { interface Tables { case: CaseTable } }
 */
import type { ColumnType, Generated } from 'kysely'

/** bigint columns come back as numbers: ours stay far below 2^53. */
type Json<T> = ColumnType<T, string, string>

export interface EventTable {
  /** Transaction that wrote the row, in decimal. */
  xid: Generated<string>
  id: Generated<number>
  at: Date
  type: string
  /** Of the shape of the payload, see `defineEvent`. */
  version: Generated<number>
  actor: Json<unknown>
  channel: string | null
  call_id: string | null
  case_id: string | null
  contact_id: string | null
  person_id: string | null
  unit_ids: string[]
  payload: Json<Record<string, unknown>>
}

interface UnreadableEntryTable {
  reader: string
  entry_id: number
  type: string
  version: number
  why: 'newer' | 'damaged' | 'failed'
  reason: string
  /** When the entry was written, and when it was set aside. */
  at: Date
  set_aside_at: Date
}

interface SealTable {
  seq: number
  /** Of a seal of era 0, in decimal. */
  through_xid: string | null
  through_id: number
  era: number | null
  through_snapshot: string | null
  next_xid: string | null
  whole: Generated<boolean>
  rows: number
  previous_hash: string
  hash: string
  at: Date
}

interface IdempotencyTable {
  actor: string
  key: string
  fingerprint: string
  answer: ColumnType<unknown, string | null, string | null>
  at: Date
}

interface SettingTable {
  name: string
  value: Json<unknown>
}

interface JournalEraTable {
  era: number
  system_identifier: string | null
  opened_at: Date
  after_id: number
  reason: 'first' | 'cluster' | 'counter'
}

interface JournalMonthTable {
  month: number
  from_id: number
  era: number
  begun_xid: string
  begun_at: Date
  /** What the month came to, when it was archived. */
  rows: number | null
  first_seal: number | null
  last_seal: number | null
  closing_hash: string | null
  archived_at: Date | null
}

export interface Tables {
  event: EventTable
  journal_month: JournalMonthTable
  journal_era: JournalEraTable
  seal: SealTable
  idempotency: IdempotencyTable
  setting: SettingTable
  unreadable_entry: UnreadableEntryTable
}
