/**
 * Who may ask what, as one table: every route, every role, how far it reaches, and what is answered about what lies beyond.
 *
 * The server lets nobody else in (`guard.ts`), and a test calls every route as every role and as nobody, in own and in foreign territory, and
 * expects what stands here. A route without a row does not start. What may be done with a thing at a moment (a ticket that is somebody
 * else's, a call that has ended) is decided in the rooms' policies; where they refuse with a sentence of their own, the row says `decides`.
 *
 *   all      the whole country
 *   centre   what has passed through the own regional centre
 *   unit     what lies in the own unit or under it, or has passed through it
 *   own      what the person has in hand: the own call, sheet, held time, account
 */
import type { Role } from '../identity/index.ts'

export type Reach = 'all' | 'centre' | 'unit' | 'own'
export type Reaches = Readonly<Partial<Record<Role, Reach>>>

/** What the access log calls that which was looked at. */
export const lookKinds = ['contact', 'case', 'ticket', 'interaction', 'call', 'appointment', 'search', 'day'] as const
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

const reaching = (reach: Reach, ...roles: readonly Role[]): Reaches => Object.fromEntries(roles.map(role => [role, reach]))

const contactCentre = ['operator', 'switchboard', 'supervisor'] as const
const secondLevel = ['cric_member', 'cric_coordinator', 'gai_member'] as const
const offices = ['agency_officer', 'agency_manager'] as const

/** Citizens and their matters: the country for those who answer it, the own territory for the others; administrators have no business there. */
const matters: Reaches = {
  ...reaching('all', ...contactCentre, 'headquarters'),
  ...reaching('centre', ...secondLevel),
  ...reaching('unit', ...offices, 'regional_director', 'central_member'),
}
const writesCards: Reaches = {
  ...reaching('all', ...contactCentre),
  ...reaching('centre', ...secondLevel),
  ...reaching('unit', ...offices),
}
const administers = reaching('all', 'administrator')
const seesPeople: Reaches = { ...administers, supervisor: 'unit' }
const plansNumbers = reaching('all', 'headquarters', 'administrator')
const speaks = reaching('own', ...contactCentre)
const atDesk = reaching('own', ...contactCentre, 'cric_member')
const plans: Reaches = { headquarters: 'all', regional_director: 'unit', supervisor: 'unit' }
const followsCallbacks = reaching('unit', 'supervisor', 'headquarters')
const keepsLines = reaching('unit', 'supervisor', 'administrator')
const books: Reaches = reaching('own', ...contactCentre, ...offices, 'cric_member', 'cric_coordinator')
const looksForTimes: Reaches = {
  ...reaching('all', ...contactCentre, ...offices, 'cric_member', 'cric_coordinator', 'regional_director', 'headquarters'),
}
const seesDays: Reaches = { headquarters: 'all', ...reaching('unit', ...offices, 'regional_director') }
const keepsFlow = reaching('all', 'headquarters', 'administrator')

const everybody: Right = { who: 'signed-in' }
const anybody: Right = { who: 'public' }
const only = (who: Reaches, more: Omit<Right, 'who'> = {}): Right => ({ who, ...more })
const look = (looks: LookKind): Right => ({ who: matters, foreign: 404, looks })
/** An action on a ticket: seen by all whom it concerns, done by whom the policy of cases lets. */
const onTicket: Right = { who: matters, foreign: 404, decides: true }
const onSheet: Right = { who: speaks, foreign: 403, decides: true }
const onCall: Right = { who: speaks, foreign: 404, decides: true }
/** The office has the appointment in hand; who speaks with the citizen moves or cancels it; the others look. */
const seesAppointments: Reaches = {
  ...reaching('all', ...contactCentre, 'headquarters'),
  ...reaching('unit', ...offices, 'regional_director'),
  ...reaching('centre', 'cric_member', 'cric_coordinator'),
}
const onAppointment: Right = { who: seesAppointments, foreign: 404, decides: true }
const seesSharing: Reaches = {
  administrator: 'all',
  ...reaching('unit', 'cric_member', 'cric_coordinator', 'regional_director', 'headquarters'),
}
const setsSharing: Reaches = { administrator: 'all', cric_coordinator: 'unit' }

