/**
 * What cases write to the journal. Names of units and colleagues as they were then; never what a citizen asked or was told: texts are in
 * their tables, under the rights of the case, and entries name them.
 */
import { z } from 'zod'
import { about, defineEvent, KnownChanges } from '../platform/index.ts'
import { CitizenQuestionEnd } from './citizen-questions/model.ts'
import { DeadlineKind, TargetKey, TargetTime, TicketPriority } from './deadlines/model.ts'
import { CaseLinkKind } from './links/model.ts'
import { CaseOutcome, ConversationChannel, RepeatCause, ReplyKind } from './model.ts'
import { RuleChange } from './rules/model.ts'

const ofCase = about('matter', 'case')
/** There may be no case yet. */
const ofInteraction = about('matter', 'units')

const Id = z.uuid()
const interaction = { interactionId: Id }
const ticket = { ticketId: Id }
/** Why stands with the link. */
const link = { linkId: Id, code: z.string(), otherId: Id, otherCode: z.string() }

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
/** Somebody has taken what a citizen wrote, which nobody had. */
export const interactionClaimed = defineEvent('interaction.claimed', ofInteraction, z.object(interaction))
export const interactionAnswered = defineEvent('interaction.answered', ofInteraction, z.object(interaction))
/** It waits for somebody again: given back, its answer taken back, or the answer did not arrive. */
export const interactionReopened = defineEvent('interaction.reopened', ofInteraction, z.object(interaction))
/** What a citizen wrote went on to another unit, where nobody has it yet. */
export const interactionPassed = defineEvent(
  'interaction.passed',
  ofInteraction,
  z.object({ ...interaction, from: z.string(), to: z.string() }),
)
export const interactionBooked = defineEvent('interaction.booked', ofInteraction, z.object({ ...interaction, appointmentId: Id }))

export const caseOpened = defineEvent('case.opened', ofCase, z.object({ code: z.string(), title: z.string() }))
export const caseContinued = defineEvent('case.continued', ofCase, z.object(interaction))
export const caseNoted = defineEvent('case.noted', ofCase, z.object({ noteId: Id }))
/** It was closed with an answer, which then did not reach the citizen. */
export const caseReopened = defineEvent('case.reopened', ofCase, z.object({}))
/** Somebody goes on with the case from now on: by choice, or in the place of who has left the job. Who takes its ticket does so too, which the ticket's entry tells. */
export const caseReferenceSet = defineEvent(
  'case.reference-set',
  ofCase,
  z.object({ personId: Id, name: z.string(), before: z.string().nullable(), because: z.enum(['chosen', 'left']) }),
)
/** The citizen has arrived at an office: whoever goes on with the case is told, and may be called in. */
export const caseArrival = defineEvent('case.arrival', ofCase, z.object({ appointmentId: Id, name: z.string() }))
/** A second contact: its citizen has come again, about the same, some days after it was closed. */
export const caseRepeated = defineEvent('case.repeated', ofCase, z.object({ ...interaction, channel: ConversationChannel }))
export const caseRepeatExplained = defineEvent('case.repeat-explained', ofCase, z.object({ ...interaction, cause: RepeatCause }))
/** Two cases belong together: about the same matter, or one follows from the other. Told on the one from which it was said; each of the two tells it. */
export const caseLinked = defineEvent(
  'case.linked',
  ofCase,
  z.object({ ...link, kind: CaseLinkKind.extract(['same-matter', 'follows']) }),
)
/** The case has gone into the other one, in which everybody goes on. */
export const caseJoined = defineEvent('case.joined', ofCase, z.object(link))
/** A conversation of the other case has become this one. */
export const caseSplit = defineEvent('case.split', ofCase, z.object({ ...link, ...interaction }))
export const caseLinkUndone = defineEvent('case.link-undone', ofCase, z.object({ ...link, kind: CaseLinkKind }))
/** A file that somebody put to the case was added, taken away, or put back. Its name stands with it: it may hold a citizen's. */
const file = { fileId: Id }
export const caseFileAdded = defineEvent('case.file-added', ofCase, z.object(file))
export const caseFileRemoved = defineEvent('case.file-removed', ofCase, z.object(file))
export const caseFileRestored = defineEvent('case.file-restored', ofCase, z.object(file))
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
/** It is again with whom it was before it was claimed, handed over or put back: null is the pool. */
export const ticketMoveUndone = defineEvent(
  'ticket.move-undone',
  ofCase,
  z.object({ ...ticket, to: Id.nullable(), toName: z.string().nullable() }),
)
/** Whoever had it is away: it is in the pool again, by the rule of the section. */
export const ticketLeftByAbsent = defineEvent(
  'ticket.left-by-absent',
  ofCase,
  z.object({ ...ticket, absenceId: Id, from: Id, fromName: z.string() }),
)
/** A colleague is asked about it, answers, or need not answer any more. The texts stand with the question. */
const ofQuestion = { ...ticket, questionId: Id, of: Id, ofName: z.string() }
export const ticketQuestionAsked = defineEvent('ticket.question-asked', ofCase, z.object(ofQuestion))
export const ticketQuestionAnswered = defineEvent(
  'ticket.question-answered',
  ofCase,
  z.object({ ...ofQuestion, by: Id, byName: z.string() }),
)
export const ticketQuestionWithdrawn = defineEvent('ticket.question-withdrawn', ofCase, z.object(ofQuestion))
/** Somebody is named in a note; told to that person alone beside those who hear of the case. */
export const noteMentioned = defineEvent(
  'case.mentioned',
  about('matter', 'case', 'person'),
  z.object({ noteId: Id, name: z.string() }),
)
/** What becomes of the tickets of a section's absent members from now on. */
export const absenceRuleSet = defineEvent(
  'section.absence-rule-set',
  about('organisation', 'units'),
  z.object({
    sectionId: z.string(),
    whenAbsent: z.enum(['at-once', 'after-hours', 'never']),
    hours: z.number().int(),
    exceptTypologies: z.array(z.string()),
  }),
)
/** The named lists of a section have changed. */
export const sectionListsChanged = defineEvent(
  'section.ticket-lists-changed',
  about('organisation', 'units'),
  z.object({ sectionId: z.string() }),
)
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
/** It was no matter for the second level: whoever had sent it goes on with the case. */
export const ticketSentBack = defineEvent(
  'ticket.sent-back',
  ofCase,
  z.object({ ...ticket, noteId: Id, to: Id, toName: z.string() }),
)
/** Entries without `returnId` are of before each return was kept; `generalInterest` is there where the answer is proposed to the knowledge base. */
export const ticketReturned = defineEvent(
  'ticket.returned',
  ofCase,
  z.object({ ...ticket, directorateName: z.string(), returnId: Id.optional(), generalInterest: z.literal(true).optional() }),
)
export const ticketAnswered = defineEvent('ticket.answered', ofCase, z.object({ ...ticket, messageId: Id, by: ReplyKind }))
/** The answer could not be delivered: whoever had the ticket has it again. */
export const ticketUndelivered = defineEvent('ticket.undelivered', ofCase, z.object({ ...ticket, problem: z.string() }), {
  problem: '',
})
/** Taken back before it left: the question waits for another answer. */
export const ticketAnswerWithdrawn = defineEvent('ticket.answer-withdrawn', ofCase, z.object(ticket))
export const ticketBooked = defineEvent('ticket.booked', ofCase, z.object({ ...ticket, appointmentId: Id, noteId: Id }))
export const ticketClosed = defineEvent('ticket.closed', ofCase, z.object(ticket))

