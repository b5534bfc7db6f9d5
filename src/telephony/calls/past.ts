/** A call that is over, as the rows that a real one leaves behind: for a history that was not lived on this installation. */
import type { Insertable } from 'kysely'
import type { Tables } from '../../platform/index.ts'
import type {} from '../tables.ts'

export interface PastCall {
  id: string
  from: string | null
  to: string
  office: { id: string; name: string } | null
  provinceCode: string | null
  regionCode: string | null
  sectionId: string
  startedAt: Date
  endedAt: Date
  /** The operator who was rung; null when nobody was. */
  turn: { offer: string; agentId: string; offeredAt: Date; answeredAt: Date; waitedMs: number } | null
}

/** The row of the call, and that of the operator's turn. */
export function pastCall(call: PastCall): { call: Insertable<Tables['call']>; turns: Insertable<Tables['call_turn']>[] } {
  const { id, from, to, office, provinceCode, regionCode, sectionId, startedAt, endedAt, turn } = call
  return {
    call: {
      id,
      node: 'past',
      switch: 'browser',
      leg: `past-${id}`,
      from_number: from,
      to_number: to,
      office_id: office?.id ?? null,
      office_name: office?.name ?? null,
      province_code: provinceCode,
      region_code: regionCode,
      phase: 'ended',
      section_id: sectionId,
      agent_id: null,
      state: '{}',
      started_at: startedAt,
      ended_at: endedAt,
      ended_because: 'caller',
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
