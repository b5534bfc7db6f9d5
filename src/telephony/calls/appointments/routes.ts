/** HTTP of calls to the citizens of appointments. */
import { z } from 'zod'
import { languageOf, route, Uuid } from '../../../platform/index.ts'
import { AppointmentCalls, CallCitizen } from './model.ts'
import { appointmentCallsView, callCitizen } from './service.ts'

const common = {
  url: '/api/appointments/:appointmentId/calls',
  tag: 'agenda',
  access: 'signed-in',
  params: z.object({ appointmentId: Uuid }),
  answer: AppointmentCalls,
} as const

export const appointmentCallRoutes = [
  route({
    ...common,
    method: 'GET',
    operation: 'listAppointmentCalls',
    summary: 'Calls to the citizen of an appointment by telephone, the newest first',
    handle: ({ house, actor, params, request }) => appointmentCallsView(house, actor, params.appointmentId, languageOf(request)),
  }),
  route({
    ...common,
    method: 'POST',
    operation: 'callCitizenOfAppointment',
    summary: 'Call the citizen of an appointment by telephone',
    description:
      "The officer's telephone is rung first, and the citizen's when it is answered. Three times in vain, and the citizen counts as not there.",
    body: CallCitizen,
    status: 202,
    idempotent: true,
    handle: async ({ house, actor, params, body, idempotency, request }) => {
      await callCitizen(house, actor, { ...params, ...body }, idempotency)
      return appointmentCallsView(house, actor, params.appointmentId, languageOf(request))
    },
  }),
] as const
