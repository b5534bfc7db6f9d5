/**
 * Interactions, cases and Linea tickets.
 *
 * An interaction is one conversation on one channel. A case is one matter of one citizen, from the first contact to its end. A Linea
 * ticket is the question of a case that the contact centre passes to the second level.
 */

import { z } from 'zod'
import { AgencyId, AppointmentMode, SeriesTime, ServiceId } from '../agenda/index.ts'
import { RegisteredLine, ReplyKind, ReplyTo } from '../channels/index.ts'
import { IdentificationLevel } from '../contacts/index.ts'
import { Sharing } from '../distribution/index.ts'
import { conversationChannels, Instant, Permission, Text, TextLine, Uuid } from '../platform/index.ts'
import { AnswerFile } from './answering/model.ts'
import { CitizenQuestion } from './citizen-questions/model.ts'
import { TicketDeadline, TicketPriority } from './deadlines/model.ts'
import { sentFields, shownFields } from './linea-fields.ts'

export { ReplyKind }

const UnitId = z.string().min(1).max(100).meta({ example: 'cric-lazio-pensioni' })
const TypologyId = z.string().min(1).max(100)
const UnitRef = z.object({ id: z.string(), name: z.string() })
const PersonRef = z.object({ id: Uuid, name: z.string() })
/** A contact, and how sure we are that it was they. */
export const KnownContact = z
  .object({
    id: Uuid,
    name: z.string(),
    level: IdentificationLevel.describe('of the conversation; of a case, the highest that one of its conversations has reached'),
  })
  .meta({ id: 'KnownContact' })
const longText = Text.pipe(z.string().max(10_000))
const someText = Text.pipe(z.string().min(1).max(10_000))

/** A request code: nine digits and a check digit, as it is kept. People read "482 719 3056". */
export const RequestCode = z
  .string()
  .regex(/^\d{10}$/)
  .meta({ example: '4827193056' })

export const ConversationChannel = z.enum(conversationChannels)
export type ConversationChannel = z.infer<typeof ConversationChannel>

export const InteractionState = z.enum(['open', 'answered', 'linea', 'appointment'])
export type InteractionState = z.infer<typeof InteractionState>

/** Why a citizen comes again about what was closed. */
export const RepeatCause = z.enum(['unclear', 'unsolved', 'new-fact', 'other'])
export type RepeatCause = z.infer<typeof RepeatCause>

// --- interactions ---------------------------------------------------------------------------------------------------

/** Opens an interaction, from a call or from another channel. For a call there is one; the second request answers the same. */
export const OpenInteraction = z
  .object({
    callId: Uuid.optional().describe('the call; office, province and region are taken from it'),
    channel: ConversationChannel.optional().describe('needed when there is no call'),
    contactId: Uuid.optional(),
    typologyId: TypologyId.optional(),
    question: longText.optional(),
  })
  .refine(input => input.callId !== undefined || input.channel !== undefined, 'callId or channel is needed')
export type OpenInteraction = z.infer<typeof OpenInteraction>

export const InteractionChange = z.object({
  contactId: Uuid.nullable().optional(),
  typologyId: TypologyId.nullable().optional(),
  caseId: Uuid.nullable().optional().describe('an open case of the contact that this conversation is about'),
  question: longText.optional(),
  notes: longText.optional(),
})
export type InteractionChange = z.infer<typeof InteractionChange>

/** The closed case that a conversation comes back to. */
export const Repeats = z
  .object({
    caseId: Uuid,
    code: RequestCode,
    title: z.string(),
    closedAt: Instant,
    cause: RepeatCause.nullable(),
    asks: z.boolean().describe('whether it is still to be said why'),
  })
  .describe('the closed case that the citizen comes back to: a second contact')
export type Repeats = z.infer<typeof Repeats>

