/** SQL of the number plan. Each list names its index. */
import './tables.ts'
import { sql } from 'kysely'
import type { Db } from '../platform/index.ts'
import type { NumberMode, OfficeOfNumber } from './model.ts'
import { chunks, insertBatchSize, startsWith } from './store.ts'

/**
 * The office of a dialled number, and what was done with its calls at an instant. Undefined for a number that is not in the plan.
 * Indexes: office_number_pkey, number_change_in_force, unit_pkey.
 */
export async function officeOfNumber(db: Db, e164: string, at: Date): Promise<OfficeOfNumber | undefined> {
  const { rows } = await sql<OfficeOfNumber>`
    /* organisation.office-of-number */
    select n.number, n.unit_id as "unitId", unit.name as "unitName", unit.path as "unitPath", unit.province_code as "provinceCode",
           unit.region_code as "regionCode", unit.municipality_code as "municipalityCode", unit.time_zone as "timeZone", ${modeAt(at)} as mode, n.office_number as "officeNumber", n.fallback
    from   office_number n join unit on unit.id = n.unit_id
    where  n.number = ${e164}`.execute(db)
  return rows[0]
}

/**
 * Where the callers of each number go while nothing of ours can answer: its fallback, else the office itself. For the switch, which must know
 * it beforehand.
 */
export const fallbackNumbers = (db: Db): Promise<{ number: string; fallback: string }[]> =>
  db
    .selectFrom('office_number')
    .select(['number', eb => eb.fn.coalesce('fallback', 'office_number').as('fallback')])
    .orderBy('number')
    .execute()

/** What is in force for the number `n.number` at an instant; a number that was never changed is direct. */
const modeAt = (at: Date) => sql<NumberMode>`coalesce((
  select mode from number_change c
  where  c.number = n.number and c.cancelled_at is null and c.from_at <= ${at}
  order  by c.from_at desc limit 1), 'direct')`

/** How many numbers of each region are channelled at an instant, and how many still ring their office. */
export async function countNumbers(
  db: Db,
  at: Date,
): Promise<{ regionCode: string | null; direct: number; channelled: number }[]> {
  const { rows } = await sql<{ regionCode: string | null; direct: number; channelled: number }>`
    select region_code as "regionCode",
           (count(*) filter (where mode = 'direct'))::int     as direct,
           (count(*) filter (where mode = 'channelled'))::int as channelled
    from   (select unit.region_code, ${modeAt(at)} as mode from office_number n join unit on unit.id = n.unit_id) plan
    group  by region_code
    order  by region_code`.execute(db)
  return rows
}

/** The same of each province, with those that are direct and will be channelled. */
export async function countByProvince(
  db: Db,
  at: Date,
): Promise<{ code: string; channelled: number; direct: number; planned: number }[]> {
  const { rows } = await sql<{ code: string; channelled: number; direct: number; planned: number }>`
    select province_code as code,
           (count(*) filter (where mode = 'channelled'))::int         as channelled,
           (count(*) filter (where mode = 'direct'))::int             as direct,
           (count(*) filter (where mode = 'direct' and planned))::int as planned
    from   (select unit.province_code, ${modeAt(at)} as mode,
                   exists (select 1 from number_change c
                           where  c.number = n.number and c.cancelled_at is null and c.mode = 'channelled' and c.from_at > ${at}) as planned
            from   office_number n join unit on unit.id = n.unit_id
            where  unit.province_code is not null) plan
    group  by province_code
    order  by province_code`.execute(db)
  return rows
}

/** A number of the plan with its office, and what is done with its calls at an instant. */
export interface NumberInForce {
  number: string
  mode: NumberMode
  unitId: string
  unitName: string
  unitPath: string
  /** How large the office is: the kind of the agency, or of the unit where it is none. */
  officeKind: string
  regionCode: string | null
}

