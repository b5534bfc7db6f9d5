/** The table of flows, as migrations/0310-telephony.sql and 0340-recordings.sql make it. */
import type { ColumnType, Generated } from 'kysely'
import type { Flow } from './model.ts'

interface FlowTable {
  id: string
  version: number
  status: 'draft' | 'published' | 'superseded' | 'discarded'
  content: ColumnType<Flow, string, string>
  created_at: ColumnType<Date, Date, never>
  published_at: Date | null
  /** Grows each time that the draft is saved. */
  edit: Generated<number>
  /** The version that it began from. */
  copy_of: number | null
  note: Generated<string>
  changed_at: Date
  /** Names; null for the program itself. */
  changed_by: string | null
  published_by: string | null
}

declare module '../platform/index.ts' {
  interface Tables {
    flow: FlowTable
  }
}
