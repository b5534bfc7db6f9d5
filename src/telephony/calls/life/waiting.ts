/**
 * A call in a queue. The leader of distribution decides; here its decisions are carried out: an operator is rung, the ringing stops, the
 * caller is told.
 *
 *   no offer ──offer.made──▶ ringing ──answered──▶ answered ──offer.accepted──▶ talking
 *      ▲                        │                      │
 *      └── withdrawn, declined, ┘──── rejected: late ──┘
 *          failed, no answer
 *
 * The caller hears music, or a sentence, all the while, and never waits for a sentence to end.
 */
import { conversationEnded, offerAnswered, offerDeclined, offerFailed } from '../../../distribution/index.ts'
import type { EndedBecause } from '../../events.ts'
import { firstLegGone, offeredNoMore, offerTaken, unreached } from './callback.ts'
import { end, farewell, hangUpOthers, stopRinging } from './ending.ts'
import { say } from './hearing.ts'
import { ringOffice } from './office.ts'
import { hint, isLong, propose } from './proposal.ts'
import { forgetLostLine, joinQueue, remindIntervalMs, waitForAnybody } from './queue.ts'
import { type Input, isStepInSection, newName, note, type Step, type Words } from './state.ts'
import { connect } from './talking.ts'

type Of<T extends Input['type']> = Extract<Input, { type: T }>

/** The switch stops ringing a little after the offer has run out: the leader's word comes first. */
const ringMarginMs = 2_000

export function onOfferMade(step: Step, { offer, agent, until }: Of<'offer-made'>): void {
  const { state } = step
  if (!inLine(state.phase) || state.offer?.offer === offer) return
  stopRinging(step)
  if (state.broken !== agent) forgetLostLine(step)
  const leg = newName(state)
  state.offer = { offer, agent, leg, until, answered: false, gone: null }
  step.effects.push({ do: 'ring-agent', leg, agent, timeoutMs: Math.max(1_000, until - step.now + ringMarginMs) })
}

/** The operator has picked up. Whether that was in time, the leader says. */
export function agentAnswered(step: Step): void {
  const { offer } = step.state
  if (!offer || offer.answered) return
  offer.answered = true
  note(step, offerAnswered, { offer: offer.offer, agent: offer.agent }, offer.agent)
}

export function onOfferAccepted(step: Step, accepted: Of<'offer-accepted'>): void {
  const { offer, agent } = step.state
  if (agent?.offer === accepted.offer) return
  if (!inLine(step.state.phase) || !isStepInSection(step) || offer?.offer !== accepted.offer) {
    // The caller has gone in the meantime; the operator is free again.
    note(step, conversationEnded, { agent: accepted.agent }, accepted.agent)
    return
  }
  const { state } = step
  if (state.phase === 'callback' && state.callback) {
    offerTaken(step, state.callback, offer)
    return
  }
  if (offer.gone === null) {
    connect(step, offer)
    return
  }
  // The operator picked up and was gone at once: the caller goes on waiting, at the same place, and for this operator only if the telephone was lost.
  state.offer = null
  joinQueue(step, state.section, offer.gone === 'normal' ? null : offer.agent)
}

/** Reasons for which the ringing ends although its operator may still come back: the page was lost again. */
const mayStillCome: ReadonlySet<string> = new Set(['agent-unreachable', 'requeued', 'page-gone'])

/** Withdrawn, or answered too late. */
export function offerOver(step: Step, { offer, reason }: Of<'offer-over'>): void {
  const { state } = step
  if (state.offer?.offer !== offer) return
  const { agent } = state.offer
  stopRinging(step)
  notReached(step, agent, reason)
}

/** Whether an operator whose page was lost is waited for any longer. */
function notReached(step: Step, agent: string, reason: string): void {
  const { broken, due } = step.state
  if (agent === broken && !(mayStillCome.has(reason) && due.resume !== undefined)) waitForAnybody(step)
}

/** The leg of the operator who is rung is gone. */
export function ringingEnded(step: Step, cause: string): void {
  const { state } = step
  const { offer } = state
  if (!offer || offer.gone !== null) return
  offer.gone = cause
  // The leader says when the time is over, and whether an answer counts.
  if (offer.answered || cause === 'no-answer') return
  state.offer = null
  if (cause === 'declined') note(step, offerDeclined, { offer: offer.offer, agent: offer.agent }, offer.agent)
  else note(step, offerFailed, { offer: offer.offer, agent: offer.agent, reason: cause }, offer.agent)
  notReached(step, offer.agent, cause)
}

/** The operator refuses, on the page. */
export function decline(step: Step, agent: string, wanted: string): void {
  const { offer } = step.state
  if (!offer || offer.offer !== wanted || offer.agent !== agent || offer.answered) return
  note(step, offerDeclined, { offer: offer.offer, agent: offer.agent }, offer.agent)
  stopRinging(step)
  notReached(step, agent, 'declined')
}

