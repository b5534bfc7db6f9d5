/** SQL of the access log. It is read by keyset, newest first, each time along the index named. */
import './tables.ts'
import { sql } from 'kysely'
import type { Db } from '../platform/index.ts'
import type { LookKind } from './table.ts'
import type { AccessTable } from './tables.ts'

export type AccessRow = AccessTable

/** Writes looks. Whose matter a case, a ticket, an interaction or an appointment is, is looked up here, beside the request. */
export async function insertAccess(db: Db, rows: readonly AccessRow[]): Promise<void> {
  const written = JSON.stringify(rows)
  await sql`
    insert into access (id, at, person_id, person_name, role, unit_id, unit_path, kind, subject_id, contact_id, route, found)
    select look.id, look.at, person_id, person_name, role, unit_id, unit_path, look.kind, subject_id,
           case look.kind
             when 'case'        then (select matter.contact_id from "case" matter where matter.id = subject_id)
             when 'ticket'      then (select matter.contact_id from ticket join "case" matter on matter.id = ticket.case_id where ticket.id = subject_id)
             when 'interaction' then (select interaction.contact_id from interaction where interaction.id = subject_id)
             when 'appointment' then (select appointment.contact_id from appointment where appointment.id = subject_id)
             else look.contact_id
           end,
           route, found
    from   json_to_recordset(${written}::json) as look (
             id uuid, at timestamptz, person_id uuid, person_name text, role text, unit_id text, unit_path text, kind text, subject_id uuid,
             contact_id uuid, route text, found integer)
    on conflict do nothing`.execute(db)
}

export interface AccessWanted {
  personId: string | undefined
  contactId: string | undefined
  kind: LookKind | undefined
  from: Date | undefined
  until: Date | undefined
}

/** Looks, newest first. Indexes: access_to_contact, access_of_person, access_pkey (at, id). */
export async function listAccess(
  db: Db,
  { personId, contactId, kind, from, until }: AccessWanted,
  after: { at: Date; id: string } | undefined,
  limit: number,
): Promise<AccessRow[]> {
  const { rows } = await sql<AccessRow>`
    select *
    from   access
    where  true
    ${personId === undefined ? sql`` : sql`and person_id = ${personId}`}
    ${contactId === undefined ? sql`` : sql`and contact_id = ${contactId}`}
    ${kind === undefined ? sql`` : sql`and kind = ${kind}`}
    ${from === undefined ? sql`` : sql`and at >= ${from}`}
    ${until === undefined ? sql`` : sql`and at < ${until}`}
    ${after ? sql`and (at, id) < (${after.at}, ${after.id}::uuid)` : sql``}
    order  by at desc, id desc
    limit  ${limit}`.execute(db)
  return rows
}

const forgetAtOnce = 5_000

/** Takes away what is older, some at a time, so that nobody waits for it. Index: access_pkey. */
export async function forgetAccess(db: Db, before: Date): Promise<void> {
  for (;;) {
    const { numAffectedRows = 0n } = await sql`
      delete from access where (at, id) in (select at, id from access where at < ${before} order by at limit ${forgetAtOnce})`.execute(
      db,
    )
    if (numAffectedRows < BigInt(forgetAtOnce)) return
  }
}
