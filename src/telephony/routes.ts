/** HTTP of telephony. */
import { z } from 'zod'
import { sessionIdOf } from '../identity/index.ts'
import { exampleNumbers } from '../organisation/index.ts'
import { notFound, Refused, route, Uuid } from '../platform/index.ts'
import { appointmentCallRoutes } from './calls/appointments/routes.ts'
import { callbackRoutes } from './calls/callbacks/routes.ts'
import { timeOfferCallRoutes } from './calls/time-offers/routes.ts'
import { askOfCall } from './desk/ask.ts'
import { callsOfToday, myCall } from './desk/card.ts'
import { transferChoices } from './desk/transfers.ts'
import type { CallAction } from './events.ts'
import { CallTurn, MyCall, NewTelephone, NumberToTry, TelephoneCredentials, TransferCall, TransferChoice } from './model.ts'
import { mayAnswer } from './policy.ts'
import { callById } from './store.ts'
import { paths } from './switches/browser/protocol.ts'
import { isOpenToAll } from './switches/browser/sockets.ts'
import { telephonesOf } from './switches/telephones.ts'

const tag = 'telephony'
const OneCall = z.object({ callId: Uuid })
const Asked = z.object({ asked: z.literal(true).describe('it is done as soon as the switch has been told; the card shows it') })

const simple = <const N extends string>(name: N, operation: string, summary: string, action: CallAction) =>
  route({
    method: 'POST',
    url: `/api/calls/:callId/${name}`,
    operation,
    summary,
    tag,
    access: 'signed-in',
    params: OneCall,
    answer: Asked,
    status: 202,
    handle: ({ house, actor, params }) => askOfCall(house, actor, { callId: params.callId, action }),
  })

export const telephonyRoutes = [
  ...callbackRoutes,
  ...appointmentCallRoutes,
  ...timeOfferCallRoutes,
  route({
    method: 'GET',
    url: '/api/calls/mine',
    operation: 'readOwnCall',
    summary: 'The call that rings at me, or that I am in, with all that is known of the caller',
    tag,
    access: 'signed-in',
    answer: MyCall,
    handle: async ({ house, actor }) => ({ call: await myCall(house, actor) }),
  }),
  route({
    method: 'GET',
    url: '/api/calls/today',
    operation: 'listOwnCallsOfToday',
    summary: 'My calls of today, also those that I missed',
    tag,
    access: 'signed-in',
    answer: z.object({ items: z.array(CallTurn) }),
    handle: async ({ house, actor }) => ({ items: await callsOfToday(house, actor) }),
  }),
  simple('hold', 'holdCall', 'Put the caller on hold', { do: 'hold' }),
  simple('resume', 'resumeCall', 'Go on talking to the caller', { do: 'resume' }),
  simple('hang-up', 'hangUpCall', 'End the conversation', { do: 'hang-up' }),
  route({
    method: 'POST',
    url: '/api/calls/:callId/decline',
    operation: 'declineCall',
    summary: 'Decline the call that rings; the caller keeps the place',
    tag,
    access: 'signed-in',
    params: OneCall,
    answer: Asked,
    status: 202,
    async handle({ house, actor, params }) {
      const offer = (await callById(house.database.kysely, params.callId))?.state.offer
      if (offer?.agent !== actor.personId) throw notFound('call')
      return askOfCall(house, actor, { callId: params.callId, action: { do: 'decline', offer: offer.offer } })
    },
  }),
  route({
    method: 'POST',
    url: '/api/calls/:callId/transfer',
    operation: 'transferCall',
    summary: 'Hand the caller to another section; the time already waited counts there',
    tag,
    access: 'signed-in',
    params: OneCall,
    body: TransferCall,
    answer: Asked,
    status: 202,
    handle: ({ house, actor, params, body }) =>
      askOfCall(house, actor, {
        ...{ callId: params.callId, note: body.note ?? '' },
        action: { do: 'transfer', sectionId: body.sectionId },
      }),
  }),
  route({
    method: 'GET',
    url: '/api/calls/:callId/transfer-choices',
    operation: 'listTransferChoices',
    summary: 'The sections to which my call can be handed, and whether anybody is there',
    tag,
    access: 'signed-in',
    params: OneCall,
    answer: z.object({ items: z.array(TransferChoice) }),
    handle: async ({ house, actor, params }) => ({ items: await transferChoices(house, actor, params.callId) }),
  }),
  route({
    method: 'GET',
    url: '/api/telephone/numbers',
    operation: 'listNumbersToTry',
    summary:
      'Numbers of the plan to try the public telephone with: one that the contact centre answers, one that rings its office',
    description: 'None where the public telephone is switched off.',
    tag,
    access: 'public',
    answer: z.object({ items: z.array(NumberToTry) }),
    perMinute: 60,
    handle: async ({ house }) => ({
      items: (await isOpenToAll(house)) ? await exampleNumbers(house.database.kysely, new Date(house.clock.now())) : [],
    }),
  }),
  route({
    method: 'POST',
    url: '/api/telephone',
    operation: 'issueTelephoneCredentials',
    summary: 'Credentials for the telephone of this page',
    description: 'They hold until the session ends. The page that asked last is the one that rings.',
    tag,
    access: 'signed-in',
    body: NewTelephone,
    answer: TelephoneCredentials,
    status: 201,
    perMinute: 60,
    async handle({ house, actor, body, request }) {
      if (!mayAnswer(actor)) throw new Refused('platform.notYourRole', {}, 403)
      const sessionId = await sessionIdOf(house, request.headers)
      if (sessionId === null) throw new Refused('platform.signIn', {}, 401)
      return {
        asterisk: await telephonesOf(house, { sessionId, personId: actor.personId, pageId: body.pageId }),
        browser: { socket: paths.desk },
      }
    },
  }),
] as const