/** Tells the caller how many are ahead. After an improvement only: nobody wants to hear the same number again. */
export function announce(step: Step, { position, ahead, expectedWaitMs }: Of<'position'>): void {
  const { state } = step
  // A caller who waits for the operator whose page was lost has no place in the queue to be told.
  if (state.phase !== 'waiting' || state.broken !== null || state.position === position) return
  state.position = position
  // A caller who is being asked something is not interrupted.
  if (state.proposal) return
  if (step.staff?.atWork === 0 && state.broken === null) {
    tellNobody(step)
    return
  }
  if (isLong(step, expectedWaitMs)) {
    propose(step, 'wait', positionWords(state.language, ahead, expectedWaitMs, []))
    return
  }
  const words = positionWords(state.language, ahead, expectedWaitMs, ahead > 0 ? hint(step) : [])
  // Said after the current sentence; of several positions that come meanwhile only the newest.
  if (state.hearing.is === 'saying') state.hearing.rest = [words]
  else say(step, [words], 'music')
}

/**
 * Nobody of the section is at work, so that neither a position nor an expected wait would be true. The caller is told just that, until when
 * the section answers today, and what else can be done; `remind` repeats it.
 */
function tellNobody(step: Step): void {
  const { state, staff } = step
  const until = staff?.until
  const parts: Parts = [
    { sentence: 'nobodyNow' },
    ...(until?.day === 'today' ? [{ sentence: 'nobodyUntil' }, ...spokenHour(until)] : []),
    { sentence: 'nobodyStay' },
    ...hint(step),
  ]
  state.toldNobody = true
  const words: Words = { language: state.language, parts }
  if (state.hearing.is === 'saying') state.hearing.rest = [words]
  else say(step, [words], 'music')
}

const spokenHour = ({ hour, minute }: { hour: number; minute: number }): Parts => [
  { number: hour },
  ...(minute === 0 ? [] : [{ sentence: 'callbackAnd' }, { number: minute }, { sentence: 'callbackMinutes' }]),
]

/** Tells a caller who waits, from time to time, whether anybody is at work. */
export function remind(step: Step): void {
  const { state, staff } = step
  delete state.due.reminder
  if (state.phase !== 'waiting') return
  state.due.reminder = step.now + remindIntervalMs
  if (state.proposal || state.broken !== null || state.offer || state.hearing.is !== 'music') return
  if (staff?.atWork === 0) tellNobody(step)
  else if (state.toldNobody && staff) {
    // Somebody is at work now: what was said before is no longer true.
    state.toldNobody = false
    const ahead = (state.position ?? 1) - 1
    say(step, [positionWords(state.language, ahead, null, ahead > 0 ? hint(step) : [])], 'music')
  }
}

type Parts = Extract<Words, { parts: unknown }>['parts']

function positionWords(language: Words['language'], ahead: number, expectedWaitMs: number | null, hinted: Parts): Words {
  const parts: Parts =
    ahead === 0
      ? [{ sentence: 'next' }]
      : ahead === 1
        ? [{ sentence: 'aheadOne' }]
        : [{ sentence: 'aheadBefore' }, { number: ahead }, { sentence: 'aheadAfter' }]
  const minutes = expectedWaitMs === null ? 0 : Math.ceil(expectedWaitMs / 60_000)
  if (minutes > 1) parts.push({ sentence: 'waitBefore' }, { number: minutes }, { sentence: 'waitAfter' })
  return { language, parts: [...parts, ...hinted] }
}

/** The leader has put the call into another section; it tells the position there itself. */
export function moved(step: Step, { section }: Of<'moved'>): void {
  if (step.state.phase !== 'waiting') return
  step.state.section = section
  step.state.position = null
}

/** The call is not served: the leader has taken it out of the queue. */
export function dismissed(step: Step, { reason, message }: Of<'dismissed'>): void {
  const { state } = step
  if (state.phase === 'callback') offeredNoMore(step, reason)
  if (state.phase !== 'waiting') return
  hangUpOthers(step, 'answered-elsewhere')
  const sentence = reason === 'closed' ? 'sectionClosed' : 'dismissed'
  farewell(step, [{ language: state.language, parts: [message === null ? { sentence } : { text: message }] }], 'dismissed')
}

/** Another place serves the call. */
export function diverted(step: Step, { to }: Of<'diverted'>): void {
  if (step.state.phase !== 'waiting') return
  hangUpOthers(step, 'answered-elsewhere')
  ringOffice(step, to, null)
}

/** Whether the leader may offer the call. */
const inLine = (phase: Step['state']['phase']): boolean => phase === 'waiting' || phase === 'callback'

/** The leg on which the citizen is, or was, is gone. */
export function callerGone(step: Step, cause: string): void {
  if (step.state.phase === 'callback') firstLegGone(step)
  else if (step.state.phase === 'dialling') unreached(step, cause, 'citizen')
  else end(step, reasonOf(cause), true)
}

/** Returns why a call ended when its caller's leg is gone: a caller whose line failed has not hung up. */
const reasonOf = (cause: string): EndedBecause => (cause === 'lost' ? 'lost' : cause === 'failed' ? 'line-lost' : 'caller')
