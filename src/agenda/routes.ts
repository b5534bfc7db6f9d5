/** HTTP of the agenda. */
import { z } from 'zod'
import { languageOf, PageQuery, route, Uuid } from '../platform/index.ts'
import {
  callIn,
  cancelAppointment,
  checkIn,
  concludeAppointment,
  moveAppointment,
  noShow,
  noteLeaving,
  prepareAppointment,
  startAppointment,
  takeBack,
} from './appointments.ts'
import { servicesView, slotsView } from './free-times.ts'
import { concludeGroup, missedByGroup, startGroup } from './groups.ts'
import { holdView, releaseHold, takeHold } from './holds.ts'
import { letterRoutes } from './letters/routes.ts'
import { appointmentLinkRoutes } from './links/routes.ts'
import {
  AgencyId,
  AgendaDay,
  AgendaOutcomes,
  AgendaWeek,
  Appointment,
  Cancel,
  Conclude,
  ConcludeAppointment,
  DayQuery,
  Hold,
  Move,
  NewHold,
  OutcomesQuery,
  Preparation,
  ReaddressMail,
  SeriesProposal,
  SeriesWanted,
  Service,
  Slots,
  SlotsQuery,
  WeekQuery,
} from './model.ts'
import { searchRoutes } from './search/routes.ts'
import { proposeSeries } from './series.ts'
import { setUpRoutes } from './set-up/routes.ts'
import { appointmentView, dayView } from './views.ts'
import { waitingRoutes } from './waiting/routes.ts'
import { outcomesView, weekView } from './week.ts'
import { readdressAppointmentMail, withdrawAppointmentMail } from './writing.ts'

const tag = 'agenda'
const access = 'signed-in'
const HoldParam = z.object({ holdId: Uuid })
const AppointmentParam = z.object({ appointmentId: Uuid })

/** A step in the life of an appointment; the answer is how it stands afterwards. */
const step = <const N extends string>(name: N, operation: string, summary: string, work: typeof checkIn) =>
  route({
    method: 'POST',
    url: `/api/appointments/:appointmentId/${name}`,
    operation,
    summary,
    tag,
    access,
    params: AppointmentParam,
    answer: Appointment,
    idempotent: true,
    handle: async ({ house, actor, params, idempotency, request }) => {
      await work(house, actor, params, idempotency)
      return appointmentView(house, actor, params.appointmentId, languageOf(request))
    },
  })

