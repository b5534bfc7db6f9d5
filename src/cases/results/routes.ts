/** HTTP of how cases went for their citizens. */
import { PageQuery, page, route } from '../../platform/index.ts'
import { interactionView } from '../interactions/views.ts'
import { Interaction } from '../model.ts'
import { ExplainRepeat, OneInteraction, ResultCase, ResultCasesQuery, ResultFigures, ResultsQuery } from './model.ts'
import { casesBehind, explainRepeat, resultsOf } from './service.ts'

export const resultRoutes = [
  route({
    method: 'GET',
    url: '/api/indicators/results',
    operation: 'readResults',
    summary: 'First-contact resolution and second contacts of a month, with their causes',
    description: 'For supervisors and headquarters, of the units at or under their own. Formulas: docs/indicators.md.',
    tag: 'monitoring',
    access: 'signed-in',
    query: ResultsQuery,
    answer: ResultFigures,
    handle: ({ house, actor, query }) => resultsOf(house, actor, query),
  }),
  route({
    method: 'GET',
    url: '/api/indicators/results/cases',
    operation: 'listResultCases',
    summary: 'The cases behind a figure, the newest first',
    tag: 'monitoring',
    access: 'signed-in',
    query: PageQuery.extend(ResultCasesQuery.shape),
    answer: page(ResultCase),
    handle: ({ house, actor, query }) => casesBehind(house, actor, query),
  }),
  route({
    method: 'POST',
    url: '/api/interactions/:interactionId/repeat-cause',
    operation: 'explainRepeat',
    summary: 'Say why the citizen came again',
    description: 'Once, of a conversation that has ended and is a second contact.',
    tag: 'interactions',
    access: 'signed-in',
    params: OneInteraction,
    body: ExplainRepeat,
    answer: Interaction,
    handle: async ({ house, actor, params, body }) => {
      await explainRepeat(house, actor, { ...params, ...body })
      return interactionView(house, actor, params.interactionId)
    },
  }),
] as const