/** The citizen has been asked something: the ticket waits, and its clock stands. */
export const ticketAsked = defineEvent('ticket.asked', ofCase, z.object({ ...ticket, questionId: Id, by: ReplyKind }))
/** A question to the citizen has ended, and the clock goes on: there is a reply, or there will be none. */
export const ticketReplied = defineEvent(
  'ticket.replied',
  ofCase,
  z.object({ ...ticket, questionId: Id, how: CitizenQuestionEnd, interactionId: Id.optional() }),
)
/** The citizen has come back to what was closed some days ago: the question is open again. */
export const ticketReopened = defineEvent('ticket.reopened', ofCase, z.object({ ...ticket, ...interaction }))
/** Why stands with the ticket. */
export const ticketPrioritised = defineEvent('ticket.prioritised', ofCase, z.object({ ...ticket, priority: TicketPriority }))

const deadline = { ...ticket, kind: DeadlineKind, dueAt: z.iso.datetime() }
/** It is due soon: whoever has it, and its coordinator, are told. */
export const ticketWarned = defineEvent('ticket.warned', ofCase, z.object(deadline))
/** It is late: its coordinator is told. */
export const ticketLate = defineEvent('ticket.late', ofCase, z.object(deadline))
/** It has been late for a while: the director is told. */
export const ticketEscalated = defineEvent('ticket.escalated', ofCase, z.object(deadline))

const ofTarget = about('organisation')
/** Within how much working time tickets are answered first, or solved. */
export const deadlineTargetSet = defineEvent(
  'deadline-target.set',
  ofTarget,
  z.object({ ...TargetKey.shape, ...TargetTime.shape, changes: KnownChanges }),
)
export const deadlineTargetRemoved = defineEvent('deadline-target.removed', ofTarget, z.object(TargetKey.shape))

// --- templates of answers -------------------------------------------------------------------------------------------

const ofTemplate = about('organisation', 'units')
const template = { templateId: Id, name: z.string() }

/** A template was made, or changed. */
export const answerTemplateKept = defineEvent('answer-template.kept', ofTemplate, z.object(template))
export const answerTemplateRemoved = defineEvent('answer-template.removed', ofTemplate, z.object(template))

/** The institute has decided single questions of the table of who may do what with a ticket; `changes` is all that differs from the founding one. */
export const ticketRulesSet = defineEvent(
  'ticket.rules-set',
  about('organisation'),
  z.object({ version: z.number().int(), changes: z.array(RuleChange), reason: z.string() }),
)
