/** The tables of identity, as migrations/0110-identity.sql and 202611281640-rights.sql make them. */
import type { ColumnType, Generated } from 'kysely'
import type { Language, PersonActor } from '../platform/index.ts'
import type { Role } from './capabilities.ts'
import type { NoticeKind } from './model.ts'

export interface PersonTable {
  id: string
  /** Lower case. */
  user_name: string
  name: string
  sort_key: string
  language: Language
  password_hash: string | null
  password_once_until: Date | null
  last_assignment_id: string | null
  disabled_at: Date | null
  created_at: Date
  version: Generated<number>
}

interface PersonKeyTable {
  key: string
  person_id: string
}

export interface AssignmentTable {
  id: string
  person_id: string
  role: Role
  unit_id: string
  unit_path: string
  starts_at: Date
  ends_at: Date | null
}

export interface SessionTable {
  id: string
  token_hash: string
  person_id: string
  assignment_id: string
  started_at: Date
  seen_at: Date
}

interface SignInLimitTable {
  key: string
  free_at: Date
}

export interface AssignmentRequestTable extends AssignmentTable {
  asked_by: string
  asked_by_name: string
  asked_at: Date
}

export interface AccountNoticeTable {
  id: string
  person_id: string
  kind: NoticeKind
  by_name: string
  facts: ColumnType<Record<string, string>, string, never>
  at: Date
  seen_at: Date | null
}

export interface EndingAfterCallTable {
  id: string
  person_id: string
  assignment_id: string | null
  asked_by: ColumnType<PersonActor, string, never>
  asked_at: Date
}

interface SessionEndTable {
  token_hash: string
  reason: string
  at: Date
}

declare module '../platform/index.ts' {
  interface Tables {
    person: PersonTable
    person_key: PersonKeyTable
    assignment: AssignmentTable
    session: SessionTable
    sign_in_limit: SignInLimitTable
    assignment_request: AssignmentRequestTable
    account_notice: AccountNoticeTable
    ending_after_call: EndingAfterCallTable
    session_end: SessionEndTable
  }
}
