/**
 * What cases write to the journal. Names of units and colleagues as they were then; never what a citizen asked or was told: texts are in
 * their tables, under the rights of the case, and entries name them.
 */
import { z } from 'zod'
import { about, defineEvent } from '../platform/index.ts'
import { CaseOutcome, ConversationChannel, ReplyKind } from './model.ts'

const ofCase = about('matter', 'case')
/** There may be no case yet. */
const ofInteraction = about('matter', 'units')

const Id = z.uuid()
const interaction = { interactionId: Id }
const ticket = { ticketId: Id }

export const interactionOpened = defineEvent(
  'interaction.opened',
  ofInteraction,
  z.object({ ...interaction, channel: ConversationChannel }),
)
export const interactionChanged = defineEvent(
  'interaction.changed',
  ofInteraction,
  z.object({ ...interaction, fields: z.array(z.string()) }),
)
/** Another operator goes on with a conversation that broke off at the first one's desk. */
export const interactionTaken = defineEvent('interaction.taken', ofInteraction, z.object({ ...interaction, from: z.string() }))
export const interactionAnswered = defineEvent('interaction.answered', ofInteraction, z.object(interaction))
export const interactionBooked = defineEvent('interaction.booked', ofInteraction, z.object({ ...interaction, appointmentId: Id }))

export const caseOpened = defineEvent('case.opened', ofCase, z.object({ code: z.string(), title: z.string() }))
export const caseContinued = defineEvent('case.continued', ofCase, z.object(interaction))
export const caseNoted = defineEvent('case.noted', ofCase, z.object({ noteId: Id }))
/** It was closed with an answer, which then did not reach the citizen. */
export const caseReopened = defineEvent('case.reopened', ofCase, z.object({}))
export const caseClosed = defineEvent('case.closed', ofCase, z.object({ outcome: CaseOutcome }))

export const ticketSent = defineEvent(
  'ticket.sent',
  ofCase,
  z.object({
    ...ticket,
    unitId: z.string(),
    unitName: z.string(),
    centreName: z.string(),
    reason: z.enum(['residence', 'office-called', 'corrected']),
    dueAt: z.iso.datetime(),
  }),
)
export const ticketClaimed = defineEvent('ticket.claimed', ofCase, z.object(ticket))
export const ticketReleased = defineEvent('ticket.released', ofCase, z.object(ticket))
export const ticketHandedOver = defineEvent('ticket.handed-over', ofCase, z.object({ ...ticket, to: Id, toName: z.string() }))
export const ticketTakenOver = defineEvent('ticket.taken-over', ofCase, z.object({ ...ticket, from: Id, fromName: z.string() }))
export const ticketMoved = defineEvent(
  'ticket.moved',
  ofCase,
  z.object({ ...ticket, unitId: z.string(), unitName: z.string(), noteId: Id }),
)
export const ticketForwarded = defineEvent(
  'ticket.forwarded',
  ofCase,
  z.object({ ...ticket, directorateId: z.string(), directorateName: z.string(), noteId: Id }),
)
/** Entries without `returnId` are of before each return was kept. */
export const ticketReturned = defineEvent(
  'ticket.returned',
  ofCase,
  z.object({ ...ticket, directorateName: z.string(), returnId: Id.optional() }),
)
export const ticketAnswered = defineEvent('ticket.answered', ofCase, z.object({ ...ticket, messageId: Id, by: ReplyKind }))
/** The answer could not be delivered: whoever had the ticket has it again. */
export const ticketUndelivered = defineEvent('ticket.undelivered', ofCase, z.object({ ...ticket, problem: z.string() }))
/** Taken back before it left: the question waits for another answer. */
export const ticketAnswerWithdrawn = defineEvent('ticket.answer-withdrawn', ofCase, z.object(ticket))
export const ticketBooked = defineEvent('ticket.booked', ofCase, z.object({ ...ticket, appointmentId: Id, noteId: Id }))
export const ticketClosed = defineEvent('ticket.closed', ofCase, z.object(ticket))
