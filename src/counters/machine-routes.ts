/** HTTP of kiosks and displays: nobody is signed in, the device brings its token. */
import { z } from 'zod'
import { route, system } from '../platform/index.ts'
import { actorOfDevice, connectDevice, deviceCookie, deviceOf } from './devices.ts'
import { ArriveAtKiosk, ConnectDevice, CounterTicket, Display, Kiosk, TakeTicket } from './machine-model.ts'
import { arriveAtKiosk, callSound, displayView, kioskView, takeTicket } from './machines.ts'
import { DeviceKind } from './model.ts'
import { counterTicketView } from './views.ts'

const common = { tag: 'counters', access: 'public' } as const

export const machineRoutes = [
  route({
    ...common,
    method: 'POST',
    url: '/api/device/connect',
    operation: 'connectCounterDevice',
    summary: 'A machine takes up the device of a code, once',
    body: ConnectDevice,
    answer: z.object({ kind: DeviceKind }),
    perMinute: 20,
    async handle({ house, body, request, reply }) {
      const { kind, token } = await connectDevice(house, system('device'), body)
      reply.header('set-cookie', deviceCookie(house, request.headers, token))
      return { kind }
    },
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/device/kiosk',
    operation: 'readKiosk',
    summary: 'What a kiosk asks, and whether its halls give tickets now',
    answer: Kiosk,
    handle: async ({ house, request }) => kioskView(house, await deviceOf(house, request.headers, 'kiosk')),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/device/tickets',
    operation: 'takeCounterTicket',
    summary: 'A ticket for whoever has no appointment; the same key gives the same ticket',
    body: TakeTicket,
    answer: CounterTicket,
    idempotent: true,
    async handle({ house, body, idempotency, request }) {
      const device = await deviceOf(house, request.headers, 'kiosk')
      const { visitId } = await takeTicket(house, actorOfDevice(device), { ...body, device }, idempotency)
      return counterTicketView(house, visitId, body.language)
    },
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/device/arrivals',
    operation: 'arriveAtKiosk',
    summary: 'A ticket for whoever has an appointment of today, by the code of the request',
    body: ArriveAtKiosk,
    answer: CounterTicket,
    async handle({ house, body, request }) {
      const device = await deviceOf(house, request.headers, 'kiosk')
      const { visitId } = await arriveAtKiosk(house, actorOfDevice(device), { ...body, device })
      return counterTicketView(house, visitId, body.language)
    },
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/device/display',
    operation: 'readCounterDisplay',
    summary: 'Who is called where: codes and desks, newest first',
    answer: Display,
    handle: async ({ house, request }) => displayView(house, await deviceOf(house, request.headers, 'display')),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/device/calls/:callId/sound',
    operation: 'sayCounterCall',
    summary: 'A call that is on the display, said aloud',
    params: z.object({ callId: z.string().min(1).max(80) }),
    gives: 'audio/wav',
    handle: async ({ house, params, request }) =>
      callSound(house, await deviceOf(house, request.headers, 'display'), params.callId),
  }),
] as const
