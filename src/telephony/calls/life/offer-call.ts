/**
 * A call that the program makes to a citizen about a time that is offered to them.
 *
 *   ringing ──answers──▶ led by a flow of its own, as a call that comes in (menu.ts) ──somebody hangs up──▶ ended
 *      │
 *      └ nobody answers, busy
 *
 * That the number is dialled is written before it is: a program that comes back and does not find the leg in the switch cannot know whether it rang, and it
 * counts as an attempt. What came of it is told by whoever writes the step (../time-offers/follow.ts): the call has no entries of its own in the journal.
 */
import type { OfferCallOutcome } from '../../events.ts'
import { beginFlow } from './menu.ts'
import { citizenRingMs, marginMs, shown, whyUnanswered } from './outbound.ts'
import type { Input, OfferCall, Step } from './state.ts'

/** The citizen's telephone is rung. */
export function ringCitizen(step: Step, call: OfferCall): void {
  const { state, effects, now } = step
  state.offerCall = call
  state.due.dial = now + citizenRingMs + marginMs
  effects.push({ do: 'dial', leg: state.leg, number: call.number, timeoutMs: citizenRingMs, ...shown(call) })
}

/** Takes an input while it rings; what comes late changes nothing. */
export function happenWhileRinging(step: Step, call: OfferCall, input: Input): void {
  const { leg } = step.state
  switch (input.type) {
    case 'answered':
      if (input.leg === leg) answered(step)
      break
    case 'ended':
      if (input.leg === leg) unanswered(step, call, whyUnanswered(input.cause))
      break
    case 'not-rung':
      if (input.leg === leg) unanswered(step, call, 'failed')
      break
    case 'due':
      step.effects.push({ do: 'hang-up', leg, reason: 'no-answer' })
      unanswered(step, call, 'no-answer')
      break
    case 'restored': {
      const there = input.present.find(each => each.leg === leg)
      if (!there) unanswered(step, call, 'failed')
      else if (there.answered) answered(step)
      break
    }
    default:
      break
  }
}

function answered(step: Step): void {
  step.state.phase = 'menu'
  delete step.state.due.dial
  beginFlow(step)
}

function unanswered({ state }: Step, call: OfferCall, outcome: OfferCallOutcome): void {
  call.outcome = outcome
  state.phase = 'ended'
  state.ending = 'not-reached'
  state.hearing = { is: 'nothing' }
  state.due = {}
}
