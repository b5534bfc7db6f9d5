/** SQL of the outbox. */

import { type Generated, type Insertable, sql, type Updateable } from 'kysely'
import type { Db } from '../platform/index.ts'
import type { ReplyKind } from './model.ts'
import type { FailureReason } from './policy.ts'

export type MailState = 'queued' | 'sending' | 'sent' | 'failed' | 'withdrawn'

export interface MailTable {
  id: string
  channel: Generated<ReplyKind>
  message_id: string
  purpose: string
  subject_id: string | null
  case_id: string | null
  contact_id: string | null
  unit_ids: string[]
  to_address: string
  to_name: string
  /** Others who took part in the conversation, and get a copy. */
  cc_addresses: Generated<string[]>
  from_name: string
  reply_token: string
  subject: string
  body: string
  language: string
  in_reply_to: string | null
  refs: string[]
  automatic: boolean
  calendar_method: 'REQUEST' | 'CANCEL' | null
  calendar: string | null
  state: MailState
  attempts: Generated<number>
  /** When it is due; while it is being sent, when whoever sends it is given up for dead. */
  next_at: Date
  last_problem: string | null
  /** The kind of the last problem, for a sentence. */
  last_reason: FailureReason | null
  queued_at: Date
  sent_at: Date | null
}

declare module '../platform/index.ts' {
  interface Tables {
    mail: MailTable
  }
}

export type MailRow = Omit<MailTable, 'attempts' | 'channel' | 'cc_addresses'> & {
  attempts: number
  channel: ReplyKind
  cc_addresses: string[]
}

/** Mails of a case to one address so far, oldest first: the thread that the next one continues. Index: mail_of_case. */
export const threadOf = async (db: Db, caseId: string, address: string): Promise<string[]> => {
  const rows = await db
    .selectFrom('mail')
    .select('message_id')
    .where('case_id', '=', caseId)
    .where('to_address', '=', address)
    .orderBy('queued_at')
    .limit(50)
    .execute()
  return rows.map(row => row.message_id)
}

