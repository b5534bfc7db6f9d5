/** HTTP of contacts. */
import { z } from 'zod'
import { PageQuery, page, preferredLanguage, route, sentence, Uuid } from '../platform/index.ts'
import {
  Contact,
  ContactChange,
  ContactSummary,
  IdentificationState,
  NewContact,
  NewIdentification,
  SavedContact,
} from './model.ts'
import { changeContact, contactView, createContact, identificationView, identify, searchContacts } from './service.ts'

const tag = 'contacts'
const OneContact = z.object({ contactId: Uuid })

const withSentence = (
  state: Omit<IdentificationState, 'sentence'>,
  request: { headers: { 'accept-language'?: string | undefined } },
): IdentificationState => ({
  ...state,
  sentence: sentence(preferredLanguage(request.headers['accept-language']), `contacts.level.${state.level}`),
})

export const contactRoutes = [
  route({
    method: 'GET',
    url: '/api/contacts',
    operation: 'findContacts',
    summary: 'Find contacts by name, fiscal code, telephone number or e-mail address',
    description:
      'Each word but the last must be whole; the last may be the beginning of one. Names are found from any of their words. With `phone`, the contacts that have exactly this number.',
    tag,
    access: 'signed-in',
    query: PageQuery.extend({
      q: z.string().trim().max(200).optional().meta({ example: 'ferri giu' }),
      phone: z.string().trim().max(40).optional(),
    }),
    answer: page(ContactSummary),
    handle: ({ house, actor, query }) => searchContacts(house, actor, query),
  }),
  route({
    method: 'POST',
    url: '/api/contacts',
    operation: 'createContact',
    summary: 'Write down a new contact',
    tag,
    access: 'signed-in',
    body: NewContact,
    answer: SavedContact,
    status: 201,
    idempotent: true,
    handle: ({ house, actor, body, idempotency }) => createContact(house, actor, body, idempotency),
  }),
  route({
    method: 'GET',
    url: '/api/contacts/:contactId',
    operation: 'readContact',
    summary: 'A contact',
    tag,
    access: 'signed-in',
    params: OneContact,
    answer: Contact,
    handle: ({ house, actor, params }) => contactView(house, actor, params.contactId),
  }),
  route({
    method: 'PATCH',
    url: '/api/contacts/:contactId',
    operation: 'changeContact',
    summary: 'Change a contact',
    tag,
    access: 'signed-in',
    params: OneContact,
    body: ContactChange,
    answer: SavedContact,
    ifMatch: true,
    handle: ({ house, actor, params, body, version }) =>
      changeContact(house, actor, { id: params.contactId, version, change: body }),
  }),
  route({
    method: 'GET',
    url: '/api/contacts/:contactId/identifications',
    operation: 'readIdentification',
    summary: 'How sure we are, in a conversation, that somebody is this contact',
    tag,
    access: 'signed-in',
    params: OneContact,
    query: z.object({ callId: Uuid.optional().describe('the call; without it, a visit at a counter') }),
    answer: IdentificationState,
    handle: async ({ house, actor, params, query, request }) =>
      withSentence(await identificationView(house, actor, params.contactId, query.callId ?? null), request),
  }),
  route({
    method: 'POST',
    url: '/api/contacts/:contactId/identifications',
    operation: 'noteIdentification',
    summary: 'Note how somebody made known who they are',
    tag,
    access: 'signed-in',
    params: OneContact,
    body: NewIdentification,
    answer: IdentificationState,
    status: 201,
    idempotent: true,
    handle: async ({ house, actor, params, body, idempotency, request }) =>
      withSentence(await identify(house, actor, { id: params.contactId, input: body }, idempotency), request),
  }),
] as const
