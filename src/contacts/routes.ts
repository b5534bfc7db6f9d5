/** HTTP of contacts. */
import { z } from 'zod'
import { type Language, languageOf, PageQuery, page, route, sentence, Uuid } from '../platform/index.ts'
import { doublesOf, joinContacts, partContacts } from './doubles.ts'
import { identificationView, identify, noteSpeaker } from './identification.ts'
import { endMandate, mandatesOf, noteMandate } from './mandates.ts'
import { contactCard, unmask } from './masking.ts'
import {
  Contact,
  ContactChange,
  ContactDoubles,
  FoundContact,
  IdentificationState,
  JoinContacts,
  Mandate,
  NewContact,
  NewIdentification,
  NewMandate,
  NewSpeaker,
  SavedContact,
  Unmask,
} from './model.ts'
import { searchContacts } from './search.ts'
import { changeContact, createContact } from './service.ts'

const tag = 'contacts'
const OneContact = z.object({ contactId: Uuid })

const withSentence = (
  state: Omit<IdentificationState, 'sentence'>,
  request: { headers: { 'accept-language'?: string | undefined } },
): IdentificationState => ({
  ...state,
  sentence: sentenceOf(state, languageOf(request)),
})

/** What the level means, and for whom somebody speaks. */
function sentenceOf({ level, speaker }: Omit<IdentificationState, 'sentence'>, language: Language): string {
  const meaning = sentence(language, `contacts.level.${level}`)
  if (speaker === null) return meaning
  const { intermediary, principal, state } = speaker
  const names = { intermediary: intermediary.name, principal: principal.name }
  return `${sentence(language, state === 'valid' ? 'contacts.mandate.speaks' : 'contacts.mandate.noMore', names)} ${meaning}`
}

export const contactRoutes = [
  route({
    method: 'GET',
    url: '/api/contacts',
    operation: 'findContacts',
    summary: 'Find contacts by name, fiscal code, telephone number, request code or e-mail address',
    description:
      'Each word but the last must be whole; the last may be the beginning of one. Names are found from any of their words, in any order, and with one wrong letter; `why` says what has matched. With `phone`, the contacts that have exactly this number.',
    tag,
    access: 'signed-in',
    query: PageQuery.extend({
      q: z.string().trim().max(200).optional().meta({ example: 'ferri giu' }),
      phone: z.string().trim().max(40).optional(),
    }),
    answer: page(FoundContact),
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
    summary: 'A contact, as much of it as the reader sees now',
    description:
      'Whoever may open any card sees some fields only in part (`masked`) until a conversation or a reason shows them.',
    tag,
    access: 'signed-in',
    params: OneContact,
    answer: Contact,
    handle: ({ house, actor, params }) => contactCard(house, actor, params.contactId),
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
  route({
    method: 'GET',
    url: '/api/contacts/:contactId/doubles',
    operation: 'readDoubles',
    summary: 'Cards that are joined with one, and cards that may be the same person',
    tag,
    access: 'signed-in',
    params: OneContact,
    answer: ContactDoubles,
    handle: ({ house, actor, params }) => doublesOf(house, actor, params.contactId),
  }),
  route({
    method: 'POST',
    url: '/api/contacts/:contactId/joins',
    operation: 'joinContacts',
    summary: 'Join two cards of the same person; it can be undone',
    tag,
    access: 'signed-in',
    params: OneContact,
    body: JoinContacts,
    answer: z.object({ linkId: Uuid }),
    status: 201,
    idempotent: true,
    handle: ({ house, actor, params, body, idempotency }) =>
      joinContacts(house, actor, { id: params.contactId, input: body }, idempotency),
  }),
  route({
    method: 'POST',
    url: '/api/contacts/:contactId/joins/:linkId/undo',
    operation: 'partContacts',
    summary: 'Undo a joining: they are two after all',
    tag,
    access: 'signed-in',
    params: OneContact.extend({ linkId: Uuid }),
    handle: ({ house, actor, params }) => partContacts(house, actor, { id: params.contactId, linkId: params.linkId }),
  }),
  route({
    method: 'POST',
    url: '/api/contacts/:contactId/unmask',
    operation: 'unmaskContact',
    summary: 'Show a card whole, for a reason that the journal keeps',
    tag,
    access: 'signed-in',
    params: OneContact,
    body: Unmask,
    answer: Contact,
    handle: ({ house, actor, params, body }) => unmask(house, actor, { id: params.contactId, input: body }),
  }),
  route({
    method: 'POST',
    url: '/api/contacts/:contactId/speaker',
    operation: 'noteSpeaker',
    summary: 'Note who speaks for the contact in a conversation',
    description: 'By a mandate that holds today; what may be said follows from it and from how sure we are of who speaks.',
    tag,
    access: 'signed-in',
    params: OneContact,
    body: NewSpeaker,
    answer: IdentificationState,
    status: 201,
    idempotent: true,
    handle: async ({ house, actor, params, body, idempotency, request }) =>
      withSentence(await noteSpeaker(house, actor, { id: params.contactId, input: body }, idempotency), request),
  }),
  route({
    method: 'GET',
    url: '/api/contacts/:contactId/mandates',
    operation: 'listMandates',
    summary: 'Mandates by which others act for the contact, or by which it acts for others, newest first',
    tag,
    access: 'signed-in',
    params: OneContact,
    query: PageQuery.extend({ side: z.enum(['given', 'held']) }),
    answer: page(Mandate),
    handle: ({ house, actor, params, query }) => mandatesOf(house, actor, params.contactId, query),
  }),
  route({
    method: 'POST',
    url: '/api/contacts/:contactId/mandates',
    operation: 'noteMandate',
    summary: 'Note that somebody may act for the contact',
    tag,
    access: 'signed-in',
    params: OneContact,
    body: NewMandate,
    answer: Mandate,
    status: 201,
    idempotent: true,
    handle: ({ house, actor, params, body, idempotency }) =>
      noteMandate(house, actor, { id: params.contactId, input: body }, idempotency),
  }),
  route({
    method: 'POST',
    url: '/api/contacts/:contactId/mandates/:mandateId/end',
    operation: 'endMandate',
    summary: 'End a mandate, because it was withdrawn',
    tag,
    access: 'signed-in',
    params: OneContact.extend({ mandateId: Uuid }),
    answer: Mandate,
    handle: ({ house, actor, params }) => endMandate(house, actor, { id: params.contactId, mandateId: params.mandateId }),
  }),
] as const
