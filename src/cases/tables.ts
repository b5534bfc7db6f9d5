/** The tables of cases, as migrations/0210-cases.sql makes them. */
import type { Generated, Selectable } from 'kysely'
import type { ReplyKind } from '../channels/index.ts'
import type { TicketPriority } from './deadlines/model.ts'
import type { LineaColumns } from './linea-fields.ts'
import type { CaseOutcome, ConversationChannel, InteractionState, TicketKind, TicketState } from './model.ts'

export interface CaseTable {
  id: string
  code: string
  contact_id: string
  typology_id: string | null
  title: string
  status: 'open' | 'closed'
  outcome: CaseOutcome | null
  /** Who goes on with it; null in cases of before. */
  reference_id: string | null
  reference_name: string | null
  opened_at: Date
  closed_at: Date | null
  /** The case in which everybody goes on with this one. */
  joined_into: string | null
  version: Generated<number>
}

interface CaseUnitTable {
  case_id: string
  unit_path: string
  /** Lent by a case with which this one is joined. */
  borrowed: Generated<boolean>
}

export interface InteractionTable {
  id: string
  channel: ConversationChannel
  call_id: string | null
  from_number: string | null
  contact_id: string | null
  case_id: string | null
  typology_id: string | null
  question: string
  notes: string
  answer: string | null
  state: InteractionState
  office_id: string | null
  office_name: string | null
  province_code: string | null
  region_code: string | null
  section_id: string | null
  /** Null while nobody has taken what a citizen has written. */
  operator_id: string | null
  operator_name: string | null
  operator_path: string
  opened_at: Date
  closed_at: Date | null
  version: Generated<number>
}

export interface TicketTable extends LineaColumns {
  id: string
  case_id: string
  kind: TicketKind
  state: TicketState
  unit_id: string
  unit_name: string
  unit_path: string
  centre_id: string
  centre_name: string
  region_code: string
  claimed_by: string | null
  claimed_by_name: string | null
  directorate_id: string | null
  directorate_name: string | null
  directorate_path: string | null
  directorate_answer: string | null
  answer: string | null
  due_at: Date
  opened_at: Date
  closed_at: Date | null
  sent_by: string
  sent_by_name: string
  sent_by_unit: string
  office_name: string | null
  /** Why it came to its section: the code of a sentence and its values. */
  derivation: string
  derived_unit_id: string
  second_contact: boolean
  priority: Generated<TicketPriority>
  urgent_reason: Generated<string | null>
  /** Why it was no matter for the second level; null for what was. */
  sent_back_reason: Generated<string | null>
  sent_back_by_name: Generated<string | null>
  /** Since when the citizen has been asked; null while nobody is. */
  waiting_since: Generated<Date | null>
  version: Generated<number>
}

interface TicketCountTable {
  unit_id: string
  state: TicketState
  tickets: number
}

export interface CaseNoteTable {
  id: string
  case_id: string
  text: string
  by_person: string
  by_name: string
  by_unit: string
  at: Date
}

export interface MessageTable {
  id: string
  case_id: string
  channel: ReplyKind
  text: string
  mail_id: string | null
  by_name: string
  at: Date
}

/** What a central directorate wrote back; rows are only ever added. */
export interface TicketReturnTable {
  id: string
  ticket_id: string
  directorate_id: string
  directorate_name: string
  text: string
  by_name: string | null
  at: Date
  general_interest: Generated<boolean>
}

interface AnswerDraftTable {
  ticket_id: string
  person_id: string
  text: string
  saved_at: Date
  version: Generated<number>
  /** Whose text it was, when the ticket came from somebody who was writing. */
  passed_from: string | null
  passed_from_name: string | null
  /** Who wrote it and had to leave it, when the ticket went to nobody; null once somebody has taken it up. */
  left_by_name: string | null
}

interface CaseFollowerTable {
  name: string
  /** See `positionText`. */
  position: string
}

declare module '../platform/index.ts' {
  interface Tables {
    case: CaseTable
    case_unit: CaseUnitTable
    interaction: InteractionTable
    ticket: TicketTable
    ticket_count: TicketCountTable
    case_note: CaseNoteTable
    message: MessageTable
    ticket_return: TicketReturnTable
    answer_draft: AnswerDraftTable
    case_follower: CaseFollowerTable
  }
}

/** Rows as they are read. */
export type CaseRow = Omit<CaseTable, 'version'> & { version: number }
export type InteractionRow = Omit<InteractionTable, 'version'> & { version: number }
export type TicketRow = Selectable<TicketTable>
