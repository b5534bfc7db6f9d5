/**
 * The life of one call, as a state machine: what it is now and what happens give what it becomes, what must be done on the switch, and what
 * the journal is told. Pure: no clock, no database, no switch. The state is kept in the call's row; a process that comes anew goes on from it.
 *
 *   arrived ─┬─ channelled ─▶ menu ──section chosen──▶ waiting ──offer accepted──▶ talking ⇄ held
 *            │                 │ ▲ keys, silence          ▲  │  offers come and go:     │
 *            │                 └─┘                        │  │  see waiting.ts          │
 *            │                 │ rings the office         ├──────── transferred ────────┤
 *            │                 ▼                          └─ interrupted: page died ────┤
 *            ├─ direct ──▶ office ──answered──▶ (talks to the office)                   │
 *            │                 │ nobody answers    ▲ diverted from waiting              │
 *            │                 ▼                                                        │
 *            └─ unknown ▶ farewell ──said──▶ ended ◀──── somebody hangs up ─────────────┘
 *
 * A caller who waits may ask to be called back: proposal.ts, callback.ts. A call that an officer makes has a life of its own: outbound.ts. One that the
 * program makes begins in offer-call.ts, and is led through a menu as others.
 *
 * From every state the caller may hang up: ended. As long as a caller is on the line, that caller hears exactly one thing (hearing.ts), and
 * whatever sounds or rings has an end of its own in `due`, so that a switch that forgets to answer leaves nobody in silence.
 *
 * One file for each part of the life. A part may hand the call on to those that stand after it here, never to one before:
 * restoring.ts · waiting.ts · talking.ts · proposal.ts · callback.ts · menu.ts · time-offer.ts · notices.ts · office.ts · queue.ts · ending.ts · hearing.ts
 */
import type { Flow, FlowContext } from '../../../ivr/index.ts'
import { callArrived } from '../../events.ts'
import type { SwitchKind } from '../../switches/port.ts'
import { citizenAnswered, partWays, unreached, withdrawn } from './callback.ts'
import { end, farewell } from './ending.ts'
import { afterwards, say } from './hearing.ts'
import { beginFlow, heardOut, helpUnaided, keyInFlow, officeOfCall, silentInFlow } from './menu.ts'
import { happenWhileRinging, ringCitizen } from './offer-call.ts'
import { officeAnswered, officeGone, officeSilent, ringOffice } from './office.ts'
import { happenOutbound, ringOfficer } from './outbound.ts'
import { asked, keyWhileWaiting, proposalSilent, propose } from './proposal.ts'
import { waitForAnybody } from './queue.ts'
import { restore } from './restoring.ts'
import {
  type Arrival,
  type CallbackTerms,
  type CallNotice,
  type Effect,
  type Input,
  type LifeState,
  type Note,
  note,
  type OfferCall,
  type Outbound,
  type StaffTerms,
  type Step,
  type TimeOfferTerms,
} from './state.ts'
import { agentGone, hold, resume, transfer } from './talking.ts'
import { newTimeOffer } from './time-offer.ts'
import {
  agentAnswered,
  announce,
  callerGone,
  decline,
  dismissed,
  diverted,
  moved,
  offerOver,
  onOfferAccepted,
  onOfferMade,
  remind,
  ringingEnded,
} from './waiting.ts'

export { stateAfterEnd } from './ending.ts'
export { legsOfOutbound } from './outbound.ts'
export {
  type Arrival,
  type CallNotice,
  type Effect,
  type Input,
  isInSection,
  type LifeState,
  type Note,
  type OfferCall,
  type Outbound,
  type OutboundOutcome,
  type StateInSection,
  type TimeOfferOutcome,
  type TimeOfferTalk,
  type Words,
} from './state.ts'
export { newTimeOffer } from './time-offer.ts'

export interface Transition {
  state: LifeState
  /** To be done in this order. */
  effects: Effect[]
  /** To be written in this order. */
  notes: Note[]
}

/** Who calls, which number was called, and what we know from that. */
export interface Begin {
  callId: string
  leg: string
  switch: SwitchKind
  from: string | null
  to: string
  context: FlowContext
  arrival: Arrival
  /** The office's own line, for a flow that rings it. */
  officeLine: { number: string; fallback: string | null } | null
  flow: { id: string; version: number; flow: Flow } | null
  /** What does not work at this time, and the caller is told. */
  notices: CallNotice[]
}

