/** The tables of the agenda, as migrations/0320-agenda.sql makes them. */
import type { ColumnType, Generated } from 'kysely'
import type { CricSection } from '../organisation/index.ts'
import type { AppointmentOutcome, AppointmentState } from './model.ts'

/** Words of a service in other languages than Italian. */
export type ServiceWords = Partial<Record<string, { name: string; description: string; bring: string }>>

export interface ServiceTable {
  id: string
  name: string
  description: string
  bring: string
  words: ColumnType<ServiceWords, string, string>
  duration_minutes: number
  notice_minutes: number
  horizon_days: number
  sections: CricSection[]
}

interface ServiceOfUnitTable {
  unit_id: string
  service_id: string
  position: number
}

export interface CalendarTable {
  id: string
  /** Small number that stands for the calendar in the constraint against double booking. */
  no: Generated<number>
  unit_id: string
  officer_id: string | null
  officer_name: string | null
  label: string
  capacity: number
  services: string[]
  active: boolean
}

export interface OpeningTable {
  calendar_id: string
  /** 1 is Monday (ISO 8601). */
  weekday: number
  /** Minutes after midnight of office time. */
  opens: number
  closes: number
}

export interface ClosureTable {
  id: string
  unit_id: string
  /** Null closes the whole office. */
  calendar_id: string | null
  first_day: ColumnType<string, string, string>
  last_day: ColumnType<string, string, string>
  /** Minutes after midnight; null is the whole day. */
  opens: number | null
  closes: number | null
  reason: string
}

export interface HoldTable {
  id: string
  /** Whose it is: `person:` and the identifier. */
  owner: string
  unit_id: string
  service_id: string
  calendar_id: string
  starts_at: Date
  ends_at: Date
  until: Date
  ended: 'confirmed' | 'released' | null
}

export interface TakenTable {
  /** The hold that took it. */
  id: string
  calendar_id: string
  calendar_no: number
  lane: number
  starts_at: Date
  ends_at: Date
  /** A hold ends then; null when it is an appointment. */
  held_until: Date | null
  appointment_id: string | null
}

export interface AppointmentTable {
  id: string
  unit_id: string
  unit_name: string
  unit_path: string
  service_id: string
  service_name: string
  bring: string
  calendar_id: string
  officer_id: string | null
  officer_name: string | null
  starts_at: Date
  ends_at: Date
  state: AppointmentState
  contact_id: string
  case_id: string
  code: string
  title: string
  interaction_id: string | null
  reason: string
  preparation: string
  prepared_by_name: string | null
  prepared_at: Date | null
  outcome: AppointmentOutcome | null
  outcome_text: string | null
  booked_by: string | null
  booked_by_name: string
  booked_by_unit: string
  booked_by_path: string
  booked_at: Date
  checked_in_at: Date | null
  started_at: Date | null
  ended_at: Date | null
  cancel_reason: string | null
  /** Of the calendar entry that the citizen was sent; grows with each change (RFC 5545 §3.8.7.4). */
  sequence: Generated<number>
  version: Generated<number>
}

declare module '../platform/index.ts' {
  interface Tables {
    agenda_service: ServiceTable
    agenda_service_of_unit: ServiceOfUnitTable
    agenda_calendar: CalendarTable
    agenda_opening: OpeningTable
    agenda_closure: ClosureTable
    agenda_hold: HoldTable
    agenda_taken: TakenTable
    appointment: AppointmentTable
  }
}

/** Rows as they are read. */
export type ServiceRow = Omit<ServiceTable, 'words'> & { words: ServiceWords }
export type CalendarRow = Omit<CalendarTable, 'no'> & { no: number }
export type TakenRow = TakenTable
export type AppointmentRow = Omit<AppointmentTable, 'sequence' | 'version'> & { sequence: number; version: number }
