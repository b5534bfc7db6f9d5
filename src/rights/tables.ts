/** The table of the access log, as migrations/202611281640-rights.sql makes it. */
import type { LookKind } from './table.ts'

export interface AccessTable {
  id: string
  at: Date
  person_id: string
  person_name: string
  role: string
  unit_id: string
  unit_path: string
  kind: LookKind
  subject_id: string | null
  contact_id: string | null
  route: string
  found: number | null
}

declare module '../platform/index.ts' {
  interface Tables {
    access: AccessTable
  }
}
