/** HTTP of the coordinator's board. What is moved on it, is moved as everywhere: `moves/`. */
import { z } from 'zod'
import { languageOf, route } from '../../platform/index.ts'
import { BoardProposal, BoardQuery, SectionBoard } from './model.ts'
import { boardProposals, boardView } from './service.ts'

const common = { method: 'GET', tag: 'tickets', access: 'signed-in', query: BoardQuery } as const

export const boardRoutes = [
  route({
    ...common,
    url: '/api/board',
    operation: 'readBoard',
    summary: 'Who of a section has what in hand: how old, what is due, who is away',
    answer: SectionBoard,
    handle: ({ house, actor, query }) => boardView(house, actor, query.sectionId),
  }),
  route({
    ...common,
    url: '/api/board/proposals',
    operation: 'listBoardProposals',
    summary: 'Which tickets to give to whom, so that what is due is done and nobody has much more than another',
    answer: z.object({ items: z.array(BoardProposal) }),
    handle: ({ house, actor, query, request }) => boardProposals(house, actor, query.sectionId, languageOf(request)),
  }),
] as const
