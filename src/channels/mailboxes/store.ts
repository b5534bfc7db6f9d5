/** SQL of mailboxes, and of who reads each. */
import { type Generated, type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { Db } from '../../platform/index.ts'
import type { MailboxSecurity } from './model.ts'

interface MailboxTable {
  id: string
  address: string
  unit_id: string
  unit_path: string
  kind: 'ordinary' | 'pec'
  host: string
  port: number
  security: MailboxSecurity
  user_name: string
  secret: Buffer
  folder: string
  afterwards: 'mark' | 'move' | 'delete'
  move_to: string | null
  signature: string
  enabled: boolean
  created_at: Date
  version: Generated<number>
}

interface MailboxStateTable {
  mailbox_id: string
  held_by: string | null
  held_until: Date | null
  state: Generated<'waiting' | 'listening' | 'trouble'>
  reason: string | null
  problem: string | null
  since: Date | null
  looked_at: Date | null
  last_mail_at: Date | null
  uid_validity: number | null
  waiting: Generated<number>
  compared_at: Date | null
  compared_count: Generated<number>
  missed_count: Generated<number>
}

declare module '../../platform/index.ts' {
  interface Tables {
    mailbox: MailboxTable
    mailbox_state: MailboxStateTable
  }
}

export type MailboxRow = Selectable<MailboxTable>
export type MailboxStateRow = Selectable<MailboxStateTable>

/** Bytes come back as a Buffer from PostgreSQL and as an Uint8Array from the embedded database. */
const read = (row: MailboxRow): MailboxRow => ({ ...row, secret: Buffer.from(row.secret) })

/** Index: mailbox_pkey. */
export async function readMailbox(db: Db, id: string, lock = false): Promise<MailboxRow | undefined> {
  const query = db.selectFrom('mailbox').selectAll().where('id', '=', id)
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst()
  return row && read(row)
}

/** A page of mailboxes by address. There are hundreds at most. Index: mailbox_address_key. */
export async function mailboxPage(db: Db, after: string | undefined, limit: number): Promise<MailboxRow[]> {
  const query = db.selectFrom('mailbox').selectAll().orderBy('address').limit(limit)
  return (await (after === undefined ? query : query.where('address', '>', after)).execute()).map(read)
}

export async function enabledMailboxes(db: Db): Promise<MailboxRow[]> {
  return (await db.selectFrom('mailbox').selectAll().where('enabled', '=', true).orderBy('id').execute()).map(read)
}

/** Inserts a mailbox with its state, unless the address has one. Returns whether it was inserted. */
export async function insertMailbox(db: Db, row: Insertable<MailboxTable>): Promise<boolean> {
  const inserted = await db
    .insertInto('mailbox')
    .values(row)
    .onConflict(conflict => conflict.column('address').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (inserted) await db.insertInto('mailbox_state').values({ mailbox_id: row.id }).execute()
  return inserted !== undefined
}

export const updateMailbox = (db: Db, id: string, change: Updateable<MailboxTable>): Promise<unknown> =>
  db
    .updateTable('mailbox')
    .set(eb => ({ ...change, version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .execute()

/** Whether another mailbox has an address. Index: mailbox_address_key. */
export const mailboxOfAddress = (db: Db, address: string): Promise<{ id: string } | undefined> =>
  db.selectFrom('mailbox').select('id').where('address', '=', address).executeTakeFirst()

/** Which of some addresses are mailboxes of ours. Index: mailbox_address_key. */
export async function ownAddresses(db: Db, addresses: readonly string[]): Promise<string[]> {
  if (addresses.length === 0) return []
  const rows = await db
    .selectFrom('mailbox')
    .select('address')
    .where('address', 'in', [...addresses])
    .execute()
  return rows.map(row => row.address)
}

/** How many enabled mailboxes of a kind of use a unit has. */
export async function hasEnabledMailbox(db: Db, unitId: string): Promise<boolean> {
  const row = await db
    .selectFrom('mailbox')
    .select('id')
    .where('unit_id', '=', unitId)
    .where('enabled', '=', true)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

// --- who reads it ---------------------------------------------------------------------------------------------------

/**
 * Takes a mailbox in hand, or keeps it: whoever had it before has not said so for long enough. Returns whether it is ours until `until`.
 * Two who both believe to have it do no harm: what each has fetched is kept once (raw_mail_mailbox_id_sha256_key).
 */
export async function holdMailbox(db: Db, mailboxId: string, holder: string, now: Date, until: Date): Promise<boolean> {
  const { rows } = await sql`
    update mailbox_state set held_by = ${holder}, held_until = ${until}
    where  mailbox_id = ${mailboxId} and (held_by is null or held_by = ${holder} or held_until <= ${now})
    returning mailbox_id`.execute(db)
  return rows.length > 0
}

/** Gives back what a process has in hand, so that another one need not wait. */
export const letGoOfMailboxes = (db: Db, holder: string): Promise<unknown> =>
  db.updateTable('mailbox_state').set({ held_by: null, held_until: null }).where('held_by', '=', holder).execute()

/** When a mailbox was last compared with its server. Index: mailbox_state_pkey. */
export async function comparedAt(db: Db, mailboxId: string): Promise<Date | null> {
  const row = await db.selectFrom('mailbox_state').select('compared_at').where('mailbox_id', '=', mailboxId).executeTakeFirst()
  return row?.compared_at ?? null
}

export const writeMailboxState = (db: Db, mailboxId: string, change: Updateable<MailboxStateTable>): Promise<unknown> =>
  db.updateTable('mailbox_state').set(change).where('mailbox_id', '=', mailboxId).execute()

export interface MailboxStanding extends MailboxStateRow {
  unread: number
  to_examine: number
}

/** States of mailboxes, with what waits here. Counted up to a bound. Indexes: raw_mail_to_read, raw_mail_to_examine. */
export async function mailboxStandings(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, MailboxStanding>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<MailboxStanding>`
    select state.*,
           (select count(*)::int from (select 1 from raw_mail where state = 'fetched' and mailbox_id = state.mailbox_id limit ${countedUpTo}) counted) as unread,
           (select count(*)::int from (select 1 from raw_mail where state = 'examine' and mailbox_id = state.mailbox_id limit ${countedUpTo}) counted) as to_examine
    from   mailbox_state state
    where  mailbox_id = any(${[...ids]}::uuid[])`.execute(db)
  return new Map(rows.map(row => [row.mailbox_id, row]))
}
const countedUpTo = 1_000

/** The mailbox by whose signature a unit answers what was passed on to it. */
export const mailboxOfUnit = (db: Db, unitId: string): Promise<Pick<MailboxRow, 'signature'> | undefined> =>
  db
    .selectFrom('mailbox')
    .select('signature')
    .where('unit_id', '=', unitId)
    .orderBy('enabled', 'desc')
    .orderBy('address')
    .limit(1)
    .executeTakeFirst()

/** Units that have a mailbox. There are hundreds at most. */
export async function unitsWithMailbox(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('mailbox').select('unit_id').distinct().execute()
  return rows.map(row => row.unit_id)
}
