/** HTTP of the counters for those who work at them. Machines of the office have routes of their own (`machine-routes.ts`). */
import { z } from 'zod'
import { type Actor, type House, type Idempotency, route, Uuid } from '../platform/index.ts'
import { addAppointment, addVisit, changeVisit, type OneVisit } from './arrivals.ts'
import {
  callAgain,
  callNext,
  callVisit,
  closeVisit,
  nameVisitor,
  noteAbsent,
  noteBack,
  noteCame,
  noteLeft,
  parkVisit,
  takeBackVisit,
  takeCallBack,
  transferVisit,
} from './calling.ts'
import { closeCounterDay, leaveDesk, takeDesk } from './desks.ts'
import { addDevice, disableDevice, renewDeviceCode } from './devices.ts'
import { figuresView } from './figures.ts'
import { CounterFigures } from './figures-model.ts'
import { askForHelp, endHelp, takeHelp } from './help.ts'
import { hereRoutes } from './here-routes.ts'
import { machineRoutes } from './machine-routes.ts'
import {
  AppointmentArrival,
  CalledVisit,
  CloseVisit,
  CounterQueue,
  Counters,
  NameVisitor,
  NewDevice,
  NewVisit,
  OwnDesk,
  PairingCode,
  ParkVisit,
  TransferVisit,
  Visit,
  VisitChange,
} from './model.ts'
import { counterSetUpRoutes } from './set-up/routes.ts'
import { calledView, countersView, ownDeskView, queueView, visitView } from './views.ts'

const common = { tag: 'counters', access: 'signed-in' } as const
const VisitParam = z.object({ visitId: Uuid })
const DeskParam = z.object({ deskId: Uuid })
const HelpParam = z.object({ helpId: Uuid })
const DeviceParam = z.object({ deviceId: Uuid })
const UnitId = z.string().min(1).max(100).meta({ example: 'ag-roma-eur' })
const OfUnit = z.object({ unitId: UnitId.optional().describe("the reader's own office when left out") })

/** A step of a visit without anything beside it; the answer is how the visit stands afterwards. */
const step = <const N extends string>(
  name: N,
  operation: string,
  summary: string,
  work: (house: House, actor: Actor, input: OneVisit, idempotency?: Idempotency) => Promise<OneVisit>,
) =>
  route({
    ...common,
    method: 'POST',
    url: `/api/visits/:visitId/${name}`,
    operation,
    summary,
    params: VisitParam,
    answer: Visit,
    idempotent: true,
    handle: async ({ house, actor, params, idempotency }) =>
      visitView(house, (await work(house, actor, params, idempotency)).visitId),
  })

