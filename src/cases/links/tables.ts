/** The table of links, as migrations/202611291010-cases-that-belong-together.sql makes it. */
import type { CaseLinkKind } from './model.ts'

export interface CaseLinkTable {
  id: string
  kind: CaseLinkKind
  case_id: string
  other_id: string
  interaction_id: string | null
  why: string
  made_at: Date
  made_by: string | null
  made_by_name: string
  undone_at: Date | null
  undone_by_name: string | null
}

declare module '../../platform/index.ts' {
  interface Tables {
    case_link: CaseLinkTable
  }
}
