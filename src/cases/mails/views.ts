/** What is seen of mails of citizens. */
import { z } from 'zod'
import {
  attachmentsOf,
  filesOfMail,
  filesWaiting,
  lastMailAbout,
  mailHtml,
  readIncomingMail,
  registeredEnvelope,
  troubleOfAddress,
  unitSender,
  viewOfFile,
} from '../../channels/index.ts'
import { typologyOf } from '../../classification/index.ts'
import { contactsOf, oneHistory } from '../../contacts/index.ts'
import { writtenOffer } from '../../distribution/index.ts'
import { can, pathReached } from '../../identity/capabilities.ts'
import {
  type Actor,
  actingPerson,
  type Db,
  decodeCursor,
  type House,
  type Language,
  notFound,
  type PersonActor,
  pageOf,
  permissionOf,
  sentence,
} from '../../platform/index.ts'
import { takeBackMs } from '../answer-mail.ts'
import { repeatView } from '../interactions/views.ts'
import { levelsOfConversations } from '../levels.ts'
import { isRequestCode } from '../request-code.ts'
import { repeatsOf } from '../results/store.ts'
import { scopeOf } from '../service.ts'
import { caseByCode, openCases, readCase } from '../store.ts'
import type { FilledTemplate } from '../templates/model.ts'
import { filledTemplates } from '../templates/service.ts'
import { openCaseLines } from '../views.ts'
import type { MailView } from './choices.ts'
import { standingOf } from './mails.ts'
import type { IncomingMail, MailLine, MailOffer } from './model.ts'
import { mayAnswerMail, mayReadMail, mayTakeMail } from './policy.ts'
import { type MailRowOfList, mailPage, passingsOf, readMailInteraction } from './store.ts'

const Cursor = z.tuple([z.iso.datetime(), z.uuid()])

/** One page of mails: what waits with the oldest first, what is done with the newest first. */
export async function mailList(
  house: House,
  actor: Actor,
  query: { view: MailView; cursor?: string | undefined; limit: number },
): Promise<{ items: MailLine[]; next: string | null }> {
  const person = actingPerson(actor)
  const db = house.database.kysely
  const rows = await mailPage(db, {
    under: pathReached(person, 'mails.work'),
    view: query.view,
    personId: person.personId,
    after: decodeCursor(Cursor, query.cursor),
    limit: query.limit + 1,
  })
  const { items, next } = pageOf(rows, query.limit, row => [row.opened_at.toISOString(), row.id])
  return { items: await linesOf(db, items), next }
}

async function linesOf(db: Db, rows: readonly MailRowOfList[]): Promise<MailLine[]> {
  const contacts = await contactsOf(
    db,
    rows.flatMap(row => row.contact_id ?? []),
  )
  const levels = await levelsOfConversations(
    db,
    rows.map(row => row.id),
  )
  return rows.map(row => ({
    id: row.id,
    channel: row.channel === 'pec' ? 'pec' : 'email',
    from: { name: row.from_name, address: row.from_address },
    subject: row.subject,
    excerpt: row.excerpt.replace(/\s+/g, ' '),
    contact:
      row.contact_id === null
        ? null
        : {
            ...{ id: row.contact_id, name: contacts.get(row.contact_id)?.name ?? '' },
            level: levels.get(row.id) ?? 'none',
          },
    code: row.code,
    mailbox: row.mailbox,
    holder: row.operator_id === null ? null : { id: row.operator_id, name: row.operator_name ?? '' },
    attachments: row.attachments,
    receivedAt: row.opened_at.toISOString(),
    state: row.state,
  }))
}

/** The mail that is offered to the reader now. */
export async function mailOffer(house: House, actor: PersonActor): Promise<MailOffer | null> {
  const db = house.database.kysely
  const offered = await writtenOffer(db, actor.personId)
  if (offered?.offer == null || offered.until === null) return null
  const row = await readMailInteraction(db, offered.work)
  const [mail] = row === undefined ? [] : await linesOf(db, [row])
  return mail ? { mail, offer: offered.offer, until: offered.until.toISOString() } : null
}

async function readable(db: Db, actor: Actor, interactionId: string): Promise<MailRowOfList> {
  const row = await readMailInteraction(db, interactionId)
  if (!row || !mayReadMail(actor, { unitPath: row.operator_path })) throw notFound('mail')
  return row
}

