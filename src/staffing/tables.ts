/** The tables of staffing, as migrations/202611292110-staffing.sql makes them. Days are read as text: the drivers make a Date of a day, each in its own time zone. */
import type { ColumnType, Generated } from 'kysely'
import type { Provenance, ReserveProvenance } from './model.ts'

interface SectionMemberTable {
  id: string
  section_id: string
  section_path: string
  person_id: string | null
  name: string
  provenance: Provenance
  origin: string
  since: ColumnType<never, string, string>
  until: ColumnType<never, string | null, string | null>
  share: number
  reason: string
  version: Generated<number>
  changed_at: Date
  changed_by_name: string
}

interface StaffReserveTable {
  id: string
  unit_id: string
  name: string
  provenance: ReserveProvenance
  subject: string
  added_at: Date
  added_by_name: string
}

interface WorkloadFollowerTable {
  id: Generated<boolean>
  position: string
  read_through: Date | null
}

declare module '../platform/index.ts' {
  interface Tables {
    section_member: SectionMemberTable
    staff_reserve: StaffReserveTable
    workload_follower: WorkloadFollowerTable
  }
}

/** A membership as it is read; days are ISO 8601. */
export interface SectionMemberRow {
  id: string
  section_id: string
  section_path: string
  person_id: string | null
  name: string
  provenance: Provenance
  origin: string
  since: string
  until: string | null
  share: number
  reason: string
  version: number
  changed_at: Date
  changed_by_name: string
}

export type StaffReserveRow = StaffReserveTable
