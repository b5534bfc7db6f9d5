/** HTTP of conversations: opened, written down, and ended with an answer, a Linea ticket or an appointment. */
import { z } from 'zod'
import { type Actor, type House, languageOf, route, sentence, Uuid } from '../../platform/index.ts'
import { derivationFor } from '../destination.ts'
import { answerInteraction, bookFromInteraction, changeInteraction, openInteraction, sendLinea } from '../interactions.ts'
import {
  AnswerInteraction,
  BookFromInteraction,
  Case,
  Derivation,
  Interaction,
  InteractionChange,
  OpenInteraction,
  SendLinea,
  Ticket,
} from '../model.ts'
import { spokenCode } from '../request-code.ts'
import { ticketView } from '../tickets/views.ts'
import { caseView } from '../views.ts'
import { interactionView, ownInteractions } from './views.ts'

const InteractionParam = z.object({ interactionId: Uuid })

/** A conversation, and its case, of which it is a part: read once. */
async function withItsCase(house: House, actor: Actor, { interactionId, caseId }: { interactionId: string; caseId: string }) {
  const matter = await caseView(house, actor, caseId)
  const own = matter.interactions.find(each => each.id === interactionId)
  return { matter, interaction: own ?? (await interactionView(house, actor, interactionId)) }
}

export const interactionRoutes = [
  route({
    method: 'POST',
    url: '/api/interactions',
    operation: 'openInteraction',
    summary: 'Open an interaction, from a call or from another channel',
    description: 'A call has one interaction: a second request answers the same.',
    tag: 'interactions',
    access: 'signed-in',
    body: OpenInteraction,
    answer: Interaction,
    status: 201,
    idempotent: true,
    handle: async ({ house, actor, body, idempotency }) => {
      const { id } = await openInteraction(house, actor, body, idempotency)
      return interactionView(house, actor, id)
    },
  }),
  route({
    method: 'GET',
    url: '/api/interactions',
    operation: 'listOwnInteractions',
    summary: 'Your own interactions of today, newest first, and older ones that are still open',
    tag: 'interactions',
    access: 'signed-in',
    answer: z.object({ items: z.array(Interaction) }),
    handle: async ({ house, actor }) => ({ items: await ownInteractions(house, actor) }),
  }),
  route({
    method: 'GET',
    url: '/api/interactions/:interactionId',
    operation: 'readInteraction',
    summary: 'An interaction',
    tag: 'interactions',
    access: 'signed-in',
    params: InteractionParam,
    answer: Interaction,
    handle: ({ house, actor, params }) => interactionView(house, actor, params.interactionId),
  }),
  route({
    method: 'PATCH',
    url: '/api/interactions/:interactionId',
    operation: 'changeInteraction',
    summary: 'Write down who it is, what it is about, what is asked',
    tag: 'interactions',
    access: 'signed-in',
    params: InteractionParam,
    body: InteractionChange,
    answer: Interaction,
    ifMatch: true,
    handle: async ({ house, actor, params, body, version }) => {
      await changeInteraction(house, actor, { id: params.interactionId, version, change: body })
      return interactionView(house, actor, params.interactionId)
    },
  }),
  route({
    method: 'POST',
    url: '/api/interactions/:interactionId/answer',
    operation: 'answerInteraction',
    summary: 'Answer and close at the first contact',
    tag: 'interactions',
    access: 'signed-in',
    params: InteractionParam,
    body: AnswerInteraction,
    answer: Interaction,
    idempotent: true,
    handle: async ({ house, actor, params, body, idempotency }) => {
      await answerInteraction(house, actor, { id: params.interactionId, ...body }, idempotency)
      return interactionView(house, actor, params.interactionId)
    },
  }),
  route({
    method: 'POST',
    url: '/api/interactions/:interactionId/linea',
    operation: 'sendLineaTicket',
    summary: 'Pass the question to the second level',
    tag: 'interactions',
    access: 'signed-in',
    params: InteractionParam,
    body: SendLinea,
    answer: z.object({
      interaction: Interaction,
      case: Case,
      ticket: Ticket,
      code: z.string().describe('the request code as it is said to the citizen').meta({ example: '482 719 3056' }),
    }),
    status: 201,
    idempotent: true,
    handle: async ({ house, actor, params, body, idempotency, request }) => {
      const sent = await sendLinea(house, actor, { id: params.interactionId, ...body }, idempotency)
      const [{ interaction, matter }, ticket] = await Promise.all([
        withItsCase(house, actor, sent),
        ticketView(house, actor, sent.ticketId, languageOf(request)),
      ])
      return { interaction, case: matter, ticket, code: spokenCode(matter.code) }
    },
  }),
  route({
    method: 'POST',
    url: '/api/interactions/:interactionId/appointment',
    operation: 'bookAppointment',
    summary: 'Book an appointment at an agency for the citizen',
    tag: 'interactions',
    access: 'signed-in',
    params: InteractionParam,
    body: BookFromInteraction,
    answer: z.object({
      ...{ interaction: Interaction, case: Case, appointmentId: Uuid, code: z.string() },
      dayCode: z.string().nullable().describe('the number of the appointment on its day; null where there is none'),
    }),
    status: 201,
    idempotent: true,
    handle: async ({ house, actor, params, body, idempotency }) => {
      const booked = await bookFromInteraction(house, actor, { id: params.interactionId, ...body }, idempotency)
      const { interaction, matter } = await withItsCase(house, actor, booked)
      const { appointmentId, dayCode } = booked
      return { interaction, case: matter, appointmentId, code: spokenCode(matter.code), dayCode }
    },
  }),
  route({
    method: 'GET',
    url: '/api/linea/derivation',
    operation: 'deriveLineaSection',
    summary: 'Which regional centre and section a Linea ticket would go to, and why',
    tag: 'interactions',
    access: 'signed-in',
    query: z.object({ typologyId: z.string().max(100), contactId: Uuid.optional(), callId: Uuid.optional() }),
    answer: Derivation,
    handle: async ({ house, actor, query, request }) => {
      const derived = await derivationFor(house, actor, query)
      return { ...derived, why: sentence(languageOf(request), derived.why.code, derived.why.values) }
    },
  }),
] as const