export const rights = {
  'POST /api/session': anybody,
  'DELETE /api/session': anybody,
  'GET /api/session': everybody,
  'GET /api/session/ended': anybody,
  'GET /api/session/sample-accounts': anybody,
  'GET /api/sample': anybody,
  'GET /api/sample/citizens': anybody,
  'PUT /api/session/acting': everybody,
  'PUT /api/session/language': everybody,
  'PUT /api/session/password': { who: 'signed-in', decides: true },
  'GET /api/session/notices': everybody,
  'POST /api/session/notices/seen': everybody,

  'GET /api/people': only(seesPeople, { foreign: 'left out' }),
  'POST /api/people': only(administers),
  'GET /api/people/:personId': only(seesPeople, { foreign: 404 }),
  'PATCH /api/people/:personId': only(administers),
  'POST /api/people/:personId/disable': only(administers),
  'POST /api/people/:personId/enable': only(administers),
  'POST /api/people/:personId/one-time-password': only(administers),
  'POST /api/people/:personId/assignments': only(administers),
  'PATCH /api/people/:personId/assignments/:assignmentId': only(administers),
  'DELETE /api/people/:personId/assignments/:assignmentId': only(administers),
  'GET /api/assignment-requests': only(administers),
  'POST /api/assignment-requests/:requestId/confirm': only(administers),
  'POST /api/assignment-requests/:requestId/decline': only(administers),

  'GET /api/access': only(reaching('all', 'headquarters')),
  'GET /api/journal/set-aside': only(administers),

  'GET /api/units': everybody,
  'GET /api/units/:unitId': everybody,
  'GET /api/units/:unitId/children': everybody,
  'PUT /api/units/:unitId/hours': only(
    { ...plansNumbers, ...reaching('unit', 'agency_manager', 'regional_director') },
    { foreign: 403 },
  ),
  'GET /api/agencies/nearest': everybody,
  'GET /api/number-provinces': everybody,
  'GET /api/numbers': everybody,
  'GET /api/numbers/:number': everybody,
  'POST /api/numbers/:number/changes': only(plansNumbers),
  'POST /api/numbers/:number/reverse': only(plansNumbers),
  'POST /api/numbers/:number/changes/:changeId/cancel': only(plansNumbers),
  'GET /api/number-plans/preview': only(plansNumbers),
  'POST /api/number-plans': only(plansNumbers),
  'GET /api/municipalities': anybody,
  'GET /api/municipalities/:code': anybody,
  'GET /api/holidays': anybody,
  'GET /api/typologies': everybody,
  'GET /api/typologies/:typologyId': everybody,

  'GET /api/contacts': { who: matters, foreign: 'left out', looks: 'search' },
  'POST /api/contacts': only(writesCards),
  'GET /api/contacts/:contactId': look('contact'),
  'PATCH /api/contacts/:contactId': only(writesCards, { foreign: 404 }),
  'GET /api/contacts/:contactId/identifications': look('contact'),
  'POST /api/contacts/:contactId/identifications': only(writesCards, { foreign: 404, decides: true }),
  'GET /api/contacts/:contactId/history': look('contact'),
  'GET /api/contacts/:contactId/cases': look('contact'),

  'POST /api/interactions': only(speaks),
  'GET /api/interactions': everybody,
  'GET /api/interactions/:interactionId': look('interaction'),
  'PATCH /api/interactions/:interactionId': onSheet,
  'POST /api/interactions/:interactionId/answer': onSheet,
  'POST /api/interactions/:interactionId/linea': onSheet,
  'POST /api/interactions/:interactionId/appointment': onSheet,
  'GET /api/linea/derivation': only(reaching('all', ...contactCentre)),

  // Of a named section that is not theirs they are told that it is not there.
  'GET /api/tickets': { who: matters, foreign: 'left out' },
  'GET /api/tickets/counts': only(matters),
  'GET /api/tickets/deadlines': { who: matters, foreign: 'left out' },
  'GET /api/region/load': only({ headquarters: 'all', ...reaching('unit', 'regional_director') }),
  'GET /api/tickets/offered': only(matters),
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
  'POST /api/tickets/:ticketId/close': onTicket,
  'POST /api/tickets/:ticketId/forward': onTicket,
  'POST /api/tickets/:ticketId/return': onTicket,
  'POST /api/tickets/:ticketId/appointment': onTicket,
  'POST /api/tickets/:ticketId/assign': onTicket,
  'PUT /api/tickets/:ticketId/draft': onTicket,
  'PUT /api/tickets/:ticketId/presence': onTicket,
  'GET /api/sections/:sectionId/sharing': only(seesSharing, { foreign: 404 }),
  'PUT /api/sections/:sectionId/sharing': only(setsSharing, { foreign: 403 }),
  'GET /api/cases/:caseId': look('case'),
  'GET /api/cases/:caseId/history': look('case'),
  // One search for all pages, also those of administrators, who find offices by it.
  'GET /api/search': { who: 'signed-in', foreign: 'left out', looks: 'search' },

  'GET /api/agenda/services': only(looksForTimes),
  'GET /api/agenda/slots': only(looksForTimes),
  'GET /api/agenda/first-free': only(looksForTimes),
  'POST /api/agenda/holds': only(books),
  'GET /api/agenda/holds/:holdId': only(books, { foreign: 404 }),
  'DELETE /api/agenda/holds/:holdId': only(books, { foreign: 404 }),
  'GET /api/agenda/day': only(seesDays, { foreign: 404, looks: 'day' }),
  'GET /api/appointments/:appointmentId': only(seesAppointments, { foreign: 404, looks: 'appointment' }),
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

  'GET /api/desk': only(atDesk),
  'POST /api/desk/available': only(atDesk, { decides: true }),
  'POST /api/desk/pause': only(atDesk, { decides: true }),
  'POST /api/desk/wrap-up/end': only(atDesk, { decides: true }),
  'POST /api/desk/sign-out': only(atDesk, { decides: true }),
  'POST /api/desk/heartbeat': only(atDesk, { decides: true }),
  'GET /api/desk/explain': only(atDesk, { foreign: 404 }),

  'GET /api/flow': only(keepsFlow),
  'GET /api/flow/versions': only(keepsFlow),
  'GET /api/flow/versions/:number': only(keepsFlow),
  'POST /api/flow/draft': only(keepsFlow),
  'PUT /api/flow/draft': only(keepsFlow),
  'DELETE /api/flow/draft': only(keepsFlow),
  'POST /api/flow/draft/publish': only(keepsFlow),
  'POST /api/flow/versions/:number/restore': only(keepsFlow),
  'GET /api/prompts': only(keepsFlow),
  'GET /api/prompts/:key/:language': only(keepsFlow),
  'GET /api/prompts/:key/:language/changes': only(keepsFlow),
  'GET /api/prompts/:key/:language/recording': only(keepsFlow),
  'GET /api/prompts/:key/:language/spoken': only(keepsFlow),
  'PUT /api/prompts/:key/:language/recording': only(keepsFlow),
  'DELETE /api/prompts/:key/:language/recording': only(keepsFlow),
  'POST /api/prompts/:key/:language/recording/restore': only(keepsFlow),

  'GET /api/callbacks': only(followsCallbacks, { foreign: 403 }),
  'POST /api/callbacks/:callId/withdraw': only(followsCallbacks, { foreign: 403 }),
  'POST /api/callbacks/:callId/settle': only(followsCallbacks, { foreign: 403 }),
  'POST /api/calls/:callId/callbacks/:callbackId/served': only(speaks, { foreign: 404 }),
  'GET /api/sections/:sectionId/line': only(keepsLines, { foreign: 403 }),
  'PUT /api/sections/:sectionId/line': only(keepsLines, { foreign: 403 }),

  'GET /api/calls/mine': { who: 'signed-in', looks: 'call' },
  'GET /api/calls/today': everybody,
  'POST /api/calls/:callId/hold': onCall,
  'POST /api/calls/:callId/resume': onCall,
  'POST /api/calls/:callId/hang-up': onCall,
  'POST /api/calls/:callId/decline': onCall,
  'POST /api/calls/:callId/transfer': onCall,
  'GET /api/calls/:callId/transfer-choices': onCall,
  'GET /api/telephone/numbers': anybody,
  'POST /api/telephone': only(speaks),

  'GET /api/monitoring/live': only(reaching('unit', 'supervisor', 'headquarters')),
  'GET /api/monitoring/day': only(reaching('unit', 'supervisor', 'headquarters')),
  'GET /api/monitoring/provinces': only(reaching('unit', 'supervisor', 'headquarters', 'regional_director')),
  'GET /api/planner/day': only(plans),
  'GET /api/planner/forecast': only(plans, { decides: true }),
  'GET /api/planner/places': only(plans),
  'GET /api/planner/channelling': only(plans, { decides: true }),
  'POST /api/planner/runs': only(plans, { decides: true }),
  'GET /api/planner/runs/:runId': only(plans, { foreign: 404 }),
  'DELETE /api/planner/runs/:runId': only(plans, { foreign: 404 }),
} as const satisfies Record<string, Right>

/** The row of a route; undefined when it has none. */
export const rightOf = (route: { method: string; url: string }): Right | undefined => {
  const name = `${route.method} ${route.url}`
  return Object.hasOwn(rights, name) ? rights[name as keyof typeof rights] : undefined
}
