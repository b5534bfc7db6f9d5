/** What is remembered of a call, what can happen to it, and what must be done about it. All of it plain JSON. */
import type { Otherwise } from '../../../distribution/index.ts'
import type { Chosen, Flow, FlowContext, FlowLanguage, FlowState, SpokenText } from '../../../ivr/index.ts'
import type { Span } from '../../../organisation/index.ts'
import type { EventType } from '../../../platform/index.ts'
import type { InstantMs } from '../../../routing/index.ts'
import type { CallAction, EndedBecause, OfferCallOutcome } from '../../events.ts'
import type { EndReason, PresentLeg } from '../../switches/port.ts'
import type { SpokenTime } from './reachable.ts'

/** What is said: a text of the flow, or sentences of ours (`telephony.heard.<code>`) with numbers among them. */
export type Words =
  | { language: FlowLanguage; flow: SpokenText[] }
  | {
      language: FlowLanguage
      parts: ({ sentence: string } | { number: number } | { digits: string } | { text: string })[]
    }

/**
 * What the caller hears. There is always exactly one; `listening` is the wait for a key, which has an end. `nothing` is only when nobody is on
 * the line: after the end, and while a caller is to be called back.
 */
export type Hearing =
  | { is: 'ringing' }
  | { is: 'music' }
  | { is: 'saying'; playback: string; words: Words; rest: Words[]; then: 'listen' | 'music' | 'hang-up' | 'office' | 'part' }
  | { is: 'listening' }
  | { is: 'conversation' }
  | { is: 'nothing' }

/** What does not work at this time, as a caller is told before anything else: see notices.ts. */
export interface CallNotice {
  id: string
  texts: { readonly it: string; readonly en?: string | undefined; readonly de?: string | undefined }
  /** The section whose callers are told; null for all callers. */
  section: string | null
  endsAt: InstantMs
  /** In which languages the caller has been told. */
  said?: FlowLanguage[]
}

/** An operator whose telephone is rung for this call. */
export interface Offer {
  offer: string
  agent: string
  leg: string
  until: InstantMs
  answered: boolean
  /** Why the leg is gone, while it has not been said what becomes of the offer. */
  gone: string | null
}

/** Proposing to a caller who waits that we call back: see proposal.ts. */
export interface Proposal {
  /** A limit of the section, or the long wait, or the caller's own key. */
  why: 'full' | 'too-long' | 'nobody' | 'closed' | 'wait' | 'key'
  asks: 'whether' | 'number' | 'confirm'
  /** The number that would be called; null as long as none is known. E.164. */
  number: string | null
  /** The digits keyed so far. */
  keyed: string
  failures: number
}

/** A caller who is called back, or was: see callback.ts. */
export interface Callback {
  /** E.164. */
  number: string
  /** The number of the institute that is shown: the one that was called. */
  callerId: string
  requestedAt: InstantMs
  /** When the number may be dialled. */
  span: Span
  maxAttempts: number
  retryMs: number
  ringMs: number
  /** On how many days it may be tried, and which of them this is. */
  days: number
  day: number
  attempts: number
  triedAt: InstantMs | null
  /** How the last attempt ended. */
  outcome: string | null
  /** Whether the first call's leg is still there. */
  onLine: boolean
}

export type OutboundOutcome = 'talked' | 'no-answer' | 'busy' | 'officer-away' | 'failed'

/** A call that an officer makes to a citizen: see outbound.ts. The citizen's leg is the call's own. */
export interface Outbound {
  appointmentId: string
  officer: string
  officerLeg: string
  /** E.164: the officer's telephone, the citizen's, and the number of the office that both are shown. */
  officerNumber: string
  number: string
  callerId: string | null
  stage: 'officer' | 'citizen' | 'talking'
  outcome: OutboundOutcome | null
}

/** A call that the program makes to a citizen about a time that is offered to them: see offer-call.ts. */
export interface OfferCall {
  appointmentId: string
  offerId: string
  /** E.164: the citizen's telephone, and the number of the office that is shown. */
  number: string
  callerId: string | null
  /** In which the citizen is spoken to. */
  language: FlowLanguage
  /** Null as long as the call goes on. */
  outcome: OfferCallOutcome | null
}

export type TimeOfferOutcome =
  /** What was keyed: done in the transaction of the step that says so. */
  | 'accepted'
  | 'kept'
  | 'no-more'
  /** What was offered is so no more. */
  | 'over'
  /** Nothing is offered to the citizen of that code. */
  | 'none'
  /** The request code was not keyed, or others three times. */
  | 'not-known'
  /** The citizen was known, and answered nothing. */
  | 'silent'

