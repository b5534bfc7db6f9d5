/** The table of flows, as migrations/0310-telephony.sql makes it. */
import type { ColumnType } from 'kysely'
import type { Flow } from './model.ts'

interface FlowTable {
  id: string
  version: number
  status: 'draft' | 'published' | 'superseded'
  content: ColumnType<Flow, string, string>
  created_at: ColumnType<Date, Date, never>
  published_at: Date | null
}

declare module '../platform/index.ts' {
  interface Tables {
    flow: FlowTable
  }
}
