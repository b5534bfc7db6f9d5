/** SQL of letters about appointments. */
import '../tables.ts'
import { sql } from 'kysely'
import type { Db } from '../../platform/index.ts'
import type { PostLetterRow } from '../tables.ts'
import { countedLetters } from './model.ts'

/** Of the appointment: whose it is. */
export type LetterRow = PostLetterRow & { contact_id: string }

/** What is still to be printed about an appointment is overtaken. Returns its kind; undefined when there is none. Index: appointment_letter_open. */
export async function overtake(db: Db, appointmentId: string): Promise<PostLetterRow['kind'] | undefined> {
  const row = await db
    .updateTable('appointment_letter')
    .set({ state: 'overtaken' })
    .where('appointment_id', '=', appointmentId)
    .where('state', '=', 'open')
    .returning('kind')
    .executeTakeFirst()
  return row?.kind
}

export async function insertLetter(
  db: Db,
  { said, ...row }: Omit<PostLetterRow, 'state' | 'sent_at' | 'sent_by_name' | 'sent_to'>,
): Promise<void> {
  await db
    .insertInto('appointment_letter')
    .values({ ...row, state: 'open', said: JSON.stringify(said) })
    .execute()
}

/** Letters of an office that are to be printed and still of use, the nearest appointment first. Index: appointment_letter_to_print. */
export async function lettersToPrint(
  db: Db,
  { unitId, now }: { unitId: string; now: Date },
  after: { startsAt: Date; id: string } | undefined,
  limit: number,
): Promise<LetterRow[]> {
  const { rows } = await sql<LetterRow>`
    select letter.*, appointment.contact_id
    from   appointment_letter letter join appointment on appointment.id = letter.appointment_id
    where  letter.unit_id = ${unitId} and letter.state = 'open' and letter.starts_at > ${now}
    ${after ? sql`and (letter.starts_at, letter.id) > (${after.startsAt}, ${after.id}::uuid)` : sql``}
    order  by letter.starts_at, letter.id
    limit  ${limit}`.execute(db)
  return rows
}

/** Letters that an office has sent, the latest first. Index: appointment_letter_sent. */
export async function lettersSent(
  db: Db,
  unitId: string,
  before: { sentAt: Date; id: string } | undefined,
  limit: number,
): Promise<LetterRow[]> {
  const { rows } = await sql<LetterRow>`
    select letter.*, appointment.contact_id
    from   appointment_letter letter join appointment on appointment.id = letter.appointment_id
    where  letter.unit_id = ${unitId} and letter.state = 'sent'
    ${before ? sql`and (letter.sent_at, letter.id) < (${before.sentAt}, ${before.id}::uuid)` : sql``}
    order  by letter.sent_at desc, letter.id desc
    limit  ${limit}`.execute(db)
  return rows
}

/** How many letters of an office are to be printed, counted up to `countedLetters`. Index: appointment_letter_to_print. */
export async function countToPrint(db: Db, { unitId, now }: { unitId: string; now: Date }): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (
      select from appointment_letter where unit_id = ${unitId} and state = 'open' and starts_at > ${now} limit ${countedLetters}
    ) counted`.execute(db)
  return rows[0]?.n ?? 0
}

/** Some letters of an office, in the order in which they are asked for; `lock` keeps them for the transaction. Index: appointment_letter_pkey. */
export async function readLetters(db: Db, unitId: string, ids: readonly string[], lock = false): Promise<LetterRow[]> {
  const { rows } = await sql<LetterRow>`
    select letter.*, appointment.contact_id
    from   appointment_letter letter join appointment on appointment.id = letter.appointment_id
    where  letter.id = any(${[...ids]}::uuid[]) and letter.unit_id = ${unitId}
    order  by letter.id
    ${lock ? sql`for update of letter` : sql``}`.execute(db)
  const byId = new Map(rows.map(row => [row.id, row]))
  return ids.flatMap(id => byId.get(id) ?? [])
}

export async function markSent(
  db: Db,
  id: string,
  { at, by, to }: { at: Date; by: string; to: readonly string[] },
): Promise<void> {
  await db
    .updateTable('appointment_letter')
    .set({ state: 'sent', sent_at: at, sent_by_name: by, sent_to: [...to] })
    .where('id', '=', id)
    .execute()
}

/** A letter was not sent after all. Returns false when another one about the appointment is to be printed, or was sent since. Index: appointment_letter_of_appointment. */
export async function takeSentBack(db: Db, { id, appointment_id, written_at }: LetterRow): Promise<boolean> {
  const { rows } = await sql`
    update appointment_letter letter set state = 'open', sent_at = null, sent_by_name = null, sent_to = null
    where  id = ${id}
    and    not exists (select from appointment_letter other
                       where  other.appointment_id = ${appointment_id} and other.id <> ${id}
                       and    (other.state = 'open' or other.written_at > ${written_at}))
    returning id`.execute(db)
  return rows.length > 0
}
