/** SQL of absences. Days are read as text: the drivers make a Date of a day, each in its own time zone. */
import { type ColumnType, sql } from 'kysely'
import type { Db, Tx } from '../../platform/index.ts'
import type { AbsenceKind } from './model.ts'

interface AbsenceTable {
  id: string
  person_id: string
  name: string
  from_day: ColumnType<never, string, never>
  until_day: ColumnType<never, string, never>
  kind: AbsenceKind
  entered_by_name: string
  entered_at: Date
}

declare module '../../platform/index.ts' {
  interface Tables {
    absence: AbsenceTable
  }
}

/** An absence as it is read; days are ISO 8601. */
export interface AbsenceRow {
  id: string
  person_id: string
  name: string
  from_day: string
  until_day: string
  kind: AbsenceKind
  entered_by_name: string
  entered_at: Date
}

const columns = sql`id, person_id, name, to_char(from_day, 'YYYY-MM-DD') as from_day, to_char(until_day, 'YYYY-MM-DD') as until_day,
                    kind, entered_by_name, entered_at`

/** Somebody has so many absences ahead at most. */
export const maxAbsences = 50

/** The absences of some people that are not over on a day, the next first. Index: absence_of_person. */
export async function absencesOf(db: Db, personIds: readonly string[], day: string): Promise<AbsenceRow[]> {
  if (personIds.length === 0) return []
  const { rows } = await sql<AbsenceRow>`
    select ${columns} from absence
    where  person_id = any(${[...new Set(personIds)]}::uuid[]) and until_day >= ${day}::date
    order  by from_day, name, id
    limit  500`.execute(db)
  return rows
}

/** Who of some people is away on a day, and until which day. Index: absence_of_person. */
export async function absentAmong(db: Db, personIds: readonly string[], day: string): Promise<Map<string, string>> {
  if (personIds.length === 0) return new Map()
  const { rows } = await sql<{ person_id: string; until_day: string }>`
    select   person_id, to_char(max(until_day), 'YYYY-MM-DD') as until_day from absence
    where    person_id = any(${[...new Set(personIds)]}::uuid[]) and until_day >= ${day}::date and from_day <= ${day}::date
    group by person_id`.execute(db)
  return new Map(rows.map(row => [row.person_id, row.until_day]))
}

/** Absences of a day, after one of them, by identifier: a batch. Index: absence_by_end. */
export async function absencesOn(db: Db, day: string, after: string, limit: number): Promise<AbsenceRow[]> {
  const { rows } = await sql<AbsenceRow>`
    select ${columns} from absence
    where  until_day >= ${day}::date and from_day <= ${day}::date and id > ${after}
    order  by id
    limit  ${limit}`.execute(db)
  return rows
}

/** Whether somebody has an absence that shares a day with a span. Index: absence_of_person. */
export async function hasAbsenceIn(db: Db, personId: string, { from, until }: { from: string; until: string }): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (select from absence
                   where person_id = ${personId} and until_day >= ${from}::date and from_day <= ${until}::date) as found`.execute(
    db,
  )
  return rows[0]?.found ?? false
}

/** Index: absence_pkey. */
export async function readAbsence(db: Db, id: string): Promise<AbsenceRow | undefined> {
  const { rows } = await sql<AbsenceRow>`select ${columns} from absence where id = ${id}`.execute(db)
  return rows[0]
}

/** Inserts an absence. */
export async function insertAbsence(tx: Tx, row: AbsenceRow): Promise<void> {
  await tx.insertInto('absence').values(row).execute()
}

/** Takes an absence away. Index: absence_pkey. */
export async function deleteAbsence(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('absence').where('id', '=', id).execute()
}

const forgetBatchSize = 1_000

/** Takes away absences that ended before a day, some at a time, with the tickets that they gave back. Index: absence_by_end. */
export async function forgetAbsences(db: Db, day: string): Promise<void> {
  for (;;) {
    const { numAffectedRows = 0n } = await sql`
      delete from absence where id in (select id from absence where until_day < ${day}::date order by until_day limit ${forgetBatchSize})`.execute(
      db,
    )
    if (numAffectedRows < BigInt(forgetBatchSize)) return
  }
}

/** Whoever enters absences of the same person waits here, and then sees what was entered. */
export const lockAbsences = (tx: Tx, personId: string): Promise<unknown> =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`absences ${personId}`}, 0))`.execute(tx)
