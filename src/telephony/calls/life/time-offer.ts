/**
 * The talk about an earlier time, with a citizen who waits for one: in a flow, or when the citizen is called.
 *
 *   figures ──right──▶ answer ──1──▶ the appointment is moved, and the citizen told to when
 *    │ ▲ │               │ ▲ │
 *    │ └─┘ wrong         │ └─┘ 3, another key, nothing
 *    │                   ├──2──▶ the booked time stays, what was offered goes to the next
 *   code, where nobody   └──9──▶ it stays, and nothing more is offered
 *   is known by the number
 *
 * Before the figures are right nothing is said that belongs to the citizen: whoever picks up, or an answering machine, does not even hear that something
 * is offered. The answer is done in the transaction of the step that says so (../earlier-time/answers.ts); where it cannot be, the step is made again with
 * terms in which there is no offer. So what is said has been done.
 *
 * Each function returns undefined as long as the talk goes on, else the last words, after which the flow goes on.
 */
import { listen, say } from './hearing.ts'
import type {
  LifeState,
  OfferedAppointment,
  SpokenDate,
  Step,
  TimeOfferOutcome,
  TimeOfferTalk,
  TimeOfferTerms,
  Words,
} from './state.ts'

type Parts = Extract<Words, { parts: unknown }>['parts']
type Over = Words[] | undefined

const figures = 4
/** Of a request code. */
export const codeLength = 10
const maxFailures = 3
/** A question is asked so often again. */
const maxSilences = 2
const maxRepeats = 5
/** How long a citizen looks for the code, goes on keying, and thinks. */
const firstFigureMs = 12_000
const nextFigureMs = 5_000
const answerMs = 10_000

/** The talk before its first question. @param about the appointment and the offer for which a citizen is called */
export const newTimeOffer = (about: { appointmentId: string; offerId: string } | null = null, failures = 0): TimeOfferTalk => ({
  ...{ appointmentId: about?.appointmentId ?? null, offerId: about?.offerId ?? null },
  ...{ asks: null, keyed: '', failures, silences: 0, repeats: 0, outcome: null },
})

/** The flow hands the caller over. What comes next asks: only then it is looked up what holds. */
export function handOverForTime({ state }: Step): void {
  const before = state.timeOffer
  const isPreset = before !== undefined && before.asks === null && before.outcome === null
  if (!isPreset) state.timeOffer = newTimeOffer(null, before?.failures)
}

/** Whether the caller is being asked about an earlier time. */
export const isAskedForTime = ({ phase, walk }: LifeState): boolean => phase === 'menu' && walk?.doing === 'handed-over'

/** The figures that are there with an input, where they are complete then; null where there is nothing to look up. */
export function codeKeyed({ timeOffer }: LifeState, key: string | null): string | null {
  if (!timeOffer || timeOffer.asks === null || timeOffer.asks === 'answer') return null
  const keyed = key === null || key === '#' ? timeOffer.keyed : timeOffer.keyed + key
  return keyed.length === codeLength ? keyed : null
}

/** What was said has been heard: the caller thinks. */
export function heardInOffer(step: Step, offer: TimeOfferTalk): Over {
  if (offer.asks === null) return begin(step, offer)
  listen(step, offer.asks === 'answer' ? answerMs : firstFigureMs)
  return undefined
}

export function keyInOffer(step: Step, offer: TimeOfferTalk, key: string): Over {
  if (offer.asks === null) return begin(step, offer)
  return offer.asks === 'answer' ? answer(step, offer, key) : figure(step, offer, key)
}

/** Nothing was keyed for a while. Figures that were count without the hash. */
export function silentInOffer(step: Step, offer: TimeOfferTalk): Over {
  if (offer.asks === null) return begin(step, offer)
  if (offer.asks !== 'answer') {
    if (offer.keyed !== '') return checkCode(step, offer)
    if (++offer.silences > maxSilences) return over(step, offer, 'not-known', [{ sentence: 'offerNotKnown' }])
    return askCode(step, offer, [])
  }
  return notAnswered(step, offer, [])
}

function begin(step: Step, offer: TimeOfferTalk): Over {
  const known = step.offers?.known ?? []
  // Who was called about an appointment that is not there any more is not asked for anything.
  if (offer.appointmentId !== null && known.length === 0) return over(step, offer, 'over', [])
  if (offer.failures >= maxFailures) return over(step, offer, 'not-known', [{ sentence: 'offerNotKnown' }])
  return askCode(step, offer, [])
}

// --- the request code -----------------------------------------------------------------------------------------------

function askCode(step: Step, offer: TimeOfferTalk, before: Parts): Over {
  // What was offered to the number that calls may be over by now.
  offer.asks = (step.offers?.known.length ?? 0) > 0 ? 'figures' : 'code'
  return ask(step, [...before, { sentence: offer.asks === 'figures' ? 'offerFigures' : 'offerCode' }])
}

/** One figure after the other. The question stops as soon as the caller begins to key. */
function figure(step: Step, offer: TimeOfferTalk, key: string): Over {
  // Who has no code at hand presses nothing but the hash.
  if (key === '#')
    return offer.keyed === '' ? over(step, offer, 'not-known', [{ sentence: 'offerNotKnown' }]) : checkCode(step, offer)
  offer.keyed = key === '*' ? '' : offer.keyed + key
  if (named(step, offer) !== undefined || offer.keyed.length >= codeLength) return checkCode(step, offer)
  listen(step, nextFigureMs)
  return undefined
}

