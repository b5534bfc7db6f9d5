/**
 * What incidents write to the journal. Everybody at work hears what does not work: a notice goes live with its entry. What becomes of tickets, the IT group
 * hears. No data of citizens stand in them.
 */
import { z } from 'zod'
import { about, defineEvent } from '../platform/index.ts'
import { IncidentState } from './model.ts'

const ofIncident = about('incident')
const ofGroup = about('organisation', 'units')
const Id = z.uuid()
const incident = { incidentId: Id }

export const incidentOpened = defineEvent('incident.opened', ofIncident, z.object({ ...incident, number: z.number().int() }))
export const incidentChanged = defineEvent(
  'incident.changed',
  ofIncident,
  z.object({ ...incident, fields: z.array(z.string()), state: IncidentState }),
)
export const incidentTicketsLinked = defineEvent(
  'incident.tickets-linked',
  ofGroup,
  z.object({ ...incident, ticketIds: z.array(Id) }),
)
export const incidentTicketsUnlinked = defineEvent(
  'incident.tickets-unlinked',
  ofGroup,
  z.object({ ...incident, ticketIds: z.array(Id) }),
)
export const incidentNoticePublished = defineEvent(
  'incident.notice-published',
  ofIncident,
  z.object({ ...incident, noticeId: Id, endsAt: z.iso.datetime() }),
)
export const incidentNoticeWithdrawn = defineEvent(
  'incident.notice-withdrawn',
  ofIncident,
  z.object({ ...incident, noticeId: Id }),
)
export const incidentAnsweringBegun = defineEvent(
  'incident.answering-begun',
  ofGroup,
  z.object({ ...incident, answeringId: Id, tickets: z.number().int() }),
)
/** One of its tickets was answered, given to be called, or left. */
export const incidentTicketAnswered = defineEvent(
  'incident.ticket-answered',
  ofGroup,
  z.object({ ...incident, ticketId: Id, answering: z.enum(['sent', 'to-call', 'left']) }),
)
export const incidentProposed = defineEvent(
  'incident.proposed',
  ofGroup,
  z.object({ proposalId: Id, unitId: z.string(), tickets: z.number().int() }),
)
export const incidentProposalDecided = defineEvent(
  'incident.proposal-decided',
  ofGroup,
  z.object({ proposalId: Id, accepted: z.boolean() }),
)
export const knownErrorKept = defineEvent('known-error.kept', ofIncident, z.object({ knownErrorId: Id, title: z.string() }))
export const knownErrorRemoved = defineEvent('known-error.removed', ofIncident, z.object({ knownErrorId: Id, title: z.string() }))