/** The whole number plan as it is in force at an instant, along the tree. Indexes: number_change_in_force, unit_pkey. */
export async function numbersInForce(db: Db, at: Date): Promise<NumberInForce[]> {
  const { rows } = await sql<NumberInForce>`
    select n.number, ${modeAt(at)} as mode, n.unit_id as "unitId", unit.name as "unitName", n.unit_path as "unitPath",
           coalesce(unit.agency_kind, unit.kind) as "officeKind", unit.region_code as "regionCode"
    from   office_number n join unit on unit.id = n.unit_id
    order  by n.unit_path, n.number`.execute(db)
  return rows
}

/** Where the office of each number lies, of those that lie in a province. Indexes: office_number_pkey, unit_pkey. */
export async function provincesOfNumbers(
  db: Db,
  numbers: readonly string[],
): Promise<{ number: string; provinceCode: string; unitPath: string }[]> {
  const { rows } = await sql<{ number: string; provinceCode: string; unitPath: string }>`
    select n.number, unit.province_code as "provinceCode", unit.path as "unitPath"
    from   office_number n join unit on unit.id = n.unit_id
    where  n.number = any(${[...numbers]}::text[]) and unit.province_code is not null`.execute(db)
  return rows
}

/** A number of each mode at an instant, of those that have it for longest. Indexes: number_change_in_force, unit_pkey. */
export async function exampleNumbers(db: Db, at: Date): Promise<{ number: string; mode: NumberMode; unitName: string }[]> {
  const { rows } = await sql<{ number: string; mode: NumberMode; unitName: string }>`
    select distinct on (mode) number, mode, "unitName"
    from   (select n.number, ${modeAt(at)} as mode, unit.name as "unitName",
                   (select min(from_at) from number_change c where c.number = n.number and c.cancelled_at is null) as since
            from   office_number n join unit on unit.id = n.unit_id) plan
    order  by mode, since nulls first, number`.execute(db)
  return rows
}

/** The instants after `from`, and not after `to`, at which any number changes its mode, in order. */
export async function numberChangesBetween(db: Db, from: Date, to: Date): Promise<Date[]> {
  const rows = await db
    .selectFrom('number_change')
    .select('from_at')
    .distinct()
    .where('cancelled_at', 'is', null)
    .where('from_at', '>', from)
    .where('from_at', '<=', to)
    .orderBy('from_at')
    .execute()
  return rows.map(row => row.from_at)
}

export interface NumberRow {
  number: string
  unitId: string
  unitName: string
  unitPath: string
  provinceCode: string | null
  regionCode: string | null
  mode: NumberMode
  since: Date | null
  nextId: string | null
  nextMode: NumberMode | null
  nextFrom: Date | null
  officeNumber: string
  fallback: string | null
  version: number
}

export interface NumberFilter {
  /** The path of a unit: its numbers and those of the units below it. */
  under?: string | undefined
  /** Digits that the number contains, or begins with after its country code. */
  digits?: string | undefined
  mode?: NumberMode | undefined
  /** Whether a change lies ahead. */
  planned?: boolean | undefined
}

const numberColumns = (at: Date) => sql`
  n.number, n.unit_id as "unitId", unit.name as "unitName", n.unit_path as "unitPath", unit.province_code as "provinceCode",
  unit.region_code as "regionCode", coalesce(force.mode, 'direct') as mode, force.from_at as since,
  ahead.id as "nextId", ahead.mode as "nextMode", ahead.from_at as "nextFrom",
  n.office_number as "officeNumber", n.fallback, n.version
  from   office_number n
  join   unit on unit.id = n.unit_id
  left   join lateral (select c.mode, c.from_at from number_change c
                       where  c.number = n.number and c.cancelled_at is null and c.from_at <= ${at}
                       order  by c.from_at desc limit 1) force on true
  left   join lateral (select c.id, c.mode, c.from_at from number_change c
                       where  c.number = n.number and c.cancelled_at is null and c.from_at > ${at}
                       order  by c.from_at limit 1) ahead on true`

