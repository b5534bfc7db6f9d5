/**
 * Who may ask what, as one table: every route, every role, how far it reaches, and what is answered about what lies beyond.
 *
 * The server lets nobody else in (`guard.ts`), and a test calls every route as every role and as nobody, in own and in foreign territory, and
 * expects what stands here. A route without a row does not start. What may be done with a thing at a moment (a ticket that is somebody
 * else's, a call that has ended) is decided in the rooms' policies; where they refuse with a sentence of their own, the row says `decides`.
 * Which role has which capability, and how far it reaches, stands in `src/identity/capabilities.ts`.
 */
import { type Capability, type Reach, type Role, reachOfRole, roles } from '../identity/index.ts'

export type Reaches = Readonly<Partial<Record<Role, Reach>>>

/** What the access log calls that which was looked at. */
export const lookKinds = ['contact', 'case', 'ticket', 'interaction', 'call', 'appointment', 'search', 'day', 'export'] as const
export type LookKind = (typeof lookKinds)[number]

export interface Right {
  /** Who comes in: anybody, whoever is signed in, or these roles. All others are answered 403, nobody 401. */
  readonly who: 'public' | 'signed-in' | Reaches
  /** What is answered about a thing that the role does not reach: it is not there, it is not theirs, or it is left out of a list. */
  readonly foreign?: 404 | 403 | 'left out'
  /** A policy of the room may refuse even what is reached, and says why. */
  readonly decides?: true
  /** Whoever asks sees data of citizens: it is kept who looked. */
  readonly looks?: LookKind
}

/** The roles that have a capability, and how far each reaches with it. */
function reachesOf(capability: Capability): Reaches {
  const reaches = roles.flatMap(role => {
    const reach = reachOfRole(role, capability)
    return reach === undefined ? [] : [[role, reach] as const]
  })
  return Object.fromEntries(reaches)
}

/** Citizens and their matters: the country for those who answer it, the own territory for the others; administrators have no business there. */
const matters = reachesOf('matters.see')

const everybody: Right = { who: 'signed-in' }
const anybody: Right = { who: 'public' }
const only = (capability: Capability, more: Omit<Right, 'who'> = {}): Right => ({ who: reachesOf(capability), ...more })
const look = (looks: LookKind): Right => ({ who: matters, foreign: 404, looks })
/** An action on a ticket: seen by all whom it concerns, done by whom the policy of cases lets. */
const onTicket: Right = { who: matters, foreign: 404, decides: true }
/** A mail is of its unit; who has it in hand answers it. */
const onMail: Right = { who: reachesOf('mails.work'), foreign: 404, decides: true }
const onSheet: Right = { who: reachesOf('calls.answer'), foreign: 403, decides: true }
const onCall: Right = { who: reachesOf('calls.answer'), foreign: 404, decides: true }
/** The office has the appointment in hand; who speaks with the citizen moves or cancels it; the others look. */
const onAppointment: Right = { who: reachesOf('appointments.see'), foreign: 404, decides: true }

