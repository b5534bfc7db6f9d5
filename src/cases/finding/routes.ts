/** HTTP of lists of cases. */
import { z } from 'zod'
import { languageOf, PageQuery, page, route, Uuid } from '../../platform/index.ts'
import { Case } from '../model.ts'
import { caseView } from '../views.ts'
import { sendExport } from './export.ts'
import { listCases } from './finding.ts'
import { dropFollowUp, dropList, savedLists, saveList, setFollowUp } from './keeping.ts'
import { CaseFilter, ExportQuery, FoundCase, NewSavedList, SavedList, SetFollowUp } from './model.ts'
import { csvType, odsType } from './table-file.ts'

const tag = 'cases'
const CaseParam = z.object({ caseId: Uuid })
const exportsPerMinute = 6

export const findingRoutes = [
  route({
    method: 'GET',
    url: '/api/cases',
    operation: 'listCases',
    summary: 'Cases of the reader’s unit, narrowed and searched by words',
    description:
      'Words are found in any of their forms, with or without accents, in questions, answers and notes; all of them must be there. The cases are those that have passed through the reader’s unit, section or centre.',
    tag,
    access: 'signed-in',
    query: PageQuery.extend(CaseFilter.shape),
    answer: page(FoundCase),
    handle: ({ house, actor, query }) => listCases(house, actor, query),
  }),
  route({
    method: 'GET',
    url: '/api/cases/export.csv',
    operation: 'exportCasesAsCsv',
    summary: 'Everything that a filter finds, as CSV with semicolons',
    tag,
    access: 'signed-in',
    query: ExportQuery,
    gives: csvType,
    perMinute: exportsPerMinute,
    handle: ({ house, actor, query, reply, request }) =>
      sendExport(house, actor, query, { format: 'csv', reply, language: languageOf(request) }),
  }),
  route({
    method: 'GET',
    url: '/api/cases/export.ods',
    operation: 'exportCasesAsOds',
    summary: 'Everything that a filter finds, as an OpenDocument spreadsheet',
    tag,
    access: 'signed-in',
    query: ExportQuery,
    gives: odsType,
    perMinute: exportsPerMinute,
    handle: ({ house, actor, query, reply, request }) =>
      sendExport(house, actor, query, { format: 'ods', reply, language: languageOf(request) }),
  }),
  route({
    method: 'PUT',
    url: '/api/cases/:caseId/follow-up',
    operation: 'setFollowUp',
    summary: 'Note on which day the reader wants to look at a case again',
    tag,
    access: 'signed-in',
    params: CaseParam,
    body: SetFollowUp,
    answer: Case,
    handle: async ({ house, actor, params, body }) => {
      await setFollowUp(house, actor, { ...params, ...body })
      return caseView(house, actor, params.caseId)
    },
  }),
  route({
    method: 'DELETE',
    url: '/api/cases/:caseId/follow-up',
    operation: 'dropFollowUp',
    summary: 'The reader need not look at the case again',
    tag,
    access: 'signed-in',
    params: CaseParam,
    answer: Case,
    handle: async ({ house, actor, params }) => {
      await dropFollowUp(house, actor, params)
      return caseView(house, actor, params.caseId)
    },
  }),
  route({
    method: 'GET',
    url: '/api/case-lists',
    operation: 'listSavedCaseLists',
    summary: 'The lists of cases that the reader has named',
    tag,
    access: 'signed-in',
    answer: z.object({ items: z.array(SavedList) }),
    handle: async ({ house, actor }) => ({ items: await savedLists(house, actor) }),
  }),
  route({
    method: 'POST',
    url: '/api/case-lists',
    operation: 'saveCaseList',
    summary: 'Keep a filter under a name; one that has the name is replaced',
    tag,
    access: 'signed-in',
    body: NewSavedList,
    answer: z.object({ id: Uuid }),
    status: 201,
    handle: ({ house, actor, body }) => saveList(house, actor, body),
  }),
  route({
    method: 'DELETE',
    url: '/api/case-lists/:listId',
    operation: 'dropCaseList',
    summary: 'Take one of the reader’s lists away',
    tag,
    access: 'signed-in',
    params: z.object({ listId: Uuid }),
    status: 204,
    handle: async ({ house, actor, params }) => void (await dropList(house, actor, params)),
  }),
] as const
