/** HTTP of tickets as their senders see them. */
import { z } from 'zod'
import { page, route } from '../../platform/index.ts'
import { SentBackCounts, SentTicket, SentTicketsQuery } from './model.ts'
import { sentBackIn, sentPage } from './service.ts'

export const sentRoutes = [
  route({
    method: 'GET',
    url: '/api/sent-tickets',
    operation: 'listSentTickets',
    summary: 'What became of the tickets that the reader has sent to the second level, the newest first',
    tag: 'tickets',
    access: 'signed-in',
    query: SentTicketsQuery,
    answer: page(SentTicket),
    handle: ({ house, actor, query }) => sentPage(house, actor, query),
  }),
  route({
    method: 'GET',
    url: '/api/indicators/sent-back',
    operation: 'readSentBack',
    summary: 'How many tickets of a month were no matter for the second level, by typology',
    description: 'Of the whole institute, by the day on which they were sent back.',
    tag: 'monitoring',
    access: 'signed-in',
    query: z.object({
      month: z
        .string()
        .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
        .meta({ example: '2026-11' }),
    }),
    answer: SentBackCounts,
    handle: ({ house, actor, query }) => sentBackIn(house, actor, query),
  }),
] as const