export const rights = {
  'POST /api/session': anybody,
  'DELETE /api/session': anybody,
  'GET /api/session': everybody,
  'GET /api/session/ended': anybody,
  'GET /api/session/sample-accounts': anybody,
  'GET /api/sample': anybody,
  'GET /api/sample/citizens': anybody,
  'POST /api/sample/traffic': only('figures.watch'),
  'PUT /api/session/acting': everybody,
  'PUT /api/session/language': everybody,
  'PUT /api/session/password': { who: 'signed-in', decides: true },
  'GET /api/session/notices': everybody,
  'POST /api/session/notices/seen': everybody,

  'GET /api/people': only('accounts.see', { foreign: 'left out' }),
  'POST /api/people': only('accounts.keep'),
  'GET /api/people/:personId': only('accounts.see', { foreign: 404 }),
  'PATCH /api/people/:personId': only('accounts.keep'),
  'POST /api/people/:personId/disable': only('accounts.keep'),
  'POST /api/people/:personId/enable': only('accounts.keep'),
  'POST /api/people/:personId/one-time-password': only('accounts.keep'),
  'POST /api/people/:personId/assignments': only('accounts.keep'),
  'PATCH /api/people/:personId/assignments/:assignmentId': only('accounts.keep'),
  'DELETE /api/people/:personId/assignments/:assignmentId': only('accounts.keep'),
  'GET /api/assignment-requests': only('accounts.keep'),
  'POST /api/assignment-requests/:requestId/confirm': only('accounts.keep'),
  'POST /api/assignment-requests/:requestId/decline': only('accounts.keep'),

  'GET /api/access': only('access.audit'),
  'GET /api/journal/set-aside': only('accounts.keep'),

  'GET /api/units': everybody,
  'GET /api/units/:unitId': everybody,
  'GET /api/units/:unitId/children': everybody,
  'PUT /api/units/:unitId/hours': only('hours.set', { foreign: 403 }),
  'GET /api/units/:unitId/closures': everybody,
  'POST /api/units/:unitId/closures': only('hours.set', { foreign: 403 }),
  'POST /api/units/:unitId/closures/:closureId/withdrawal': only('hours.set', { foreign: 403 }),
  'GET /api/agencies/nearest': everybody,
  'GET /api/number-provinces': everybody,
  'GET /api/numbers': everybody,
  'GET /api/numbers/:number': everybody,
  'POST /api/numbers/:number/changes': only('numbers.plan'),
  'POST /api/numbers/:number/reverse': only('numbers.plan'),
  'POST /api/numbers/:number/changes/:changeId/cancel': only('numbers.plan'),
  'GET /api/number-plans/preview': only('numbers.plan'),
  'POST /api/number-plans': only('numbers.plan'),
  'GET /api/municipalities': anybody,
  'GET /api/municipalities/:code': anybody,
  'GET /api/holidays': anybody,
  'GET /api/procedures': everybody,
  'GET /api/regions': anybody,
  'GET /api/typologies': everybody,
  'GET /api/typologies/:typologyId': everybody,

  'GET /api/contacts': { who: matters, foreign: 'left out', looks: 'search' },
  'POST /api/contacts': only('contacts.write'),
  'GET /api/contacts/:contactId': look('contact'),
  'PATCH /api/contacts/:contactId': only('contacts.write', { foreign: 404 }),
  'GET /api/contacts/:contactId/identifications': look('contact'),
  'POST /api/contacts/:contactId/identifications': only('contacts.write', { foreign: 404, decides: true }),
  'GET /api/contacts/:contactId/doubles': look('contact'),
  'POST /api/contacts/:contactId/joins': only('contacts.write', { foreign: 404 }),
  'POST /api/contacts/:contactId/joins/:linkId/undo': only('contacts.write', { foreign: 404 }),
  'POST /api/contacts/:contactId/unmask': look('contact'),
  'POST /api/contacts/:contactId/speaker': only('contacts.write', { foreign: 404, decides: true }),
  'GET /api/contacts/:contactId/mandates': look('contact'),
  'POST /api/contacts/:contactId/mandates': only('contacts.write', { foreign: 404 }),
  'POST /api/contacts/:contactId/mandates/:mandateId/end': only('contacts.write', { foreign: 404 }),
  'GET /api/contacts/:contactId/history': look('contact'),
  'GET /api/contacts/:contactId/cases': look('contact'),
  'GET /api/contacts/:contactId/export': only('data.answer', { looks: 'export' }),
  'GET /api/contacts/:contactId/erasure': only('data.answer', { looks: 'contact' }),
  'POST /api/contacts/:contactId/erasure': only('data.answer', { decides: true, looks: 'contact' }),
  'GET /api/competences': only('competences.set'),
  'PUT /api/competences/:typologyId': only('competences.set'),
  'GET /api/competences/:typologyId/history': only('competences.set'),
  'GET /api/ticket-rules': only('rules.set'),
  'POST /api/ticket-rules/effect': only('rules.set'),
  'PUT /api/ticket-rules': only('rules.set'),
  'GET /api/ticket-rules/versions': only('rules.set'),
  'GET /api/retention': only('retention.set'),
  'PUT /api/retention/:typologyId': only('retention.set'),

  'POST /api/interactions': only('calls.answer'),
  'GET /api/interactions': everybody,
  'GET /api/interactions/:interactionId': look('interaction'),
  'PATCH /api/interactions/:interactionId': onSheet,
  'POST /api/interactions/:interactionId/answer': onSheet,
  'POST /api/interactions/:interactionId/repeat-cause': onSheet,
  'POST /api/interactions/:interactionId/linea': onSheet,
  'POST /api/interactions/:interactionId/appointment': onSheet,
  'GET /api/linea/derivation': only('linea.send'),

  'GET /api/mails': only('mails.work', { foreign: 'left out', looks: 'search' }),
  'GET /api/mails/offered': only('mails.work'),
  'GET /api/mails/:interactionId': only('mails.work', { foreign: 404, looks: 'interaction' }),
  'GET /api/mails/:interactionId/page': only('mails.work', { foreign: 404 }),
  'GET /api/mails/:interactionId/raw': only('mails.work', { foreign: 404, looks: 'interaction' }),
  'GET /api/mails/:interactionId/attachments/:attachmentId': only('mails.work', { foreign: 404, looks: 'interaction' }),
  'POST /api/mails/:interactionId/take': onMail,
  'POST /api/mails/:interactionId/give-back': onMail,
  'POST /api/mails/:interactionId/decline': onMail,
  'POST /api/mails/:interactionId/answer': onMail,
  'POST /api/mails/:interactionId/answer/withdraw': onMail,
  'POST /api/mails/:interactionId/repeat-cause': onMail,
  'GET /api/mails/:interactionId/templates': only('mails.work', { foreign: 404 }),
  'POST /api/mails/:interactionId/files': onMail,
  'GET /api/mails/:interactionId/files/:fileId': only('mails.work', { foreign: 404, looks: 'interaction' }),
  'DELETE /api/mails/:interactionId/files/:fileId': onMail,
  'GET /api/mails/:interactionId/destinations': only('mails.work', { foreign: 404 }),
  'POST /api/mails/:interactionId/pass': onMail,
  'GET /api/unsent-mails': only('mails.work', { foreign: 'left out', looks: 'search' }),
  'POST /api/unsent-mails/:mailId/send-again': onMail,
  'POST /api/unsent-mails/:mailId/withdraw': onMail,
  'GET /api/answer-templates': only('templates.keep', { foreign: 'left out' }),
  'POST /api/answer-templates': only('templates.keep', { decides: true }),
  'PATCH /api/answer-templates/:templateId': only('templates.keep', { foreign: 404, decides: true }),
  'DELETE /api/answer-templates/:templateId': only('templates.keep', { foreign: 404 }),
  'GET /api/mails-to-examine': only('mails.work', { foreign: 'left out', looks: 'search' }),
  'GET /api/mails-to-examine/:rawMailId/raw': only('mails.work', { foreign: 404 }),
  'POST /api/mails-to-examine/:rawMailId/receive': onMail,
  'POST /api/mails-to-examine/:rawMailId/put-aside': onMail,
  'GET /api/mailboxes': only('mailboxes.keep'),
  'POST /api/mailboxes': only('mailboxes.keep'),
  'PATCH /api/mailboxes/:mailboxId': only('mailboxes.keep'),
  'POST /api/mailbox-trials': only('mailboxes.keep'),
  'GET /api/mail-reconciliation': only('mails.reconcile'),

  // Of a named section that is not theirs they are told that it is not there.
  'GET /api/tickets': { who: matters, foreign: 'left out' },
  'GET /api/tickets/deadlines': { who: matters, foreign: 'left out' },
  'GET /api/tickets/counts': only('matters.see'),
  'GET /api/region/load': only('region.watch'),
  // Each ticket is answered by itself: of one that is foreign, that it is not there.
  'POST /api/ticket-moves': { who: matters, decides: true },
  'POST /api/ticket-moves/undo': { who: matters, decides: true },
  'GET /api/ticket-owners': only('matters.see'),
  'GET /api/ticket-questions': { who: matters, foreign: 'left out', looks: 'search' },
  'GET /api/tickets/:ticketId/questions': look('ticket'),
  'POST /api/tickets/:ticketId/questions': onTicket,
  'POST /api/tickets/:ticketId/questions/:questionId/answer': onTicket,
  'POST /api/tickets/:ticketId/questions/:questionId/withdraw': onTicket,
  'GET /api/mentions': { who: matters, foreign: 'left out', looks: 'search' },
  'POST /api/mentions/read': only('matters.see'),
  'GET /api/tickets/:ticketId/mentionable': { who: matters, foreign: 404 },
  'GET /api/ticket-lists': only('matters.see'),
  'POST /api/ticket-lists': only('matters.see', { decides: true }),
  'PATCH /api/ticket-lists/:listId': only('matters.see', { foreign: 404, decides: true }),
  'DELETE /api/ticket-lists/:listId': only('matters.see', { foreign: 404, decides: true }),
  'GET /api/board': only('tickets.coordinate', { foreign: 404 }),
  'GET /api/board/proposals': only('tickets.coordinate', { foreign: 404 }),
  'GET /api/absences': only('absences.enter', { foreign: 404 }),
  'POST /api/absences': only('absences.enter', { foreign: 404, decides: true }),
  'DELETE /api/absences/:absenceId': only('absences.enter', { foreign: 404, decides: true }),
  'GET /api/sections/:sectionId/absence-rule': only('absences.enter', { foreign: 404 }),
  'PUT /api/sections/:sectionId/absence-rule': only('absences.keep', { foreign: 403 }),
  'GET /api/tickets/offered': only('matters.see'),
  'POST /api/tickets/:ticketId/decline': onTicket,
  'GET /api/tickets/:ticketId/why': look('ticket'),
  'GET /api/tickets/:ticketId': look('ticket'),
  'GET /api/tickets/:ticketId/colleagues': { who: matters, foreign: 404 },
  'POST /api/tickets/:ticketId/claim': onTicket,
  'POST /api/tickets/:ticketId/release': onTicket,
  'POST /api/tickets/:ticketId/hand-over': onTicket,
  'POST /api/tickets/:ticketId/take-over': onTicket,
  'POST /api/tickets/:ticketId/notes': onTicket,
  'POST /api/tickets/:ticketId/answer': onTicket,
  'PATCH /api/tickets/:ticketId/answer-mail': onTicket,
  'POST /api/tickets/:ticketId/answer-mail/withdraw': onTicket,
  'POST /api/tickets/:ticketId/ask-citizen': onTicket,
  'POST /api/tickets/:ticketId/send-back': onTicket,
  'POST /api/tickets/:ticketId/replied': onTicket,
  'POST /api/tickets/:ticketId/priority': onTicket,
  'GET /api/tickets/:ticketId/deadlines/:kind': { who: matters, foreign: 404 },
  'GET /api/deadline-targets': everybody,
  'PUT /api/deadline-targets': only('deadlines.set'),
  'POST /api/deadline-targets/removal': only('deadlines.set'),
  'POST /api/tickets/:ticketId/close': onTicket,
  'POST /api/tickets/:ticketId/forward': onTicket,
  'POST /api/tickets/:ticketId/return': onTicket,
  'POST /api/tickets/:ticketId/appointment': onTicket,
  'POST /api/tickets/:ticketId/assign': onTicket,
  'PUT /api/tickets/:ticketId/draft': onTicket,
  'GET /api/tickets/:ticketId/templates': { who: matters, foreign: 404 },
  'POST /api/tickets/:ticketId/files': onTicket,
  'GET /api/tickets/:ticketId/files/:fileId': look('ticket'),
  'DELETE /api/tickets/:ticketId/files/:fileId': onTicket,
  'PUT /api/cases/:caseId/viewers/:pageId': { who: matters, foreign: 404 },
  'PUT /api/tickets/:ticketId/viewers/:pageId': { who: matters, foreign: 404 },
  'PUT /api/mails/:interactionId/viewers/:pageId': only('mails.work', { foreign: 404 }),
  'DELETE /api/viewers/:pageId': everybody,
  'GET /api/sections/:sectionId/sharing': only('sharing.see', { foreign: 404 }),
  'PUT /api/sections/:sectionId/sharing': only('sharing.set', { foreign: 403 }),
  'GET /api/cases': { ...only('cases.list', { foreign: 'left out' }), looks: 'search' },
  'GET /api/cases/export.csv': only('cases.export', { foreign: 'left out', looks: 'export' }),
  'GET /api/cases/export.ods': only('cases.export', { foreign: 'left out', looks: 'export' }),
  'GET /api/cases/:caseId': look('case'),
  'POST /api/cases/:caseId/reference': { ...look('case'), decides: true },
  'PUT /api/cases/:caseId/follow-up': look('case'),
  'DELETE /api/cases/:caseId/follow-up': look('case'),
  'GET /api/sent-tickets': { ...only('calls.answer'), looks: 'search' },
  'GET /api/indicators/sent-back': only('figures.watch'),
  'GET /api/indicators/results': only('figures.watch'),
  'GET /api/indicators/results/cases': { ...only('figures.watch'), looks: 'search' },
  'GET /api/case-lists': only('cases.list'),
  'POST /api/case-lists': only('cases.list'),
  'DELETE /api/case-lists/:listId': only('cases.list'),
  'GET /api/cases/:caseId/messages/:messageId/proof': look('case'),
  'GET /api/cases/:caseId/history': look('case'),
  'GET /api/cases/:caseId/print': only('cases.export', { foreign: 404, looks: 'case' }),
  'GET /api/cases/:caseId/files': look('case'),
  'POST /api/cases/:caseId/files': { who: matters, foreign: 404, decides: true },
  'GET /api/cases/:caseId/files/:fileId': look('case'),
  'DELETE /api/cases/:caseId/files/:fileId': { who: matters, foreign: 404, decides: true },
  'POST /api/cases/:caseId/files/:fileId/restore': { who: matters, foreign: 404, decides: true },
  'GET /api/cases/:caseId/links': look('case'),
  'GET /api/cases/:caseId/proposals': look('case'),
  'POST /api/cases/:caseId/links': { who: matters, foreign: 404, decides: true },
  'POST /api/cases/:caseId/links/:linkId/undo': { who: matters, foreign: 404, decides: true },
  'POST /api/interactions/:interactionId/split': { who: matters, foreign: 404, decides: true },
  // One search for all pages, also those of administrators, who find offices by it.
  'GET /api/search': { who: 'signed-in', foreign: 'left out', looks: 'search' },

  'GET /api/units/:unitId/agenda': only('agenda.keep', { foreign: 404 }),
  'POST /api/units/:unitId/agenda/effect': only('agenda.keep', { foreign: 404 }),
  'PUT /api/units/:unitId/agenda': only('agenda.keep', { foreign: 404, decides: true }),
  'GET /api/units/:unitId/agenda/versions': only('agenda.keep', { foreign: 404 }),
  // Whoever has the link of a mail: it names one appointment, and opens nothing else.
  'GET /api/public/appointments/:token': anybody,
  'POST /api/public/appointments/:token/confirmation': anybody,
  'POST /api/public/appointments/:token/cancellation': anybody,
  'GET /api/agenda/services': only('times.look'),
  'GET /api/agenda/slots': only('times.look'),
  'GET /api/agenda/first-free': only('times.look'),
  'POST /api/agenda/holds': only('appointments.book'),
  'GET /api/agenda/holds/:holdId': only('appointments.book', { foreign: 404 }),
  'DELETE /api/agenda/holds/:holdId': only('appointments.book', { foreign: 404 }),
  'GET /api/agenda/day': only('days.see', { foreign: 404, looks: 'day' }),
  'GET /api/appointments/:appointmentId': only('appointments.see', { foreign: 404, looks: 'appointment' }),
  'PUT /api/appointments/:appointmentId/preparation': onAppointment,
  'POST /api/appointments/:appointmentId/check-in': onAppointment,
  'POST /api/appointments/:appointmentId/start': onAppointment,
  'POST /api/appointments/:appointmentId/no-show': onAppointment,
  'POST /api/appointments/:appointmentId/take-back': onAppointment,
  'POST /api/appointments/:appointmentId/conclude': onAppointment,
  'POST /api/appointments/:appointmentId/cancel': onAppointment,
  'POST /api/appointments/:appointmentId/move': onAppointment,
  'PATCH /api/appointments/:appointmentId/mail': onAppointment,
  'POST /api/appointments/:appointmentId/mail/withdraw': onAppointment,

  'GET /api/desk': only('desk.serve'),
  'POST /api/desk/available': only('desk.serve', { decides: true }),
  'POST /api/desk/pause': only('desk.serve', { decides: true }),
  'POST /api/desk/wrap-up/end': only('desk.serve', { decides: true }),
  'POST /api/desk/sign-out': only('desk.serve', { decides: true }),
  'POST /api/desk/heartbeat': only('desk.serve', { decides: true }),
  'GET /api/desk/explain': only('desk.serve', { foreign: 404 }),

  'GET /api/flow': only('flow.keep'),
  'GET /api/flow/versions': only('flow.keep'),
  'GET /api/flow/versions/:number': only('flow.keep'),
  'POST /api/flow/draft': only('flow.keep'),
  'PUT /api/flow/draft': only('flow.keep'),
  'DELETE /api/flow/draft': only('flow.keep'),
  'POST /api/flow/draft/publish': only('flow.keep'),
  'POST /api/flow/versions/:number/restore': only('flow.keep'),
  'GET /api/incidents': only('incidents.see'),
  'POST /api/incidents': only('incidents.keep', { decides: true }),
  'GET /api/incidents/:incidentId': only('incidents.see'),
  'PATCH /api/incidents/:incidentId': only('incidents.keep', { foreign: 403, decides: true }),
  'GET /api/incidents/:incidentId/steps': only('incidents.see'),
  'GET /api/incidents/:incidentId/tickets': { who: reachesOf('incidents.see'), looks: 'search' },
  'GET /api/incidents/:incidentId/candidates': { who: reachesOf('incidents.keep'), looks: 'search' },
  'POST /api/incidents/:incidentId/tickets': only('incidents.keep', { foreign: 404, decides: true }),
  'POST /api/incidents/:incidentId/tickets/unlink': only('incidents.keep', { foreign: 404, decides: true }),
  'POST /api/incidents/:incidentId/answer': only('incidents.keep', { foreign: 404, decides: true }),
  'PUT /api/incidents/:incidentId/notice': only('incidents.keep', { foreign: 403, decides: true }),
  'DELETE /api/incidents/:incidentId/notice': only('incidents.keep', { foreign: 403 }),
  'GET /api/notices': only('incidents.see'),
  'GET /api/public/notices': anybody,
  'GET /api/incident-proposals': { ...only('incidents.keep', { foreign: 'left out' }), looks: 'search' },
  'POST /api/incident-proposals/:proposalId/accept': only('incidents.keep', { foreign: 404, decides: true }),
  'POST /api/incident-proposals/:proposalId/set-aside': only('incidents.keep', { foreign: 404, decides: true }),
  'GET /api/known-errors': only('incidents.see'),
  'GET /api/typologies/:typologyId/known-errors': only('incidents.see'),
  'POST /api/known-errors': only('incidents.keep', { decides: true }),
  'PATCH /api/known-errors/:knownErrorId': only('incidents.keep'),
  'DELETE /api/known-errors/:knownErrorId': only('incidents.keep'),
  'GET /api/prompts': only('flow.keep'),
  'GET /api/prompts/:key/:language': only('flow.keep'),
  'GET /api/prompts/:key/:language/changes': only('flow.keep'),
  'GET /api/prompts/:key/:language/recording': only('flow.keep'),
  'GET /api/prompts/:key/:language/spoken': only('flow.keep'),
  'PUT /api/prompts/:key/:language/recording': only('flow.keep'),
  'DELETE /api/prompts/:key/:language/recording': only('flow.keep'),
  'POST /api/prompts/:key/:language/recording/restore': only('flow.keep'),

  'GET /api/callbacks': only('callbacks.follow', { foreign: 403 }),
  'POST /api/callbacks/:callId/withdraw': only('callbacks.follow', { foreign: 403 }),
  'POST /api/callbacks/:callId/settle': only('callbacks.follow', { foreign: 403 }),
  'POST /api/calls/:callId/callbacks/:callbackId/served': only('calls.answer', { foreign: 404 }),
  'GET /api/sections/:sectionId/line': only('queues.set', { foreign: 403 }),
  'PUT /api/sections/:sectionId/line': only('queues.set', { foreign: 403 }),

  'GET /api/calls/mine': { who: 'signed-in', looks: 'call' },
  'GET /api/calls/today': everybody,
  'POST /api/calls/:callId/hold': onCall,
  'POST /api/calls/:callId/resume': onCall,
  'POST /api/calls/:callId/hang-up': onCall,
  'POST /api/calls/:callId/decline': onCall,
  'POST /api/calls/:callId/transfer': onCall,
  'GET /api/calls/:callId/transfer-choices': onCall,
  'GET /api/telephone/numbers': anybody,
  'POST /api/telephone': only('calls.answer'),

  'GET /api/monitoring/live': only('figures.watch'),
  'GET /api/monitoring/day': only('figures.watch'),
  'GET /api/monitoring/provinces': { who: { ...reachesOf('figures.watch'), ...reachesOf('region.direct') } },
  'GET /api/planner/day': only('staff.plan'),
  'GET /api/planner/forecast': only('staff.plan', { decides: true }),
  'GET /api/planner/places': only('staff.plan'),
  'GET /api/planner/channelling': only('staff.plan', { decides: true }),
  'POST /api/planner/runs': only('staff.plan', { decides: true }),
  'GET /api/planner/runs/:runId': only('staff.plan', { foreign: 404 }),
  'DELETE /api/planner/runs/:runId': only('staff.plan', { foreign: 404 }),
} as const satisfies Record<string, Right>

/** The row of a route; undefined when it has none. */
export const rightOf = (route: { method: string; url: string }): Right | undefined => {
  const name = `${route.method} ${route.url}`
  return Object.hasOwn(rights, name) ? rights[name as keyof typeof rights] : undefined
}
