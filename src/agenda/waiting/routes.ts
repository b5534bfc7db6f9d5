/** HTTP of the waiting list, for who speaks with the citizen. */
import { z } from 'zod'
import { languageOf, route, Uuid } from '../../platform/index.ts'
import { Appointment } from '../model.ts'
import { appointmentView } from '../views.ts'
import { AnswerOffer } from './model.ts'
import { acceptForCitizen, declineForCitizen, joinWaiting, leaveWaiting } from './service.ts'

const common = {
  method: 'POST',
  tag: 'agenda',
  access: 'signed-in',
  params: z.object({ appointmentId: Uuid }),
  answer: Appointment,
  idempotent: true,
} as const

const list = <const N extends 'join' | 'leave'>(name: N, operation: string, summary: string, work: typeof joinWaiting) =>
  route({
    ...common,
    url: `/api/appointments/:appointmentId/waiting/${name}`,
    operation,
    summary,
    handle: async ({ house, actor, params, idempotency, request }) => {
      await work(house, actor, params, idempotency)
      return appointmentView(house, actor, params.appointmentId, languageOf(request))
    },
  })

const answer = <const N extends 'accept' | 'decline'>(
  name: N,
  operation: string,
  summary: string,
  work: typeof acceptForCitizen,
) =>
  route({
    ...common,
    url: `/api/appointments/:appointmentId/offer/${name}`,
    operation,
    summary,
    body: AnswerOffer,
    handle: async ({ house, actor, params, body, idempotency, request }) => {
      await work(house, actor, { ...params, ...body }, idempotency)
      return appointmentView(house, actor, params.appointmentId, languageOf(request))
    },
  })

export const waitingRoutes = [
  list('join', 'joinWaitingList', 'The citizen would rather come earlier: freed times are offered to them', joinWaiting),
  list('leave', 'leaveWaitingList', 'The citizen no longer waits for an earlier time', leaveWaiting),
  answer(
    'accept',
    'acceptOfferForCitizen',
    'The citizen takes the time that is offered: the appointment moves there',
    acceptForCitizen,
  ),
  answer(
    'decline',
    'declineOfferForCitizen',
    'The citizen keeps the booked time; the offered one goes to the next',
    declineForCitizen,
  ),
] as const