export const Interaction = z
  .object({
    id: Uuid,
    channel: ConversationChannel,
    callId: Uuid.nullable(),
    from: z.string().nullable().describe('number or address at the other end'),
    contact: KnownContact.nullable(),
    contactId: Uuid.nullable(),
    caseId: Uuid.nullable(),
    code: RequestCode.nullable(),
    typologyId: z.string().nullable(),
    typology: z.string().nullable().describe('its label'),
    question: z.string(),
    notes: z.string(),
    answer: z.string().nullable(),
    state: InteractionState,
    office: UnitRef.nullable().describe('the office whose number was called'),
    linea: z
      .object({
        centre: z.string().describe('who answers'),
        isItMatter: z.boolean().describe('whether an IT group answers'),
        dueAt: Instant.nullable().describe('until when; null while the citizen is asked something'),
        replyTo: z.object({ kind: ReplyKind, address: z.string() }).describe('where the answer goes'),
        mailLeaves: z.boolean().describe('whether the answer will leave: without a mail server an e-mail waits here'),
      })
      .nullable()
      .describe('what the citizen is told of a question that was passed on'),
    provinceCode: z.string().nullable(),
    regionCode: z.string().nullable(),
    operator: PersonRef.nullable().describe('null while nobody has taken what a citizen wrote'),
    passedOn: z
      .object({
        section: UnitRef.nullable().describe('where the reader handed the call; null when it went on for another reason'),
        by: PersonRef.nullable().describe('who writes it down now; null while nobody has taken the call yet'),
      })
      .nullable()
      .describe('for a reader who had the call before it went on to a colleague: only to be read. Null otherwise'),
    repeats: Repeats.nullable(),
    openedAt: Instant,
    closedAt: Instant.nullable(),
    version: z.number().int(),
  })
  .meta({ id: 'Interaction' })
export type Interaction = z.infer<typeof Interaction>

export const AnswerInteraction = z.object({ answer: someText.describe('what was said to the citizen') })
export type AnswerInteraction = z.infer<typeof AnswerInteraction>

/** Passes the question to the second level. Contact and typology may be given here or before, on the interaction. */
export const SendLinea = z.object({
  ...sentFields,
  typologyId: TypologyId.optional(),
  contactId: Uuid.optional(),
  cricUnitId: UnitId.optional().describe('another section than the derived one'),
})
export type SendLinea = z.infer<typeof SendLinea>

/** Books an appointment at an agency for the citizen of the interaction. */
export const BookFromInteraction = z.object({
  holdId: Uuid,
  reason: Text.pipe(z.string().min(3).max(500)).describe('what the citizen needs, in a sentence'),
  despiteOther: z.boolean().optional().describe('although the citizen has another appointment at that time'),
  earlier: z.boolean().optional().describe('the citizen would rather come earlier: freed times are offered to them'),
})
export type BookFromInteraction = z.infer<typeof BookFromInteraction>

/** An office books for a citizen who asks at its counter, or has to come again. */
export const BookAtOffice = BookFromInteraction.extend({
  contactId: Uuid,
  caseId: Uuid.nullable().describe('the open case that it is about; null opens one'),
  mandateId: Uuid.nullable()
    .default(null)
    .describe("by which mandate somebody else asks for it; null when it is the citizen's own wish"),
})
export type BookAtOffice = z.infer<typeof BookAtOffice>

/** Several appointments of one matter, all of them or none. */
export const BookSeries = BookAtOffice.omit({ holdId: true }).extend({
  unitId: AgencyId,
  serviceId: ServiceId,
  mode: AppointmentMode,
  times: z.array(SeriesTime).min(2).max(12),
})
export type BookSeries = z.infer<typeof BookSeries>

/** Where a Linea ticket would go, and why. */
export const Derivation = z
  .object({
    cric: UnitRef.describe('the regional centre, or the IT group'),
    section: UnitRef.describe('its section; the group itself for IT matters'),
    why: z.string().describe('one sentence for the screen'),
    reason: z.enum(['residence', 'office-called', 'corrected']),
    itMatter: z.boolean(),
    dueAt: Instant,
    choices: z.array(UnitRef).describe('sections that it can be corrected to'),
  })
  .meta({ id: 'Derivation' })
export type Derivation = z.infer<typeof Derivation>

