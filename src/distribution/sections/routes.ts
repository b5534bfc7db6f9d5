/** HTTP of the rules of a section's queue. */
import { z } from 'zod'
import { route } from '../../platform/index.ts'
import { SectionId } from '../model.ts'
import { SectionRules, SetSectionRules } from './model.ts'
import { sectionRules, setSectionRules } from './service.ts'

const tag = 'callbacks'
const OneSection = z.object({ sectionId: SectionId.meta({ example: 'ccm-pensioni' }) })

export const sectionRoutes = [
  route({
    method: 'GET',
    url: '/api/sections/:sectionId/line',
    operation: 'readSectionLine',
    summary: 'The rules of a section: limits, what happens at them, who gets the call, callbacks',
    tag,
    access: 'signed-in',
    params: OneSection,
    answer: SectionRules,
    handle: ({ house, actor, params }) => sectionRules(house, actor, params.sectionId),
  }),
  route({
    method: 'PUT',
    url: '/api/sections/:sectionId/line',
    operation: 'setSectionLine',
    summary: 'Set the rules of a section',
    description: 'It holds from the next call on; nobody who waits loses the place.',
    tag,
    access: 'signed-in',
    params: OneSection,
    body: SetSectionRules,
    answer: SectionRules,
    ifMatch: true,
    handle: ({ house, actor, params, body, version }) =>
      setSectionRules(house, actor, { sectionId: params.sectionId, version, ...body }),
  }),
] as const