/** An earlier time that a citizen is told of, and answers: see time-offer.ts. */
export interface TimeOfferTalk {
  /** Of whom, and what was offered; null until that is known. */
  appointmentId: string | null
  offerId: string | null
  /** The last four figures of the request code, all ten, or the answer; null before the first question and after the last. */
  asks: 'figures' | 'code' | 'answer' | null
  /** The figures keyed so far. */
  keyed: string
  /** Wrong codes in this call. */
  failures: number
  /** How often the question was not answered, and how often it was wished to hear the offer again. */
  silences: number
  repeats: number
  /** How it ended; null as long as it has not. */
  outcome: TimeOfferOutcome | null
}

/** A day and an hour as they are said: `date` is the day in words, "giovedì 26 novembre". */
export type SpokenDate = SpokenTime & { date: string }

/** An appointment, as its citizen may be told of it once the request code was keyed. */
export interface OfferedAppointment {
  appointmentId: string
  /** Ten digits. */
  code: string
  service: string
  office: string
  /** Null when there is none any more. */
  booked: SpokenDate | null
  offer: { id: string; start: SpokenDate } | null
}

/** What holds about an earlier time when a step is made: see ../earlier-time/terms.ts. */
export interface TimeOfferTerms {
  /** The appointment that the call is about, or those with an offer whose citizens have the number that calls. */
  known: readonly OfferedAppointment[]
  /** The one of the code that is keyed with this step. */
  byCode: OfferedAppointment | null
}

/** What holds about callbacks when a step is made: see ../callbacks/terms.ts. */
export interface CallbackTerms {
  offerAboveMs: number | null
  key: string | null
  otherwise: Otherwise
  maxAttempts: number
  retryMs: number
  ringMs: number
  days: number
  /** When the section may call next; null when there is no such time in sight. */
  span: Span | null
  /** The end of it, as it is said. */
  latest: SpokenTime | null
  /** The number that calls, if we call it; the number that was called. */
  caller: string | null
  called: string
  /** Those of the numbers in question for which a callback is open already. */
  noted: readonly string[]
}

/** A call in the queue of a section, or served from it: the section is known, and since when it waits. */
export interface InSection {
  phase: 'waiting' | 'callback' | 'dialling' | 'talking'
  section: string
  /** The beginning of the wait as it is counted: time waited before a transfer counts, time spent talking never does. */
  waitingSince: InstantMs
}

/** A call anywhere else; the section is the one of before, if there was any. */
export interface Elsewhere {
  phase: 'menu' | 'office' | 'farewell' | 'outbound' | 'ended'
  section: string | null
  waitingSince: InstantMs | null
}

export type LifeState = StateOfAnyPhase & (InSection | Elsewhere)
export type StateInSection = StateOfAnyPhase & InSection

export const isInSection = (state: LifeState): state is StateInSection =>
  state.phase === 'waiting' || state.phase === 'callback' || state.phase === 'dialling' || state.phase === 'talking'

interface StateOfAnyPhase {
  callId: string
  leg: string
  /** Whether the caller's call has been taken. */
  taken: boolean
  hearing: Hearing
  language: FlowLanguage
  context: FlowContext
  /** The version of the flow that the call is in. */
  flow: { id: string; version: number } | null
  walk: FlowState | null
  path: Chosen[]
  priority: number
  /** The position that was announced last. */
  position: number | null
  offer: Offer | null
  /** The operator whom the caller talks to. */
  agent: { id: string; leg: string; offer: string; since: InstantMs } | null
  held: boolean
  /** The operator whose page died in the conversation, while the caller waits for them. */
  broken: string | null
  /** The operator who handed the call to another section last. */
  transferredBy: string | null
  /** What is being proposed to the caller now, and whether we have proposed a callback unasked. */
  proposal: Proposal | null
  proposed: boolean
  callback: Callback | null
  /** The office that is rung over the trunk, and whom to ring if it does not answer. */
  office: { number: string; fallback: string | null; leg: string | null; answered: boolean } | null
  /** Why the call ends once the last words are said. */
  ending: EndedBecause | null
  /** What must be done by when, if nothing else happens before. */
  due: {
    said?: InstantMs
    key?: InstantMs
    office?: InstantMs
    proposal?: InstantMs
    dial?: InstantMs
    reminder?: InstantMs
    help?: InstantMs
    resume?: InstantMs
  }
  /** The playback that was begun last: what sounds behind it may have to be cut off after a restart. */
  lastSaid?: string
  /** Since when the caller has shown no key that can be used. */
  unaidedSince?: InstantMs
  /** The last key of a burst that began with a wrong one. */
  noise?: InstantMs
  /** The caller was told that nobody is at work. */
  toldNobody?: boolean
  /** What the caller is told of. */
  notices?: CallNotice[]
  /** Only of calls that an officer makes. */
  outbound?: Outbound
  /** Only of calls that the program makes. */
  offerCall?: OfferCall
  /** Only of calls in which a citizen is, or was, told of an earlier time. */
  timeOffer?: TimeOfferTalk
  /** How many names for legs and playbacks have been given. */
  names: number
}

