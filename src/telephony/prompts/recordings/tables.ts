/** The table of recordings, as migrations/0340-recordings.sql makes it. */
import type { ColumnType } from 'kysely'

interface RecordingTable {
  key: string
  language: string
  text_hash: string
  version: number
  text: string
  /** Null: from here on the text is spoken again. */
  sound: ColumnType<Uint8Array | null, Uint8Array | null, never>
  sha256: string | null
  duration_ms: number | null
  made_from: string | null
  copy_of: number | null
  at: ColumnType<Date, Date, never>
  person_id: string | null
  person_name: string | null
}

declare module '../../../platform/index.ts' {
  interface Tables {
    recording: RecordingTable
  }
}
