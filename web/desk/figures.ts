/** The own figures of the day. Pure. */
import type { Interaction } from '../../src/cases/model.ts'
import type { CallTurn } from '../../src/telephony/model.ts'

export interface Figures {
  /** Calls that were talked about. */
  answered: number
  /** Mean length of the conversations that are over, in milliseconds; null when there is none. */
  meanMs: number | null
  /** Conversations that were answered and closed at the first contact. */
  closedAtOnce: number
}

export function figuresOf(turns: readonly CallTurn[], interactions: readonly Interaction[]): Figures {
  const talked = turns.filter(turn => turn.answeredAt !== null)
  const lengths = talked.flatMap(({ answeredAt, endedAt }) =>
    answeredAt && endedAt ? [Date.parse(endedAt) - Date.parse(answeredAt)] : [],
  )
  return {
    answered: new Set(talked.map(turn => turn.callId)).size,
    meanMs: lengths.length === 0 ? null : lengths.reduce((sum, length) => sum + length, 0) / lengths.length,
    closedAtOnce: interactions.filter(each => each.state === 'answered').length,
  }
}

/** One line of the list of today's calls. */
export interface TodayLine {
  callId: string
  at: string
  from: string | null
  office: string | null
  interaction: Interaction | null
  /** How it ended for me; a call that only rang has no interaction. */
  outcome: CallTurn['outcome']
}

/** Today's calls, newest first, one line each: a call that rang twice or was taken up again is one line, with what became of it last. */
export function todayLines(turns: readonly CallTurn[], interactions: readonly Interaction[]): TodayLine[] {
  const lines = new Map<string, TodayLine>()
  for (const turn of [...turns].sort((a, b) => b.offeredAt.localeCompare(a.offeredAt))) {
    const found = lines.get(turn.callId)
    if (found) {
      if (turn.answeredAt !== null && !['talking', 'answered', 'transferred', 'interrupted'].includes(found.outcome))
        found.outcome = turn.outcome
      continue
    }
    lines.set(turn.callId, {
      callId: turn.callId,
      at: turn.answeredAt ?? turn.offeredAt,
      from: turn.from,
      office: turn.office?.name ?? null,
      interaction: interactions.find(each => each.callId === turn.callId) ?? null,
      outcome: turn.outcome,
    })
  }
  return [...lines.values()]
}
