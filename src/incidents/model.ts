/**
 * Incidents as the API has them: many tickets, one cause; what is said of it, and the answer that its tickets get together.
 */
import { z } from 'zod'
import { Ticket, TicketLine } from '../cases/index.ts'
import { ProcedureId } from '../classification/index.ts'
import { Instant, Permission, Text, TextLine, Uuid } from '../platform/index.ts'

/** Open, until a way around it or its end is known; closed, it stays as it is. */
export const IncidentState = z.enum(['open', 'workaround-known', 'solved', 'closed'])
export type IncidentState = z.infer<typeof IncidentState>

/** Where a notice is given. */
export const NoticeChannel = z.enum(['callers', 'desks', 'public', 'answers'])
export type NoticeChannel = z.infer<typeof NoticeChannel>

/** The languages in which a notice can be spoken. */
export const noticeLanguages = ['it', 'en', 'de'] as const
export type NoticeLanguage = (typeof noticeLanguages)[number]

/** Nobody listens longer before a menu: some 25 seconds. */
export const maxNoticeLength = 300
const NoticeText = TextLine.pipe(z.string().min(10).max(maxNoticeLength))

/** What is said, in each language; Italian stands in for a missing one. */
export const NoticeTexts = z.object({ it: NoticeText, en: NoticeText.optional(), de: NoticeText.optional() })
export type NoticeTexts = z.infer<typeof NoticeTexts>

const UnitId = z.string().min(1).max(100)
const RegionCode = z.string().min(1).max(10)

const fields = {
  title: TextLine.pipe(z.string().min(5).max(160)).describe('what does not work, without data of citizens'),
  procedureId: ProcedureId.nullable(),
  regionCode: RegionCode.nullable().describe('the region that it concerns; null for the whole country'),
  sectionId: UnitId.nullable().describe('the section of the contact centre whose callers it concerns; null for all'),
  workaround: Text.pipe(z.string().max(4_000)).describe('how to get on meanwhile; empty while nobody knows'),
  expectedEnd: Instant.nullable(),
}

/** At most as many tickets are linked, or answered, in one request. */
export const maxTicketsAtOnce = 200
const TicketIds = z.array(Uuid).min(1).max(maxTicketsAtOnce)

export const NewIncident = z.object({
  ...fields,
  procedureId: fields.procedureId.default(null),
  regionCode: fields.regionCode.default(null),
  sectionId: fields.sectionId.default(null),
  workaround: fields.workaround.default(''),
  expectedEnd: fields.expectedEnd.default(null),
  ticketIds: z.array(Uuid).max(maxTicketsAtOnce).default([]),
})
export type NewIncident = z.infer<typeof NewIncident>

/** What is changed; what is left out stays. */
export const IncidentChange = z.object({ ...fields, state: IncidentState }).partial()
export type IncidentChange = z.infer<typeof IncidentChange>

export const IncidentTickets = z.object({ ticketIds: TicketIds })
export type IncidentTickets = z.infer<typeof IncidentTickets>

export const PublishNotice = z.object({
  texts: NoticeTexts,
  channels: z.array(NoticeChannel).min(1).max(4),
  endsAt: Instant.describe('then it ends by itself'),
})
export type PublishNotice = z.infer<typeof PublishNotice>

/** A notice in force, as its readers have it. */
export const Notice = z
  .object({
    id: Uuid,
    incidentId: Uuid,
    title: z.string(),
    texts: NoticeTexts,
    channels: z.array(NoticeChannel),
    region: z.string().nullable().describe('name of the region; null for the whole country'),
    section: z.string().nullable().describe('name of the section; null for all'),
    workaround: z.string(),
    startsAt: Instant,
    endsAt: Instant,
  })
  .meta({ id: 'Notice' })
export type Notice = z.infer<typeof Notice>

export const PublicNotice = z
  .object({ id: Uuid, texts: NoticeTexts, region: z.string().nullable(), startsAt: Instant, endsAt: Instant })
  .meta({ id: 'PublicNotice' })
export type PublicNotice = z.infer<typeof PublicNotice>

export const IncidentLine = z
  .object({
    id: Uuid,
    number: z.number().int().describe('how people call it'),
    title: z.string(),
    state: IncidentState,
    procedure: z.string().nullable(),
    region: z.string().nullable(),
    section: z.string().nullable(),
    tickets: z.number().int().describe('linked, those of other groups too; not counted beyond 1,000'),
    notice: z.boolean().describe('whether a notice is in force'),
    expectedEnd: Instant.nullable(),
    openedAt: Instant,
  })
  .meta({ id: 'IncidentLine' })
