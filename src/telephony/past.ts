/** A call that is over, as the rows that a real one leaves behind: for a history that was not lived on this installation. */
import type { Insertable } from 'kysely'
import type { Tables } from '../platform/index.ts'
import type { LifeState } from './life.ts'
import type {} from './tables.ts'

export interface PastCall {
  id: string
  from: string | null
  to: string
  office: { id: string; name: string } | null
  provinceCode: string | null
  regionCode: string | null
  sectionId: string
  /** Office time, 0 to 23. */
  hour: number
  startedAt: Date
  endedAt: Date
  /** The operator who was rung; null when nobody was. */
  turn: { offer: string; agentId: string; offeredAt: Date; answeredAt: Date; waitedMs: number } | null
}

/** The row of the call, and that of the operator's turn. */
export function pastCall(call: PastCall): { call: Insertable<Tables['call']>; turns: Insertable<Tables['call_turn']>[] } {
  const { id, from, to, office, provinceCode, regionCode, sectionId, startedAt, endedAt, turn } = call
  const leg = `past-${id}`
  const state: LifeState = {
    callId: id,
    leg,
    phase: 'ended',
    taken: true,
    hearing: { is: 'nothing' },
    language: 'it',
    context: {
      office,
      province: provinceCode,
      region: regionCode,
      callerKnown: from !== null,
      hour: call.hour,
      holiday: false,
      open: [],
    },
    flow: null,
    walk: null,
    path: [],
    section: sectionId,
    priority: 0,
    waitingSince: null,
    position: null,
    offer: null,
    agent: null,
    held: false,
    broken: null,
    transferredBy: null,
    proposal: null,
    proposed: false,
    callback: null,
    office: null,
    ending: null,
    due: {},
    names: 0,
  }
  return {
    call: {
      id,
      node: 'past',
      switch: 'browser',
      leg,
      from_number: from,
      to_number: to,
      office_id: office?.id ?? null,
      office_name: office?.name ?? null,
      province_code: provinceCode,
      region_code: regionCode,
      phase: 'ended',
      section_id: sectionId,
      agent_id: null,
      state: JSON.stringify(state),
      started_at: startedAt,
      ended_at: endedAt,
    },
    turns:
      turn === null
        ? []
        : [
            {
              offer: turn.offer,
              call_id: id,
              agent_id: turn.agentId,
              section_id: sectionId,
              outcome: 'answered',
              waited_ms: turn.waitedMs,
              offered_at: turn.offeredAt,
              answered_at: turn.answeredAt,
              ended_at: endedAt,
            },
          ],
  }
}
