/** Mails that a person has to look at: seen, made an interaction after all, or put aside. */
import { z } from 'zod'
import { can, pathReached } from '../../identity/capabilities.ts'
import {
  type Actor,
  actingPerson,
  decodeCursor,
  type House,
  Instant,
  type Language,
  nameOfActor,
  notFound,
  pageOf,
  Refused,
  sentence,
  Uuid,
  unitsIn,
  useCase,
  type Work,
} from '../../platform/index.ts'
import { mailPutAside, mailReceived } from '../events.ts'
import { arrivalsOf } from '../registered/store.ts'
import type { Receive } from './process.ts'
import { examinePage, type RawMailRow, readRawMail, settleRawMail } from './raw-store.ts'
import { insertIncomingMail, joinToInteraction, readIncomingMail } from './store.ts'

export const ExaminedMail = z
  .object({
    id: Uuid,
    mailbox: z.string(),
    from: z.object({ name: z.string(), address: z.string() }).nullable().describe('null where the mail could not be read'),
    subject: z.string().nullable(),
    excerpt: z.string().nullable(),
    why: z.string().describe('why somebody has to look at it'),
    detail: z.string().nullable(),
    sizeBytes: z.number().int(),
    isWhole: z.boolean().describe('whether the whole mail is here; else its head is'),
    receivedAt: Instant,
  })
  .meta({ id: 'ExaminedMail' })
export type ExaminedMail = z.infer<typeof ExaminedMail>

const Cursor = z.tuple([z.uuid()])

/** One page of mails to be examined, oldest first. */
export async function examineList(
  house: House,
  actor: Actor,
  query: { cursor?: string | undefined; limit: number },
  language: Language,
): Promise<{ items: ExaminedMail[]; next: string | null }> {
  const after = decodeCursor(Cursor, query.cursor)?.[0]
  const rows = await examinePage(house.database.kysely, pathReached(actingPerson(actor), 'mails.work'), after, query.limit + 1)
  const { items, next } = pageOf(rows, query.limit, row => [row.id])
  return {
    items: items.map(row => ({
      id: row.id,
      mailbox: row.mailbox,
      from: row.from_address === null ? null : { name: row.from_name ?? '', address: row.from_address },
      subject: row.subject,
      excerpt: row.text?.replace(/\s+/g, ' ') ?? null,
      why: sentence(language, `channels.examine.${row.reason ?? 'unreadable'}`),
      detail: row.detail,
      sizeBytes: row.size_bytes,
      isWhole: row.is_whole,
      receivedAt: row.received_at.toISOString(),
    })),
    next,
  }
}

/** Who works on the mails of the mailbox's unit may see its raw mails. @throws Refused 404 */
export async function examinedRaw(house: House, actor: Actor, rawMailId: string): Promise<string> {
  const raw = await readRawMail(house.database.kysely, rawMailId)
  if (!raw || !can(actor, 'mails.work', raw.unit_path)) throw notFound('mail')
  return raw.id
}

/** It is a request after all. Returns the interaction that it has become. @throws Refused 404, 409 when somebody has dealt with it */
export const makeInteraction = (receive: Receive) =>
  useCase(async (work, { rawMailId }: { rawMailId: string }): Promise<{ interactionId: string }> => {
    const raw = await lockExamined(work, rawMailId)
    const mail = await readIncomingMail(work.tx, rawMailId)
    const from = { address: mail?.from_address ?? '', name: mail?.from_name ?? '' }
    if (!mail)
      await insertIncomingMail(work.tx, {
        ...{ raw_mail_id: raw.id, mailbox_id: raw.mailbox_id, interaction_id: null, from_address: '', from_name: '' },
        ...{
          to_addresses: [raw.address],
          cc_addresses: [],
          reply_to: null,
          subject: '',
          message_id: null,
          refs: [],
          sent_at: null,
        },
        ...{ received_at: raw.received_at, text: '', quoted: '', html: null, matched_by: null, proposed_code: null },
      })
    const channel = (await arrivalsOf(work.tx, [rawMailId])).get(rawMailId)?.kind === 'message' ? 'pec' : 'email'
    const interactionId = await receive(work, {
      rawMailId,
      channel,
      unit: { id: raw.unit_id, path: raw.unit_path },
      from,
      subject: mail?.subject ?? '',
      text: mail?.text ?? '',
      receivedAt: mail?.received_at ?? raw.received_at,
      caseId: null,
    })
    await joinToInteraction(work.tx, rawMailId, interactionId)
    await settleBy(work, raw, 'interaction')
    await work.journal(mailReceived, { rawMailId, interactionId }, { channel, units: unitsIn(raw.unit_path) })
    return { interactionId }
  })

/** It is no request. It stays where it is, and can be found by who looks for it. @throws Refused 404, 409 */
export const putAside = useCase(async (work, { rawMailId }: { rawMailId: string }): Promise<null> => {
  const raw = await lockExamined(work, rawMailId)
  await settleBy(work, raw, 'aside')
  await work.journal(mailPutAside, { rawMailId }, { channel: 'email', units: unitsIn(raw.unit_path) })
  return null
})

async function lockExamined(work: Work, rawMailId: string) {
  const raw = await readRawMail(work.tx, rawMailId, true)
  if (!raw || !can(work.actor, 'mails.work', raw.unit_path)) throw notFound('mail')
  if (raw.state !== 'examine') throw new Refused('channels.examinedMeanwhile', {}, 409)
  return raw
}

const settleBy = (work: Work, { id, reason, detail }: RawMailRow, state: 'interaction' | 'aside') =>
  settleRawMail(work.tx, id, { state, reason, detail, at: work.now, by: nameOfActor(work.actor) })
