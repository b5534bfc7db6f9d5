/** HTTP of mails of citizens. */
import { z } from 'zod'
import { downloadAttachment, downloadRaw, FileQuery, ImagesQuery, maxFileBytes, showInFrame } from '../../channels/index.ts'
import { bytesOf, type House, languageOf, PageQuery, type PersonActor, page, route, Uuid } from '../../platform/index.ts'
import { AnswerFile, FileName } from '../answering/model.ts'
import { ExplainRepeat } from '../results/model.ts'
import { FilledTemplate } from '../templates/model.ts'
import { mailViews } from './choices.ts'
import { mailFiles } from './files.ts'
import {
  answerMailOf,
  declineMail,
  explainMail,
  giveBackMail,
  type OneMail,
  takeMailInHand,
  withdrawMailAnswer,
} from './mails.ts'
import { AnswerToMail, IncomingMail, MailDestination, MailLine, MailOffer, PassMail } from './model.ts'
import { mailDestinations, passMail } from './passing.ts'
import { mailList, mailOffer, mailPageHtml, mailView, rawMailOf, templatesForMail } from './views.ts'

interface CallOnMail {
  house: House
  actor: PersonActor
  params: OneMail
  request: { headers: { 'accept-language'?: string | undefined } }
}

const common = { tag: 'mails', access: 'signed-in' } as const
const MailParam = z.object({ interactionId: Uuid })
const FileParam = MailParam.extend({ fileId: Uuid })
const onMail = { ...common, params: MailParam } as const
const bytes = 'application/octet-stream'

/** The mail as it is after what was done with it: every action answers so. */
const viewAfter = ({ house, actor, params, request }: CallOnMail): Promise<IncomingMail> =>
  mailView(house, actor, params.interactionId, languageOf(request))

/** An action that needs to be told nothing more than which mail. */
const action = <const U extends `/api/mails/:interactionId/${string}`>(
  url: U,
  operation: string,
  summary: string,
  act: (house: House, actor: PersonActor, mail: OneMail) => Promise<unknown>,
) =>
  route({
    ...onMail,
    method: 'POST',
    url,
    operation,
    summary,
    answer: IncomingMail,
    async handle(call) {
      await act(call.house, call.actor, call.params)
      return viewAfter(call)
    },
  })

