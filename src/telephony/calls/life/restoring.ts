/**
 * Going on after the program, or the switch, was away. The state says how things should be, the switch how they are: legs that are gone
 * are treated as ended, and what the caller should hear is begun again. A conversation that goes on is not touched.
 */
import type { PresentLeg } from '../../switches/port.ts'
import { firstLegGone, restoreDialling } from './callback.ts'
import { end } from './ending.ts'
import { silentInFlow } from './menu.ts'
import { officeGone } from './office.ts'
import { newName, type Step } from './state.ts'
import { agentGone } from './talking.ts'
import { ringingEnded } from './waiting.ts'

export function restore(step: Step, present: readonly PresentLeg[]): void {
  const { state, effects } = step
  if (state.phase === 'ended') return
  const there = new Map(present.map(each => [each.leg, each]))
  if (state.phase === 'dialling') {
    restoreDialling(step, there)
    return
  }
  const caller = there.get(state.leg)
  if (state.phase === 'callback' && state.callback) {
    if (!caller) firstLegGone(step)
    // It was about to be hung up, and perhaps was not.
    else if (!state.callback.onLine) effects.push({ do: 'hang-up', leg: state.leg, reason: 'normal' })
    if (state.offer && state.offer.gone === null && !there.has(state.offer.leg)) ringAgain(step)
    if (caller && state.callback.onLine) soundAgain(step, [])
    return
  }
  if (!caller) {
    // Only the other side is left to be hung up.
    end(step, 'lost', true)
    return
  }
  if (state.taken && !caller.answered) effects.push({ do: 'take', leg: state.leg })
  const soundsBefore = soundOf(step)
  if (state.agent && !there.has(state.agent.leg)) agentGone(step, 'failed')
  if (state.offer && state.offer.gone === null && !there.has(state.offer.leg)) ringAgain(step)
  if (state.office?.leg && !there.has(state.office.leg)) officeGone(step)
  hangUpStrays(step, present)
  // What this step has begun need not be begun again.
  if (soundOf(step) === soundsBefore) soundAgain(step, caller.joinedWith)
}

/** Legs that were to be hung up when the program died: the step was written, and the deed was not done. */
function hangUpStrays({ state, effects }: Step, present: readonly PresentLeg[]): void {
  const own = [state.leg, state.agent?.leg, state.offer?.leg, state.office?.leg]
  for (const { leg } of present) if (!own.includes(leg)) effects.push({ do: 'hang-up', leg, reason: 'normal' })
}

/** The ringing was cut short, or never began. An answer that was given cannot be heard any more. */
function ringAgain(step: Step): void {
  const { state, effects, now } = step
  const { offer } = state
  if (!offer) return
  if (offer.answered || offer.until <= now) {
    ringingEnded(step, offer.answered ? 'failed' : 'no-answer')
    return
  }
  offer.leg = newName(state)
  effects.push({ do: 'ring-agent', leg: offer.leg, agent: offer.agent, timeoutMs: Math.max(1_000, offer.until - now) })
}

const soundOf = ({ state: { hearing } }: Step): string => (hearing.is === 'saying' ? hearing.playback : hearing.is)

function soundAgain(step: Step, joinedWith: readonly string[]): void {
  const { state, effects } = step
  const { hearing, leg } = state
  // What sounds behind the last words has been going on without us.
  if (hearing.is !== 'saying' && hearing.is !== 'conversation' && state.lastSaid !== undefined)
    effects.push({ do: 'hush', leg, playback: state.lastSaid })
  const other = state.agent?.leg ?? state.office?.leg
  if (hearing.is === 'music') effects.push({ do: 'music', leg, on: true })
  else if (hearing.is === 'ringing') effects.push({ do: 'ring', leg })
  else if (hearing.is === 'conversation' && other && !joinedWith.includes(other)) effects.push({ do: 'join', legs: [leg, other] })
  else if (hearing.is === 'listening') silentInFlow(step)
  else if (hearing.is === 'saying') {
    // Under a new name: what is left of the old one must not end the new one.
    const instead = hearing.playback
    hearing.playback = newName(state)
    state.lastSaid = hearing.playback
    effects.push({ do: 'say', leg, playback: hearing.playback, words: hearing.words, instead })
  }
}
