/** The tables of telephony, as the migrations `0310-telephony`, `0330-callbacks` and `202611281945-transfers-of-calls` make them. */
import type { ColumnType, Generated } from 'kysely'
import type { CallbackState } from './calls/callbacks/model.ts'
import type { LifeState } from './calls/life/life.ts'
import type { AppointmentCallOutcome, EndedBecause, OfferCallOutcome } from './events.ts'
import type { TurnOutcome } from './model.ts'
import type { SwitchKind } from './switches/port.ts'

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
  /** The entries of the journal that were taken into the state. */
  seen_ids: Generated<number[]>
  started_at: ColumnType<Date, Date, never>
  ended_at: Date | null
  ended_because: EndedBecause | null
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

interface CallTransferTable {
  call_id: string
  at: Date
  by_person: string
  by_name: string
  from_section_id: string | null
  section_id: string
  note: string
}

interface CallbackTable {
  call_id: string
  section_id: string
  number: string
  state: CallbackState
  waiting_since: Date
  requested_at: Date
  not_before: Date
  not_after: Date
  attempts: number
  last_tried_at: Date | null
  last_outcome: string | null
  closed_at: Date | null
}

interface AppointmentCallTable {
  id: string
  appointment_id: string
  unit_id: string
  attempt: number
  officer_id: string
  officer_name: string
  officer_number: string
  number: string
  asked_at: Date
  dialled_at: Date | null
  connected_at: Date | null
  ended_at: Date | null
  outcome: AppointmentCallOutcome | null
}

interface TimeOfferCallTable {
  id: string
  appointment_id: string
  unit_id: string
  /** The hold that keeps the time. */
  offer_id: string
  number: string
  asked_at: Date
  dialled_at: Date | null
  answered_at: Date | null
  ended_at: Date | null
  outcome: OfferCallOutcome | null
}

declare module '../platform/index.ts' {
  interface Tables {
    call: CallTable
    call_turn: CallTurnTable
    call_transfer: CallTransferTable
    callback: CallbackTable
    appointment_call: AppointmentCallTable
    time_offer_call: TimeOfferCallTable
  }
}