export type IncidentLine = z.infer<typeof IncidentLine>

export const Incident = IncidentLine.extend({
  procedureId: z.string().nullable(),
  regionCode: z.string().nullable(),
  sectionId: z.string().nullable(),
  unit: z.object({ id: z.string(), name: z.string() }).describe('the IT group that keeps it'),
  workaround: z.string(),
  openedBy: z.string(),
  changedBy: z.string(),
  changedAt: Instant,
  closedAt: Instant.nullable(),
  given: Notice.nullable().describe('the notice in force'),
  change: Permission,
  link: Permission.describe('whether the reader may link and answer tickets'),
  version: z.number().int(),
}).meta({ id: 'Incident' })
export type Incident = z.infer<typeof Incident>

/** How the answer to a linked ticket stands. */
export const Answering = z.enum(['waiting', 'sent', 'to-call', 'left'])
export type Answering = z.infer<typeof Answering>

export const LinkedTicket = z
  .object({
    ticket: TicketLine,
    linkedBy: z.string(),
    answering: Answering.nullable(),
    leftBecause: z.string().nullable().describe('why the ticket was left as it was'),
    way: z.enum(['send', 'call']).describe('the answer is carried, or somebody calls'),
    address: z.string(),
    may: Permission.describe('whether it would be answered now'),
    letter: Ticket.shape.letter,
  })
  .meta({ id: 'LinkedTicket' })
export type LinkedTicket = z.infer<typeof LinkedTicket>

export const AnswerTickets = z.object({
  ticketIds: TicketIds.describe('those that were looked at'),
  text: Text.pipe(z.string().min(3).max(10_000)),
  close: z.boolean().default(false).describe('the incident is closed too'),
})
export type AnswerTickets = z.infer<typeof AnswerTickets>

export const IncidentStep = z
  .object({ id: Uuid, what: z.string().describe('in one sentence'), by: z.string(), at: Instant })
  .meta({ id: 'IncidentStep' })
export type IncidentStep = z.infer<typeof IncidentStep>

/** More tickets of one cause in an hour than is usual. */
export const IncidentProposal = z
  .object({
    id: Uuid,
    procedure: z.string().nullable(),
    procedureId: z.string().nullable(),
    words: z.string().nullable().describe('what the error texts have in common, where no procedure was named'),
    hour: Instant,
    tickets: z.number().int(),
    expected: z.number().describe('as many come in this hour on such a day'),
    chance: z.number().describe('how often so many come without a cause, from 0 to 1'),
    lines: z.array(TicketLine),
  })
  .meta({ id: 'IncidentProposal' })
export type IncidentProposal = z.infer<typeof IncidentProposal>

export const SetAsideProposal = z.object({ reason: Text.pipe(z.string().min(3).max(500)) })
export type SetAsideProposal = z.infer<typeof SetAsideProposal>

const knownFields = {
  title: TextLine.pipe(z.string().min(5).max(160)),
  procedureId: ProcedureId.nullable(),
  typologyId: z.string().min(1).max(100).nullable().describe('the question with which it comes'),
  symptom: Text.pipe(z.string().min(3).max(2_000)).describe('by what it is recognised'),
  workaround: Text.pipe(z.string().min(3).max(4_000)),
}

export const NewKnownError = z.object({
  ...knownFields,
  procedureId: knownFields.procedureId.default(null),
  typologyId: knownFields.typologyId.default(null),
  incidentId: Uuid.nullable().default(null).describe('the incident by which it became known'),
})
export type NewKnownError = z.infer<typeof NewKnownError>

export const KnownErrorChange = z.object(knownFields).partial()
export type KnownErrorChange = z.infer<typeof KnownErrorChange>

export const KnownError = z
  .object({
    id: Uuid,
    title: z.string(),
    procedureId: z.string().nullable(),
    procedure: z.string().nullable(),
    typologyId: z.string().nullable(),
    typology: z.string().nullable(),
    symptom: z.string(),
    workaround: z.string(),
    incidentId: Uuid.nullable(),
    changedAt: Instant,
    changedBy: z.string(),
    change: Permission,
    version: z.number().int(),
  })
  .meta({ id: 'KnownError' })
export type KnownError = z.infer<typeof KnownError>