/** Returns the first transition of a call that arrives. */
export function begin(call: Begin, now: number): Transition {
  const { context, arrival, flow } = call
  const step = draft(
    {
      ...blank(call.callId, call.leg, context),
      phase: 'menu',
      language: flow?.flow.languages[0] ?? 'it',
      flow: flow && { id: flow.id, version: flow.version },
      office: call.officeLine && { ...call.officeLine, leg: null, answered: false },
      ...(call.notices.length === 0 ? {} : { notices: structuredClone(call.notices) }),
    },
    now,
    flow?.flow ?? null,
  )
  step.effects.push({ do: 'name', leg: call.leg })
  note(step, callArrived, {
    from: call.from,
    to: call.to,
    unitId: context.office?.id ?? null,
    unitName: context.office?.name ?? null,
    provinceCode: context.province,
    regionCode: context.region,
    leg: call.switch,
    mode: arrival.mode,
  })
  switch (arrival.mode) {
    case 'channelled':
      beginFlow(step)
      break
    case 'direct':
      ringOffice(step, arrival.number, arrival.fallback)
      break
    case 'unknown':
      farewell(step, [{ language: step.state.language, parts: [{ sentence: 'unknownNumber' }] }], 'unknown-number')
  }
  return step
}

/** Returns the first transition of a call that an officer makes. */
export function beginOutbound(
  call: { callId: string; context: FlowContext } & Omit<Outbound, 'officerLeg' | 'stage' | 'outcome'>,
  now: number,
): Transition {
  const { callId, context, ...given } = call
  const state: LifeState = { ...blank(callId, `${callId}-1`, context), phase: 'outbound', taken: true, names: 2 }
  const step = draft(state, now, null)
  ringOfficer(step, { ...given, officerLeg: `${callId}-2`, stage: 'officer', outcome: null })
  return step
}

/** Returns the first transition of a call to a citizen about a time that is offered to them. */
export function beginOfferCall(
  call: { callId: string; context: FlowContext } & Omit<OfferCall, 'outcome'>,
  now: number,
): Transition {
  const { callId, context, ...given } = call
  const state: LifeState = {
    ...{ ...blank(callId, `${callId}-1`, context), language: given.language },
    ...{ phase: 'outbound', taken: true, names: 1, timeOffer: newTimeOffer(given) },
  }
  const step = draft(state, now, null)
  ringCitizen(step, { ...given, outcome: null })
  return step
}

/** A call of which nothing is known yet but its leg. */
const blank = (callId: string, leg: string, context: FlowContext) => ({
  ...{ callId, leg, context, taken: false, hearing: { is: 'nothing' as const }, language: 'it' as const, flow: null, walk: null },
  ...{ path: [], section: null, priority: 0, waitingSince: null, position: null, offer: null, agent: null, held: false },
  ...{ broken: null, transferredBy: null, proposal: null, proposed: false, callback: null, office: null, ending: null },
  ...{ due: {}, names: 0 },
})

/**
 * Takes one input. What comes late or twice changes nothing, except that a leg that nobody expects any more is hung up.
 * @param flow the version that the state names
 * @param callbacks what holds about them at this step (../callbacks/terms.ts)
 * @param staff what holds about the section that is waited for (../staff.ts)
 * @param offers what holds about an earlier time (../earlier-time/terms.ts)
 */
export function happen(
  before: LifeState,
  input: Input,
  now: number,
  flow: Flow | null,
  callbacks: CallbackTerms | null = null,
  staff: StaffTerms | null = null,
  offers: TimeOfferTerms | null = null,
): Transition {
  const step: Step = { ...draft(structuredClone(before), now, flow), callbacks, staff, offers }
  const { state } = step
  if (state.phase === 'outbound') {
    if (state.outbound) happenOutbound(step, state.outbound, input)
    else if (state.offerCall) happenWhileRinging(step, state.offerCall, input)
    return step
  }
  switch (input.type) {
    case 'key':
      if (state.phase === 'menu') keyInFlow(step, input.key)
      else if (state.phase === 'waiting') keyWhileWaiting(step, input.key)
      break
    case 'said':
      if (state.hearing.is === 'saying' && state.hearing.playback === input.playback) said(step)
      break
    case 'answered':
      answered(step, input.leg)
      break
    case 'ended':
    case 'not-rung':
      legGone(step, input.leg, input.type === 'ended' ? input.cause : input.reason)
      break
    case 'offer-made':
      onOfferMade(step, input)
      break
    case 'offer-accepted':
      onOfferAccepted(step, input)
      break
    case 'offer-over':
      offerOver(step, input)
      break
    case 'position':
      announce(step, input)
      break
    case 'moved':
      moved(step, input)
      break
    case 'proposed':
      propose(step, input.reason)
      break
    case 'withdrawn':
      withdrawn(step)
      break
    case 'dismissed':
      dismissed(step, input)
      break
    case 'diverted':
      diverted(step, input)
      break
    case 'asked':
      askedBy(step, input)
      break
    case 'due':
      due(step)
      break
    case 'restored':
      restore(step, input.present)
      break
  }
  return step
}