/** A mail as the reader may see it. @throws Refused 404 */
export async function mailView(house: House, actor: Actor, interactionId: string, language: Language): Promise<IncomingMail> {
  const db = house.database.kysely
  const row = await readable(db, actor, interactionId)
  const [line] = await linesOf(db, [row])
  const mail = await readIncomingMail(db, row.raw_mail_id)
  if (!line || !mail) throw notFound('mail')
  const files = await attachmentsOf(db, row.raw_mail_id)
  const sender = await unitSender(db, house.config, row.raw_mail_id, row.section_id)
  const passings = await passingsOf(db, interactionId)
  const trouble = await troubleOfAddress(db, sender.replyTo, new Date(house.clock.now()))
  const typology = row.typology_id === null ? undefined : await typologyOf(db, row.typology_id)
  const standing = standingOf(row)
  return {
    ...line,
    rawMailId: row.raw_mail_id,
    to: mail.to_addresses,
    cc: mail.cc_addresses,
    text: mail.text,
    quoted: mail.quoted,
    hasHtml: mail.html !== null,
    files: files.map(file => ({
      id: file.id,
      name: file.name,
      type: file.type,
      sizeBytes: file.size_bytes,
      scan: file.scan,
      isExpectedType: file.type === file.declared_type || file.declared_type === 'application/octet-stream',
    })),
    matchedBy: mail.matched_by,
    caseId: row.case_id,
    typologyId: row.typology_id,
    typology: typology?.label ?? null,
    proposed: row.case_id === null ? await proposedFor(db, actor, row.contact_id, mail.proposed_code) : [],
    open: await openFor(house, actor, row),
    repeats: repeatView((await repeatsOf(db, [row], house.config.SECOND_CONTACT_DAYS)).get(row.id)),
    addressTrouble: trouble ? sentence(language, `channels.addressTrouble.${trouble.reason}`) : null,
    answer: await answerOf(house, actor, row),
    registered: await registeredEnvelope(db, row.raw_mail_id),
    signature: sender.signature,
    others: sender.others,
    answerFiles: (await filesWaiting(db, interactionId)).map(viewOfFile),
    passings: passings.map(each => ({
      ...{ fromUnit: each.from_unit_name, toUnit: each.to_unit_name, note: each.note, by: each.by_name },
      at: each.at.toISOString(),
    })),
    may: {
      take: permissionOf(mayTakeMail(actor, standing), language),
      giveBack: permissionOf(mayAnswerMail(actor, standing), language),
      answer: permissionOf(mayAnswerMail(actor, standing), language),
    },
    version: row.version,
  }
}

/** What is open for who wrote, as far as the reader sees it. */
async function openFor(house: House, actor: Actor, row: MailRowOfList): Promise<IncomingMail['open']> {
  if (row.contact_id === null || !can(actor, 'matters.see')) return []
  const db = house.database.kysely
  const own = row.case_id === null ? undefined : await readCase(db, row.case_id, scopeOf(actor))
  if (row.case_id !== null && own === undefined) return []
  const cases = own ? [own] : await openCases(db, await oneHistory(db, actor, row.contact_id), scopeOf(actor))
  return openCaseLines(db, cases, new Date(house.clock.now()))
}

/** Cases that a mail may belong to and the reader may see: that of a number in the subject, then what is open for its contact, the newest first. */
async function proposedFor(
  db: Db,
  actor: Actor,
  contactId: string | null,
  code: string | null,
): Promise<IncomingMail['proposed']> {
  if (!can(actor, 'matters.see')) return []
  const scope = scopeOf(actor)
  const named = code !== null && isRequestCode(code) ? await caseByCode(db, code, scope) : undefined
  const open = contactId === null ? [] : await openCases(db, await oneHistory(db, actor, contactId), scope)
  const rows = [...(named ? [named] : []), ...open.filter(row => row.id !== named?.id)].slice(0, maxProposed)
  const contacts = await contactsOf(
    db,
    rows.map(row => row.contact_id),
  )
  return rows.map(row => ({
    ...{ caseId: row.id, code: row.code, title: row.title, status: row.status },
    contact: contacts.get(row.contact_id)?.name ?? '',
    openedAt: row.opened_at.toISOString(),
    reason: row.id === named?.id ? 'number' : 'same-person',
  }))
}

const maxProposed = 6

async function answerOf(house: House, actor: Actor, row: MailRowOfList): Promise<IncomingMail['answer']> {
  if (row.answer === null || row.case_id === null) return null
  const mail = await lastMailAbout(house.database.kysely, row.case_id, row.id)
  if (!mail) return null
  const until = new Date(mail.queued_at.getTime() + takeBackMs)
  const isMine = actor.kind === 'person' && actor.personId === row.operator_id
  const mayWithdraw = isMine && mail.state === 'queued' && (until.getTime() > house.clock.now() || mail.last_problem !== null)
  const state = mail.state === 'queued' ? 'waiting' : mail.state === 'sending' ? 'leaving' : mail.state
  const files = (await filesOfMail(house.database.kysely, mail.id)).map(viewOfFile)
  const mayWithdrawUntil = mayWithdraw ? until.toISOString() : null
  return { text: row.answer, state, mayWithdrawUntil, copies: mail.cc_addresses, files }
}

/** The mail as a page of its own, for a frame without rights. @throws Refused 404 */
export async function mailPageHtml(house: House, actor: Actor, interactionId: string): Promise<string> {
  const row = await readable(house.database.kysely, actor, interactionId)
  return mailHtml(house.database.kysely, row.raw_mail_id)
}

/** Who may read an interaction's mail reads its raw form and its attachments. @throws Refused 404 */
export async function rawMailOf(house: House, actor: Actor, interactionId: string): Promise<string> {
  return (await readable(house.database.kysely, actor, interactionId)).raw_mail_id
}

/** The templates for an answer to a mail, filled as far as it is known what goes into them. @throws Refused 404 */
export async function templatesForMail(
  house: House,
  actor: PersonActor,
  { interactionId, typologyId }: { interactionId: string; typologyId: string | null },
): Promise<{ items: FilledTemplate[] }> {
  const db = house.database.kysely
  const row = await readable(db, actor, interactionId)
  const sender = await unitSender(db, house.config, row.raw_mail_id, row.section_id)
  const contact = row.contact_id === null ? undefined : (await contactsOf(db, [row.contact_id])).get(row.contact_id)
  const about = typologyId ?? row.typology_id
  const facts = {
    citizen: contact?.name ?? row.from_name,
    code: row.code,
    typology: about === null ? null : ((await typologyOf(db, about))?.label ?? null),
    ...{ unit: sender.unitName, operator: actor.name, subject: row.subject },
  }
  return { items: await filledTemplates(house, { unitPath: row.operator_path, typologyId: about, facts }) }
}
