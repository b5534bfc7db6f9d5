/** The tables of guides, as migrations/202611300201-guides.sql makes them. */

import type { Generated, JSONColumnType, Selectable } from 'kysely'
import type { ContactLanguage } from '../contacts/index.ts'
import type { GuideContent, SessionOutcome, StepState } from './model.ts'

interface GuideTable {
  id: string
  title: string
  summary: string
  document: JSONColumnType<GuideContent>
  retired: Generated<boolean>
  version: Generated<number>
  changed_at: Date
  changed_by_name: string
}

interface GuideVersionTable {
  guide_id: string
  version: number
  document: JSONColumnType<GuideContent>
  retired: boolean
  reason: string
  by_name: string
  at: Date
}

interface AssistedSessionTable {
  id: string
  guide_id: string
  guide_version: number
  guide_title: string
  interaction_id: string
  person_id: string
  person_name: string
  unit_path: string
  language: ContactLanguage
  began_at: Date
  ended_at: Date | null
  outcome: SessionOutcome | null
  why: Generated<string>
}

interface AssistedStepTable {
  session_id: string
  step_id: string
  state: Exclude<StepState, 'open'>
  note: string
  at: Date
}

export type GuideRow = Selectable<GuideTable>
export type GuideVersionRow = Selectable<GuideVersionTable>
export type AssistedSessionRow = Selectable<AssistedSessionTable>
export type AssistedStepRow = Selectable<AssistedStepTable>

declare module '../platform/index.ts' {
  interface Tables {
    guide: GuideTable
    guide_version: GuideVersionTable
    assisted_session: AssistedSessionTable
    assisted_step: AssistedStepTable
  }
}