/** Returns the next instant at which `due` must be called; null when nothing is waited for. */
export function nextDue({ due }: LifeState): number | null {
  const instants = Object.values(due)
  return instants.length === 0 ? null : Math.min(...instants)
}

/** A step in which nothing but the flow has a part. */
const draft = (state: LifeState, now: number, flow: Flow | null): Step => ({
  ...{ state, now, flow, callbacks: null, staff: null, offers: null, effects: [], notes: [] },
})

function said(step: Step): void {
  const { state } = step
  if (state.hearing.is !== 'saying') return
  const { rest, then } = state.hearing
  // It is over: there is nothing to cut off.
  state.hearing = { is: 'nothing' }
  delete state.due.said
  if (rest.length > 0) say(step, rest, then)
  else if (then === 'listen') heardOut(step)
  else if (then === 'office') officeOfCall(step)
  else if (then === 'hang-up') end(step, state.ending ?? 'flow')
  else if (then === 'part') partWays(step)
  else {
    afterwards(step, then)
    asked(step)
  }
}

function answered(step: Step, leg: string): void {
  const { state } = step
  if (leg === state.leg && state.phase === 'dialling') citizenAnswered(step)
  if (leg === state.leg || leg === state.agent?.leg) return
  if (leg === state.offer?.leg) agentAnswered(step)
  else if (leg === state.office?.leg) officeAnswered(step)
  else step.effects.push({ do: 'hang-up', leg, reason: 'answered-elsewhere' })
}

function legGone(step: Step, leg: string, cause: string): void {
  const { state } = step
  if (state.phase === 'ended') return
  if (leg === state.leg) callerGone(step, cause)
  else if (leg === state.agent?.leg) agentGone(step, cause)
  else if (leg === state.offer?.leg) ringingEnded(step, cause)
  else if (leg === state.office?.leg) officeGone(step)
}

function askedBy(step: Step, { agent, action }: Extract<Input, { type: 'asked' }>): void {
  if (action.do === 'decline') {
    decline(step, agent, action.offer)
    return
  }
  if (step.state.phase === 'dialling' && step.state.agent?.id === agent && action.do === 'hang-up')
    unreached(step, 'operator', 'neither')
  if (step.state.phase !== 'talking' || step.state.agent?.id !== agent) return
  if (action.do === 'hold') hold(step)
  else if (action.do === 'resume') resume(step)
  else if (action.do === 'transfer') transfer(step, action.sectionId)
  else end(step, 'operator')
}

function due(step: Step): void {
  const { state, now } = step
  const {
    said: saidBy,
    key: keyBy,
    office: officeBy,
    proposal: proposalBy,
    dial: dialBy,
    reminder: reminderBy,
    help: helpBy,
    resume: resumeBy,
  } = state.due
  if (saidBy !== undefined && saidBy <= now && state.hearing.is === 'saying') {
    step.effects.push({ do: 'hush', leg: state.leg, playback: state.hearing.playback })
    said(step)
  } else if (keyBy !== undefined && keyBy <= now) {
    delete state.due.key
    silentInFlow(step)
  } else if (officeBy !== undefined && officeBy <= now) {
    delete state.due.office
    officeSilent(step)
  } else if (proposalBy !== undefined && proposalBy <= now) proposalSilent(step)
  else if (dialBy !== undefined && dialBy <= now) unreached(step, 'no-answer', 'neither')
  else if (reminderBy !== undefined && reminderBy <= now) remind(step)
  else if (helpBy !== undefined && helpBy <= now) helpUnaided(step)
  else if (resumeBy !== undefined && resumeBy <= now) {
    delete state.due.resume
    // An operator who is being rung has until the ringing ends.
    if (state.offer === null) waitForAnybody(step)
  }
}
