/** SQL of activities of prevention: their rows, what was done about them, and their materials. */
import './tables.ts'
import { type Insertable, sql, type Updateable } from 'kysely'
import { Bug, type Db } from '../platform/index.ts'
import type { ActivityKind } from './model.ts'
import type { ActivityRow, ActivityStepRow, ActivityTable, MaterialRow } from './tables.ts'

const columns = sql`
  id, number, kind, title, aim, state, state_before, unit_id, unit_name, unit_path, region_code, typology_ids, addressee_ids, people, place,
  to_char(first_day, 'YYYY-MM-DD') as first_day, to_char(last_day, 'YYYY-MM-DD') as last_day, participants, assessment, outcome, reason,
  changed_at, changed_by_name, version, coalesce(first_day, 'infinity')::text as place_in_list`

/** An activity in a list. */
export type ListedActivity = ActivityRow & { place_in_list: string }

/** Words are looked for among so many, in the order of the list. */
const maxSearched = 2_000

export interface WantedActivities {
  isOver: boolean
  words: readonly string[]
  kind: ActivityKind | undefined
  regionCode: string | undefined
  addresseeId: string | undefined
  after: readonly [string, string] | undefined
  limit: number
}

/** One page: what is ahead by day, without a day last; what is over the other way round. Indexes: prevention_open, prevention_closed. */
export async function activityPage(db: Db, wanted: WantedActivities): Promise<ListedActivity[]> {
  const { isOver, words, kind, regionCode, addresseeId, after, limit } = wanted
  const patterns = words.map(word => `%${word.replace(/[\\%_]/g, '\\$&')}%`)
  const day = sql`coalesce(first_day, 'infinity')`
  const [way, states] = isOver
    ? [sql`desc`, sql`state in ('done', 'refused', 'cancelled')`]
    : [sql`asc`, sql`state in ('asked', 'assessed', 'planned')`]
  const isFiltered = words.length > 0 || kind !== undefined || regionCode !== undefined || addresseeId !== undefined
  const { rows } = await sql<ListedActivity>`
    select   ${columns}
    from     (select * from prevention_activity
              where  ${states}
                     ${after === undefined ? sql`` : sql`and (${day}, id) ${isOver ? sql`<` : sql`>`} (${after[0]}::date, ${after[1]}::uuid)`}
              order by ${day} ${way}, id ${way}
              limit  ${isFiltered ? maxSearched : limit}) activity
    where    concat_ws(' ', '#' || number, title, aim, place, unit_name, outcome) ilike all (${patterns}::text[])
             ${kind === undefined ? sql`` : sql`and kind = ${kind}`}
             ${regionCode === undefined ? sql`` : sql`and region_code = ${regionCode}`}
             ${addresseeId === undefined ? sql`` : sql`and ${addresseeId}::uuid = any(addressee_ids)`}
    order by ${day} ${way}, id ${way}
    limit    ${limit}`.execute(db)
  return rows
}

/** Index: prevention_activity_pkey. */
export async function readActivity(db: Db, id: string, { lock = false } = {}): Promise<ActivityRow | undefined> {
  const { rows } = await sql<ActivityRow>`
    select ${columns} from prevention_activity where id = ${id} ${lock ? sql`for update` : sql``}`.execute(db)
  return rows[0]
}

/** Returns its number. */
export async function insertActivity(db: Db, row: Insertable<ActivityTable>): Promise<number> {
  const kept = await db.insertInto('prevention_activity').values(row).returning('number').executeTakeFirst()
  if (!kept) throw new Bug('An activity that was written has a number.')
  return kept.number
}

export const updateActivity = (db: Db, id: string, change: Updateable<ActivityTable>): Promise<unknown> =>
  db
    .updateTable('prevention_activity')
    .set(eb => ({ ...change, version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .execute()

// --- what was done ----------------------------------------------------------------------------------------------------

export const insertActivityStep = (db: Db, step: ActivityStepRow): Promise<unknown> =>
  db.insertInto('prevention_step').values(step).execute()

/** One page of what was done about an activity, newest first. Index: prevention_step_of_activity. */
export async function activityStepPage(
  db: Db,
  { activityId, after, limit }: { activityId: string; after: readonly [string, string] | undefined; limit: number },
): Promise<ActivityStepRow[]> {
  const { rows } = await sql<ActivityStepRow>`
    select   * from prevention_step
    where    activity_id = ${activityId}
             ${after === undefined ? sql`` : sql`and (at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`}
    order by at desc, id desc
    limit    ${limit}`.execute(db)
  return rows
}

// --- materials --------------------------------------------------------------------------------------------------------

/** The materials of an activity, also what was taken away; bounded when they are added. Index: prevention_file_of_activity. */
export async function materialsOf(db: Db, activityId: string): Promise<MaterialRow[]> {
  const rows = await db
    .selectFrom('prevention_file')
    .selectAll()
    .where('activity_id', '=', activityId)
    .orderBy('added_at')
    .orderBy('id')
    .execute()
  return rows.map(row => ({ ...row, size_bytes: Number(row.size_bytes) }))
}

export const insertMaterial = (db: Db, row: MaterialRow): Promise<unknown> =>
  db.insertInto('prevention_file').values(row).execute()

/** Takes a material away, or puts it back where `at` is null. */
export const markMaterialRemoved = (db: Db, id: string, at: Date | null): Promise<unknown> =>
  db.updateTable('prevention_file').set({ removed_at: at }).where('id', '=', id).execute()

// --- the effect -------------------------------------------------------------------------------------------------------

/**
 * Matters of some typologies that became a ticket, by the day on which they began, in a region (null: the whole country) and elsewhere. Bounded by the span
 * of time. Indexes: case_of_typology_by_age, ticket_case_id_key.
 */
export async function ticketsByDay(
  db: Db,
  asked: { typologyIds: readonly string[]; regionCode: string | null; from: Date; until: Date; timeZone: string },
): Promise<{ day: string; here: number; elsewhere: number }[]> {
  const isHere = sql`(${asked.regionCode}::text is null or ticket.region_code = ${asked.regionCode})`
  const { rows } = await sql<{ day: string; here: number; elsewhere: number }>`
    select to_char("case".opened_at at time zone ${asked.timeZone}, 'YYYY-MM-DD') as day,
           count(*) filter (where ${isHere})::int as here, count(*) filter (where not ${isHere})::int as elsewhere
    from   "case" join ticket on ticket.case_id = "case".id
    where  "case".typology_id = any(${[...asked.typologyIds]}::text[])
           and "case".opened_at >= ${asked.from} and "case".opened_at < ${asked.until}
    group by 1`.execute(db)
  return rows
}
