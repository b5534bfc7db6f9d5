/** The tables of prevention, as migrations/202611292120-prevention.sql makes them. */
import type { ColumnType, Generated, JSONColumnType, Selectable } from 'kysely'
import type { ActivityKind, ActivityState, AddresseeKind } from './model.ts'

interface AddresseeTable {
  id: string
  name: string
  kind: AddresseeKind
  region_code: string | null
  retired: Generated<boolean>
  version: Generated<number>
}

/** Written as text, and read by `to_char`. */
type DayColumn = ColumnType<never, string | null, string | null>

export interface ActivityTable {
  id: string
  number: Generated<number>
  kind: ActivityKind
  title: string
  aim: string
  state: ActivityState
  state_before: ActivityState | null
  unit_id: string
  unit_name: string
  unit_path: string
  region_code: string | null
  typology_ids: string[]
  addressee_ids: string[]
  people: JSONColumnType<{ id: string; name: string }[]>
  place: string
  first_day: DayColumn
  last_day: DayColumn
  participants: number | null
  assessment: Generated<string>
  outcome: Generated<string>
  reason: Generated<string>
  changed_at: Date
  changed_by_name: string
  version: Generated<number>
}

interface ActivityStepTable {
  id: string
  activity_id: string
  kind: string
  detail: string
  by_name: string
  at: Date
}

interface MaterialTable {
  id: string
  activity_id: string
  name: string
  type: string
  size_bytes: number
  blob_id: string
  scan: 'unchecked' | 'clean'
  added_at: Date
  added_by_name: string
  removed_at: Date | null
}

declare module '../platform/index.ts' {
  interface Tables {
    addressee: AddresseeTable
    prevention_activity: ActivityTable
    prevention_step: ActivityStepTable
    prevention_file: MaterialTable
  }
}

export type AddresseeRow = Selectable<AddresseeTable>
export type ActivityRow = Omit<Selectable<ActivityTable>, 'first_day' | 'last_day'> & {
  first_day: string | null
  last_day: string | null
}
export type ActivityStepRow = Selectable<ActivityStepTable>
export type MaterialRow = Selectable<MaterialTable>
