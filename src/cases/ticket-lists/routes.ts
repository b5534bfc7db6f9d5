/** HTTP of named lists of tickets. */
import { z } from 'zod'
import { route, Uuid } from '../../platform/index.ts'
import { ChangeTicketList, NewTicketList, TicketListView } from './model.ts'
import { changeTicketList, dropTicketList, saveTicketList, ticketLists } from './service.ts'

const common = { tag: 'tickets', access: 'signed-in' } as const
const ListParam = z.object({ listId: Uuid })

export const ticketListRoutes = [
  route({
    ...common,
    method: 'GET',
    url: '/api/ticket-lists',
    operation: 'listSavedTicketLists',
    summary: 'The named lists of tickets of the reader and of the reader’s section, in order, with how much is in each',
    answer: z.object({ items: z.array(TicketListView), mayKeepForSection: z.boolean() }),
    handle: ({ house, actor }) => ticketLists(house, actor),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/ticket-lists',
    operation: 'saveTicketList',
    summary: 'Keep a list of tickets under a name, for oneself or for the section; one that has the name is replaced',
    body: NewTicketList,
    answer: z.object({ id: Uuid }),
    status: 201,
    handle: ({ house, actor, body }) => saveTicketList(house, actor, body),
  }),
  route({
    ...common,
    method: 'PATCH',
    url: '/api/ticket-lists/:listId',
    operation: 'changeTicketList',
    summary: 'Rename a list, put it elsewhere in the order, or begin with it',
    params: ListParam,
    body: ChangeTicketList,
    answer: z.object({ id: Uuid }),
    handle: ({ house, actor, params, body }) => changeTicketList(house, actor, { ...params, ...body }),
  }),
  route({
    ...common,
    method: 'DELETE',
    url: '/api/ticket-lists/:listId',
    operation: 'dropTicketList',
    summary: 'Take a named list of tickets away',
    params: ListParam,
    status: 204,
    handle: async ({ house, actor, params }) => void (await dropTicketList(house, actor, params)),
  }),
] as const
