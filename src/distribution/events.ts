/**
 * The language in which telephony and distribution meet in the journal. Telephony writes that a call is queued; the leader reads it, applies
 * the engine and writes the offer; telephony reads that and rings the operator.
 *
 *   written by telephony:   call.queued · call.left-queue · offer.answered · offer.declined · offer.failed · conversation.ended ·
 *                           call.callback-queued · call.callback-unanswered
 *   written for an agent:   agent.available · agent.paused · agent.wrap-up-ended · agent.signed-out · agent.reachable · agent.unreachable
 *   written by the leader:  offer.made · offer.accepted · offer.rejected · offer.withdrawn · agent.state · call.position · call.moved ·
 *                           call.dismissed · call.diverted · call.callback-proposed · call.continuity
 *   written for settings:   agent.skills-set · section.routing-set · callback.settings-set · agent.media-set ·
 *                           section.sharing-set · section.mail-set
 *
 * The call is `subjects.call`, the agent `subjects.person`; payloads repeat neither, except that an offer names its agent.
 *
 * Written work, tickets now and mails when there are any, has words of its own, because telephones are deaf to it. The room whose work it is
 * says where it stands; whoever takes it is judged by that room, and the leader hears of it as a fact.
 *
 *   written by that room:   work.queued · work.taken · work.declined · work.left
 *   written by the leader:  work.offered · work.withdrawn · work.connected · work.suspended · work.resumed · work.released · work.continuity
 *
 * The case is `subjects.case`, the agent `subjects.person`; the work is named in the payload, because a case may have several.
 */

import { z } from 'zod'
import { about, defineEvent, Instant, KnownChanges, Uuid, withoutChanges } from '../platform/index.ts'
import { agentStates } from '../routing/index.ts'

const ofCall = about('telephone', 'call')
const ofAgent = about('telephone', 'person')
/** Who does what, and how a section's queue works. */
const ofSettings = about('organisation', 'units')
const ofWork = about('matter', 'units')

const Offer = z.object({ offer: z.string(), agent: Uuid })
const Limit = z.enum(['full', 'too-long', 'nobody', 'closed'])

// --- written by telephony -------------------------------------------------------------------------------------------

/** A call joins the queue of a section, or joins it anew after a transfer or a broken conversation: the time already waited counts. */
export const callQueued = defineEvent(
  'call.queued',
  ofCall,
  z.object({
    sectionId: z.string(),
    priority: z.number().int().min(0).max(99),
    waitingSince: Instant,
    preferred: z
      .object({ agents: z.array(Uuid).min(1), boundMs: z.number().int().positive(), resume: z.boolean().optional() })
      .optional(),
  }),
)
/**
 * The caller is to be called back and keeps the place in the queue without staying on the line. Written anew when the callback sleeps until another day, or
 * when the operator was lost before the number was dialled.
 */
export const callCallbackQueued = defineEvent(
  'call.callback-queued',
  ofCall,
  {
    version: 2,
    payload: z.object({
      sectionId: z.string(),
      priority: z.number().int().min(0).max(99),
      waitingSince: Instant,
      /** E.164, as the caller wished. */
      number: z.string(),
      /** Offered to agents in this span only: decent hours in which the section is open. */
      notBefore: Instant,
      notAfter: Instant,
      /** How often the number may still be dialled, and the pause between two attempts. */
      maxAttempts: z.number().int().positive(),
      retryMs: z.number().int().positive(),
      /** Who knows the citizen's open case, and how long from now it is kept for them. */
      preferred: z.object({ agents: z.array(Uuid).min(1), boundMs: z.number().int().positive() }).optional(),
    }),
    from: { 1: old => old },
  },
  { number: '' },
)
/** The number was dialled for an agent, and nobody was reached: again later, or given up, as the terms say. */
export const callCallbackUnanswered = defineEvent(
  'call.callback-unanswered',
  ofCall,
  z.object({ agent: Uuid, attempt: z.number().int().positive(), why: z.string() }),
)
/** The caller hung up, or the call was ended or led elsewhere while it waited. */
export const callLeftQueue = defineEvent('call.left-queue', ofCall, z.object({ reason: z.string() }))
/** The agent's telephone was picked up. Whether it was in time, the leader says: `offer.accepted` or `offer.rejected`. */
export const offerAnswered = defineEvent('offer.answered', ofCall, Offer)
export const offerDeclined = defineEvent('offer.declined', ofCall, Offer)
/** The agent's telephone could not be rung. */
export const offerFailed = defineEvent('offer.failed', ofCall, Offer.extend({ reason: z.string() }))
export const conversationEnded = defineEvent('conversation.ended', ofCall, z.object({ agent: Uuid }))

