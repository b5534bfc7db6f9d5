/** HTTP of guides and of assisted sessions. */

import { z } from 'zod'
import { TypologyId } from '../classification/index.ts'
import { ContactLanguage } from '../contacts/index.ts'
import { languageOf, PageQuery, page, route, Text, Uuid } from '../platform/index.ts'
import {
  AssistedEnd,
  AssistedSession,
  Guide,
  GuideChange,
  GuideFigures,
  GuideLine,
  GuideVersion,
  NewGuide,
  NewSession,
  PublicGuide,
  StepDone,
} from './model.ts'
import { addGuide, beginSession, changeGuide, finishSession, sayStep } from './service.ts'
import { assistedView, assistedViews, guideFigures, guideHistory, guideList, guideView, publicGuide } from './views.ts'

const common = { tag: 'guides', access: 'signed-in' } as const
const OneGuide = z.object({ guideId: Uuid })
const OneSession = z.object({ sessionId: Uuid })
const OneInteraction = z.object({ interactionId: Uuid })

export const guideRoutes = [
  route({
    ...common,
    method: 'GET',
    url: '/api/guides',
    operation: 'listGuides',
    summary: 'Guides by title; those that are proposed for a typology first',
    query: PageQuery.extend({
      view: z.enum(['current', 'retired']).default('current'),
      q: Text.pipe(z.string().max(200)).optional().meta({ example: 'identità digitale' }),
      typologyId: TypologyId.optional(),
    }),
    answer: page(GuideLine),
    handle: ({ house, query }) => guideList(house, query),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/guides',
    operation: 'addGuide',
    summary: 'Make a guide',
    body: NewGuide,
    answer: Guide,
    status: 201,
    idempotent: true,
    handle: async ({ house, actor, body, idempotency, request }) =>
      guideView(house, actor, (await addGuide(house, actor, body, idempotency)).guideId, languageOf(request)),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/guides/:guideId',
    operation: 'readGuide',
    summary: 'A guide as it is now',
    params: OneGuide,
    answer: Guide,
    handle: ({ house, actor, params, request }) => guideView(house, actor, params.guideId, languageOf(request)),
  }),
  route({
    ...common,
    method: 'PUT',
    url: '/api/guides/:guideId',
    operation: 'changeGuide',
    summary: 'Keep a new version of a guide, retire it or take it back',
    description:
      'Sessions that go on follow the version with which they began. An earlier version is put back by keeping it again.',
    params: OneGuide,
    body: GuideChange,
    ifMatch: true,
    answer: Guide,
    handle: async ({ house, actor, params, body, version, request }) => {
      await changeGuide(house, actor, { guideId: params.guideId, version, change: body })
      return guideView(house, actor, params.guideId, languageOf(request))
    },
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/guides/:guideId/versions',
    operation: 'listGuideVersions',
    summary: 'The versions of a guide, the newest first, with who kept each and why',
    params: OneGuide,
    query: PageQuery,
    answer: page(GuideVersion),
    handle: ({ house, params, query }) => guideHistory(house, { ...params, ...query }),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/guides/:guideId/figures',
    operation: 'readGuideFigures',
    summary: 'What came of the newest sessions of a guide, and which steps did not work',
    params: OneGuide,
    answer: GuideFigures,
    handle: ({ house, params }) => guideFigures(house, params.guideId),
  }),
  route({
    tag: 'guides',
    access: 'public',
    method: 'GET',
    url: '/api/public/guides/:guideId',
    operation: 'readPublicGuide',
    summary: 'A guide as citizens read it; nothing of whoever follows it',
    params: OneGuide,
    query: z.object({ language: ContactLanguage.default('it') }),
    answer: PublicGuide,
    perMinute: 60,
    handle: ({ house, params, query }) => publicGuide(house, params.guideId, query.language),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/interactions/:interactionId/assisted-sessions',
    operation: 'listAssistedSessions',
    summary: 'The guides that were followed in a conversation, with what was done of each',
    params: OneInteraction,
    answer: z.object({ items: z.array(AssistedSession) }),
    handle: async ({ house, actor, params, request }) => ({
      items: await assistedViews(house, actor, params.interactionId, languageOf(request)),
    }),
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/interactions/:interactionId/assisted-sessions',
    operation: 'beginAssistedSession',
    summary: 'Begin to follow a guide with the citizen; the same one goes on when it has begun already',
    params: OneInteraction,
    body: NewSession,
    answer: AssistedSession,
    status: 201,
    handle: async ({ house, actor, params, body, request }) =>
      assistedView(house, actor, (await beginSession(house, actor, { ...params, ...body })).sessionId, languageOf(request)),
  }),
  route({
    ...common,
    method: 'PUT',
    url: '/api/assisted-sessions/:sessionId/steps/:stepId',
    operation: 'sayStep',
    summary: 'Say what became of a step: done, skipped, not working; `open` takes it back',
    params: OneSession.extend({ stepId: z.string().min(1).max(40) }),
    body: StepDone,
    answer: AssistedSession,
    handle: async ({ house, actor, params, body, request }) => {
      await sayStep(house, actor, { ...params, ...body })
      return assistedView(house, actor, params.sessionId, languageOf(request))
    },
  }),
  route({
    ...common,
    method: 'POST',
    url: '/api/assisted-sessions/:sessionId/end',
    operation: 'endAssistedSession',
    summary: 'End a session: completed, the citizen goes on alone, not possible now, or broken off',
    params: OneSession,
    body: AssistedEnd,
    answer: AssistedSession,
    handle: async ({ house, actor, params, body, request }) => {
      await finishSession(house, actor, { ...params, ...body })
      return assistedView(house, actor, params.sessionId, languageOf(request))
    },
  }),
] as const
