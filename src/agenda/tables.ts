/** The tables of the agenda, as migrations/0320-agenda.sql makes them. */
import type { ColumnType, Generated, Selectable } from 'kysely'
import type { ContactLanguage, MandateKind } from '../contacts/index.ts'
import type { CricSection } from '../organisation/index.ts'
import type { LetterContent, LetterKind } from './letters/model.ts'
import type { AppointmentMode, AppointmentOutcome, AppointmentState, CancelledBy, Share } from './model.ts'

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
  /** The office whose own it is; null is the institute's. */
  unit_id: Generated<string | null>
  preparation_minutes: Generated<number>
  buffer_minutes: Generated<number>
  modes: Generated<AppointmentMode[]>
  /** Minutes before, at which the citizen is reminded. */
  reminders: Generated<number[]>
  /** For how long a freed time is offered to one who waits. */
  offer_minutes: Generated<number>
  /** How often somebody is offered one. */
  offers_at_most: Generated<number>
  /** Whether reminders go as text messages to who wishes to be written to so. */
  text_reminders: Generated<boolean>
  /** Whether who waits and has no e-mail, or wishes to be called, is called about a freed time. */
  telephone_offers: Generated<boolean>
}

/** Null is as the service says. */
interface ServiceOfUnitTable {
  unit_id: string
  service_id: string
  position: number
  duration_minutes: Generated<number | null>
  preparation_minutes: Generated<number | null>
  buffer_minutes: Generated<number | null>
  notice_minutes: Generated<number | null>
  horizon_days: Generated<number | null>
  modes: Generated<AppointmentMode[] | null>
  reminders: Generated<number[] | null>
  offer_minutes: Generated<number | null>
  offers_at_most: Generated<number | null>
  text_reminders: Generated<boolean | null>
  telephone_offers: Generated<boolean | null>
  shares: ColumnType<Share[], string | undefined, string>
  /** Nothing is free before it, whoever asks and whatever is only held. */
  none_before: Generated<Date>
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
  room: Generated<string>
  /** Whether all who are booked for one time are received together. */
  is_group: Generated<boolean>
}

export interface OpeningTable {
  calendar_id: string
  /** 1 is Monday (ISO 8601). */
  weekday: number
  /** Minutes after midnight of office time. */
  opens: number
  closes: number
}

export interface ExtraOpeningTable {
  calendar_id: string
  day: ColumnType<string, string, string>
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
  mode: Generated<AppointmentMode>
}

export interface TakenTable {
  /** The hold that took it. */
  id: string
  calendar_id: string
  calendar_no: number
  lane: number
  /** With what the officer needs before and after. */
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
  called_at: Generated<Date | null>
  started_at: Date | null
  ended_at: Date | null
  cancel_reason: string | null
  /** Null as long as it is not cancelled, and where nobody has said. */
  cancelled_by: Generated<CancelledBy | null>
  /** Of the calendar entry that the citizen was sent; grows with each change (RFC 5545 §3.8.7.4). */
  sequence: Generated<number>
  version: Generated<number>
  mode: Generated<AppointmentMode>
  /** When the citizen said, by the link of a mail, that it stands. */
  confirmed_at: Generated<Date | null>
  /** The number on its day, and which day that is. */
  day_code: Generated<string | null>
  code_day: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>
  /** Who asked for it in the citizen's place, and by what right; null when the citizen did. */
  asked_by_name: Generated<string | null>
  asked_by_right: Generated<MandateKind | null>
}

/** The last number of an office and a letter on a day. */
interface NumberTable {
  unit_id: string
  letter: string
  day: string
  last: number
}

/** With which letter the appointments of a service begin at an office. */
interface LetterTable {
  unit_id: string
  service_id: string
  letter: string
}

/** What a citizen is written by post: kept as what is to be said. */
export interface PostLetterTable {
  id: string
  appointment_id: string
  /** The office that prints it. */
  unit_id: string
  kind: LetterKind
  state: 'open' | 'sent' | 'overtaken'
  language: ContactLanguage
  said: ColumnType<LetterContent, string, never>
  /** Of the appointment that it is about: afterwards it is of no use to anybody. */
  starts_at: Date
  written_at: Date
  sent_at: Generated<Date | null>
  sent_by_name: Generated<string | null>
  /** Lines of the envelope, as they were when it was sent. */
  sent_to: Generated<string[] | null>
}

interface ReminderTable {
  appointment_id: string
  minutes_before: number
  due_at: Date
}

interface WaitingTable {
  appointment_id: string
  unit_id: string
  service_id: string
  since: Date
  offers: Generated<number>
  /** Times that are no news to who waits. */
  passed_over: Date[]
  look_at: Date
  /** The citizen waits no more; the row goes with the offer that is still open. */
  leaves: Generated<boolean>
  /** The hold that keeps the time that is offered now. */
  offer_id: Generated<string | null>
  offer_starts_at: Generated<Date | null>
  offer_until: Generated<Date | null>
  /** Whether it is offered by telephone. */
  by_telephone: Generated<boolean>
  /** When the citizen is called next about it. */
  call_at: Generated<Date | null>
  /** Wrong request codes that were keyed since it was offered, by who calls from a number of the citizen. */
  wrong_codes: Generated<number>
}

/** A set-up that an office has had, as a whole. */
export interface SetUpTable {
  unit_id: string
  version: number
  document: ColumnType<unknown, string, string>
  reason: string
  by_name: string
  at: Date
}

declare module '../platform/index.ts' {
  interface Tables {
    agenda_service: ServiceTable
    agenda_service_of_unit: ServiceOfUnitTable
    agenda_calendar: CalendarTable
    agenda_opening: OpeningTable
    agenda_extra_opening: ExtraOpeningTable
    agenda_closure: ClosureTable
    agenda_hold: HoldTable
    agenda_taken: TakenTable
    agenda_set_up: SetUpTable
    agenda_reminder: ReminderTable
    agenda_waiting: WaitingTable
    agenda_number: NumberTable
    agenda_letter: LetterTable
    appointment: AppointmentTable
    appointment_letter: PostLetterTable
  }
}

/** Rows as they are read. */
export type CalendarRow = Selectable<CalendarTable>
export type TakenRow = TakenTable
export type HoldRow = Selectable<HoldTable>
export type AppointmentRow = Selectable<AppointmentTable>
export type PostLetterRow = Selectable<PostLetterTable>
export type WaitingRow = Selectable<WaitingTable>
export type ServiceRow = Selectable<ServiceTable>
/** A service as an office offers it. */
export type OfferedRow = ServiceRow & {
  shares: Share[]
  none_before: Date
  /** Changes with every change of how the office offers it. */
  offered_version: string
}