// --- written for an agent -------------------------------------------------------------------------------------------

export const agentAvailable = defineEvent('agent.available', ofAgent, z.object({}))
export const agentPaused = defineEvent('agent.paused', ofAgent, z.object({ reason: z.string() }))
export const agentWrapUpEnded = defineEvent('agent.wrap-up-ended', ofAgent, z.object({}))
export const agentSignedOut = defineEvent('agent.signed-out', ofAgent, z.object({}))
export const agentReachable = defineEvent('agent.reachable', ofAgent, z.object({}))
/** The page's heartbeat fell silent. */
export const agentUnreachable = defineEvent('agent.unreachable', ofAgent, z.object({}))

// --- written by the leader ------------------------------------------------------------------------------------------

/** Ring this agent until `until`. There is no other offer of the call and no other offer to the agent. */
export const offerMade = defineEvent(
  'offer.made',
  ofCall,
  Offer.extend({ sectionId: z.string(), until: Instant, reason: z.record(z.string(), z.unknown()) }),
)
/** The answer was in time: join the two. */
export const offerAccepted = defineEvent('offer.accepted', ofCall, Offer)
/** The answer came too late: tell the agent. */
export const offerRejected = defineEvent('offer.rejected', ofCall, Offer.extend({ reason: z.string() }))
/** The offer is over without a conversation: stop ringing. The caller is still in the queue, unless the reason says that there is none. */
export const offerWithdrawn = defineEvent('offer.withdrawn', ofCall, Offer.extend({ reason: z.string() }))

export const StateOfAgent = z.enum(agentStates)

export const agentState = defineEvent(
  'agent.state',
  ofAgent,
  z.object({
    state: StateOfAgent,
    /** Why paused; by the program: `no-answer` or `failed`. */
    reason: z.string().nullable(),
    since: Instant,
    /** The end of an offer or of a wrap-up. */
    until: Instant.nullable(),
  }),
)
/** Tell the caller. */
export const callPosition = defineEvent(
  'call.position',
  ofCall,
  z.object({
    sectionId: z.string(),
    position: z.number().int().min(1),
    ahead: z.number().int().min(0),
    expectedWaitMs: z.number().int().nullable(),
  }),
)
export const callMoved = defineEvent(
  'call.moved',
  ofCall,
  z.object({ sectionId: z.string(), fromSectionId: z.string(), reason: Limit }),
)
/** The call cannot be served: say the message and hang up. */
export const callDismissed = defineEvent(
  'call.dismissed',
  ofCall,
  z.object({ reason: z.string(), message: z.string().nullable() }),
)
export const callDiverted = defineEvent('call.diverted', ofCall, z.object({ to: z.string(), reason: Limit }))
export const callCallbackProposed = defineEvent(
  'call.callback-proposed',
  ofCall,
  z.object({ sectionId: z.string(), reason: Limit }),
)
/** Continuity, to be measured. */
export const callContinuity = defineEvent(
  'call.continuity',
  ofCall,
  z.object({ outcome: z.enum(['asked', 'honoured', 'given-up']), agents: z.array(z.string()) }),
)

// --- settings -------------------------------------------------------------------------------------------------------

/** The sections that the agent serves from now on. */
export const agentSkillsSet = defineEvent('agent.skills-set', ofSettings, {
  version: 2,
  payload: z.object({
    skills: z.array(z.object({ sectionId: z.string(), level: z.number().int().min(1).max(5) })),
    changes: KnownChanges,
  }),
  from: { 1: withoutChanges },
})
/** What the section's queue does differently from the defaults from now on. */
export const sectionRoutingSet = defineEvent('section.routing-set', ofSettings, {
  version: 2,
  payload: z.object({ sectionId: z.string(), changes: KnownChanges }),
  from: { 1: withoutChanges },
})
/** What a unit does about callbacks has been changed. */
export const callbackSettingsSet = defineEvent('callback.settings-set', ofSettings, {
  version: 2,
  payload: z.object({ unitId: z.string(), changes: KnownChanges }),
  from: { 1: withoutChanges },
})

