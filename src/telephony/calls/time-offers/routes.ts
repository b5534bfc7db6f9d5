/** HTTP of calls about times that are offered. */
import { z } from 'zod'
import { route, Uuid } from '../../../platform/index.ts'
import { TimeOfferCalls } from './model.ts'
import { offerCallsView } from './service.ts'

export const timeOfferCallRoutes = [
  route({
    method: 'GET',
    url: '/api/appointments/:appointmentId/offer-calls',
    operation: 'listTimeOfferCalls',
    tag: 'agenda',
    access: 'signed-in',
    summary: 'Calls to the citizen of an appointment about earlier times that were offered, the newest first',
    description: 'At most 50.',
    params: z.object({ appointmentId: Uuid }),
    answer: TimeOfferCalls,
    handle: ({ house, actor, params }) => offerCallsView(house, actor, params.appointmentId),
  }),
] as const
