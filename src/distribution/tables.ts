/** The tables of distribution, as the migrations `0300-distribution`, `0330-callbacks` and later ones make them. */
import type { ColumnType, Generated } from 'kysely'
import type { AgentState, WorkKind } from '../routing/index.ts'
import type { SectionRouting, SharingMode } from './model.ts'
import type { CallbackSettings } from './sections/model.ts'

type Json<T> = ColumnType<T, string, string>

interface RouterDomainTable {
  domain: string
  epoch: number
  leader: string
  elected_at: Date
}

interface RouterPlaceTable {
  domain: string
  after_seq: number
  seq: number
  epoch: number
  position: string
}

interface RouterLookTable {
  domain: string
  number: Generated<number>
  after_seq: number
  position: string
}

interface RouterStepTable {
  domain: string
  seq: number
  epoch: number
  /** The version of the engine that decided the step. */
  engine: Generated<number>
  at_ms: number
  input: Json<unknown>
  commands: Json<unknown>
}

interface RouterSnapshotTable {
  domain: string
  seq: number
  at: Date
  state: Json<unknown>
}

interface SectionRoutingTable {
  section_id: string
  settings: Json<SectionRouting>
  version: Generated<number>
}

interface AgentSkillTable {
  person_id: string
  section_id: string
  level: number
}

interface AgentPresenceTable {
  person_id: string
  /** The page that is the agent's telephone. */
  page_id: string
  /** Pages that have reported, the newest last. */
  pages: string[]
  heard_at: Date
  telephone_ready: boolean
  /** What the journal was told last. */
  reachable: boolean
  unit_path: string
  /** False for who works in a role without a telephone. */
  takes_calls: Generated<boolean>
}

export interface AgentStatusTable {
  person_id: string
  state: AgentState
  /** Why paused: one of the agent's own reasons, or `no-answer` or `failed` by the program. */
  reason: string | null
  since: Date
  /** The end of an offer or of a wrap-up. */
  until: Date | null
  /** The call that is offered, or in conversation. */
  call_id: string | null
  offer: string | null
}

export interface QueuedCallTable {
  call_id: string
  section_id: string
  kind: WorkKind
  /**
   * `connected`: a callback whose agent is there; its number is dialled, or it talks. Or written work in somebody's hands, which is
   * `suspended` while a call interrupts it.
   */
  state: 'waiting' | 'offered' | 'connected' | 'suspended'
  priority: number
  waiting_since: Date
  /** When it came into this section. */
  entered_at: Date
  /** What the caller was told last, 1 for who is next; null before the first time. */
  position: number | null
  ahead: number | null
  expected_wait_ms: number | null
  told_at: Date | null
  /** Of written work: its case, to whom it is offered or who has it in hand, the open offer and its end. */
  case_id: string | null
  agent_id: string | null
  offer: string | null
  until: Date | null
  /** The step at which it came into the queue: who came first within one millisecond. Null where nobody has noted it. */
  came: number | null
}

/** Sections of the contact centre whose mails are offered to those who serve them. */
interface MailSectionTable {
  section_id: string
  unit_path: string
  enabled: boolean
}

interface SectionSharingTable {
  section_id: string
  mode: SharingMode
  /** How many a member has in hand at most. */
  capacity: number
  offer_minutes: number
  version: Generated<number>
}

/** What a unit, a section or one above sections, says about callbacks. */
interface CallbackSettingTable {
  unit_id: string
  settings: Json<CallbackSettings>
}

declare module '../platform/index.ts' {
  interface Tables {
    router_domain: RouterDomainTable
    router_look: RouterLookTable
    router_place: RouterPlaceTable
    router_step: RouterStepTable
    router_snapshot: RouterSnapshotTable
    section_routing: SectionRoutingTable
    agent_skill: AgentSkillTable
    agent_presence: AgentPresenceTable
    agent_status: AgentStatusTable
    queued_call: QueuedCallTable
    section_sharing: SectionSharingTable
    callback_setting: CallbackSettingTable
    mail_section: MailSectionTable
  }
}
