/** HTTP of what becomes of the tickets of absent members. */
import { z } from 'zod'
import { languageOf, route } from '../../platform/index.ts'
import { AbsenceRule, SetAbsenceRule } from './model.ts'
import { absenceRuleView, setAbsenceRule } from './service.ts'

const SectionParam = z.object({ sectionId: z.string().max(100) })
const common = { tag: 'absences', access: 'signed-in', params: SectionParam, answer: AbsenceRule } as const
const url = '/api/sections/:sectionId/absence-rule'

export const absentRoutes = [
  route({
    ...common,
    method: 'GET',
    url,
    operation: 'readAbsenceRule',
    summary: 'What becomes of the tickets that absent members of a section have in hand',
    handle: ({ house, actor, params, request }) => absenceRuleView(house, actor, params.sectionId, languageOf(request)),
  }),
  route({
    ...common,
    method: 'PUT',
    url,
    operation: 'setAbsenceRule',
    summary: 'Say what becomes of the tickets that absent members of a section have in hand',
    body: SetAbsenceRule,
    ifMatch: true,
    handle: async ({ house, actor, params, body, version, request }) => {
      await setAbsenceRule(house, actor, { ...params, ...body, version })
      return absenceRuleView(house, actor, params.sectionId, languageOf(request))
    },
  }),
] as const
