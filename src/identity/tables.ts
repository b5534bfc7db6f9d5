/** The tables of identity, as migrations/0110-identity.sql makes them. */
import type { Generated } from 'kysely'
import type { Language } from '../platform/index.ts'
import type { Role } from './model.ts'

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

declare module '../platform/index.ts' {
  interface Tables {
    person: PersonTable
    person_key: PersonKeyTable
    assignment: AssignmentTable
    session: SessionTable
    sign_in_limit: SignInLimitTable
  }
}
