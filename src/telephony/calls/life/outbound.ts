/**
 * A call that an officer makes to a citizen, for an appointment by telephone.
 *
 *   officer ──picks up──▶ citizen ──answers──▶ talking ──somebody hangs up──▶ ended
 *      │                     │
 *      └ does not pick up    └ nobody answers, busy
 *
 * Nobody is called before the officer is there. That the citizen's number is dialled is written before it is: a program that comes back and does not find the
 * leg in the switch cannot know whether it rang, and it counts as an attempt.
 */
import { appointmentCallConnected, appointmentCallDialled, appointmentCallEnded } from '../../events.ts'
import type { PresentLeg } from '../../switches/port.ts'
import { type Input, type LifeState, note, type Outbound, type OutboundOutcome, type Step } from './state.ts'

/** The officer sits beside the telephone. */
const officerRingMs = 25_000
export const citizenRingMs = 30_000
/** The switch ends the ringing by itself; this is for one that does not. */
export const marginMs = 5_000

/** The officer's telephone is rung. */
export function ringOfficer(step: Step, outbound: Outbound): void {
  const { state, effects, now } = step
  state.outbound = outbound
  state.due.dial = now + officerRingMs + marginMs
  const { officerLeg: leg, officerNumber: number } = outbound
  effects.push({ do: 'dial', leg, number, timeoutMs: officerRingMs, ...shown(outbound) })
}

/** Whoever is rung sees the number of the office. */
export const shown = ({ callerId }: Pick<Outbound, 'callerId'>) => (callerId === null ? {} : { from: callerId })

/** Takes an input of such a call; what comes late changes nothing. */
export function happenOutbound(step: Step, outbound: Outbound, input: Input): void {
  switch (input.type) {
    case 'answered':
      answered(step, outbound, input.leg)
      break
    case 'ended':
      legGone(step, outbound, input.leg, input.cause)
      break
    case 'not-rung':
      legGone(step, outbound, input.leg, 'failed')
      break
    case 'due':
      end(step, outbound, outbound.stage === 'officer' ? 'officer-away' : 'no-answer')
      break
    case 'restored':
      restore(step, outbound, input.present)
      break
    default:
      break
  }
}

function answered(step: Step, outbound: Outbound, leg: string): void {
  const { state, effects, now } = step
  if (leg === outbound.officerLeg && outbound.stage === 'officer') {
    outbound.stage = 'citizen'
    state.due.dial = now + citizenRingMs + marginMs
    note(step, appointmentCallDialled, { appointmentId: outbound.appointmentId }, outbound.officer)
    effects.push(
      { do: 'ring', leg },
      { do: 'dial', leg: state.leg, number: outbound.number, timeoutMs: citizenRingMs, ...shown(outbound) },
    )
  } else if (leg === state.leg && outbound.stage === 'citizen') {
    outbound.stage = 'talking'
    delete state.due.dial
    state.hearing = { is: 'conversation' }
    note(step, appointmentCallConnected, { appointmentId: outbound.appointmentId }, outbound.officer)
    effects.push({ do: 'join', legs: [state.leg, outbound.officerLeg] })
  }
}

function legGone(step: Step, outbound: Outbound, leg: string, cause: string): void {
  if (leg !== outbound.officerLeg && leg !== step.state.leg) return
  const isOfficer = leg === outbound.officerLeg
  if (outbound.stage === 'talking') end(step, outbound, 'talked', leg)
  else if (isOfficer) end(step, outbound, 'officer-away', leg)
  else if (outbound.stage === 'citizen') end(step, outbound, whyUnanswered(cause), leg)
}

/** Why somebody who was rung has not answered. */
export const whyUnanswered = (cause: string): 'busy' | 'no-answer' | 'failed' =>
  cause === 'busy' || cause === 'declined' ? 'busy' : cause === 'no-answer' ? 'no-answer' : 'failed'

/** Hangs up whoever is still there. */
function end(step: Step, outbound: Outbound, outcome: OutboundOutcome, gone?: string): void {
  const { state, effects } = step
  if (outbound.stage === 'talking') effects.push({ do: 'part' })
  for (const leg of legsOfOutbound(state))
    if (leg !== gone) effects.push({ do: 'hang-up', leg, reason: outcome === 'talked' ? 'normal' : 'no-answer' })
  outbound.outcome = outcome
  note(step, appointmentCallEnded, { appointmentId: outbound.appointmentId, outcome }, outbound.officer)
  state.phase = 'ended'
  state.ending = outcome === 'talked' ? 'operator' : 'not-reached'
  state.hearing = { is: 'nothing' }
  state.due = {}
}

/** The legs that a call of ours has, or is about to have. One about an offer has the citizen's alone. */
export const legsOfOutbound = ({ leg, outbound }: Pick<LifeState, 'leg' | 'outbound'>): string[] =>
  !outbound ? [leg] : outbound.stage === 'officer' ? [outbound.officerLeg] : [outbound.officerLeg, leg]

/** After the program or the switch was away: which of the legs are there? */
function restore(step: Step, outbound: Outbound, present: readonly PresentLeg[]): void {
  const there = new Map(present.map(each => [each.leg, each]))
  const [officer, citizen] = [there.get(outbound.officerLeg), there.get(step.state.leg)]
  if (!officer) legGone(step, outbound, outbound.officerLeg, 'lost')
  else if (outbound.stage === 'officer') officer.answered && answered(step, outbound, outbound.officerLeg)
  else if (!citizen) legGone(step, outbound, step.state.leg, 'lost')
  else if (citizen.answered) answered(step, outbound, step.state.leg)
}
