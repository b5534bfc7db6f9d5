/** SQL of the members of sections, and of those who could be taken into one. */
import '../tables.ts'
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/index.ts'
import type { MemberFacts } from '../model.ts'
import type { SectionMemberRow, StaffReserveRow } from '../tables.ts'

const columns = sql`id, section_id, section_path, person_id, name, provenance, origin, to_char(since, 'YYYY-MM-DD') as since,
                    to_char(until, 'YYYY-MM-DD') as until, share, reason, version, changed_at, changed_by_name`

/** More than a region has. */
const maxMembers = 2_000

/** The members of the sections at and under a path who are there on a day or later. Index: section_member_by_territory. */
export async function membershipsUnder(db: Db, path: string, day: string): Promise<SectionMemberRow[]> {
  const { rows } = await sql<SectionMemberRow>`
    select ${columns} from section_member
    where  starts_with(section_path, ${path}) and section_path >= ${path} and (until is null or until >= ${day}::date)
    order  by section_path, name, id
    limit  ${maxMembers}`.execute(db)
  return rows
}

/** What somebody has in any section, beside one membership. Index: section_member_of_person. */
export async function membershipsOf(db: Db, personId: string, besideId: string): Promise<SectionMemberRow[]> {
  const { rows } = await sql<SectionMemberRow>`
    select ${columns} from section_member where person_id = ${personId} and id <> ${besideId} limit ${maxMembers}`.execute(db)
  return rows
}

/** One membership, kept for the transaction. */
export async function lockMember(tx: Tx, id: string): Promise<SectionMemberRow | undefined> {
  const { rows } = await sql<SectionMemberRow>`select ${columns} from section_member where id = ${id} for update`.execute(tx)
  return rows[0]
}

/** Index: section_member_pkey. */
export async function readMember(db: Db, id: string): Promise<SectionMemberRow | undefined> {
  const { rows } = await sql<SectionMemberRow>`select ${columns} from section_member where id = ${id}`.execute(db)
  return rows[0]
}

/** Whoever changes what somebody does waits here, and then sees what was changed. */
export const lockMemberships = (tx: Tx, personId: string): Promise<unknown> =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`section member ${personId}`}, 0))`.execute(tx)

/** Writes a membership as it is from now on, and its version. */
export async function putMember(tx: Tx, row: SectionMemberRow): Promise<void> {
  const { id, ...set } = row
  await tx
    .insertInto('section_member')
    .values(row)
    .onConflict(conflict => conflict.column('id').doUpdateSet(set))
    .execute()
  await sql`
    insert into section_member_version (member_id, version, facts, by_name, at)
    values (${id}, ${row.version}, ${JSON.stringify(memberFactsOf(row))}::jsonb, ${row.changed_by_name}, ${row.changed_at})`.execute(
    tx,
  )
}

export const memberFactsOf = ({ provenance, origin, since, until, share, reason }: SectionMemberRow): MemberFacts => ({
  ...{ provenance, origin, since, until, share, reason },
})

const maxVersions = 100

/** The versions of a membership, the newest first. Index: section_member_version_pkey. */
export async function versionsOf(
  db: Db,
  memberId: string,
): Promise<{ version: number; facts: MemberFacts; by_name: string; at: Date }[]> {
  const { rows } = await sql<{ version: number; facts: MemberFacts; by_name: string; at: Date }>`
    select version, facts, by_name, at from section_member_version
    where member_id = ${memberId} order by version desc limit ${maxVersions}`.execute(db)
  return rows
}

// --- the reserve ----------------------------------------------------------------------------------------------------

/** A region has so many in reserve at most. */
export const maxReserve = 200

/** Those of the region of a directorate who could be taken into a section. Index: staff_reserve_of_region. */
export const reserveOf = (db: Db, unitId: string): Promise<StaffReserveRow[]> =>
  db
    .selectFrom('staff_reserve')
    .selectAll()
    .where('unit_id', '=', unitId)
    .orderBy('name')
    .orderBy('id')
    .limit(maxReserve)
    .execute()

export async function insertReserve(tx: Tx, row: StaffReserveRow): Promise<void> {
  await tx.insertInto('staff_reserve').values(row).execute()
}

/** Takes somebody out of the reserve. Returns who it was; undefined when nobody. */
export const deleteReserve = (tx: Tx, id: string, unitId: string): Promise<StaffReserveRow | undefined> =>
  tx.deleteFrom('staff_reserve').where('id', '=', id).where('unit_id', '=', unitId).returningAll().executeTakeFirst()