export const counterRoutes = [
  route({
    ...common,
    method: 'GET',
    url: '/api/counters',
    operation: 'readCounters',
    summary: 'Halls, services, desks and devices of an office',
    query: OfUnit,
    answer: Counters,
    handle: ({ house, actor, query }) => countersView(house, actor, query.unitId),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/counters/queue',
    operation: 'readCounterQueue',
    summary: 'How the halls of an office stand now, and who is in them',
    query: OfUnit,
    answer: CounterQueue,
    handle: ({ house, actor, query }) => queueView(house, actor, query.unitId),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/counters/figures',
    operation: 'readCounterFigures',
    summary: 'The figures of a day at the counters of an office',
    query: OfUnit.extend({ date: z.iso.date().optional().describe('today when left out') }),
    answer: CounterFigures,
    handle: ({ house, actor, query }) => figuresView(house, actor, query),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/counters/desk',
    operation: 'readOwnCounterDesk',
    summary: 'What is at the desk of the reader, and who would be next and why',
    answer: OwnDesk,
    handle: ({ house, actor }) => ownDeskView(house, actor),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/counters/desks/:deskId/take',
    operation: 'takeCounterDesk',
    summary: 'Sit down at a desk, and leave the one before',
    params: DeskParam,
    answer: OwnDesk,
    async handle({ house, actor, params }) {
      await takeDesk(house, actor, params)
      return ownDeskView(house, actor)
    },
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/counters/desk/leave',
    operation: 'leaveCounterDesk',
    summary: 'Leave the desk',
    status: 204,
    handle: async ({ house, actor }) => void (await leaveDesk(house, actor, {})),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/counters/desks/:deskId/next',
    operation: 'callNextVisit',
    summary: 'Call whoever is next to the desk: chosen and claimed in one act',
    description:
      'Refused while somebody is called to the desk or served at it, so that a second press never calls somebody else.',
    params: DeskParam,
    answer: CalledVisit,
    idempotent: true,
    handle: async ({ house, actor, params, idempotency }) =>
      calledView(house, (await callNext(house, actor, params, idempotency)).visitId),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/counters/close-day',
    operation: 'closeCounterDay',
    summary: 'End the day of an office: who still waits was not served, desks are free. May be repeated',
    body: z.object({ unitId: UnitId }),
    answer: z.object({ visits: z.number().int().describe('that were open') }),
    handle: ({ house, actor, body }) => closeCounterDay(house, actor, body),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/counters/desks/:deskId/help',
    operation: 'askForCounterHelp',
    summary: 'Ask the colleagues of the hall to come to the own desk: whoever is free sees it',
    params: DeskParam,
    answer: OwnDesk,
    async handle({ house, actor, params }) {
      await askForHelp(house, actor, params)
      return ownDeskView(house, actor)
    },
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/counters/help/:helpId/take',
    operation: 'takeCounterHelp',
    summary: 'Go to a colleague who has asked: one goes, the others are told who it is',
    params: HelpParam,
    status: 204,
    handle: async ({ house, actor, params }) => void (await takeHelp(house, actor, params)),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/counters/help/:helpId/end',
    operation: 'endCounterHelp',
    summary: 'Say that a call for help is over',
    params: HelpParam,
    status: 204,
    handle: async ({ house, actor, params }) => void (await endHelp(house, actor, params)),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/counters/devices',
    operation: 'addCounterDevice',
    summary: 'Register a kiosk or a display; the code is shown this once',
    body: NewDevice,
    answer: PairingCode,
    status: 201,
    handle: ({ house, actor, body }) => addDevice(house, actor, body),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/counters/devices/:deviceId/code',
    operation: 'renewCounterDeviceCode',
    summary: 'A new code for a device; the machine that had it before has it no longer',
    params: DeviceParam,
    answer: PairingCode,
    handle: ({ house, actor, params }) => renewDeviceCode(house, actor, params),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/counters/devices/:deviceId/disable',
    operation: 'disableCounterDevice',
    summary: 'Disable a device at once',
    params: DeviceParam,
    status: 204,
    handle: async ({ house, actor, params }) => void (await disableDevice(house, actor, params)),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/visits',
    operation: 'addVisit',
    summary: 'Write somebody in at the reception desk',
    body: NewVisit,
    answer: Visit,
    status: 201,
    idempotent: true,
    handle: async ({ house, actor, body, idempotency }) =>
      visitView(house, (await addVisit(house, actor, body, idempotency)).visitId),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/visits/appointment',
    operation: 'addAppointmentVisit',
    summary: 'Write in who has an appointment of today, by the code of the request',
    body: AppointmentArrival,
    answer: Visit,
    status: 201,
    idempotent: true,
    handle: async ({ house, actor, body, idempotency }) =>
      visitView(house, (await addAppointment(house, actor, body, idempotency)).visitId),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/visits/:visitId/change',
    operation: 'changeVisit',
    summary: 'Correct what was written at the arrival',
    params: VisitParam,
    body: VisitChange,
    answer: Visit,
    handle: async ({ house, actor, params, body }) =>
      visitView(house, (await changeVisit(house, actor, { ...params, ...body })).visitId),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/visits/:visitId/call',
    operation: 'callVisit',
    summary: 'Call a certain visit to the desk',
    params: VisitParam,
    body: DeskParam,
    answer: CalledVisit,
    idempotent: true,
    handle: async ({ house, actor, params, body, idempotency }) =>
      calledView(house, (await callVisit(house, actor, { ...params, ...body }, idempotency)).visitId),
  }),
  step('call-again', 'callVisitAgain', 'Call once more: the display chimes again', callAgain),
  step('absent', 'noteVisitAbsent', 'Nobody came: a pause and another call, or missed after the last', noteAbsent),
  step('misclick', 'takeVisitCallBack', 'The wrong one was called: the call has not been', takeCallBack),
  step('came', 'noteVisitCame', 'The citizen is at the desk', noteCame),
  route({
    ...common,
    method: 'POST',
    url: '/api/visits/:visitId/person',
    operation: 'nameVisitor',
    summary: 'Say who is at the desk: the conversation begins in their history',
    params: VisitParam,
    body: NameVisitor,
    answer: Visit,
    idempotent: true,
    handle: async ({ house, actor, params, body, idempotency }) =>
      visitView(house, (await nameVisitor(house, actor, { ...params, ...body }, idempotency)).visitId),
  }),
  step('return', 'noteVisitReturned', 'Who was missed is back', noteBack),
  step('left', 'noteVisitLeft', 'Left without being served', noteLeft),
  step('take-back', 'takeVisitBack', 'Take the last step back, which was pressed by mistake', takeBackVisit),
  route({
    ...common,
    method: 'POST',
    url: '/api/visits/:visitId/park',
    operation: 'parkVisit',
    summary: 'The citizen fetches something and comes back',
    params: VisitParam,
    body: ParkVisit,
    answer: Visit,
    idempotent: true,
    handle: async ({ house, actor, params, body, idempotency }) =>
      visitView(house, (await parkVisit(house, actor, { ...params, ...body }, idempotency)).visitId),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/visits/:visitId/transfer',
    operation: 'transferVisit',
    summary: 'Go on at another service or desk: the same visit with its code and place',
    params: VisitParam,
    body: TransferVisit,
    answer: Visit,
    idempotent: true,
    handle: async ({ house, actor, params, body, idempotency }) =>
      visitView(house, (await transferVisit(house, actor, { ...params, ...body }, idempotency)).visitId),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/visits/:visitId/close',
    operation: 'closeVisit',
    summary: 'End a visit, with what was done, and whether a call could have solved it',
    params: VisitParam,
    body: CloseVisit,
    answer: Visit,
    idempotent: true,
    handle: async ({ house, actor, params, body, idempotency }) =>
      visitView(house, (await closeVisit(house, actor, { ...params, ...body }, idempotency)).visitId),
  }),
  ...counterSetUpRoutes,
  ...machineRoutes,
  ...hereRoutes,
] as const
