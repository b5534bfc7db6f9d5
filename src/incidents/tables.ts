/** The tables of incidents, as migrations/202611291820-incidents.sql makes them. */
import type { Generated, JSONColumnType, Selectable } from 'kysely'
import type { PersonActor } from '../platform/index.ts'
import type { Answering, IncidentState, NoticeChannel, NoticeTexts } from './model.ts'

export interface IncidentTable {
  id: string
  number: Generated<number>
  title: string
  state: IncidentState
  procedure_id: string | null
  /** By what its tickets are counted together; null where it has no single cause key. */
  cause_key: string | null
  unit_id: string
  unit_name: string
  unit_path: string
  region_code: string | null
  section_id: string | null
  workaround: string
  expected_end: Date | null
  opened_at: Date
  opened_by_name: string
  changed_at: Date
  changed_by_name: string
  closed_at: Date | null
  version: Generated<number>
}

interface IncidentStepTable {
  id: string
  incident_id: string
  kind: string
  detail: JSONColumnType<Record<string, string | number>>
  by_name: string
  at: Date
}

interface IncidentNoticeTable {
  id: string
  incident_id: string
  texts: JSONColumnType<NoticeTexts>
  channels: NoticeChannel[]
  region_code: string | null
  section_id: string | null
  starts_at: Date
  ends_at: Date
  withdrawn_at: Date | null
  by_name: string
}

interface IncidentAnsweringTable {
  id: string
  incident_id: string
  text: string
  /** Who looked at the tickets, and answers them. */
  actor: JSONColumnType<PersonActor>
  begun_at: Date
}

interface IncidentTicketTable {
  ticket_id: string
  incident_id: string
  linked_at: Date
  linked_by_name: string
  answering_id: string | null
  answering: Answering | null
  left_because: string | null
}

interface IncidentProposalTable {
  id: string
  unit_id: string
  unit_path: string
  cause_key: string
  procedure_id: string | null
  hour: Date
  tickets: number
  expected: number
  chance: number
  made_at: Date
  state: 'open' | 'accepted' | 'set-aside'
  reason: string | null
  decided_at: Date | null
  decided_by_name: string | null
  incident_id: string | null
}

interface KnownErrorTable {
  id: string
  title: string
  procedure_id: string | null
  typology_id: string | null
  symptom: string
  workaround: string
  incident_id: string | null
  changed_at: Date
  changed_by_name: string
  version: Generated<number>
}

declare module '../platform/index.ts' {
  interface Tables {
    incident: IncidentTable
    incident_step: IncidentStepTable
    incident_notice: IncidentNoticeTable
    incident_answering: IncidentAnsweringTable
    incident_ticket: IncidentTicketTable
    incident_proposal: IncidentProposalTable
    known_error: KnownErrorTable
  }
}

export type IncidentRow = Selectable<IncidentTable>
export type NoticeRow = Selectable<IncidentNoticeTable>
export type LinkedTicketRow = Selectable<IncidentTicketTable>
export type ProposalRow = Selectable<IncidentProposalTable>
export type KnownErrorRow = Selectable<KnownErrorTable>
export type StepRow = Selectable<IncidentStepTable>
