/** SQL of named lists of tickets. */
import { type ColumnType, sql } from 'kysely'
import type { Db, Tx } from '../../platform/index.ts'

interface SavedTicketListTable {
  id: string
  /** Whose it is; null of a section's. */
  person_id: string | null
  section_id: string | null
  name: string
  wanted: ColumnType<unknown, string | object, string>
  place: number
  is_default: boolean
}

declare module '../../platform/index.ts' {
  interface Tables {
    saved_ticket_list: SavedTicketListTable
  }
}

/** Whose lists. */
export type ListOwner = { personId: string } | { sectionId: string }

export interface SavedTicketListRow {
  id: string
  person_id: string | null
  section_id: string | null
  name: string
  wanted: unknown
  place: number
  is_default: boolean
}

/** Somebody, and a section, keeps so many lists at most. */
export const maxTicketLists = 12

const ofOwner = (owner: ListOwner) =>
  'personId' in owner ? sql<boolean>`person_id = ${owner.personId}` : sql<boolean>`section_id = ${owner.sectionId}`

/** The lists of an owner, in their order. Indexes: saved_ticket_list_of_person, saved_ticket_list_of_section. */
export const ticketListsOf = (db: Db, owner: ListOwner): Promise<SavedTicketListRow[]> =>
  db
    .selectFrom('saved_ticket_list')
    .selectAll()
    .where(ofOwner(owner))
    .orderBy('place')
    .orderBy('id')
    .limit(maxTicketLists)
    .execute()

/** Index: saved_ticket_list_pkey. */
export const readTicketList = (db: Db, id: string): Promise<SavedTicketListRow | undefined> =>
  db.selectFrom('saved_ticket_list').selectAll().where('id', '=', id).executeTakeFirst()

/** Inserts a list. */
export async function insertTicketList(tx: Tx, row: Omit<SavedTicketListRow, 'wanted'> & { wanted: object }): Promise<void> {
  await tx
    .insertInto('saved_ticket_list')
    .values({ ...row, wanted: JSON.stringify(row.wanted) })
    .execute()
}

/** Changes a list. Index: saved_ticket_list_pkey. */
export async function updateTicketList(
  tx: Tx,
  id: string,
  { wanted, ...change }: { name?: string; place?: number; is_default?: boolean; wanted?: object },
): Promise<void> {
  const values = { ...change, ...(wanted === undefined ? {} : { wanted: JSON.stringify(wanted) }) }
  await tx.updateTable('saved_ticket_list').set(values).where('id', '=', id).execute()
}

/** Takes a list away. Index: saved_ticket_list_pkey. */
export async function deleteTicketList(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('saved_ticket_list').where('id', '=', id).execute()
}

/** Whoever changes the lists of the same owner waits here, and then sees what was changed. */
export const lockLists = (tx: Tx, owner: ListOwner): Promise<unknown> =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`ticket lists ${'personId' in owner ? owner.personId : owner.sectionId}`}, 0))`.execute(
    tx,
  )
