/** The tables of the organisation, as migrations/0100-organisation.sql makes them. */
import type { ColumnType, Generated } from 'kysely'
import type { AgencyKind, CricSection, NumberMode, SpokenName, UnitKind } from './model.ts'

export interface UnitTable {
  id: string
  parent_id: string | null
  kind: UnitKind
  agency_kind: AgencyKind | null
  name: string
  path: string
  position: Generated<number>
  region_code: string | null
  province_code: string | null
  municipality_code: string | null
  address: string | null
  latitude: number | null
  longitude: number | null
  cric_section: CricSection | null
  spoken_name: ColumnType<SpokenName | null, string | null, string | null>
  time_zone: string
  version: Generated<number>
}

interface UnitWordTable {
  word: string
  unit_id: string
  weight: number
}

interface OpeningHoursTable {
  unit_id: string
  weekday: number
  opens: string
  closes: string
}

interface UnitClosureTable {
  id: string
  unit_id: string
  first_day: ColumnType<Date, string, never>
  last_day: ColumnType<Date, string, never>
  reason: string
  decided_at: Date
  decided_by_name: string
  cancelled_at: Generated<Date | null>
  cancelled_by_name: Generated<string | null>
}

interface OfficeNumberTable {
  number: string
  unit_id: string
  unit_path: string
  office_number: string
  fallback: string | null
  version: Generated<number>
}

interface NumberChangeTable {
  id: string
  number: string
  mode: NumberMode
  from_at: Date
  reason: string
  decided_by: string | null
  decided_by_name: string
  decided_at: Date
  cancelled_at: Date | null
  cancelled_by_name: string | null
  cancel_reason: string | null
}

declare module '../platform/index.ts' {
  interface Tables {
    unit: UnitTable
    unit_word: UnitWordTable
    opening_hours: OpeningHoursTable
    unit_closure: UnitClosureTable
    office_number: OfficeNumberTable
    number_change: NumberChangeTable
  }
}