export const agendaRoutes = [
  ...setUpRoutes,
  ...appointmentLinkRoutes,
  ...letterRoutes,
  route({
    method: 'GET',
    url: '/api/agenda/services',
    operation: 'listAgendaServices',
    summary: 'Services of an office: how long they take, what to bring',
    tag,
    access,
    query: z.object({ unitId: AgencyId }),
    answer: z.object({ items: z.array(Service) }),
    handle: async ({ house, actor, query, request }) => ({
      items: await servicesView(house, actor, query.unitId, languageOf(request)),
    }),
  }),
  route({
    method: 'GET',
    url: '/api/agenda/slots',
    operation: 'findSlots',
    summary: 'Free times of an office for a service, day by day',
    description: 'Days are office days. A time that the reader holds is shown as free, with `heldByYou`.',
    tag,
    access,
    query: SlotsQuery,
    answer: Slots,
    handle: ({ house, actor, query, request }) => slotsView(house, actor, query, languageOf(request)),
  }),
  ...searchRoutes,
  ...waitingRoutes,
  route({
    method: 'POST',
    url: '/api/agenda/holds',
    operation: 'holdSlot',
    summary: 'Keep a time while the form is filled',
    description:
      'A person has one hold: taking another time lets the earlier one go, asking for the same one again answers the same hold. When the time has been taken, the refusal names the next free one (`values.nextFree`).',
    tag,
    access,
    body: NewHold,
    answer: Hold,
    status: 201,
    idempotent: true,
    handle: async ({ house, actor, body, idempotency }) => {
      const { id } = await takeHold(house, actor, body, idempotency)
      return holdView(house, actor, id)
    },
  }),
  route({
    method: 'GET',
    url: '/api/agenda/holds/:holdId',
    operation: 'readHold',
    summary: 'A hold, with the seconds that are left',
    tag,
    access,
    params: HoldParam,
    answer: Hold,
    handle: ({ house, actor, params }) => holdView(house, actor, params.holdId),
  }),
  route({
    method: 'DELETE',
    url: '/api/agenda/holds/:holdId',
    operation: 'releaseHold',
    summary: 'Let a hold go',
    tag,
    access,
    params: HoldParam,
    handle: async ({ house, actor, params }) => {
      await releaseHold(house, actor, params)
    },
  }),
  route({
    method: 'POST',
    url: '/api/agenda/series',
    operation: 'proposeSeries',
    summary: 'Times for a series of appointments, each as near to the wanted one as is free',
    description: 'Nothing is held. What is booked of it is booked as a whole.',
    tag,
    access,
    body: SeriesWanted,
    answer: SeriesProposal,
    handle: ({ house, actor, body }) => proposeSeries(house, actor, body),
  }),
  route({
    method: 'GET',
    url: '/api/agenda/day',
    operation: 'readAgendaDay',
    summary: 'The appointments of an office on a day, in order',
    tag,
    access,
    query: PageQuery.extend(DayQuery.shape),
    answer: AgendaDay,
    handle: ({ house, actor, query, request }) => dayView(house, actor, query, languageOf(request)),
  }),
  route({
    method: 'GET',
    url: '/api/agenda/week',
    operation: 'readAgendaWeek',
    summary: 'The week of an office: who receives, whom, and what is free',
    description:
      'At most 40 calendars and 1,500 appointments, those of the first calendars by their names; the others are named, and asked for one by one.',
    tag,
    access,
    query: WeekQuery,
    answer: AgendaWeek,
    handle: ({ house, actor, query, request }) => weekView(house, actor, query, languageOf(request)),
  }),
  route({
    method: 'GET',
    url: '/api/agenda/outcomes',
    operation: 'readAgendaOutcomes',
    summary: 'How the appointments of an office went, by service, each outcome by itself',
    tag,
    access,
    query: OutcomesQuery,
    answer: AgendaOutcomes,
    handle: ({ house, actor, query }) => outcomesView(house, actor, query),
  }),
  route({
    method: 'GET',
    url: '/api/appointments/:appointmentId',
    operation: 'readAppointment',
    summary: 'An appointment, with where the history of its case is',
    tag,
    access,
    params: AppointmentParam,
    answer: Appointment,
    handle: ({ house, actor, params, request }) => appointmentView(house, actor, params.appointmentId, languageOf(request)),
  }),
  route({
    method: 'PUT',
    url: '/api/appointments/:appointmentId/preparation',
    operation: 'writePreparation',
    summary: 'Write the notes that prepare an appointment',
    tag,
    access,
    params: AppointmentParam,
    body: Preparation,
    answer: Appointment,
    ifMatch: true,
    handle: async ({ house, actor, params, body, version, request }) => {
      await prepareAppointment(house, actor, { ...params, ...body, version })
      return appointmentView(house, actor, params.appointmentId, languageOf(request))
    },
  }),
  step('check-in', 'checkInAppointment', 'The citizen has arrived', checkIn),
  step('call-in', 'callInForAppointment', 'Call in the citizen who waits', callIn),
  step('start', 'startAppointment', 'The officer receives the citizen', startAppointment),
  step('no-show', 'noteNoShow', 'The citizen did not come', noShow),
  step('leave', 'noteLeftAppointment', 'The citizen came, and has gone before being received', noteLeaving),
  step('take-back', 'takeBackAppointmentStep', 'Take back the last step, which was pressed by mistake', takeBack),
  route({
    method: 'POST',
    url: '/api/appointments/:appointmentId/conclude',
    operation: 'concludeAppointment',
    summary: 'Conclude an appointment with its outcome; its case is closed',
    description: 'With `followUp` the next appointment is booked in the same act, and the case stays open.',
    tag,
    access,
    params: AppointmentParam,
    body: ConcludeAppointment,
    answer: Appointment,
    idempotent: true,
    handle: async ({ house, actor, params, body, idempotency, request }) => {
      await concludeAppointment(house, actor, { ...params, ...body }, idempotency)
      return appointmentView(house, actor, params.appointmentId, languageOf(request))
    },
  }),
  step('group/start', 'startAppointmentGroup', 'All of the group who are here are received', startGroup),
  step('group/no-show', 'noteNoShowOfGroup', 'All of the group who are still expected did not come', missedByGroup),
  route({
    method: 'POST',
    url: '/api/appointments/:appointmentId/group/conclude',
    operation: 'concludeAppointmentGroup',
    summary: 'Conclude the appointments of all of the group who were received, with one outcome; their cases are closed',
    tag,
    access,
    params: AppointmentParam,
    body: Conclude,
    answer: Appointment,
    idempotent: true,
    handle: async ({ house, actor, params, body, idempotency, request }) => {
      await concludeGroup(house, actor, { ...params, ...body }, idempotency)
      return appointmentView(house, actor, params.appointmentId, languageOf(request))
    },
  }),
  route({
    method: 'POST',
    url: '/api/appointments/:appointmentId/cancel',
    operation: 'cancelAppointment',
    summary: 'Cancel an appointment; its time can be booked again, its case stays open',
    tag,
    access,
    params: AppointmentParam,
    body: Cancel,
    answer: Appointment,
    idempotent: true,
    handle: async ({ house, actor, params, body, idempotency, request }) => {
      await cancelAppointment(house, actor, { ...params, ...body }, idempotency)
      return appointmentView(house, actor, params.appointmentId, languageOf(request))
    },
  }),
  route({
    method: 'POST',
    url: '/api/appointments/:appointmentId/move',
    operation: 'moveAppointment',
    summary: 'Move an appointment to a time that was held before',
    tag,
    access,
    params: AppointmentParam,
    body: Move,
    answer: Appointment,
    idempotent: true,
    handle: async ({ house, actor, params, body, idempotency, request }) => {
      await moveAppointment(house, actor, { ...params, ...body }, idempotency)
      return appointmentView(house, actor, params.appointmentId, languageOf(request))
    },
  }),
  route({
    method: 'PATCH',
    url: '/api/appointments/:appointmentId/mail',
    operation: 'changeAppointmentMail',
    summary: 'Give the e-mail about an appointment another address',
    description: 'As long as it has not left, and also when it could not be delivered. It is tried again at once.',
    tag,
    access,
    params: AppointmentParam,
    body: ReaddressMail,
    answer: Appointment,
    idempotent: true,
    handle: async ({ house, actor, params, body, idempotency, request }) => {
      await readdressAppointmentMail(house, actor, { ...params, ...body }, idempotency)
      return appointmentView(house, actor, params.appointmentId, languageOf(request))
    },
  }),
  step(
    'mail/withdraw',
    'withdrawAppointmentMail',
    'Take back an e-mail about an appointment that has not left',
    withdrawAppointmentMail,
  ),
] as const
