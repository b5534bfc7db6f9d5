/**
 * What could not be sent: of each mail why, in a sentence, and when it is tried next; sent again, to another address where it has to be, or taken back by
 * whoever may. A mail that was given up stays here until something has become of it.
 */
import { z } from 'zod'
import { can, pathReached } from '../../identity/capabilities.ts'
import {
  type Actor,
  actingPerson,
  type Db,
  decodeCursor,
  type House,
  Instant,
  type Language,
  must,
  notFound,
  Permission,
  type PersonActor,
  pageOf,
  permissionOf,
  sentence,
  Uuid,
} from '../../platform/index.ts'
import { ReplyKind } from '../model.ts'
import { type MailRow, readMail } from '../store.ts'
import { waitingMail } from '../waiting.ts'
import type { MailOwner, OwnerOf, UnsentRights } from './owners.ts'
import { unsentPage } from './unsent-store.ts'

export const UnsentMail = z
  .object({
    id: Uuid,
    channel: ReplyKind,
    to: z.object({ name: z.string(), address: z.string() }),
    subject: z.string(),
    excerpt: z.string(),
    about: z.enum(['ticket', 'mail', 'appointment']),
    subjectId: Uuid.nullable().describe('the ticket, the mail or the appointment that it is about'),
    state: z.enum(['waiting', 'leaving', 'failed']).describe('`failed`: it is not tried any more'),
    why: z.string(),
    detail: z.string().nullable().describe('in the words of the server'),
    nextAt: Instant.nullable(),
    attempts: z.number().int(),
    queuedAt: Instant,
    may: z.object({ sendAgain: Permission, withdraw: Permission }),
  })
  .meta({ id: 'UnsentMail' })
export type UnsentMail = z.infer<typeof UnsentMail>

export const SendAgain = z.object({ address: z.email().max(254).describe('the one that it has, or another') })
export type SendAgain = z.infer<typeof SendAgain>

const Cursor = z.tuple([z.iso.datetime(), z.uuid()])
const excerptLength = 200

/** The unit whose mails somebody looks after, with those of all units under it. */
function unitOfReader(actor: PersonActor): string {
  const path = pathReached(actor, 'mails.work')
  return path.split('/').filter(Boolean).at(-1) ?? ''
}

/** One page of what could not be sent, newest first. What is not the reader's to see is left out. */
export async function unsentList(
  house: House,
  actor: Actor,
  query: { cursor?: string | undefined; limit: number },
  { ownerOf, language }: { ownerOf: OwnerOf; language: Language },
): Promise<{ items: UnsentMail[]; next: string | null }> {
  const db = house.database.kysely
  const rows = await unsentPage(db, {
    unitId: unitOfReader(actingPerson(actor)),
    after: decodeCursor(Cursor, query.cursor),
    limit: query.limit + 1,
  })
  const { items, next } = pageOf(rows, query.limit, row => [row.queued_at.toISOString(), row.id])
  const rights = await rightsTo(db, actor, items, ownerOf)
  const views: UnsentMail[] = []
  for (const row of items) {
    const owner = ownerOf(row.purpose)
    const may = rights.get(row.id)
    const waits = waitingMail(house, row, language)
    if (!owner || !may || !waits) continue
    views.push({
      ...{ id: row.id, channel: row.channel, to: { name: row.to_name, address: row.to_address }, subject: row.subject },
      excerpt: row.body.slice(0, excerptLength).toWellFormed().replace(/\s+/g, ' '),
      about: owner.about,
      subjectId: may.about ?? row.subject_id,
      state: waits.state,
      why: waits.why ?? sentence(language, 'channels.why.refused'),
      detail: row.last_problem,
      nextAt: waits.nextAt,
      attempts: waits.attempts,
      queuedAt: row.queued_at.toISOString(),
      may: { sendAgain: permissionOf(may.sendAgain, language), withdraw: permissionOf(may.withdraw, language) },
    })
  }
  return { items: views, next }
}

/** What the reader may do with some mails: each owner is asked once about all of its own. */
async function rightsTo(
  db: Db,
  actor: Actor,
  mails: readonly MailRow[],
  ownerOf: OwnerOf,
): Promise<ReadonlyMap<string, UnsentRights>> {
  const found = new Map<string, UnsentRights>()
  for (const [owner, own] of Map.groupBy(mails, mail => ownerOf(mail.purpose)))
    if (owner) for (const [mailId, may] of await owner.may(db, actor, own)) found.set(mailId, may)
  return found
}

/** Sends a mail again, at once. @throws Refused 404 for what is not the actor's to see, 403 for the rights, 409 when it has left */
export async function sendUnsentAgain(
  house: House,
  actor: Actor,
  { mailId, address }: SendAgain & { mailId: string },
  ownerOf: OwnerOf,
): Promise<void> {
  const { mail, owner, may } = await ownedMail(house.database.kysely, actor, mailId, ownerOf)
  must(may.sendAgain)
  await owner.sendAgain(house, actor, mail, address)
}

/** Takes back a mail that did not leave. @throws Refused as `sendUnsentAgain` */
export async function withdrawUnsent(house: House, actor: Actor, mailId: string, ownerOf: OwnerOf): Promise<void> {
  const { mail, owner, may } = await ownedMail(house.database.kysely, actor, mailId, ownerOf)
  must(may.withdraw)
  await owner.withdraw(house, actor, mail)
}

async function ownedMail(db: Db, actor: Actor, mailId: string, ownerOf: OwnerOf): Promise<OwnedMail> {
  const mail = can(actor, 'mails.work') ? await readMail(db, mailId) : undefined
  const owner = mail && ownerOf(mail.purpose)
  const isOfUnit = mail?.unit_ids.includes(unitOfReader(actingPerson(actor))) ?? false
  const may = mail && owner && isOfUnit ? (await owner.may(db, actor, [mail])).get(mail.id) : undefined
  if (!mail || !owner || !may) throw notFound('mail')
  return { mail, owner, may }
}

interface OwnedMail {
  mail: MailRow
  owner: MailOwner
  may: UnsentRights
}
