/** HTTP of the classification. */
import { z } from 'zod'
import { PageQuery, page, route, Text } from '../platform/index.ts'
import { competenceRoutes } from './competences/routes.ts'
import { Typology, TypologyId } from './model.ts'
import { procedureRoutes } from './procedure-routes.ts'
import { typologyPage, typologyView } from './service.ts'

const tag = 'classification'

export const classificationRoutes = [
  route({
    method: 'GET',
    url: '/api/typologies',
    operation: 'findTypologies',
    summary: 'Find what a question is about, or read the tree of typologies',
    description:
      'With `q`, the leaves that a word or a sentence is about, best first: endings do not matter, one letter of a word may be wrong, and of a sentence one telling word is enough. Without it, the tree in its order, parents before children.',
    tag,
    access: 'signed-in',
    query: PageQuery.extend({
      q: Text.pipe(z.string().max(200)).optional().meta({ example: 'pensione vecch' }),
      parentId: TypologyId.optional().describe('only the children of this node; not together with `q`'),
      leaf: z.stringbool().optional().describe('only leaves, or only nodes that lead to others; not together with `q`'),
    }),
    answer: page(Typology),
    handle: ({ house, query }) => typologyPage(house.database.kysely, query),
  }),
  route({
    method: 'GET',
    url: '/api/typologies/:typologyId',
    operation: 'readTypology',
    summary: 'A typology, with who deals with it',
    tag,
    access: 'signed-in',
    params: z.object({ typologyId: TypologyId }),
    answer: Typology,
    handle: ({ house, params }) => typologyView(house.database.kysely, params.typologyId),
  }),
  ...competenceRoutes,
  ...procedureRoutes,
] as const
