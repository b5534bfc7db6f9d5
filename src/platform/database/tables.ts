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
  through_xid: string
  through_id: number
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

export interface Tables {
  event: EventTable
  seal: SealTable
  idempotency: IdempotencyTable
  setting: SettingTable
  unreadable_entry: UnreadableEntryTable
}