// --- tickets --------------------------------------------------------------------------------------------------------

export const TicketState = z.enum(['pool', 'claimed', 'forwarded', 'returned', 'answered', 'closed'])
export type TicketState = z.infer<typeof TicketState>

export const TicketKind = z.enum(['linea', 'it'])
export type TicketKind = z.infer<typeof TicketKind>

/** What can be done with a ticket. Look, note, answer and take over are four different rights. */
export const TicketAction = z.enum([
  'look',
  'note',
  'claim',
  'release',
  'hand-over',
  'take-over',
  'ask-colleague',
  'answer',
  'ask-citizen',
  'prioritise',
  'close',
  'forward',
  'send-back',
  'return',
  'appointment',
  'assign',
])
export type TicketAction = z.infer<typeof TicketAction>

/** One row of a list of tickets. */
export const TicketLine = z
  .object({
    id: Uuid,
    caseId: Uuid,
    code: RequestCode,
    title: z.string(),
    excerpt: z.string().describe('the beginning of the question'),
    kind: TicketKind,
    state: TicketState,
    contact: KnownContact,
    unit: UnitRef,
    directorate: UnitRef.nullable(),
    claimedBy: PersonRef.nullable(),
    sentBy: z.string().describe('who sent it'),
    sentByUnit: z.string(),
    office: z.string().nullable().describe('the office that the citizen called'),
    secondContact: z.boolean().describe('the citizen had already been in touch about an open matter'),
    offeredTo: PersonRef.nullable().describe('to whom it is offered now, where the section shares its tickets out'),
    suspended: z.boolean().describe('a call interrupts it; afterwards it goes on'),
    priority: TicketPriority,
    waiting: z
      .object({ since: Instant })
      .nullable()
      .describe('the citizen has been asked, and has not replied: the clock stands'),
    openedAt: Instant,
    dueAt: Instant.nullable().describe('when it is to be solved; null while the clock stands'),
    version: z.number().int(),
  })
  .meta({ id: 'TicketLine' })
export type TicketLine = z.infer<typeof TicketLine>

/** A ticket on the page of its case. */
export const CaseTicket = TicketLine.extend({ deadlines: z.array(TicketDeadline) }).meta({ id: 'CaseTicket' })

export const TicketNote = z.object({ id: Uuid, text: z.string(), byName: z.string(), byUnit: z.string(), at: Instant })
export type TicketNote = z.infer<typeof TicketNote>

export const TicketReturn = z.object({
  id: Uuid,
  directorate: UnitRef,
  text: z.string(),
  byName: z.string().nullable(),
  at: Instant,
  generalInterest: z.boolean().describe('proposed to the knowledge base by the directorate'),
})
export type TicketReturn = z.infer<typeof TicketReturn>

/** The mail with the answer, as long as it has not left. */
export const AnswerMail = z
  .object({
    state: z.enum(['waiting', 'leaving', 'failed']),
    address: z.string(),
    why: z.string().nullable().describe('why it has not left yet; null when nothing has gone wrong'),
    nextAt: Instant.nullable().describe('when it is tried next'),
    attempts: z.number().int(),
    change: Permission.describe('whether the reader may give it another address, or take it back'),
  })
  .meta({ id: 'AnswerMail' })
export type AnswerMail = z.infer<typeof AnswerMail>

/** What a person is writing as the answer to a ticket. */
export const AnswerDraft = z
  .object({
    text: z.string(),
    savedAt: Instant,
    version: z.number().int().describe('grows by one with each save'),
    from: z.string().nullable().describe('who had written it before the ticket came to the reader'),
  })
  .meta({ id: 'AnswerDraft' })
export type AnswerDraft = z.infer<typeof AnswerDraft>

