/** HTTP of competences. */
import { z } from 'zod'
import { PageQuery, page, route } from '../../platform/index.ts'
import { TypologyId } from '../model.ts'
import { Competence, CompetenceChange, CompetenceQuery, SetCompetence } from './model.ts'
import { competenceHistory, competencePage, setCompetence } from './service.ts'

const common = { tag: 'classification', access: 'signed-in' } as const
const OneTypology = z.object({ typologyId: TypologyId })

export const competenceRoutes = [
  route({
    ...common,
    method: 'GET',
    url: '/api/competences',
    operation: 'listCompetences',
    summary: 'Which central directorate is competent for each typology, in the order of the tree',
    query: CompetenceQuery,
    answer: page(Competence),
    handle: ({ house, actor, query }) => competencePage(house, actor, query),
  }),
  route({
    ...common,
    method: 'PUT',
    url: '/api/competences/:typologyId',
    operation: 'setCompetence',
    summary: 'Say which central directorate is competent for a typology',
    description: 'Tickets that were forwarded before stay where they are.',
    params: OneTypology,
    body: SetCompetence,
    answer: Competence,
    ifMatch: true,
    handle: ({ house, actor, params, body, version }) => setCompetence(house, actor, { ...params, ...body, version }),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/competences/:typologyId/history',
    operation: 'listCompetenceChanges',
    summary: 'How the competence for a typology was changed, by whom and why',
    params: OneTypology,
    query: PageQuery,
    answer: page(CompetenceChange),
    handle: ({ house, actor, params, query }) => competenceHistory(house, actor, { ...params, ...query }),
  }),
] as const
