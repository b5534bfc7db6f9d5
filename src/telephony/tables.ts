/** The tables of telephony, as migrations/0310-telephony.sql makes them. */
import type { ColumnType, Generated } from 'kysely'
import type { LifeState } from './life.ts'
import type { TurnOutcome } from './model.ts'
import type { SwitchKind } from './switch.ts'

interface CallTable {
  id: string
  node: string
  switch: SwitchKind
  leg: string
  from_number: string | null
  to_number: string
  office_id: string | null
  office_name: string | null
  province_code: string | null
  region_code: string | null
  phase: LifeState['phase']
  section_id: string | null
  agent_id: string | null
  state: ColumnType<LifeState, string, string>
  version: Generated<number>
  /** Transaction, in decimal. */
  seen_xid: Generated<string>
  seen_id: Generated<number>
  started_at: ColumnType<Date, Date, never>
  ended_at: Date | null
}

interface CallTurnTable {
  offer: string
  call_id: string
  agent_id: string
  section_id: string
  outcome: TurnOutcome
  waited_ms: number
  offered_at: ColumnType<Date, Date, never>
  answered_at: Date | null
  ended_at: Date | null
}

declare module '../platform/index.ts' {
  interface Tables {
    call: CallTable
    call_turn: CallTurnTable
  }
}