/** One number as it is at an instant; `lock` keeps it for the transaction. Indexes: office_number_pkey, number_change_in_force. */
export async function readNumber(db: Db, number: string, at: Date, lock = false): Promise<NumberRow | undefined> {
  const { rows } = await sql<NumberRow>`select ${numberColumns(at)} where n.number = ${number}
    ${lock ? sql`for update of n` : sql``}`.execute(db)
  return rows[0]
}

/** Numbers along the tree of their offices. Indexes: office_number_by_path, number_change_in_force. */
export async function listNumbers(
  db: Db,
  filter: NumberFilter,
  at: Date,
  page: { after?: { path: string; number: string } | undefined; limit: number; lock?: boolean },
): Promise<NumberRow[]> {
  const { after } = page
  const conditions = [
    sql`true`,
    ...(filter.under === undefined ? [] : [startsWith(sql`n.unit_path`, filter.under)]),
    ...(filter.digits === undefined ? [] : [sql`strpos(n.number, ${filter.digits}) > 0`]),
    ...(filter.mode === undefined ? [] : [sql`coalesce(force.mode, 'direct') = ${filter.mode}`]),
    ...(filter.planned === undefined ? [] : [filter.planned ? sql`ahead.id is not null` : sql`ahead.id is null`]),
    ...(after === undefined ? [] : [sql`(n.unit_path, n.number) > (${after.path}, ${after.number})`]),
  ]
  const { rows } = await sql<NumberRow>`
    select ${numberColumns(at)}
    where  ${sql.join(conditions, sql` and `)}
    order  by n.unit_path, n.number
    limit  ${page.limit}
    ${page.lock ? sql`for update of n` : sql``}`.execute(db)
  return rows
}

export interface ChangeRow {
  id: string
  number: string
  mode: NumberMode
  from_at: Date
  reason: string
  decided_by: string | null
  decided_by_name: string
  decided_at: Date
  cancelled_at: Date | null
  cancelled_by_name: string | null
  cancel_reason: string | null
}

/** All that was ever decided about a number, newest decision first. Index: number_change_of_number. */
export const numberChangesOf = (db: Db, number: string): Promise<ChangeRow[]> =>
  db.selectFrom('number_change').selectAll().where('number', '=', number).orderBy('decided_at', 'desc').orderBy('id').execute()

export async function insertNumbers(
  db: Db,
  numbers: readonly { number: string; unitId: string; unitPath: string; officeNumber: string; fallback: string | null }[],
): Promise<void> {
  for (const part of chunks(numbers, insertBatchSize))
    await db
      .insertInto('office_number')
      .values(
        part.map(each => ({
          number: each.number,
          unit_id: each.unitId,
          unit_path: each.unitPath,
          office_number: each.officeNumber,
          fallback: each.fallback,
        })),
      )
      .execute()
}

export async function insertChanges(
  db: Db,
  changes: readonly Omit<ChangeRow, 'cancelled_at' | 'cancelled_by_name' | 'cancel_reason'>[],
): Promise<void> {
  for (const part of chunks(changes, insertBatchSize))
    await db
      .insertInto('number_change')
      .values(part.map(each => ({ ...each, cancelled_at: null, cancelled_by_name: null, cancel_reason: null })))
      .execute()
}

export async function cancelChange(db: Db, id: string, by: { at: Date; name: string; reason: string }): Promise<void> {
  await db
    .updateTable('number_change')
    .set({ cancelled_at: by.at, cancelled_by_name: by.name, cancel_reason: by.reason })
    .where('id', '=', id)
    .execute()
}

export async function bumpNumbers(db: Db, numbers: readonly string[]): Promise<void> {
  for (const part of chunks(numbers, insertBatchSize))
    await db
      .updateTable('office_number')
      .set(eb => ({ version: eb('version', '+', 1) }))
      .where('number', 'in', part)
      .execute()
}

/** The public numbers of a unit. Index: office_number_of_unit. */
export async function numbersOf(db: Db, unitId: string): Promise<string[]> {
  const rows = await db.selectFrom('office_number').select('number').where('unit_id', '=', unitId).orderBy('number').execute()
  return rows.map(row => row.number)
}
