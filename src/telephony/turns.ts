/** The operators' turns: how each offer of a call went, read from what a step changed. Kept for the list of one's own calls. Pure. */
import { type Input, isInSection, type LifeState, type Note } from './life.ts'
import type { TurnOutcome } from './model.ts'
import type { TurnChanges } from './store.ts'

export function turnsOfStep(
  before: LifeState,
  input: Input,
  { state, notes }: { state: LifeState; notes: readonly Note[] },
  now: Date,
): TurnChanges {
  const waited_ms = now.getTime() - (before.waitingSince ?? now.getTime())
  const call_id = before.callId
  const said = new Set(notes.map(note => note.event.type))
  const { offer, agent } = before
  const offered: TurnChanges['offered'][number][] = []
  const settled: TurnChanges['settled'][number][] = []
  if (offer && state.offer?.offer !== offer.offer) {
    if (state.agent?.offer === offer.offer)
      settled.push({ call_id, offer: offer.offer, outcome: 'talking', answered_at: now, waited_ms })
    else settled.push({ call_id, offer: offer.offer, outcome: missedBecause(input, said), ended_at: now })
  }
  if (agent && state.agent?.offer !== agent.offer) {
    const outcome = said.has('call.callback-unanswered')
      ? 'unreached'
      : said.has('call.transferred')
        ? 'transferred'
        : said.has('call.interrupted')
          ? 'interrupted'
          : 'answered'
    settled.push({ call_id, offer: agent.offer, outcome, ended_at: now })
  }
  if (isInSection(state) && state.offer && state.offer.offer !== offer?.offer)
    offered.push({
      call_id,
      offer: state.offer.offer,
      agent_id: state.offer.agent,
      section_id: state.section,
      waited_ms,
      offered_at: now,
    })
  return { offered, settled }
}

function missedBecause(input: Input, said: ReadonlySet<string>): TurnOutcome {
  if (said.has('offer.declined')) return 'declined'
  if (said.has('offer.failed')) return 'failed'
  return input.type === 'offer-over' && input.reason === 'no-answer' ? 'no-answer' : 'withdrawn'
}
