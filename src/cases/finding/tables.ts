/** The tables by which cases are found, as migrations/202611290330-index-of-cases.sql and …0331-lists-and-follow-ups.sql make them. */
import type { ColumnType } from 'kysely'

/** Kept by triggers. */
interface CaseIndexTable {
  case_id: ColumnType<string, never, never>
  opened_at: ColumnType<Date, never, never>
  words: ColumnType<string, never, never>
}

interface CaseIndexFillTable {
  /** The last case of before that is in the index. */
  after_id: string
}

interface SavedCaseListTable {
  id: string
  person_id: string
  name: string
  wanted: ColumnType<unknown, string, string>
  created_at: Date
}

interface CaseFollowUpTable {
  person_id: string
  case_id: string
  /** Read it with `to_char`: the drivers make a Date of it, each in its own time zone. */
  on_day: ColumnType<never, string, string>
  note: string
  noted_at: Date
}

declare module '../../platform/index.ts' {
  interface Tables {
    case_index: CaseIndexTable
    case_index_fill: CaseIndexFillTable
    saved_case_list: SavedCaseListTable
    case_follow_up: CaseFollowUpTable
  }
}