export const Ticket = TicketLine.extend({
  ...shownFields,
  typologyId: z.string().nullable(),
  typology: z.array(z.string()).describe('the way to it in the tree, last its own label'),
  centre: UnitRef,
  derivation: z.string().describe('why it came to this section, in one sentence'),
  competentDirectorate: UnitRef.nullable().describe('the central directorate competent for the typology'),
  directorateAnswer: z.string().nullable().describe('what the central directorate wrote back last'),
  returns: z.array(TicketReturn).describe('everything that central directorates wrote back, oldest first'),
  answer: z.string().nullable(),
  answerProblem: z.string().nullable().describe('why the answer could not be delivered'),
  answerMail: AnswerMail.nullable().describe('null when no answer waits to leave'),
  answerFiles: z.array(AnswerFile).describe('what goes out with the next answer'),
  filesGiven: z.array(AnswerFile).describe('what went out with the answer that was given'),
  letter: z
    .object({ greeting: z.string(), closing: z.string() })
    .describe('what stands before and after an answer that is carried, unless it greets and takes leave itself'),
  sentBack: z
    .object({ reason: z.string(), by: z.string() })
    .nullable()
    .describe('why it was no matter for the second level: its sender goes on with the case'),
  closedAt: Instant.nullable(),
  notes: z.array(TicketNote),
  draft: AnswerDraft.nullable().describe('what the reader was writing'),
  takenFromReader: z
    .object({ by: z.string(), at: Instant, withDraft: z.boolean().describe('the text of the reader went along') })
    .nullable()
    .describe('who has taken the ticket from the reader'),
  actions: z.record(TicketAction, Permission),
  deadlines: z
    .array(TicketDeadline)
    .describe('within which time it is answered first, and solved; and by a central directorate that was asked'),
  urgentReason: z.string().nullable(),
  questions: z.array(CitizenQuestion).describe('what the citizen was asked, the newest first'),
  interactionId: Uuid.nullable(),
  shared: z.boolean().describe('whether its section offers tickets to its members'),
}).meta({ id: 'Ticket' })
export type Ticket = z.infer<typeof Ticket>

export const ReaddressAnswer = z.object({ email: z.email().max(254) })
export type ReaddressAnswer = z.infer<typeof ReaddressAnswer>

export const TicketView = z.enum(['pool', 'mine', 'forwarded', 'all', 'closed'])
export type TicketView = z.infer<typeof TicketView>

/** What a list of tickets is narrowed to. What is left out narrows nothing. */
export const TicketFilter = z.object({
  typologyId: TextLine.pipe(z.string().max(100)).optional().describe('a typology, or all of those under a node of the tree'),
  state: TicketState.exclude(['closed']).optional(),
  due: z.enum(['late', 'today', 'week']).optional().describe('late; late or due today; late or due within seven days'),
  ownerId: Uuid.optional().describe('who has it in charge'),
  waiting: z
    .enum(['colleague', 'directorate', 'mail'])
    .optional()
    .describe('for a colleague who was asked, for a central directorate, for the mail with the answer to leave'),
  channel: ConversationChannel.optional().describe('of the first conversation'),
  words: TextLine.pipe(z.string().max(200))
    .optional()
    .describe('words of the questions, answers and notes, in any form and without regard to accents; or a request code'),
  order: z.enum(['due', 'age']).optional().describe('what is due first, unless said; or what is oldest'),
})
export type TicketFilter = z.infer<typeof TicketFilter>

/** The ticket that is offered to the reader now. */
export const TicketOffer = z
  .object({ ticket: TicketLine, offer: z.string(), until: Instant.describe('then it goes to a colleague') })
  .meta({ id: 'TicketOffer' })
export type TicketOffer = z.infer<typeof TicketOffer>

/** How a section shares out its tickets, and whether the reader may say so. */
export const SectionSharing = Sharing.extend({
  section: UnitRef,
  change: Permission,
  version: z.number().int().describe('grows by one with each change; 0 as long as nobody has said anything'),
}).meta({ id: 'SectionSharing' })
export type SectionSharing = z.infer<typeof SectionSharing>

/** The lists of a reader, with how many are in each. */
export const TicketCounts = z
  .object({
    unit: UnitRef,
    counts: z.record(TicketView, z.number().int().nullable()).describe('null where nobody counts: closed tickets'),
    sections: z.array(UnitRef.extend({ pool: z.number().int() })),
  })
  .meta({ id: 'TicketCounts' })