/** What holds about the section whose queue a caller is in: see ../staff.ts. */
export interface StaffTerms {
  /** Agents who serve the section and are neither signed out nor in a pause. */
  atWork: number
  /** How long it answers; null when it never closes, or is closed. */
  until: SpokenTime | null
}

/** How a call is treated when it arrives. */
export type Arrival =
  | { mode: 'channelled' }
  | { mode: 'direct'; number: string; fallback: string | null }
  /** Nobody has this number. */
  | { mode: 'unknown' }

export type Input =
  // Facts of the switch.
  | { type: 'key'; key: string }
  | { type: 'said'; playback: string }
  | { type: 'answered'; leg: string }
  | { type: 'ended'; leg: string; cause: string }
  /** A leg could not be rung. */
  | { type: 'not-rung'; leg: string; reason: string }
  // Words of the leader.
  | { type: 'offer-made'; offer: string; agent: string; until: InstantMs }
  | { type: 'offer-accepted'; offer: string; agent: string }
  | { type: 'offer-over'; offer: string; reason: string }
  | { type: 'position'; position: number; ahead: number; expectedWaitMs: number | null }
  | { type: 'moved'; section: string }
  | { type: 'proposed'; reason: 'full' | 'too-long' | 'nobody' | 'closed' }
  | { type: 'withdrawn' }
  | { type: 'dismissed'; reason: string; message: string | null }
  | { type: 'diverted'; to: string }
  // Requests of an operator.
  | { type: 'asked'; agent: string; action: CallAction }
  /** Time has passed. */
  | { type: 'due' }
  /** The program or the switch was away: these legs are there now. */
  | { type: 'restored'; present: readonly PresentLeg[] }

export type Effect =
  | { do: 'name'; leg: string }
  | { do: 'take'; leg: string }
  | { do: 'ring'; leg: string }
  /** `instead`: what sounds until these words are ready. */
  | { do: 'say'; leg: string; playback: string; words: Words; instead?: string }
  | { do: 'hush'; leg: string; playback: string }
  | { do: 'music'; leg: string; on: boolean }
  | { do: 'ring-agent'; leg: string; agent: string; timeoutMs: number }
  /** `from`: the number that is shown, where it is not the caller's. */
  | { do: 'dial'; leg: string; number: string; timeoutMs: number; from?: string }
  | { do: 'join'; legs: [string, string] }
  | { do: 'part' }
  | { do: 'hang-up'; leg: string; reason: EndReason }

/** An entry for the journal. */
export interface Note {
  event: EventType<Record<string, unknown>, 'call'>
  payload: Record<string, unknown>
  /** The operator whom it concerns. */
  agent: string | null
}

/** One transition while it is being made. The state is a copy of our own. */
export interface Step<State extends LifeState = LifeState> {
  readonly state: State
  readonly now: InstantMs
  readonly flow: Flow | null
  /** Null where callbacks have no part in the step, or cannot be had. */
  readonly callbacks: CallbackTerms | null
  /** Null where it has no part in the step, or cannot be had. */
  readonly staff: StaffTerms | null
  /** Null where it has no part in the step, or cannot be had. */
  readonly offers: TimeOfferTerms | null
  readonly effects: Effect[]
  readonly notes: Note[]
}

/** Whether the step is of a call in a section. */
export const isStepInSection = (step: Step): step is Step<StateInSection> => isInSection(step.state)

export function note<P extends Record<string, unknown>>(
  step: Step,
  event: EventType<P, 'call'>,
  payload: P,
  agent: string | null = null,
): void {
  step.notes.push({ event, payload, agent })
}

/** A new name for a leg of ours, or for a playback. */
export function newName(state: LifeState): string {
  state.names++
  return `${state.callId}-${state.names}`
}

export const iso = (at: InstantMs): string => new Date(at).toISOString()
