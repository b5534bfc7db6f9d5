/**
 * What the caller hears: one thing after the other, never two, never nothing. Whatever begins first ends what was before it, so nobody's
 * announcement delays an answer: `join` hushes and joins in one go.
 */
import { type Hearing, newName, type Step, type Words } from './state.ts'

/** A voice says some thirteen characters a second; a switch that has not said `said` long after that has lost it. */
const msPerCharacter = 150
const msToBegin = 10_000

/** Says these one after the other; `then` tells what comes afterwards. */
export function say(step: Step, words: readonly Words[], then: Extract<Hearing, { is: 'saying' }>['then']): void {
  const [first, ...rest] = words
  if (!first) {
    afterwards(step, then)
    return
  }
  take(step)
  leave(step)
  const playback = newName(step.state)
  step.state.hearing = { is: 'saying', playback, words: first, rest, then }
  step.state.lastSaid = playback
  step.state.due.said = step.now + msToBegin + lengthOf(first) * msPerCharacter
  step.effects.push({ do: 'say', leg: step.state.leg, playback, words: first })
}

/** What was being said is over. */
export function afterwards(step: Step, then: 'listen' | 'music' | 'hang-up' | 'office' | 'part'): void {
  // Other endings are handled by the part that asked for the words.
  if (then === 'music') music(step)
}

export function music(step: Step): void {
  if (step.state.hearing.is === 'music') return
  take(step)
  leave(step)
  step.state.hearing = { is: 'music' }
  step.effects.push({ do: 'music', leg: step.state.leg, on: true })
}

/** The tone of a telephone that rings elsewhere; music once the caller's call has been taken, where switches make no such tone. */
export function ringing(step: Step): void {
  if (step.state.taken) {
    music(step)
    return
  }
  leave(step)
  step.state.hearing = { is: 'ringing' }
  step.effects.push({ do: 'ring', leg: step.state.leg })
}

/** Waits so long for a key. */
export function listen(step: Step, timeoutMs: number): void {
  leave(step)
  step.state.hearing = { is: 'listening' }
  step.state.due.key = step.now + timeoutMs
}

/** The caller and the other leg hear each other. */
export function join(step: Step, other: string): void {
  take(step)
  leave(step)
  step.state.hearing = { is: 'conversation' }
  step.effects.push({ do: 'join', legs: [step.state.leg, other] })
}

/** Ends what the caller hears now. */
export function leave(step: Step): void {
  const { state, effects } = step
  const { hearing } = state
  if (hearing.is === 'saying') effects.push({ do: 'hush', leg: state.leg, playback: hearing.playback })
  if (hearing.is === 'music') effects.push({ do: 'music', leg: state.leg, on: false })
  if (hearing.is === 'conversation') effects.push({ do: 'part' })
  delete state.due.said
  delete state.due.key
  state.hearing = { is: 'nothing' }
}

function take(step: Step): void {
  if (step.state.taken) return
  step.state.taken = true
  step.effects.push({ do: 'take', leg: step.state.leg })
}

function lengthOf(words: Words): number {
  if ('flow' in words) return words.flow.reduce((sum, each) => sum + each.text.length, 0)
  // Of our own sentences only the code is known here; none is longer than this.
  return words.parts.reduce((sum, part) => sum + ('text' in part ? part.text.length : 100), 0)
}