export type TicketCounts = z.infer<typeof TicketCounts>

const tickets = z.number().int()

/** How a list of tickets lies in time. */
export const TicketDeadlines = z
  .object({
    due: z.object({
      late: tickets.describe('their deadline is past'),
      today: tickets,
      tomorrow: tickets,
      later: tickets,
    }),
    age: z.object({
      day: tickets.describe('opened within the last day'),
      threeDays: tickets.describe('older than that, within three days'),
      week: tickets,
      older: tickets,
    }),
    atMost: z.number().int().describe('of more tickets than this only those that are due first are counted'),
  })
  .meta({ id: 'TicketDeadlines' })
export type TicketDeadlines = z.infer<typeof TicketDeadlines>

/** The open tickets of a region, by section. */
export const RegionLoad = z
  .object({
    unit: z.object({ id: z.string() }),
    sections: z.array(
      UnitRef.extend({
        pool: z.number().int().describe('nobody has claimed them'),
        claimed: z.number().int().describe('in hand'),
        forwarded: z.number().int().describe('with a central directorate, or just come back from one'),
        late: z.number().int().describe('their deadline is past'),
        today: z.number().int().describe('their deadline is later today'),
        oldestAt: Instant.nullable().describe('when the oldest was opened'),
        members: z.number().int().describe('people who share the work'),
      }),
    ),
  })
  .meta({ id: 'RegionLoad' })
export type RegionLoad = z.infer<typeof RegionLoad>

const despiteDraft = z
  .boolean()
  .optional()
  .describe('that somebody else is writing an answer is known; without it the request is refused with 409, so that one can ask')

export const TakeOver = z.object({ despiteDraft })
export type TakeOver = z.infer<typeof TakeOver>

export const HandOver = z.object({
  personId: Uuid.describe('a colleague of the same centre'),
  note: longText.default(''),
  despiteDraft,
})
export type HandOver = z.infer<typeof HandOver>

export const NewNote = z.object({
  text: someText,
  mentions: z.array(Uuid).max(20).optional().describe('colleagues who are named in it and told: any who may see the ticket'),
})
export type NewNote = z.infer<typeof NewNote>

export const SaveAnswerDraft = z.object({ text: longText })
export type SaveAnswerDraft = z.infer<typeof SaveAnswerDraft>

export const AnswerTicket = z.object({
  answer: someText.describe(
    'what the citizen reads; greeting and signature are added where it has none; variables of templates are filled',
  ),
  replyTo: ReplyTo.optional().describe(
    'another way than the one that the citizen gave, e.g. after a mail that could not be delivered',
  ),
})
export type AnswerTicket = z.infer<typeof AnswerTicket>

export const ForwardTicket = z.object({
  directorateId: UnitId.optional().describe('the competent one when left out'),
  reason: someText.describe('why the question is exceptionally complex, and what is asked'),
})
export type ForwardTicket = z.infer<typeof ForwardTicket>

export const ReturnTicket = z.object({
  answer: someText.describe('for the colleagues of the regional centre'),
  generalInterest: z.boolean().default(false).describe('it serves others, too: proposed to the knowledge base'),
})
export type ReturnTicket = z.infer<typeof ReturnTicket>

/** The circular (§4) knows one reason for which a ticket may lead to an agency. */
export const AppointmentReason = z.enum(['paper-dossier', 'other'])
export type AppointmentReason = z.infer<typeof AppointmentReason>

export const BookFromTicket = z.object({
  holdId: Uuid,
  reason: AppointmentReason.describe('only "paper-dossier": the paper dossier has to be rebuilt'),
  explanation: Text.pipe(z.string().min(3).max(500)).describe('what the agency has to rebuild'),
  despiteOther: z.boolean().optional().describe('although the citizen has another appointment at that time'),
})
export type BookFromTicket = z.infer<typeof BookFromTicket>

export const AssignTicket = z.object({
  unitId: UnitId.describe('a section of the same centre; anything else is refused with its reason'),
  reason: Text.pipe(z.string().min(3).max(500)),
  despiteDraft,
})
export type AssignTicket = z.infer<typeof AssignTicket>