/** Which media an agent takes from now on, as the role says in which the agent works: who has no telephone takes no calls. */
export const agentMediaSet = defineEvent('agent.media-set', ofAgent, z.object({ calls: z.boolean() }))
/** Somebody is away on whole days; why is nobody's business who reads the journal. */
export const absenceEntered = defineEvent(
  'absence.entered',
  about('organisation', 'person', 'units'),
  z.object({ absenceId: Uuid, name: z.string(), from: z.iso.date(), until: z.iso.date() }),
)
export const absenceEnded = defineEvent(
  'absence.ended',
  about('organisation', 'person', 'units'),
  z.object({ absenceId: Uuid, name: z.string() }),
)
/** How a section shares out its written work from now on. */
export const sectionSharingSet = defineEvent('section.sharing-set', ofSettings, {
  version: 2,
  payload: z.object({
    sectionId: z.string(),
    mode: z.enum(['pool', 'distributed']),
    /** How many a member has in hand at most. */
    capacity: z.number().int().positive(),
    offerMinutes: z.number().int().positive(),
    changes: KnownChanges,
  }),
  from: { 1: withoutChanges },
})

/** Whether the mails of a section of the contact centre are offered to those who serve it, from now on. */
export const sectionMailSet = defineEvent(
  'section.mail-set',
  ofSettings,
  z.object({ sectionId: z.string(), enabled: z.boolean() }),
)

// --- written work ---------------------------------------------------------------------------------------------------

const Written = z.object({ work: Uuid })
const WrittenOffer = Written.extend({ offer: z.string(), agent: Uuid })
const WrittenOfAgent = Written.extend({ agent: Uuid })

/** Written work joins the queue of a section, or joins it anew: it leaves what it was doing. */
export const workQueued = defineEvent(
  'work.queued',
  ofWork,
  Written.extend({
    kind: z.enum(['mail', 'ticket']),
    sectionId: z.string(),
    priority: z.number().int().min(0).max(99),
    waitingSince: Instant,
    /** Whoever knows the case: waited for so long at most. */
    preferred: z.object({ agents: z.array(Uuid).min(1), boundMs: z.number().int().positive() }).optional(),
  }),
)
/** An agent has it in hand, as it was offered or by choosing it: the room's own rules have allowed it. */
export const workTaken = defineEvent('work.taken', ofWork, WrittenOfAgent)
export const workDeclined = defineEvent('work.declined', ofWork, WrittenOffer)
/** It is in no queue and in nobody's hands any more: answered, forwarded, closed, or led elsewhere. */
export const workLeft = defineEvent('work.left', ofWork, Written.extend({ reason: z.string() }))

/** Show it to this agent until `until`. There is no other offer of the work, and no other offer to the agent but of a call. */
export const workOffered = defineEvent(
  'work.offered',
  ofWork,
  WrittenOffer.extend({
    kind: z.enum(['mail', 'ticket']),
    sectionId: z.string(),
    until: Instant,
    reason: z.record(z.string(), z.unknown()),
  }),
)
/** The offer is over; the work is in the queue again, unless the reason says that it is not. */
export const workWithdrawn = defineEvent('work.withdrawn', ofWork, WrittenOffer.extend({ reason: z.string() }))
/** It was taken by whom it had been offered to. */
export const workConnected = defineEvent('work.connected', ofWork, WrittenOffer)
/** A call interrupts it; afterwards it goes on. */
export const workSuspended = defineEvent('work.suspended', ofWork, WrittenOfAgent)
export const workResumed = defineEvent('work.resumed', ofWork, WrittenOfAgent)
/** Its agent has signed out: it is in the queue again, at its place. */
export const workReleased = defineEvent('work.released', ofWork, WrittenOfAgent.extend({ sectionId: z.string() }))
export const workContinuity = defineEvent(
  'work.continuity',
  ofWork,
  Written.extend({ outcome: z.enum(['asked', 'honoured', 'given-up']), agents: z.array(z.string()) }),
)
