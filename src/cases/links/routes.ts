/** HTTP of cases that belong together. */
import { z } from 'zod'
import { languageOf, route, Uuid } from '../../platform/index.ts'
import { CaseLinkView, LinkCase, ProposedCase, SplitInteraction } from './model.ts'
import { linkCase, splitInteraction, undoLink } from './service.ts'
import { linksView, proposedCases } from './views.ts'

const CaseParam = z.object({ caseId: Uuid })
const Linked = z.object({ linkId: Uuid, caseId: Uuid.describe('of the case in which one goes on') })

export const linkRoutes = [
  route({
    method: 'GET',
    url: '/api/cases/:caseId/links',
    operation: 'listCaseLinks',
    summary: 'Cases that belong to a case: linked, joined, split off; with who said so and why',
    tag: 'cases',
    access: 'signed-in',
    params: CaseParam,
    answer: z.object({ items: z.array(CaseLinkView) }),
    handle: async ({ house, actor, params, request }) => ({
      items: await linksView(house, actor, params.caseId, languageOf(request)),
    }),
  }),
  route({
    method: 'GET',
    url: '/api/cases/:caseId/proposals',
    operation: 'listProposedCases',
    summary: 'Other cases of the same person that may belong to a case, the likeliest first',
    tag: 'cases',
    access: 'signed-in',
    params: CaseParam,
    answer: z.object({ items: z.array(ProposedCase) }),
    handle: async ({ house, actor, params }) => ({ items: await proposedCases(house, actor, params.caseId) }),
  }),
  route({
    method: 'POST',
    url: '/api/cases/:caseId/links',
    operation: 'linkCase',
    summary: 'Link a case with another, or join it into the other; it can be undone',
    description:
      'Joined: everybody goes on in the other case, which shows both as one. The number of this one leads there, also on mails and in the search.',
    tag: 'cases',
    access: 'signed-in',
    params: CaseParam,
    body: LinkCase,
    answer: Linked,
    status: 201,
    idempotent: true,
    handle: ({ house, actor, params, body, idempotency }) => linkCase(house, actor, { ...params, ...body }, idempotency),
  }),
  route({
    method: 'POST',
    url: '/api/cases/:caseId/links/:linkId/undo',
    operation: 'undoCaseLink',
    summary: 'Undo a link of a case',
    description: 'Refused with 409 and the reason when something since makes it impossible.',
    tag: 'cases',
    access: 'signed-in',
    params: CaseParam.extend({ linkId: Uuid }),
    answer: Linked,
    handle: ({ house, actor, params }) => undoLink(house, actor, params),
  }),
  route({
    method: 'POST',
    url: '/api/interactions/:interactionId/split',
    operation: 'splitInteraction',
    summary: 'Make a case of its own of a conversation; it can be undone',
    tag: 'cases',
    access: 'signed-in',
    params: z.object({ interactionId: Uuid }),
    body: SplitInteraction,
    answer: Linked,
    status: 201,
    idempotent: true,
    handle: ({ house, actor, params, body, idempotency }) => splitInteraction(house, actor, { ...params, ...body }, idempotency),
  }),
] as const
