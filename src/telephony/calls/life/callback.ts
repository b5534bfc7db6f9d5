/**
 * A caller who hung up and kept the place.
 *
 *   callback ──offer accepted──▶ dialling ──citizen answers──▶ talking
 *      ▲ ▲                          │
 *      │ └── nobody answers, busy ──┘   the leader says when again, or that it is given up
 *      └─ the day is over: sleeps until the next, while the section allows it
 *
 * An attempt is written before the number is dialled. A program that comes back and does not find the leg in the switch cannot know whether it
 * rang: it counts as an attempt, so that nobody is rung twice in a row.
 */
import { callCallbackQueued, callCallbackUnanswered, callLeftQueue } from '../../../distribution/index.ts'
import type { Span } from '../../../organisation/index.ts'
import { callCallbackDialled, callConnected } from '../../events.ts'
import type { PresentLeg } from '../../switches/port.ts'
import { end, farewell, stopRinging } from './ending.ts'
import { join, leave, say } from './hearing.ts'
import {
  type Callback,
  type CallbackTerms,
  iso,
  isStepInSection,
  newName,
  note,
  type Offer,
  type StateInSection,
  type Step,
  type Words,
} from './state.ts'

/** The caller hears the goodbye before anybody is offered the callback. */
const goodbyeMs = 10_000
/** The switch ends the ringing by itself; this is for one that does not. */
const marginMs = 5_000

/** The caller wishes to be called back: the place stays, the line goes. */
export function keepPlace(step: Step<StateInSection>, number: string, terms: CallbackTerms, span: Span): void {
  const { state } = step
  const { maxAttempts, retryMs, ringMs, days } = terms
  stopRinging(step)
  delete state.due.reminder
  state.phase = 'callback'
  state.proposal = null
  delete state.due.proposal
  state.callback = {
    ...{ number, callerId: terms.called, requestedAt: step.now, span, maxAttempts, retryMs, ringMs, days, day: 1 },
    ...{ attempts: 0, triedAt: null, outcome: null, onLine: true },
  }
  queue(step, state.callback)
  say(step, [{ language: state.language, parts: goodbye(terms) }], 'part')
}

/**
 * The caller wishes to be called back at a number for which a callback of the section is open: that one stands, and the line goes. All that the
 * caller hears is the same. Nobody vouches for a number that is shown or keyed, and what somebody else has wished is told to no caller.
 */
export function keepPlaceOfEarlier(step: Step, terms: CallbackTerms): void {
  const { state } = step
  stopRinging(step)
  state.proposal = null
  delete state.due.proposal
  note(step, callLeftQueue, { reason: 'noted' })
  farewell(step, [{ language: state.language, parts: goodbye(terms) }], 'noted')
}

function goodbye({ latest }: CallbackTerms): Extract<Words, { parts: unknown }>['parts'] {
  if (latest === null) return [{ sentence: 'callbackDone' }, { sentence: 'callbackBye' }]
  const { day, hour, minute } = latest
  return [
    { sentence: 'callbackDone' },
    { sentence: day === 'today' ? 'callbackToday' : day === 'tomorrow' ? 'callbackTomorrow' : `callbackDay${day}` },
    { number: hour },
    ...(minute === 0 ? [] : [{ sentence: 'callbackAnd' }, { number: minute }, { sentence: 'callbackMinutes' }]),
    { sentence: 'callbackBye' },
  ]
}

/** Puts the callback into the queue again, at the same place. The attempts so far count. */
function queue(step: Step<StateInSection>, callback: Callback): void {
  const { state, now } = step
  const { number, span, maxAttempts, retryMs, attempts, onLine } = callback
  note(step, callCallbackQueued, {
    sectionId: state.section,
    priority: state.priority,
    waitingSince: iso(state.waitingSince),
    number,
    notBefore: iso(onLine ? Math.max(span.from, now + goodbyeMs) : span.from),
    notAfter: iso(span.to),
    maxAttempts: maxAttempts - attempts,
    retryMs,
  })
}

/** The goodbye has been said. */
export function partWays(step: Step): void {
  const { state, effects } = step
  if (!state.callback?.onLine) return
  leave(step)
  effects.push({ do: 'hang-up', leg: state.leg, reason: 'called-back' })
  state.callback.onLine = false
}

