/** How calls end. */
import { callLeftQueue, conversationEnded } from '../../distribution/index.ts'
import { callEnded, type EndedBecause } from '../events.ts'
import type { EndReason } from '../switch.ts'
import { leave, say } from './hearing.ts'
import { note, type Step, type Words } from './state.ts'

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
  // Whose wish was noted before must not tell by how the line ends that it was.
  const callersReason = because === 'noted' ? 'called-back' : 'normal'
  if (!callerIsGone) effects.push({ do: 'hang-up', leg: state.leg, reason: callersReason })
  note(step, callEnded, { reason: because }, state.agent?.id ?? null)
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

/** Hangs up every leg but the caller's. */
export function hangUpOthers(step: Step, reason: EndReason): void {
  const { state, effects } = step
  if (state.offer && state.offer.gone === null) effects.push({ do: 'hang-up', leg: state.offer.leg, reason })
  if (state.agent) effects.push({ do: 'hang-up', leg: state.agent.leg, reason })
  if (state.office?.leg) effects.push({ do: 'hang-up', leg: state.office.leg, reason })
  state.offer = null
  state.office = null
}

/** The operator who is rung is rung no longer. */
export function stopRinging(step: Step): void {
  const { state } = step
  if (state.offer && state.offer.gone === null) {
    step.effects.push({ do: 'hang-up', leg: state.offer.leg, reason: state.offer.answered ? 'answered-elsewhere' : 'no-answer' })
  }
  state.offer = null
}
