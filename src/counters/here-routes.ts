/** HTTP of "I am here": nobody is signed in; the token of a QR code, of a mail or of a visit opens one thing. */
import { z } from 'zod'
import { type House, route, system } from '../platform/index.ts'
import type { OneVisit } from './arrivals.ts'
import { arriveByCode, arriveByLink, hereOffice, hereVisit, visitToken } from './here.ts'
import { ArriveHere, HereArrival, HereOffice, HereVisit } from './machine-model.ts'

const common = {
  tag: 'counters',
  access: 'public',
  params: z.object({ token: z.string().min(1).max(100) }),
} as const
const actor = system('own telephone')
/** Whoever tries codes has soon tried enough. */
const triesPerMinute = 10

const arrival = async (house: House, { visitId }: OneVisit) => ({ visit: await visitToken(house, visitId) })

export const hereRoutes = [
  route({
    ...common,
    method: 'GET',
    url: '/api/public/halls/:token',
    operation: 'readHereOffice',
    summary: 'The hall of a QR code: its office, and whether it receives now',
    answer: HereOffice,
    perMinute: 30,
    handle: ({ house, params }) => hereOffice(house, params.token),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/public/halls/:token/arrivals',
    operation: 'arriveByOwnTelephone',
    summary: 'Who has scanned the QR code of a hall says the code of an appointment of today',
    description: 'At the opening hours of the office, from an hour before the appointment. Saying it twice is the same.',
    body: ArriveHere,
    answer: HereArrival,
    perMinute: triesPerMinute,
    handle: async ({ house, params, body }) => arrival(house, await arriveByCode(house, actor, { ...params, ...body })),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/public/appointments/:token/arrival',
    operation: 'arriveByLink',
    summary: 'Who comes by the link of the mail says that they are here',
    description: 'At the opening hours of the office, from an hour before the appointment. Saying it twice is the same.',
    answer: HereArrival,
    perMinute: triesPerMinute,
    handle: async ({ house, params }) => arrival(house, await arriveByLink(house, actor, params)),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/public/visits/:token',
    operation: 'readHereVisit',
    summary: 'How a visit of today stands, to whoever has its link: number, place, expected wait, call',
    answer: HereVisit,
    perMinute: 60,
    handle: ({ house, params }) => hereVisit(house, params.token),
  }),
] as const