/** The leg of the first call is gone, as it should. */
export function firstLegGone({ state }: Step): void {
  if (!state.callback) return
  state.callback.onLine = false
  state.hearing = { is: 'nothing' }
  delete state.due.said
}

/** An operator has taken it: the number is dialled, if it is still decent to. */
export function offerTaken(step: Step<StateInSection>, callback: Callback, offer: Offer): void {
  const { state, now, effects } = step
  state.offer = null
  if (offer.gone !== null) {
    // The operator picked up and was gone at once: somebody else takes it.
    queue(step, callback)
    return
  }
  if (now < callback.span.from || now >= callback.span.to) {
    effects.push({ do: 'hang-up', leg: offer.leg, reason: 'normal' })
    dayOver(step)
    return
  }
  partWays(step)
  state.phase = 'dialling'
  state.agent = { id: offer.agent, leg: offer.leg, offer: offer.offer, since: now }
  state.leg = newName(state)
  callback.attempts++
  callback.triedAt = now
  callback.outcome = null
  state.due.dial = now + callback.ringMs + marginMs
  const { number, callerId, ringMs, attempts } = callback
  note(step, callCallbackDialled, { agent: offer.agent, number, attempt: attempts }, offer.agent)
  effects.push({ do: 'ring', leg: offer.leg }, { do: 'dial', leg: state.leg, number, timeoutMs: ringMs, from: callerId })
}

/** The citizen has picked up. */
export function citizenAnswered(step: Step): void {
  if (!isStepInSection(step)) return
  const { state, now } = step
  if (!state.agent || !state.callback) return
  const { id, offer, leg } = state.agent
  delete state.due.dial
  state.phase = 'talking'
  state.taken = true
  state.agent.since = now
  state.callback.outcome = 'reached'
  const waitedMs = now - state.waitingSince
  note(step, callConnected, { agent: id, offer, sectionId: state.section, waitedMs }, id)
  join(step, leg)
}

/**
 * Nobody was reached.
 * @param gone which of the two legs has ended
 */
export function unreached(step: Step, why: string, gone: 'citizen' | 'agent' | 'neither'): void {
  const { state, effects } = step
  const { agent, callback } = state
  if (state.phase !== 'dialling' || !agent || !callback) return
  if (gone !== 'citizen') effects.push({ do: 'hang-up', leg: state.leg, reason: 'no-answer' })
  if (gone !== 'agent') effects.push({ do: 'hang-up', leg: agent.leg, reason: 'normal' })
  note(step, callCallbackUnanswered, { agent: agent.id, attempt: callback.attempts, why }, agent.id)
  delete state.due.dial
  state.phase = 'callback'
  state.agent = null
  state.hearing = { is: 'nothing' }
  callback.outcome = why
}

/** The leader stops offering it: the day is over, or all attempts have been made. */
export function offeredNoMore(step: Step, reason: string): void {
  stopRinging(step)
  if (reason === 'callback-window-over') dayOver(step)
  else giveUp(step)
}

function dayOver(step: Step): void {
  if (!isStepInSection(step)) return
  const { state, callbacks } = step
  const { callback } = state
  if (!callback) return
  if (!callbacks?.span || callback.day >= callback.days || callback.attempts >= callback.maxAttempts) {
    giveUp(step)
    return
  }
  callback.day++
  callback.span = callbacks.span
  queue(step, callback)
}

/** Written in the journal, and open in the list until somebody looks after it. */
function giveUp(step: Step): void {
  end(step, 'not-reached', step.state.callback?.onLine === false)
}

/** The callback is not wanted any more. While the number rings it is too late. */
export function withdrawn(step: Step): void {
  if (step.state.phase !== 'callback') return
  stopRinging(step)
  end(step, 'withdrawn', step.state.callback?.onLine === false)
}

/** After the program or the switch was away: which of the legs are there? */
export function restoreDialling(step: Step, there: ReadonlyMap<string, PresentLeg>): void {
  const { state } = step
  const citizen = there.get(state.leg)
  if (!state.agent) return
  if (!there.has(state.agent.leg)) unreached(step, 'operator-lost', citizen ? 'agent' : 'citizen')
  else if (!citizen) unreached(step, 'lost', 'citizen')
  else if (citizen.answered) citizenAnswered(step)
}