// --- cases ----------------------------------------------------------------------------------------------------------

export const CaseOutcome = z.enum(['first-contact', 'answered', 'appointment'])
export type CaseOutcome = z.infer<typeof CaseOutcome>

export const CaseLine = z
  .object({
    id: Uuid,
    code: RequestCode,
    title: z.string(),
    status: z.enum(['open', 'closed']),
    outcome: CaseOutcome.nullable(),
    openedAt: Instant,
    closedAt: Instant.nullable(),
  })
  .meta({ id: 'CaseLine' })
export type CaseLine = z.infer<typeof CaseLine>

/** Who goes on with a case. */
export const Reference = z
  .object({
    id: Uuid,
    name: z.string(),
    state: z
      .enum(['here', 'busy', 'away', 'left'])
      .describe('busy: in a conversation; away: in a pause or signed out; left: has no role here any more'),
    takesOver: PersonRef.nullable().describe(
      'who knows the case too and is at work, while the reference person is not; null: whoever speaks with the citizen',
    ),
  })
  .meta({ id: 'Reference' })
export type Reference = z.infer<typeof Reference>

/** An open case on the card of its contact. */
export const OpenCaseLine = CaseLine.extend({
  typologyId: z.string().nullable(),
  reference: Reference.nullable(),
}).meta({ id: 'OpenCaseLine' })
export type OpenCaseLine = z.infer<typeof OpenCaseLine>

/** When the reader wants to look at a case again. */
export const FollowUp = z.object({ day: z.iso.date(), note: z.string() }).meta({ id: 'FollowUp' })
export type FollowUp = z.infer<typeof FollowUp>

export const Case = CaseLine.extend({
  contact: KnownContact,
  typology: z.array(z.string()),
  interactions: z.array(Interaction),
  tickets: z.array(CaseTicket).describe('one, or those of the cases that are joined here; open ones first'),
  joinedInto: z
    .object({ id: Uuid, code: RequestCode, title: z.string() })
    .nullable()
    .describe('the case in which everybody goes on'),
  notes: z.array(TicketNote),
  messages: z.array(
    z.object({
      id: Uuid,
      channel: ReplyKind,
      text: z.string(),
      byName: z.string(),
      at: Instant,
      mail: z.enum(['queued', 'sending', 'sent', 'failed', 'withdrawn']).nullable().describe('where its e-mail stands'),
      registered: RegisteredLine.nullable().describe('what became of it, where it left as registered mail'),
    }),
  ),
  followUp: FollowUp.nullable().describe('when the reader wants to look at it again'),
  reference: Reference.nullable().describe('who goes on with it'),
  version: z.number().int(),
}).meta({ id: 'Case' })
export type Case = z.infer<typeof Case>

/** One thing that happened, as a sentence. */
export const HistoryEntry = z
  .object({
    id: z.string(),
    at: Instant,
    type: z.string(),
    who: z.string().nullable().describe('a colleague, the citizen, or the program'),
    unit: z.string().nullable(),
    channel: z.string().nullable(),
    sentence: z.string(),
    text: z.string().nullable().describe('what was written, where the reader may read it'),
    caseId: Uuid.nullable(),
    callId: Uuid.nullable(),
    level: IdentificationLevel.nullable().describe(
      'how sure we were from then on, where the entry says how somebody made known who they are',
    ),
    waitedMs: z
      .number()
      .int()
      .nullable()
      .describe('of an entry that says that a caller was put through: how long the caller had waited'),
  })
  .meta({ id: 'HistoryEntry' })
export type HistoryEntry = z.infer<typeof HistoryEntry>

export const SearchResult = z
  .object({
    kind: z.enum(['contact', 'case', 'unit']),
    id: z.string(),
    title: z.string(),
    subtitle: z.string(),
    url: z.string().describe('page of the browser'),
  })
  .meta({ id: 'Found' })
export type SearchResult = z.infer<typeof SearchResult>
