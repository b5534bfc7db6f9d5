/** HTTP of mails that did not leave. */
import { z } from 'zod'
import { languageOf, PageQuery, page, route, Uuid } from '../../platform/index.ts'
import type { OwnerOf } from './owners.ts'
import { SendAgain, sendUnsentAgain, UnsentMail, unsentList, withdrawUnsent } from './unsent.ts'

const common = { tag: 'mails', access: 'signed-in' } as const
const OneUnsent = z.object({ mailId: Uuid })

/** @param ownerOf the rooms whose mails they are */
export const unsentRoutes = (ownerOf: OwnerOf) =>
  [
    route({
      ...common,
      method: 'GET',
      url: '/api/unsent-mails',
      operation: 'listUnsentMails',
      summary: 'Mails of the reader’s unit that are delayed or were given up, and why',
      query: PageQuery,
      answer: page(UnsentMail),
      handle: ({ house, actor, query, request }) => unsentList(house, actor, query, { ownerOf, language: languageOf(request) }),
    }),
    route({
      ...common,
      method: 'POST',
      url: '/api/unsent-mails/:mailId/send-again',
      operation: 'sendMailAgain',
      summary: 'Send a mail again, to the address that it has or to another',
      params: OneUnsent,
      body: SendAgain,
      status: 204,
      handle: ({ house, actor, params, body }) => sendUnsentAgain(house, actor, { ...params, ...body }, ownerOf),
    }),
    route({
      ...common,
      method: 'POST',
      url: '/api/unsent-mails/:mailId/withdraw',
      operation: 'withdrawUnsentMail',
      summary: 'Take back a mail that did not leave',
      params: OneUnsent,
      status: 204,
      handle: ({ house, actor, params }) => withdrawUnsent(house, actor, params.mailId, ownerOf),
    }),
  ] as const
