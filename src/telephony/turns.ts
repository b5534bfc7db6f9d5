/** The operators' turns: how each offer of a call went, read from what a transition changed. Kept for the list of one's own calls. */
import type { Tx } from '../platform/index.ts'
import type { Input, LifeState, Note } from './life.ts'
import type { TurnOutcome } from './model.ts'
import { insertTurn, settleTurn } from './store.ts'

export async function noteTurns(
  tx: Tx,
  before: LifeState,
  input: Input,
  { state, notes }: { state: LifeState; notes: readonly Note[] },
  now: Date,
): Promise<void> {
  const waitedMs = now.getTime() - (before.waitingSince ?? now.getTime())
  const said = new Set(notes.map(note => note.event.type))
  const { offer, agent } = before
  if (offer && state.offer?.offer !== offer.offer) {
    if (state.agent?.offer === offer.offer)
      await settleTurn(tx, before.callId, offer.offer, { outcome: 'talking', answered_at: now, waited_ms: waitedMs })
    else await settleTurn(tx, before.callId, offer.offer, { outcome: missedBecause(input, said), ended_at: now })
  }
  if (agent && state.agent?.offer !== agent.offer) {
    const outcome = said.has('call.transferred') ? 'transferred' : said.has('call.interrupted') ? 'interrupted' : 'answered'
    await settleTurn(tx, before.callId, agent.offer, { outcome, ended_at: now })
  }
  if (state.offer && state.offer.offer !== offer?.offer)
    await insertTurn(tx, {
      offer: state.offer.offer,
      callId: before.callId,
      agentId: state.offer.agent,
      sectionId: state.section ?? '',
      waitedMs,
      now,
    })
}

function missedBecause(input: Input, said: ReadonlySet<string>): TurnOutcome {
  if (said.has('offer.declined')) return 'declined'
  if (said.has('offer.failed')) return 'failed'
  return input.type === 'offer-over' && input.reason === 'no-answer' ? 'no-answer' : 'withdrawn'
}