export const mailRoutes = [
  route({
    ...common,
    method: 'GET',
    url: '/api/mails',
    operation: 'listMails',
    summary: 'Mails of citizens to the reader’s unit, and to those under it',
    query: PageQuery.extend({ view: z.enum(mailViews).default('waiting') }),
    answer: page(MailLine),
    handle: ({ house, actor, query }) => mailList(house, actor, query),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/mails/offered',
    operation: 'readOfferedMail',
    summary: 'The mail that is offered to the reader now',
    description: 'Whoever takes it, has it; "not now" declines it. When the time is over it goes to a colleague.',
    answer: z.object({ offered: MailOffer.nullable() }),
    handle: async ({ house, actor }) => ({ offered: await mailOffer(house, actor) }),
  }),
  route({
    ...onMail,
    method: 'GET',
    url: '/api/mails/:interactionId',
    operation: 'readMail',
    summary: 'A mail of a citizen, with what may be done with it',
    answer: IncomingMail,
    handle: viewAfter,
  }),
  route({
    ...onMail,
    method: 'GET',
    url: '/api/mails/:interactionId/page',
    operation: 'readMailPage',
    summary: 'The mail as its sender formatted it, cleaned, for a frame without rights',
    description: 'Pictures from elsewhere are loaded only with `images=true`: whoever sends them learns that they were seen.',
    query: ImagesQuery,
    gives: 'text/html; charset=utf-8',
    handle: async ({ house, actor, params, query, reply }) =>
      showInFrame(reply, await mailPageHtml(house, actor, params.interactionId), query),
  }),
  route({
    ...onMail,
    method: 'GET',
    url: '/api/mails/:interactionId/raw',
    operation: 'downloadRawMail',
    summary: 'The mail exactly as it came',
    gives: bytes,
    handle: async ({ house, actor, params, reply }) =>
      downloadRaw(house, reply, await rawMailOf(house, actor, params.interactionId)),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/mails/:interactionId/attachments/:attachmentId',
    operation: 'downloadMailAttachment',
    summary: 'What is attached to a mail, as a download',
    description: 'What malware was found in is not given.',
    params: MailParam.extend({ attachmentId: Uuid }),
    query: FileQuery,
    gives: bytes,
    async handle({ house, actor, params, query, reply }) {
      const rawMailId = await rawMailOf(house, actor, params.interactionId)
      return downloadAttachment(house, reply, { rawMailId, attachmentId: params.attachmentId }, query)
    },
  }),
  action('/api/mails/:interactionId/take', 'takeMail', 'Take a mail in hand, also from a colleague', takeMailInHand),
  action('/api/mails/:interactionId/give-back', 'giveBackMail', 'Give a mail back to everybody', giveBackMail),
  action(
    '/api/mails/:interactionId/answer/withdraw',
    'withdrawMailAnswer',
    'Take back an answer that has not left',
    withdrawMailAnswer,
  ),
  route({
    ...onMail,
    method: 'POST',
    url: '/api/mails/:interactionId/decline',
    operation: 'declineMail',
    summary: 'Not now: the mail that is offered goes on to a colleague',
    status: 204,
    handle: async ({ house, actor, params }) => void (await declineMail(house, actor, params)),
  }),
  route({
    ...onMail,
    method: 'POST',
    url: '/api/mails/:interactionId/answer',
    operation: 'answerMail',
    summary: 'Answer a mail: the answer leaves after ten seconds, in which it can be taken back',
    body: AnswerToMail,
    answer: IncomingMail,
    async handle(call) {
      await answerMailOf(call.house, call.actor, { ...call.params, ...call.body })
      return viewAfter(call)
    },
  }),
  route({
    ...onMail,
    method: 'GET',
    url: '/api/mails/:interactionId/templates',
    operation: 'listTemplatesForMail',
    summary: 'Templates for an answer to a mail, filled as far as it is known what goes into them',
    query: z.object({ typologyId: z.string().min(1).max(100).optional() }),
    answer: z.object({ items: z.array(FilledTemplate) }),
    handle: ({ house, actor, params, query }) =>
      templatesForMail(house, actor, { ...params, typologyId: query.typologyId ?? null }),
  }),
  route({
    ...onMail,
    method: 'POST',
    url: '/api/mails/:interactionId/files',
    operation: 'addAnswerFile',
    summary: 'Attach a file to the answer that is being written',
    query: FileName,
    takes: { types: [bytes], limitBytes: maxFileBytes, description: 'Any file; what malware is found in is refused.' },
    answer: z.object({ items: z.array(AnswerFile) }),
    perMinute: 60,
    handle: ({ house, actor, params, query, request }) =>
      mailFiles.add(house, actor, { subjectId: params.interactionId, ...query, bytes: bytesOf(request) }),
  }),
  route({
    ...common,
    method: 'GET',
    url: '/api/mails/:interactionId/files/:fileId',
    operation: 'downloadAnswerFile',
    summary: 'A file of an answer, as a download',
    params: FileParam,
    query: FileQuery,
    gives: bytes,
    handle: ({ house, actor, params: { interactionId, fileId }, query, reply }) =>
      mailFiles.download(house, actor, { subjectId: interactionId, fileId, reply }, query),
  }),
  route({
    ...common,
    method: 'DELETE',
    url: '/api/mails/:interactionId/files/:fileId',
    operation: 'removeAnswerFile',
    summary: 'Take a file away from the answer that is being written',
    params: FileParam,
    status: 204,
    handle: async ({ house, actor, params: { interactionId, fileId } }) =>
      void (await mailFiles.remove(house, actor, { subjectId: interactionId, fileId })),
  }),
  route({
    ...onMail,
    method: 'GET',
    url: '/api/mails/:interactionId/destinations',
    operation: 'listMailDestinations',
    summary: 'Units to which a mail may be passed on',
    query: z.object({ q: z.string().max(100).default('') }),
    answer: z.object({ items: z.array(MailDestination) }),
    handle: ({ house, actor, params, query }) => mailDestinations(house, actor, { ...params, ...query }),
  }),
  route({
    ...onMail,
    method: 'POST',
    url: '/api/mails/:interactionId/pass',
    operation: 'passMail',
    summary: 'Pass a mail on to another unit, or back, with a note for the colleagues there',
    body: PassMail,
    status: 204,
    handle: async ({ house, actor, params, body }) => void (await passMail(house, actor, { ...params, ...body })),
  }),
  route({
    method: 'POST',
    url: '/api/mails/:interactionId/repeat-cause',
    operation: 'explainMail',
    summary: 'Say why the citizen has written again',
    description: 'Once, of a mail that is answered and is a second contact.',
    ...onMail,
    body: ExplainRepeat,
    answer: IncomingMail,
    handle: async call => {
      await explainMail(call.house, call.actor, { ...call.params, ...call.body })
      return viewAfter(call)
    },
  }),
] as const