/** Mails that are due, or whose sender died. Index: mail_due (next_at, id). */
export async function dueMails(db: Db, channels: readonly ReplyKind[], now: Date, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from mail where state in ('queued', 'sending') and next_at <= ${now}
    and channel = any (${[...channels]}::text[]) order by next_at, id limit ${limit}`.execute(db)
  return rows.map(row => row.id)
}

/**
 * Takes a mail in hand until `until`. Undefined when it is not due, another worker has it, or nothing here carries its channel. The row is not locked while the server is
 * spoken to: an open transaction holds back every reader of the journal.
 */
export const takeMail = (
  db: Db,
  id: string,
  channels: readonly ReplyKind[],
  now: Date,
  until: Date,
): Promise<MailRow | undefined> =>
  db
    .updateTable('mail')
    .set(eb => ({ state: 'sending', next_at: until, attempts: eb('attempts', '+', 1) }))
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'sending'])
    .where('next_at', '<=', now)
    .where('channel', 'in', channels)
    .returningAll()
    .executeTakeFirst()

/** When a mail that waits is due. Index: mail_pkey. */
export async function mailDueAt(db: Db, id: string): Promise<Date | undefined> {
  const row = await db.selectFrom('mail').select('next_at').where('id', '=', id).where('state', '=', 'queued').executeTakeFirst()
  return row?.next_at
}

/** Why a mail could not be delivered; null when it was, or is still on its way. */
export async function mailProblem(db: Db, id: string): Promise<string | null> {
  const row = await db.selectFrom('mail').select(['state', 'last_problem']).where('id', '=', id).executeTakeFirst()
  return row?.state === 'failed' ? row.last_problem : null
}

/** Where mails stand, by identifier. Index: mail_pkey. */
export async function mailStates(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, MailState>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('mail').select(['id', 'state']).where('id', 'in', ids).execute()
  return new Map(rows.map(row => [row.id, row.state]))
}

/** Index: mail_pkey. */
export const readMail = (db: Db, id: string): Promise<MailRow | undefined> =>
  db.selectFrom('mail').selectAll().where('id', '=', id).executeTakeFirst()

/** The last mail about a thing of a case, such as an appointment. Index: mail_of_case. */
export const lastMailAbout = (db: Db, caseId: string, subjectId: string): Promise<MailRow | undefined> =>
  db
    .selectFrom('mail')
    .selectAll()
    .where('case_id', '=', caseId)
    .where('subject_id', '=', subjectId)
    .orderBy('queued_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()

/** What is wrong with a mail: it is delayed, or was given up; null while it simply leaves, and once it has. */
export function troubleOf({ state, last_problem }: Pick<MailRow, 'state' | 'last_problem'>): 'waiting' | 'failed' | null {
  if (state === 'failed') return 'failed'
  return last_problem !== null && (state === 'queued' || state === 'sending') ? 'waiting' : null
}

/** A mail that is delayed or was not delivered, by the thing that it is about; of several about one thing the last counts. Index: mail_of_case. */
export async function troubledMails(
  db: Db,
  caseIds: readonly string[],
  subjectIds: readonly string[],
): Promise<ReadonlyMap<string, 'waiting' | 'failed'>> {
  if (subjectIds.length === 0) return new Map()
  const { rows } = await sql<Pick<MailRow, 'state' | 'last_problem'> & { subject_id: string }>`
    select   distinct on (subject_id) subject_id, state, last_problem
    from     mail
    where    case_id = any(${[...caseIds]}::uuid[]) and subject_id = any(${[...subjectIds]}::uuid[])
    order by subject_id, queued_at desc, id desc`.execute(db)
  return new Map(
    rows.flatMap(row => {
      const trouble = troubleOf(row)
      return trouble === null ? [] : [[row.subject_id, trouble]]
    }),
  )
}

/**
 * Takes hold of a mail that waits, or stands in one of some states, for the transaction. Undefined when it has left or is leaving: whoever sends it is not waited for, since
 * they may be waiting for us.
 */
export async function holdMail(db: Db, id: string, states: readonly MailState[]): Promise<MailRow | undefined> {
  const { rows } = await sql<MailRow>`
    select * from mail where id = ${id} and state = any(${[...states]}::text[]) for update skip locked`.execute(db)
  return rows[0]
}

export const insertMail = (db: Db, mail: Insertable<MailTable>): Promise<unknown> => db.insertInto('mail').values(mail).execute()

/** Gives a mail another address, to which it is tried from `at` on. `thread` are the mails to that address so far, oldest first. */
export const readdress = (
  db: Db,
  id: string,
  { address, thread, at }: { address: string; thread: readonly string[]; at: Date },
): Promise<unknown> =>
  db
    .updateTable('mail')
    .set({
      ...{ state: 'queued', to_address: address, in_reply_to: thread.at(-1) ?? null, refs: [...thread] },
      ...{ next_at: at, attempts: 0, last_problem: null, last_reason: null },
    })
    .where('id', '=', id)
    .execute()

export const markWithdrawn = (db: Db, id: string): Promise<unknown> =>
  db.updateTable('mail').set({ state: 'withdrawn' }).where('id', '=', id).execute()

/** Writes down how an attempt ended. Returns false when somebody took this worker for dead and sent the mail again: what they write down counts. */
export async function writeAttempt(
  db: Db,
  { id, attempts }: Pick<MailRow, 'id' | 'attempts'>,
  outcome: Updateable<MailTable>,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('mail')
    .set(outcome)
    .where('id', '=', id)
    .where('state', '=', 'sending')
    .where('attempts', '=', attempts)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** The mails about a thing go to another case with it. Returns which. Index: mail_of_case. */
export async function moveMailsAbout(
  tx: Db,
  { subjectId, from, to }: { subjectId: string; from: string; to: string },
): Promise<string[]> {
  const rows = await tx
    .updateTable('mail')
    .set({ case_id: to })
    .where('case_id', '=', from)
    .where('subject_id', '=', subjectId)
    .returning('id')
    .execute()
  return rows.map(row => row.id)
}
