/** The tables of the counters, as migrations/202611292140-counters.sql makes them. */
import type { ColumnType, Generated, JSONColumnType, Selectable } from 'kysely'
import type { EntryDetail, VisitEntryKind } from './effects.ts'
import type {
  CallReason,
  CameBecause,
  CitizenWords,
  CloseVisit,
  DeviceKind,
  HallRules,
  KioskQuestion,
  NotDelivered,
  PriorityReason,
  VisitClass,
  VisitState,
} from './model.ts'

export interface HallTable {
  id: string
  unit_id: string
  unit_path: string
  unit_name: string
  name: string
  letter: string
  rules: JSONColumnType<HallRules>
  /** The first one begins. */
  questions: JSONColumnType<KioskQuestion[]>
  daily_contingent: number | null
  active: Generated<boolean>
}

export interface CounterServiceTable {
  id: string
  hall_id: string
  words: JSONColumnType<CitizenWords>
  visit_class: 'fast' | 'ordinary'
  agenda_services: string[]
  position: Generated<number>
  active: Generated<boolean>
}

export interface DeskTable {
  id: string
  hall_id: string
  label: string
  services: string[]
  position: Generated<number>
  active: Generated<boolean>
}

export interface SittingTable {
  id: string
  desk_id: string
  person_id: string
  person_name: string
  since: Date
  until: Date | null
}

export interface DeviceTable {
  id: string
  unit_id: string
  kind: DeviceKind
  name: string
  hall_ids: string[]
  pairing_hash: Buffer | null
  pairing_until: Date | null
  token_hash: Buffer | null
  connected_at: Date | null
  disabled_at: Date | null
  /** So many calls stand on a display. */
  rows: Generated<number>
  /** The display whose calls it shows that no longer fit there. */
  goes_on: Generated<string | null>
}

/** A desk has asked its hall for a colleague. */
export interface HelpTable {
  id: string
  hall_id: string
  desk_id: string
  asked_by: string
  asked_name: string
  asked_at: Date
  taken_by: string | null
  taken_name: string | null
  taken_at: Date | null
  ended_at: Date | null
}

/** How many tickets of a hall the kiosk has given on a day. */
interface NumberTable {
  hall_id: string
  day: ColumnType<string, string, string>
  kiosk: Generated<number>
}

export interface VisitTable {
  id: string
  unit_id: string
  unit_path: string
  day: ColumnType<string, string, string>
  code: string
  origin: 'kiosk' | 'reception' | 'telephone'
  persons: number
  remark: string
  appointment_id: string | null
  contact_id: string | null
  case_id: string | null
  interaction_id: string | null
  state: VisitState
  hall_id: string
  service_id: string
  visit_class: VisitClass
  priority: PriorityReason | null
  arrived_at: Date
  due_at: Date | null
  call_by: Date
  not_before: Date | null
  calls: number
  first_called_at: Date | null
  called_at: Date | null
  came_at: Date | null
  desk_id: string | null
  only_desk_id: string | null
  officer_id: string | null
  officer_name: string | null
  parked_why: string | null
  remind_at: Date | null
  has_returned: boolean
  was_transferred: boolean
  ended_at: Date | null
  call_reason: ColumnType<CallReason | null, string | null, string | null>
  delivered: JSONColumnType<CloseVisit['delivered']>
  not_delivered: NotDelivered | null
  call_enough: boolean | null
  came_because: CameBecause | null
  handling_seconds: number | null
  /** What whoever came was told to expect, in minutes until the call; null where it was not known. */
  told_min: Generated<number | null>
  told_max: Generated<number | null>
}

export interface VisitEntryTable {
  visit_id: string
  n: number
  id: string
  kind: VisitEntryKind
  at: Date
  desk_id: string | null
  detail: JSONColumnType<EntryDetail>
  by_name: string
}

declare module '../platform/index.ts' {
  interface Tables {
    counter_hall: HallTable
    counter_service: CounterServiceTable
    counter_desk: DeskTable
    counter_sitting: SittingTable
    counter_device: DeviceTable
    counter_number: NumberTable
    counter_help: HelpTable
    visit: VisitTable
    visit_entry: VisitEntryTable
  }
}

export type HallRow = Selectable<HallTable>
export type CounterServiceRow = Selectable<CounterServiceTable>
export type DeskRow = Selectable<DeskTable>
export type SittingRow = Selectable<SittingTable>
export type DeviceRow = Selectable<DeviceTable>
export type HelpRow = Selectable<HelpTable>
export type VisitRow = Selectable<VisitTable>
export type VisitEntryRow = Selectable<VisitEntryTable>
