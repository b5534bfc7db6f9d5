/** A caller and an operator who talk: on hold, handed to another section, cut short by a page that died. */
import { callConnected, callHeld, callInterrupted, callResumed, callTransferred } from '../../events.ts'
import { unreached } from './callback.ts'
import { end } from './ending.ts'
import { join, music, say } from './hearing.ts'
import { forgetLostLine, joinQueue } from './queue.ts'
import { isInSection, note, type Offer, type StateInSection, type Step } from './state.ts'

/** The answer was in time. What is being said is cut off. */
export function connect(step: Step<StateInSection>, offer: Offer): void {
  const { state } = step
  state.phase = 'talking'
  state.offer = null
  forgetLostLine(step)
  state.proposal = null
  delete state.due.proposal
  delete state.due.reminder
  state.agent = { id: offer.agent, leg: offer.leg, offer: offer.offer, since: step.now }
  note(
    step,
    callConnected,
    {
      agent: offer.agent,
      offer: offer.offer,
      sectionId: state.section,
      waitedMs: step.now - state.waitingSince,
    },
    offer.agent,
  )
  join(step, offer.leg)
}

export function hold(step: Step): void {
  const { agent, held } = step.state
  if (!agent || held) return
  step.state.held = true
  note(step, callHeld, { agent: agent.id }, agent.id)
  music(step)
}

export function resume(step: Step): void {
  const { agent, held } = step.state
  if (!agent || !held) return
  step.state.held = false
  note(step, callResumed, { agent: agent.id }, agent.id)
  join(step, agent.leg)
}

/** Hands the caller to another section; what was waited so far counts there, and whoever takes the call sees from whom it comes. */
export function transfer(step: Step, section: string): void {
  const { state } = step
  if (!isInSection(state) || !state.agent) return
  const { section: fromSectionId } = state
  const { id, leg } = state.agent
  music(step)
  step.effects.push({ do: 'hang-up', leg, reason: 'normal' })
  state.transferredBy = id
  note(step, callTransferred, { agent: id, fromSectionId, sectionId: section }, id)
  joinQueue(step, section)
}

/** The operator's leg is gone: hung up, or lost. If the line was lost, the caller waits for that operator and is told so. */
export function agentGone(step: Step, cause: string): void {
  const { state } = step
  if (!isInSection(state) || !state.agent) return
  if (state.phase === 'dialling') {
    unreached(step, cause === 'normal' ? 'operator' : 'operator-lost', 'agent')
    return
  }
  const { id } = state.agent
  if (cause === 'normal') {
    end(step, 'operator')
    return
  }
  say(step, [{ language: state.language, parts: [{ sentence: 'lineLost' }] }], 'music')
  note(step, callInterrupted, { agent: id }, id)
  joinQueue(step, state.section, id)
}
