/** The operators' turns: how each offer of a call went, read from what a step changed. Kept for the list of one's own calls. Pure. */
import { callCallbackUnanswered, offerDeclined, offerFailed } from '../../distribution/events.ts'
import { callInterrupted, callTransferred } from '../events.ts'
import type { TurnOutcome } from '../model.ts'
import type { TurnChanges } from '../store.ts'
import { type Input, isInSection, type LifeState, type Note } from './life/life.ts'

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
    const outcome = said.has(callCallbackUnanswered.type)
      ? 'unreached'
      : said.has(callTransferred.type)
        ? 'transferred'
        : said.has(callInterrupted.type)
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
  if (said.has(offerDeclined.type)) return 'declined'
  if (said.has(offerFailed.type)) return 'failed'
  return input.type === 'offer-over' && input.reason === 'no-answer' ? 'no-answer' : 'withdrawn'
}
