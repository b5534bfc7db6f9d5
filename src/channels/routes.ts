/** HTTP of mailboxes, and of mails that a program could not deal with. */
import { z } from 'zod'
import { languageOf, PageQuery, page, route, Uuid } from '../platform/index.ts'
import { downloadRaw } from './inbox/downloads.ts'
import { ExaminedMail, examinedRaw, examineList, makeInteraction, putAside } from './inbox/examining.ts'
import type { Receive } from './inbox/process.ts'
import { Reconciliation, ReconciliationQuery, reconciliation } from './inbox/reconciling.ts'
import { Mailbox, MailboxChange, MailboxTrial, NewMailbox, TrialOutcome } from './mailboxes/model.ts'
import { changeMailbox, createMailbox, mailboxList, mailboxView, tryMailbox } from './mailboxes/service.ts'

const tag = 'mailboxes'
const OneMailbox = z.object({ mailboxId: Uuid })
const OneRaw = z.object({ rawMailId: Uuid })
/** A trial waits for a server elsewhere. */
const trialsPerMinute = 20

export const mailboxRoutes = [
  route({
    method: 'GET',
    url: '/api/mailboxes',
    operation: 'listMailboxes',
    summary: 'The mailboxes of units, and how each is doing',
    tag,
    access: 'signed-in',
    query: PageQuery,
    answer: page(Mailbox),
    handle: ({ house, query, request }) => mailboxList(house, query, languageOf(request)),
  }),
  route({
    method: 'POST',
    url: '/api/mailboxes',
    operation: 'createMailbox',
    summary: 'Make a mailbox',
    description: 'Every mail that lies in its folder comes in.',
    tag,
    access: 'signed-in',
    body: NewMailbox,
    answer: Mailbox,
    status: 201,
    idempotent: true,
    handle: async ({ house, actor, body, idempotency, request }) => {
      const { id } = await createMailbox(house, actor, body, idempotency)
      return mailboxView(house, id, languageOf(request))
    },
  }),
  route({
    method: 'PATCH',
    url: '/api/mailboxes/:mailboxId',
    operation: 'changeMailbox',
    summary: 'Change a mailbox, switch it on or off',
    tag,
    access: 'signed-in',
    params: OneMailbox,
    body: MailboxChange,
    answer: Mailbox,
    ifMatch: true,
    handle: async ({ house, actor, params, body, version, request }) => {
      await changeMailbox(house, actor, { id: params.mailboxId, version, change: body })
      return mailboxView(house, params.mailboxId, languageOf(request))
    },
  }),
  route({
    method: 'POST',
    url: '/api/mailbox-trials',
    operation: 'tryMailbox',
    summary: 'Try the settings of a mailbox: says what is wrong in a sentence, and changes nothing',
    tag,
    access: 'signed-in',
    body: MailboxTrial,
    answer: TrialOutcome,
    perMinute: trialsPerMinute,
    handle: ({ house, body, request }) => tryMailbox(house, body, languageOf(request)),
  }),
  route({
    method: 'GET',
    url: '/api/mail-reconciliation',
    operation: 'reconcileMails',
    summary: 'Whether every mail that came in has become something: sums by day and mailbox',
    tag,
    access: 'signed-in',
    query: ReconciliationQuery,
    answer: Reconciliation,
    handle: ({ house, query }) => reconciliation(house, query),
  }),
] as const

/** @param receive makes an interaction of a mail */
export const examineRoutes = (receive: Receive) => {
  const toInteraction = makeInteraction(receive)
  return [
    route({
      method: 'GET',
      url: '/api/mails-to-examine',
      operation: 'listMailsToExamine',
      summary: 'Mails that somebody has to look at: unreadable, too large, or written by programs',
      tag: 'mails',
      access: 'signed-in',
      query: PageQuery,
      answer: page(ExaminedMail),
      handle: ({ house, actor, query, request }) => examineList(house, actor, query, languageOf(request)),
    }),
    route({
      method: 'GET',
      url: '/api/mails-to-examine/:rawMailId/raw',
      operation: 'downloadExaminedMail',
      summary: 'The mail exactly as it came',
      tag: 'mails',
      access: 'signed-in',
      params: OneRaw,
      gives: 'application/octet-stream',
      handle: async ({ house, actor, params, reply }) =>
        downloadRaw(house, reply, await examinedRaw(house, actor, params.rawMailId)),
    }),
    route({
      method: 'POST',
      url: '/api/mails-to-examine/:rawMailId/receive',
      operation: 'receiveExaminedMail',
      summary: 'It is a request after all: it becomes an interaction',
      tag: 'mails',
      access: 'signed-in',
      params: OneRaw,
      answer: z.object({ interactionId: Uuid }),
      handle: ({ house, actor, params }) => toInteraction(house, actor, params),
    }),
    route({
      method: 'POST',
      url: '/api/mails-to-examine/:rawMailId/put-aside',
      operation: 'dismissExaminedMail',
      summary: 'It is no request',
      tag: 'mails',
      access: 'signed-in',
      params: OneRaw,
      status: 204,
      handle: async ({ house, actor, params }) => void (await putAside(house, actor, params)),
    }),
  ] as const
}
