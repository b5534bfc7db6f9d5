/** A call that the automatic answerer leads: the interpreter decides, the call does what it says. */
import { type FlowStepInput, type SpokenText, start, step as takeStep, type Walk } from '../../../ivr/index.ts'
import { callMenuChosen } from '../../events.ts'
import { end, farewell } from './ending.ts'
import { leave, listen, music, say } from './hearing.ts'
import { noticesNow } from './notices.ts'
import { ringOffice } from './office.ts'
import { joinQueue } from './queue.ts'
import { note, type Step, type TimeOfferTalk, type Words } from './state.ts'
import { handOverForTime, heardInOffer, isAskedForTime, keyInOffer, silentInOffer } from './time-offer.ts'

/** A caller who cannot press any key is in an operator's queue within three quarters of a minute. */
const unaidedMs = 43_000
/** After this long a prompt is not repeated, because not much of it would be heard before the caller is helped. */
const askAgainWithinMs = 33_000
/** Keys nearer to each other than this are not pressed by fingers that have heard an answer. */
const burstGapMs = 500

export function beginFlow(step: Step): void {
  step.state.unaidedSince = step.now
  if (step.flow) follow(step, start(step.flow, step.state.context))
  else outOfOrder(step)
}

/**
 * A key. Keys that follow a wrong one within a moment belong to it: a line with noise, or a telephone that writes a number by itself, uses up
 * one try and not all of them.
 */
export function keyInFlow(step: Step, key: string): void {
  const { state, now } = step
  if (state.noise !== undefined && now - state.noise < burstGapMs) {
    state.noise = now
    return
  }
  if (isAskedForTime(state)) {
    state.unaidedSince = now
    talkOfTime(step, offer => keyInOffer(step, offer, key))
    return
  }
  const before = state.walk
  inFlow(step, { type: 'key', key, last: isUnaided(step) })
  const { walk } = state
  if (!walk || !before) return
  const used =
    walk.path.length > before.path.length ||
    walk.digits !== '' ||
    Object.keys(walk.values).length > Object.keys(before.values).length
  if (used) {
    state.unaidedSince = now
    delete state.due.help
  } else if (walk.tries !== before.tries || walk.node !== before.node) state.noise = now
}

/** All was said; now the caller thinks. */
export const heardOut = (step: Step): void =>
  isAskedForTime(step.state) ? talkOfTime(step, offer => heardInOffer(step, offer)) : inFlow(step, { type: 'said' })

/** No key was pressed in time. */
export const silentInFlow = (step: Step): void =>
  isAskedForTime(step.state)
    ? talkOfTime(step, offer => silentInOffer(step, offer))
    : inFlow(step, { type: 'timeout', last: isUnaided(step) })

/** The caller is asked about an earlier time. When that is over, the flow goes on behind its last words. */
function talkOfTime(step: Step, go: (offer: TimeOfferTalk) => Words[] | undefined): void {
  const { timeOffer } = step.state
  const last = timeOffer && go(timeOffer)
  if (last) inFlow(step, { type: 'back' }, last)
}

/** A caller who has pressed no usable key for a while is not asked again, but helped. */
function isUnaided({ state, now }: Step): boolean {
  return state.unaidedSince !== undefined && now - state.unaidedSince > askAgainWithinMs
}

/** The caller has had long enough and has pressed no usable key: helped now, unless a prompt is being said for the first time. */
export function helpUnaided(step: Step): void {
  const { state } = step
  delete state.due.help
  if (state.phase === 'menu' && state.walk && state.walk.tries > 0) inFlow(step, { type: 'give-up' })
}

function inFlow(step: Step, input: FlowStepInput, before: readonly Words[] = []): void {
  const { state, flow } = step
  if (flow && state.walk) follow(step, takeStep(flow, state.context, state.walk, input), before)
  else outOfOrder(step)
}

/** No flow is in force: the caller cannot be led anywhere, and is not left in silence. */
function outOfOrder(step: Step): void {
  farewell(step, [{ language: step.state.language, parts: [{ sentence: 'outOfOrder' }] }], 'flow')
}

/** @param before said first */
function follow(step: Step, { state: walk, effects }: Walk, before: readonly Words[] = []): void {
  const { state } = step
  state.walk = walk
  state.language = walk.language
  let words: Words[] = [...before]
  for (const effect of effects) {
    switch (effect.type) {
      case 'hush':
        leave(step)
        break
      case 'chosen':
        state.path.push({ node: effect.node, key: effect.key, label: effect.label })
        note(step, callMenuChosen, { node: effect.node, key: effect.key, label: effect.label })
        break
      case 'say':
        words = [...before, ...byLanguage(effect.spoken)]
        break
      case 'listen':
        listen(step, effect.timeoutMs)
        break
      case 'earlier-time':
        words = [...noticesNow(step, null), ...words]
        handOverForTime(step)
        if (words.length > 0) say(step, words, 'listen')
        else listen(step, 0)
        return
      case 'queue':
        state.priority = effect.priority
        joinQueue(step, effect.section)
        words = [...noticesNow(step, null), ...noticesNow(step, effect.section), ...words]
        // The call joins the queue without waiting for the sentence to end.
        if (words.length > 0) say(step, words, 'music')
        else music(step)
        return
      case 'office':
        words = [...noticesNow(step, null), ...words]
        if (words.length > 0) say(step, words, 'office')
        else officeOfCall(step)
        return
      case 'hang-up':
        words = [...noticesNow(step, null), ...words]
        if (words.length > 0) farewell(step, words, 'flow')
        else end(step, 'flow')
        return
    }
  }
  if (words.length > 0) say(step, [...noticesNow(step, null), ...words], 'listen')
  if (walk.tries > 0 && state.unaidedSince !== undefined) state.due.help = state.unaidedSince + unaidedMs
}

/** Rings the office whose number was called. */
export function officeOfCall(step: Step): void {
  const { office } = step.state
  if (office) ringOffice(step, office.number, office.fallback)
  else farewell(step, [{ language: step.state.language, parts: [{ sentence: 'officeUnreachable' }] }], 'office-unreachable')
}

/** A switch speaks one language at a time. */
function byLanguage(spoken: readonly SpokenText[]): Words[] {
  const words: { language: SpokenText['language']; flow: SpokenText[] }[] = []
  for (const each of spoken) {
    const last = words.at(-1)
    if (last && last.language === each.language) last.flow.push(each)
    else words.push({ language: each.language, flow: [each] })
  }
  return words
}
