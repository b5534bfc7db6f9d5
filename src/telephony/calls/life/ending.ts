/** How calls end. */
import { callLeftQueue, conversationEnded } from '../../../distribution/index.ts'
import { callEnded, type EndedBecause, type OfferCallOutcome } from '../../events.ts'
import type { EndReason } from '../../switches/port.ts'
import { leave, say } from './hearing.ts'
import { type LifeState, note, type Step, type TimeOfferOutcome, type Words } from './state.ts'

/** Says the last words, then ends. */
export function farewell(step: Step, words: readonly Words[], because: EndedBecause): void {
  step.state.phase = 'farewell'
  step.state.ending = because
  if (words.length === 0) end(step, because)
  else say(step, words, 'hang-up')
}

/** Hangs up whoever is still there, and says it to whom it concerns. */
export function end(step: Step, because: EndedBecause, callerIsGone = false): void {
  const { state, effects } = step
  if (state.phase === 'waiting') note(step, callLeftQueue, { reason: because })
  if (state.phase === 'talking' && state.agent) note(step, conversationEnded, { agent: state.agent.id }, state.agent.id)
  // Nobody listens any more: what sounds on the leg goes with it.
  if (callerIsGone) {
    // A leg that we dialled is not the caller's own: the switch does not part the two by itself.
    if (state.callback && state.hearing.is === 'conversation') effects.push({ do: 'part' })
    state.hearing = { is: 'nothing' }
  } else leave(step)
  hangUpOthers(step, 'normal')
  // How the line ends must not tell a caller that somebody else's wish had been noted before.
  const callersReason = because === 'noted' ? 'called-back' : 'normal'
  if (!callerIsGone) effects.push({ do: 'hang-up', leg: state.leg, reason: callersReason })
  // Nobody has called: what came of a call of ours is told of the appointment.
  if (state.offerCall) state.offerCall.outcome = outcomeOf(state, because)
  else note(step, callEnded, { reason: because }, state.agent?.id ?? null)
  state.phase = 'ended'
  state.ending = because
  state.agent = null
  state.held = false
  state.broken = null
  state.transferredBy = null
  state.proposal = null
  state.hearing = { is: 'nothing' }
  state.due = {}
}

/** What came of a call about a time that is offered. */
const outcomeOf = ({ timeOffer }: LifeState, because: EndedBecause): OfferCallOutcome =>
  timeOffer?.outcome == null ? (because === 'lost' ? 'failed' : 'hung-up') : outcomes[timeOffer.outcome]

const outcomes: Readonly<Record<TimeOfferOutcome, OfferCallOutcome>> = {
  ...{ accepted: 'accepted', kept: 'kept', 'no-more': 'no-more', over: 'over', none: 'over' },
  ...{ 'not-known': 'no-code', silent: 'undecided' },
}

/**
 * What is known of a call once it is over: where it was, and that no leg is expected any more. The rest of the state was needed to go on, and is
 * not kept. What comes late about it changes nothing.
 */
export const stateAfterEnd = ({
  callId,
  section,
  context,
}: Pick<LifeState, 'callId' | 'section'> & {
  context: Pick<LifeState['context'], 'office' | 'province' | 'region'>
}): LifeState => ({
  callId,
  section,
  context: { ...context, callerKnown: false, hour: 0, holiday: false, open: [] },
  leg: '',
  phase: 'ended',
  taken: false,
  hearing: { is: 'nothing' },
  language: 'it',
  flow: null,
  walk: null,
  path: [],
  priority: 0,
  waitingSince: null,
  position: null,
  offer: null,
  agent: null,
  held: false,
  broken: null,
  proposal: null,
  proposed: false,
  transferredBy: null,
  callback: null,
  office: null,
  ending: null,
  due: {},
  names: 0,
})

/** Hangs up every leg but the caller's. */
export function hangUpOthers(step: Step, reason: EndReason): void {
  const { state, effects } = step
  if (state.offer && state.offer.gone === null) effects.push({ do: 'hang-up', leg: state.offer.leg, reason })
  if (state.agent) effects.push({ do: 'hang-up', leg: state.agent.leg, reason })
  if (state.office?.leg) effects.push({ do: 'hang-up', leg: state.office.leg, reason })
  state.offer = null
  state.office = null
}

/** Stops ringing the operator. */
export function stopRinging(step: Step): void {
  const { state } = step
  if (state.offer && state.offer.gone === null) {
    step.effects.push({ do: 'hang-up', leg: state.offer.leg, reason: state.offer.answered ? 'answered-elsewhere' : 'no-answer' })
  }
  state.offer = null
}
