/** SQL of mails of citizens: interactions with what was read in the mail. Lists are read by keyset. */
import { type Selectable, sql } from 'kysely'
import type { Db } from '../../platform/index.ts'
import type { InteractionRow } from '../tables.ts'
import type { MailView } from './choices.ts'

export interface MailRowOfList extends InteractionRow {
  raw_mail_id: string
  mailbox: string | null
  from_address: string
  from_name: string
  subject: string
  excerpt: string
  attachments: number
  code: string | null
}

const columns = sql`
  interaction.*, mail.raw_mail_id, mailbox.address as mailbox, mail.from_address, mail.from_name, mail.subject, left(mail.text, 200) as excerpt,
  (select count(*)::int from incoming_attachment attached where attached.raw_mail_id = mail.raw_mail_id) as attachments,
  (select code from "case" where "case".id = interaction.case_id) as code`
const joined = sql`
  join incoming_mail mail on mail.interaction_id = interaction.id
  join mailbox on mailbox.id = mail.mailbox_id`

const conditions = (view: MailView, personId: string) =>
  view === 'waiting'
    ? sql`state = 'open' and operator_id is null`
    : view === 'mine'
      ? sql`state = 'open' and operator_id = ${personId}`
      : view === 'others'
        ? sql`state = 'open' and operator_id <> ${personId}`
        : sql`state <> 'open'`

/**
 * Mails of the units under a path: what is open with the oldest first, what is done with the newest first.
 * Index: interaction_written (operator_path, opened_at, id), of each unit that has a mailbox.
 */
export async function mailPage(
  db: Db,
  {
    under,
    view,
    personId,
    after,
    limit,
  }: { under: string; view: MailView; personId: string; after: readonly [string, string] | undefined; limit: number },
): Promise<MailRowOfList[]> {
  const isDone = view === 'done'
  const order = isDone ? sql`desc` : sql`asc`
  const [at, id] = after ?? []
  const beyond =
    at === undefined
      ? sql`true`
      : isDone
        ? sql`(opened_at, id) < (${at}::timestamptz, ${id}::uuid)`
        : sql`(opened_at, id) > (${at}::timestamptz, ${id}::uuid)`
  const { rows } = await sql<MailRowOfList>`
    select   ${columns}
    from     (select distinct unit_path from mailbox where starts_with(unit_path, ${under})) place
             cross join lateral (
               select * from interaction
               where  operator_path = place.unit_path and channel in ('email', 'pec') and ${conditions(view, personId)} and ${beyond}
               order  by opened_at ${order}, id ${order}
               limit  ${limit}
             ) interaction
             ${joined}
    order by interaction.opened_at ${order}, interaction.id ${order}
    limit    ${limit}`.execute(db)
  return rows
}

/** Index: interaction_pkey. */
export async function readMailInteraction(db: Db, id: string): Promise<MailRowOfList | undefined> {
  const { rows } = await sql<MailRowOfList>`
    select ${columns} from interaction ${joined} where interaction.id = ${id} and channel in ('email', 'pec')`.execute(db)
  return rows[0]
}

/** In whose hands some mails are, by interaction. Index: interaction_pkey. */
export async function mailStandings(
  db: Db,
  ids: readonly string[],
): Promise<Map<string, Pick<InteractionRow, 'id' | 'operator_path' | 'state' | 'operator_id' | 'operator_name'>>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('interaction')
    .select(['id', 'operator_path', 'state', 'operator_id', 'operator_name'])
    .where('id', 'in', [...ids])
    .where('channel', 'in', ['email', 'pec'])
    .execute()
  return new Map(rows.map(row => [row.id, row]))
}

/** Index: interaction_pkey. */
export async function lockMailInteraction(db: Db, id: string): Promise<InteractionRow | undefined> {
  const { rows } = await sql<InteractionRow>`
    select * from interaction where id = ${id} and channel in ('email', 'pec') for update`.execute(db)
  return rows[0]
}

// --- from unit to unit ----------------------------------------------------------------------------------------------

interface MailPassingTable {
  id: string
  interaction_id: string
  from_unit_id: string
  from_unit_name: string
  to_unit_id: string
  to_unit_name: string
  note: string
  by_name: string
  at: Date
}

declare module '../../platform/index.ts' {
  interface Tables {
    mail_passing: MailPassingTable
  }
}

export const insertPassing = (db: Db, row: MailPassingTable): Promise<unknown> =>
  db.insertInto('mail_passing').values(row).execute()

const maxPassingsShown = 20

/** How a mail came to where it is, the last step first. Index: mail_passing_of_mail. */
export const passingsOf = (db: Db, interactionId: string): Promise<Selectable<MailPassingTable>[]> =>
  db
    .selectFrom('mail_passing')
    .selectAll()
    .where('interaction_id', '=', interactionId)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(maxPassingsShown)
    .execute()