/** The appointment that the figures name: of the last four only one that the call is about, or that belongs to the number that calls. */
function named({ offers }: Step, { appointmentId, asks, keyed }: TimeOfferTalk): OfferedAppointment | undefined {
  const known = asks === 'figures' ? (offers?.known ?? []) : []
  const byCode = appointmentId === null && offers?.byCode ? [offers.byCode] : []
  return known.find(({ code }) => keyed === code.slice(-figures) || keyed === code) ?? byCode.find(({ code }) => keyed === code)
}

function checkCode(step: Step, offer: TimeOfferTalk): Over {
  const found = named(step, offer)
  offer.keyed = ''
  if (found) return opened(step, offer, found)
  const wrong = { sentence: 'offerWrong' }
  if (++offer.failures < maxFailures) return askCode(step, offer, [wrong])
  return over(step, offer, 'not-known', [wrong, { sentence: 'offerNotKnown' }])
}

/** The figures are right. */
function opened(step: Step, offer: TimeOfferTalk, found: OfferedAppointment): Over {
  const wasCalledFor = offer.offerId
  offer.appointmentId = found.appointmentId
  if (found.offer === null && wasCalledFor === null)
    return over(step, offer, 'none', [{ sentence: 'offerNone' }, ...stands(found)])
  if (found.offer === null || (wasCalledFor !== null && found.offer.id !== wasCalledFor)) return isOver(step, offer, found)
  offer.offerId = found.offer.id
  offer.asks = 'answer'
  offer.silences = 0
  return tell(step, found, [])
}

// --- the answer -----------------------------------------------------------------------------------------------------

/** A key before the offer was heard is none: nobody's appointment is moved by a finger that slips. */
function answer(step: Step, offer: TimeOfferTalk, key: string): Over {
  const { state, now } = step
  const isBeingTold = state.hearing.is === 'saying' && state.hearing.rest.length > 0
  if (isBeingTold || key === '#' || key === '*') return undefined
  const found = about(step, offer)
  if (key === '9') return over(step, offer, 'no-more', [{ sentence: 'offerNoMore' }, ...stands(found)])
  if (!found?.offer) return isOver(step, offer, found)
  if (key === '1')
    return over(step, offer, 'accepted', [
      { sentence: 'offerAccepted' },
      ...spoken(found.offer.start),
      { sentence: 'offerIn' },
      { text: found.office },
    ])
  if (key === '2') return over(step, offer, 'kept', [{ sentence: 'offerKept' }, ...stands(found)])
  if (key === '3' && offer.repeats++ < maxRepeats) return tell(step, found, [])
  state.noise = now
  return notAnswered(step, offer, [{ sentence: 'offerOtherKey' }])
}

/** The offer stands until its end: it is told again, and not for ever. */
function notAnswered(step: Step, offer: TimeOfferTalk, before: Parts): Over {
  const found = about(step, offer)
  if (!found?.offer) return isOver(step, offer, found)
  if (++offer.silences > maxSilences) return over(step, offer, 'silent', [{ sentence: 'offerUnanswered' }])
  return tell(step, found, before)
}

/** The appointment of which the citizen was told, with its offer as long as that stands. */
function about({ offers }: Step, { appointmentId, offerId }: TimeOfferTalk): OfferedAppointment | undefined {
  const found = offers?.known.find(each => each.appointmentId === appointmentId)
  return found && { ...found, offer: found.offer?.id === offerId ? found.offer : null }
}

/** What is offered, what is booked, and by which keys it is answered, in words of their own: the keys count when these are said. */
function tell(step: Step, { service, office, booked, offer }: OfferedAppointment, before: Parts): Over {
  const facts: Parts = [
    ...before,
    { sentence: 'offerFor' },
    { text: service },
    { sentence: 'offerIn' },
    { text: office },
    ...(offer === null ? [] : [{ sentence: 'offerNew' }, ...spoken(offer.start)]),
    ...(booked === null ? [] : [{ sentence: 'offerOld' }, ...spoken(booked)]),
  ]
  const { language } = step.state
  say(
    step,
    [
      { language, parts: facts },
      { language, parts: [{ sentence: 'offerKeys' }] },
    ],
    'listen',
  )
  return undefined
}

// --- the end --------------------------------------------------------------------------------------------------------

const isOver = (step: Step, offer: TimeOfferTalk, found: OfferedAppointment | undefined): Over =>
  over(step, offer, 'over', [{ sentence: 'offerOver' }, ...stands(found)])

function over({ state }: Step, offer: TimeOfferTalk, outcome: TimeOfferOutcome, parts: Parts): Words[] {
  offer.asks = null
  offer.keyed = ''
  offer.outcome = outcome
  return parts.length === 0 ? [] : [{ language: state.language, parts }]
}

/** The terms of a step that is made again because its answer was refused: the offer is over. */
export const withoutOffer = ({ known }: TimeOfferTerms): TimeOfferTerms => ({
  known: known.map(each => ({ ...each, offer: null })),
  byCode: null,
})

function ask(step: Step, parts: Parts): Over {
  say(step, [{ language: step.state.language, parts }], 'listen')
  return undefined
}

const stands = (found: OfferedAppointment | undefined): Parts =>
  found?.booked ? [{ sentence: 'offerStands' }, ...spoken(found.booked)] : []

/** "domani, giovedì 26 novembre, alle ore 9 e 30". */
const spoken = ({ day, date, hour, minute }: SpokenDate): Parts => [
  ...(day === 'today' ? [{ sentence: 'offerToday' }] : day === 'tomorrow' ? [{ sentence: 'offerTomorrow' }] : []),
  { text: date },
  { sentence: 'offerHour' },
  { number: hour },
  ...(minute === 0 ? [{ sentence: 'offerSharp' }] : [{ sentence: 'offerAnd' }, { number: minute }]),
]
