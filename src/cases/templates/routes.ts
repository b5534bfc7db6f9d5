/** HTTP of templates of answers. */
import { z } from 'zod'
import { PageQuery, page, route, Uuid } from '../../platform/index.ts'
import { AnswerTemplate, AnswerTemplateChange, NewAnswerTemplate } from './model.ts'
import { changeTemplate, createTemplate, removeTemplate, templateList, templateView } from './service.ts'

const common = { tag: 'mails', access: 'signed-in' } as const
const OneTemplate = z.object({ templateId: Uuid })

export const templateRoutes = [
  route({
    ...common,
    method: 'GET',
    url: '/api/answer-templates',
    operation: 'listAnswerTemplates',
    summary: 'The templates of answers that the reader keeps, by name',
    query: PageQuery,
    answer: page(AnswerTemplate),
    handle: ({ house, actor, query }) => templateList(house, actor, query),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/answer-templates/:templateId',
    operation: 'readAnswerTemplate',
    summary: 'One of the templates of answers that the reader keeps',
    params: OneTemplate,
    answer: AnswerTemplate,
    handle: ({ house, actor, params }) => templateView(house, actor, params.templateId),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/answer-templates',
    operation: 'createAnswerTemplate',
    summary: 'Keep a template of answers; a variable that is none is refused',
    body: NewAnswerTemplate,
    answer: AnswerTemplate,
    status: 201,
    idempotent: true,
    handle: async ({ house, actor, body, idempotency }) =>
      templateView(house, actor, (await createTemplate(house, actor, body, idempotency)).id),
  }),
  route({
    ...common,
    method: 'PATCH',
    url: '/api/answer-templates/:templateId',
    operation: 'changeAnswerTemplate',
    summary: 'Change a template of answers',
    params: OneTemplate,
    body: AnswerTemplateChange,
    answer: AnswerTemplate,
    ifMatch: true,
    handle: async ({ house, actor, params: { templateId }, body, version }) =>
      templateView(house, actor, (await changeTemplate(house, actor, { id: templateId, version, change: body })).id),
  }),
  route({
    ...common,
    method: 'DELETE',
    url: '/api/answer-templates/:templateId',
    operation: 'removeAnswerTemplate',
    summary: 'Take a template of answers away',
    params: OneTemplate,
    status: 204,
    handle: async ({ house, actor, params: { templateId } }) => void (await removeTemplate(house, actor, { id: templateId })),
  }),
] as const
