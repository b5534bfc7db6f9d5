/**
 * Proposing to a caller who waits that we call back. The caller stays in the queue meanwhile, and goes to an operator as soon as there is one.
 *
 *   whether ──1──▶ called back at the number that calls
 *      ├──2──▶ number ──#──▶ confirm ──1──▶ called back at that number
 *      │          ▲ ◀── not a number, 2 ─┘
 *      └── another key, or nothing ──▶ waits on; where a limit asked, the section may say a message and hang up
 */
import { callLeftQueue } from '../../../distribution/index.ts'
import { callable } from '../../../platform/index.ts'
import { keepPlace, keepPlaceOfEarlier } from './callback.ts'
import { farewell, hangUpOthers } from './ending.ts'
import { music, say } from './hearing.ts'
import { spokenDigits } from './reachable.ts'
import { isStepInSection, note, type Proposal, type Step, type Words } from './state.ts'

type Parts = Extract<Words, { parts: unknown }>['parts']

/** How long a caller thinks, from the end of what was said or from the last key. */
const answerMs = 10_000
/** In case the switch never says that it has finished speaking. */
const maxProposalMs = 90_000
const maxDigits = 16
const maxFailures = 3

/**
 * Proposes it, if it can be had.
 * @param before said first, and in any case
 */
export function propose(step: Step, why: Proposal['why'], before: Words | null = null): void {
  const { state, callbacks } = step
  if (state.phase !== 'waiting' || state.proposal !== null) return
  if (!callbacks?.span) {
    state.proposal = { why, asks: 'whether', number: null, keyed: '', failures: 0 }
    refuse(step, true)
    return
  }
  state.proposed = true
  state.proposal = { why, asks: 'whether', number: callbacks.caller, keyed: '', failures: 0 }
  const offer: Parts = [
    { sentence: 'callbackOffer' },
    ...(callbacks.caller === null
      ? []
      : [{ sentence: 'callbackAt' }, { digits: spokenDigits(callbacks.caller) }, { sentence: 'callbackPressOne' }]),
    { sentence: callbacks.caller === null ? 'callbackHidden' : 'callbackOther' },
    { sentence: 'callbackStay' },
  ]
  const words: Words[] = [...(before ? [before] : []), { language: state.language, parts: offer }]
  // Our own proposal waits until the current sentence has been said; a caller who pressed a key has heard enough of it.
  if (state.hearing.is === 'saying' && why !== 'key') state.hearing.rest = words
  else say(step, words, 'music')
  state.due.proposal = step.now + maxProposalMs
}

/** Said together with a position: how to be called back. Null where there is no key for it. */
export function hint({ state, callbacks }: Step): Parts {
  if (!callbacks?.span || callbacks.key === null || state.proposal !== null) return []
  return [{ sentence: 'callbackHint' }, { digits: callbacks.key }]
}

/** Whether the announced wait is long enough to propose a callback, which is done once. */
export const isLong = ({ state, callbacks }: Step, expectedWaitMs: number | null): boolean =>
  !state.proposed &&
  callbacks?.span !== undefined &&
  callbacks.span !== null &&
  callbacks.offerAboveMs !== null &&
  (expectedWaitMs ?? 0) > callbacks.offerAboveMs

/** A key of a caller who waits. */
export function keyWhileWaiting(step: Step, key: string): void {
  const { state, callbacks } = step
  const { proposal } = state
  // An operator has picked up: the two are joined in a moment.
  if (state.offer?.answered) return
  if (!proposal) {
    if (callbacks && callbacks.key === key) propose(step, 'key')
    return
  }
  if (proposal.asks === 'whether') whether(step, proposal, key)
  else if (proposal.asks === 'number') dial(step, proposal, key)
  else if (key === '1' && proposal.number !== null) accept(step, proposal.number)
  else if (key === '2') askNumber(step, proposal, [])
  else confirm(step, proposal)
}

function whether(step: Step, proposal: Proposal, key: string): void {
  if (key === '1' && proposal.number !== null) accept(step, proposal.number)
  else if (key === '2') askNumber(step, proposal, [])
  else refuse(step, false)
}

function askNumber(step: Step, proposal: Proposal, before: Parts): void {
  proposal.asks = 'number'
  proposal.number = null
  proposal.keyed = ''
  ask(step, [...before, { sentence: 'callbackKey' }])
}

/** One digit after the other. */
function dial(step: Step, proposal: Proposal, key: string): void {
  if (key === '#') {
    keyed(step, proposal)
    return
  }
  // The explanation stops as soon as the caller begins to key.
  if (step.state.hearing.is === 'saying') music(step)
  proposal.keyed = key === '*' ? '' : (proposal.keyed + key).slice(0, maxDigits)
  step.state.due.proposal = step.now + answerMs
}

function keyed(step: Step, proposal: Proposal): void {
  const number = callable(proposal.keyed)
  if (number !== null) {
    proposal.number = number
    confirm(step, proposal)
  } else if (++proposal.failures < maxFailures) askNumber(step, proposal, [{ sentence: 'callbackWrong' }])
  else refuse(step, false)
}

function confirm(step: Step, proposal: Proposal): void {
  proposal.asks = 'confirm'
  ask(step, [{ sentence: 'callbackKeyed' }, { digits: spokenDigits(proposal.number ?? '') }, { sentence: 'callbackConfirm' }])
}

function ask(step: Step, parts: Parts): void {
  say(step, [{ language: step.state.language, parts }], 'music')
  step.state.due.proposal = step.now + maxProposalMs
}

/** What was asked has been said: now the caller thinks. */
export function asked(step: Step): void {
  if (step.state.proposal) step.state.due.proposal = step.now + answerMs
}

function accept(step: Step, number: string): void {
  const { callbacks } = step
  if (!callbacks?.span || !isStepInSection(step)) return
  if (callbacks.noted.includes(number)) keepPlaceOfEarlier(step, callbacks)
  else keepPlace(step, number, callbacks, callbacks.span)
}

/** Nothing was pressed for a while. Digits that were keyed count without the hash. */
export function proposalSilent(step: Step): void {
  const { proposal } = step.state
  delete step.state.due.proposal
  if (!proposal) return
  if (proposal.asks === 'number' && proposal.keyed !== '') keyed(step, proposal)
  else refuse(step, true)
}

/**
 * The caller does not want a callback. If a limit led here, the caller hears what the section says; otherwise, and after mere silence, the wait goes
 * on as before, except for a closed section, where nobody would come.
 */
function refuse(step: Step, silently: boolean): void {
  const { state, callbacks } = step
  const why = state.proposal?.why ?? 'key'
  close(step)
  const otherwise = callbacks?.otherwise
  const metLimit = why !== 'wait' && why !== 'key'
  if (metLimit && otherwise?.do === 'dismiss' && (!silently || why === 'closed' || !callbacks?.span)) {
    note(step, callLeftQueue, { reason: 'dismissed' })
    hangUpOthers(step, 'answered-elsewhere')
    farewell(step, [{ language: state.language, parts: [{ text: otherwise.message }] }], 'dismissed')
  } else if (!silently) say(step, [{ language: state.language, parts: [{ sentence: 'callbackWaitOn' }] }], 'music')
  else if (state.hearing.is === 'saying') music(step)
}

function close(step: Step): void {
  step.state.proposal = null
  delete step.state.due.proposal
}
