/** HTTP of moving tickets. */
import { z } from 'zod'
import { languageOf, route } from '../../platform/index.ts'
import { Moved, MoveTickets, TicketOwner, UndoMoves } from './model.ts'
import { moveTickets, ticketOwners, undoMoves } from './service.ts'

const common = { tag: 'tickets', access: 'signed-in', answer: Moved, perMinute: 120 } as const

export const moveRoutes = [
  route({
    method: 'GET',
    url: '/api/ticket-owners',
    operation: 'listTicketOwners',
    summary: 'Colleagues of the reader’s centre, to whom tickets can be handed, and who of them is away today',
    tag: 'tickets',
    access: 'signed-in',
    answer: z.object({ items: z.array(TicketOwner) }),
    handle: ({ house, actor }) => ticketOwners(house, actor),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/ticket-moves',
    operation: 'moveTickets',
    summary: 'Take tickets in charge, hand them to a colleague, or put them back into the pool; several at once',
    description: 'Each by itself: what is refused of one says why, and keeps none of the others.',
    body: MoveTickets,
    handle: ({ house, actor, body, request }) => moveTickets(house, actor, body, languageOf(request)),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/ticket-moves/undo',
    operation: 'undoTicketMoves',
    summary: 'Undo moves of the reader, within ten minutes and unless the ticket has gone on since',
    body: UndoMoves,
    handle: ({ house, actor, body, request }) => undoMoves(house, actor, body, languageOf(request)),
  }),
] as const
