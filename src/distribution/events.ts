/**
 * The language in which telephony and distribution meet in the journal. Telephony writes that a call is queued; the leader reads it, applies
 * the engine and writes the offer; telephony reads that and rings the operator.
 *
 *   written by telephony:   call.queued · call.left-queue · offer.answered · offer.declined · offer.failed · conversation.ended ·
 *                           call.callback-queued · call.callback-unanswered
 *   written for an agent:   agent.available · agent.paused · agent.wrap-up-ended · agent.signed-out · agent.reachable · agent.unreachable
 *   written by the leader:  offer.made · offer.accepted · offer.rejected · offer.withdrawn · agent.state · call.position · call.moved ·
 *                           call.dismissed · call.diverted · call.callback-proposed · call.continuity
 *   written for settings:   agent.skills-set · section.routing-set
 *
 * The call is `subjects.call`, the agent `subjects.person`; payloads repeat neither, except that an offer names its agent.
 */
import { z } from 'zod'
import { defineEvent, Instant, Uuid } from '../platform/index.ts'

const Offer = z.object({ offer: z.string(), agent: Uuid })
const Limit = z.enum(['full', 'too-long', 'nobody', 'closed'])

// --- written by telephony -------------------------------------------------------------------------------------------

/** A call joins the line of a section, or joins it anew after a transfer or a broken conversation: the time already waited counts. */
export const callQueued = defineEvent(
  'call.queued',
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
 * The caller is to be called back: the place in the line is kept without the line. Written anew when the callback sleeps until another day, or
 * when the operator was lost before the number was dialled.
 */
export const callCallbackQueued = defineEvent(
  'call.callback-queued',
  z.object({
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
  }),
)
/** The number was dialled for an agent, and nobody was reached: again later, or given up, as the terms say. */
export const callCallbackUnanswered = defineEvent(
  'call.callback-unanswered',
  z.object({ agent: Uuid, attempt: z.number().int().positive(), why: z.string() }),
)
/** The caller hung up, or the call was ended or led elsewhere while it waited. */
export const callLeftQueue = defineEvent('call.left-queue', z.object({ reason: z.string() }))
/** The agent's telephone was picked up. Whether it was in time, the leader says: `offer.accepted` or `offer.rejected`. */
export const offerAnswered = defineEvent('offer.answered', Offer)
export const offerDeclined = defineEvent('offer.declined', Offer)
/** The agent's telephone could not be rung. */
export const offerFailed = defineEvent('offer.failed', Offer.extend({ reason: z.string() }))
export const conversationEnded = defineEvent('conversation.ended', z.object({ agent: Uuid }))

// --- written for an agent -------------------------------------------------------------------------------------------

export const agentAvailable = defineEvent('agent.available', z.object({}))
export const agentPaused = defineEvent('agent.paused', z.object({ reason: z.string() }))
export const agentWrapUpEnded = defineEvent('agent.wrap-up-ended', z.object({}))
export const agentSignedOut = defineEvent('agent.signed-out', z.object({}))
export const agentReachable = defineEvent('agent.reachable', z.object({}))
/** The page's heartbeat fell silent. */
export const agentUnreachable = defineEvent('agent.unreachable', z.object({}))

// --- written by the leader ------------------------------------------------------------------------------------------

/** Ring this agent until `until`. There is no other offer of the call and no other offer to the agent. */
export const offerMade = defineEvent(
  'offer.made',
  Offer.extend({ sectionId: z.string(), until: Instant, reason: z.record(z.string(), z.unknown()) }),
)
/** The answer was in time: join the two. */
export const offerAccepted = defineEvent('offer.accepted', Offer)
/** The answer came too late: tell the agent. */
export const offerRejected = defineEvent('offer.rejected', Offer.extend({ reason: z.string() }))
/** The offer is over without a conversation: stop ringing. The caller is still in line, unless the reason says that there is none. */
export const offerWithdrawn = defineEvent('offer.withdrawn', Offer.extend({ reason: z.string() }))

export const AgentState = z.enum(['signed-out', 'available', 'offered', 'in-conversation', 'wrap-up', 'paused'])
export type AgentState = z.infer<typeof AgentState>

export const agentState = defineEvent(
  'agent.state',
  z.object({
    state: AgentState,
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
  z.object({
    sectionId: z.string(),
    position: z.number().int().min(1),
    ahead: z.number().int().min(0),
    expectedWaitMs: z.number().int().nullable(),
  }),
)
export const callMoved = defineEvent('call.moved', z.object({ sectionId: z.string(), fromSectionId: z.string(), reason: Limit }))
/** The call cannot be served: say the message and hang up. */
export const callDismissed = defineEvent('call.dismissed', z.object({ reason: z.string(), message: z.string().nullable() }))
export const callDiverted = defineEvent('call.diverted', z.object({ to: z.string(), reason: Limit }))
export const callCallbackProposed = defineEvent('call.callback-proposed', z.object({ sectionId: z.string(), reason: Limit }))
/** Continuity, to be measured. */
export const callContinuity = defineEvent(
  'call.continuity',
  z.object({ outcome: z.enum(['asked', 'honoured', 'given-up']), agents: z.array(z.string()) }),
)

// --- settings -------------------------------------------------------------------------------------------------------

/** The sections that the agent serves from now on. */
export const agentSkillsSet = defineEvent(
  'agent.skills-set',
  z.object({ skills: z.array(z.object({ sectionId: z.string(), level: z.number().int().min(1).max(5) })) }),
)
/** What the section's queue does differently from the defaults from now on. */
export const sectionRoutingSet = defineEvent('section.routing-set', z.object({ sectionId: z.string() }))
