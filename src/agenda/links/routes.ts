/** HTTP of the link by which a citizen confirms or cancels an appointment. Whoever has the link may: it stands in the citizen's mail. */
import { z } from 'zod'
import { ContactLanguage } from '../../contacts/index.ts'
import { route } from '../../platform/index.ts'
import { AnswerOffer } from '../waiting/model.ts'
import { LinkedAppointment } from './model.ts'
import {
  acceptByLink,
  cancelByLink,
  confirmByLink,
  declineByLink,
  joinByLink,
  leaveByLink,
  linkedAppointment,
} from './service.ts'

const common = {
  tag: 'agenda',
  access: 'public',
  params: z.object({ token: z.string().min(1).max(100) }),
  query: z.object({ language: ContactLanguage.optional().describe("the citizen's when left out") }),
  answer: LinkedAppointment,
  perMinute: 30,
} as const

const act = <const N extends 'confirmation' | 'cancellation' | 'waiting/join' | 'waiting/leave'>(
  name: N,
  operation: string,
  summary: string,
  work: typeof confirmByLink,
) =>
  route({
    ...common,
    method: 'POST',
    url: `/api/public/appointments/:token/${name}`,
    operation,
    summary,
    handle: async ({ house, params, query }) => {
      await work(house, params.token)
      return linkedAppointment(house, params.token, query.language)
    },
  })

const answer = <const N extends 'accept' | 'decline'>(name: N, operation: string, summary: string, work: typeof acceptByLink) =>
  route({
    ...common,
    method: 'POST',
    url: `/api/public/appointments/:token/offer/${name}`,
    operation,
    summary,
    body: AnswerOffer,
    handle: async ({ house, params, query, body }) => {
      await work(house, params.token, body)
      return linkedAppointment(house, params.token, query.language)
    },
  })

export const appointmentLinkRoutes = [
  route({
    ...common,
    method: 'GET',
    url: '/api/public/appointments/:token',
    operation: 'readLinkedAppointment',
    summary: 'The appointment of a link in a mail: when and where; never whose it is',
    description: 'Changes nothing: programs that examine mails open links, too.',
    handle: ({ house, params, query }) => linkedAppointment(house, params.token, query.language),
  }),
  act('confirmation', 'confirmByLink', 'The citizen will come', confirmByLink),
  act('cancellation', 'cancelByLink', 'The citizen will not come: the time can be booked again at once', cancelByLink),
  act('waiting/join', 'joinWaitingListByLink', 'The citizen would rather come earlier', joinByLink),
  act('waiting/leave', 'leaveWaitingListByLink', 'The citizen no longer waits for an earlier time', leaveByLink),
  answer('accept', 'acceptOfferByLink', 'The citizen takes the time that is offered', acceptByLink),
  answer('decline', 'declineOfferByLink', 'The citizen keeps the booked time', declineByLink),
] as const
