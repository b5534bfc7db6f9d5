/** SQL of the organisation. Each list names its index. */
import './tables.ts'
import { type Kysely, type RawBuilder, type Selectable, sql } from 'kysely'
import type { Tables } from '../platform/index.ts'
import {
  type ContactCentreSection,
  CricSection,
  type NumberMode,
  type OfficeOfNumber,
  type OpeningSpan,
  type Unit,
  type UnitKind,
} from './model.ts'
import { provinceOf } from './municipalities.ts'
import type { UnitTable } from './tables.ts'
import { endOfPrefix, wordsAsked, wordsOf } from './words.ts'

/** A connection or a transaction. */
export type Db = Kysely<Tables>
export type UnitRow = Selectable<UnitTable>

// --- units ----------------------------------------------------------------------------------------------------------

/** Which units are asked for; what is left out does not matter. */
export interface UnitFilter {
  ids?: readonly string[] | undefined
  kind?: UnitKind | undefined
  parentId?: string | undefined
  /** The path of a unit: itself and all below it. */
  under?: string | undefined
  regionCode?: string | undefined
  provinceCode?: string | undefined
}

export const unitFrom = (row: UnitRow): Unit => ({
  id: row.id,
  parentId: row.parent_id,
  kind: row.kind,
  agencyKind: row.agency_kind,
  name: row.name,
  path: row.path,
  regionCode: row.region_code,
  provinceCode: row.province_code,
  municipalityCode: row.municipality_code,
  municipality: row.municipality_code === null ? null : (provinceOf(row.municipality_code)?.name ?? null),
  address: row.address,
  latitude: row.latitude,
  longitude: row.longitude,
  cricSection: row.cric_section,
  spokenName: row.spoken_name,
  timeZone: row.time_zone,
  version: row.version,
})

/** A unit. Undefined when there is none with this identifier. Index: unit_pkey. */
export async function unitOf(db: Db, id: string): Promise<Unit | undefined> {
  const row = await db.selectFrom('unit').selectAll().where('id', '=', id).executeTakeFirst()
  return row && unitFrom(row)
}

/** The unit, kept as it is for the rest of the transaction. */
export async function lockUnit(db: Db, id: string): Promise<Unit | undefined> {
  const row = await db.selectFrom('unit').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return row && unitFrom(row)
}

/**
 * The units that meet a filter, in the order of the tree; children of one unit in their own order.
 * Indexes: unit_pkey (ids), unit_by_parent (parentId), unit_by_kind_and_region (kind), unit_by_path (under).
 */
export async function unitsOf(
  db: Db,
  filter: UnitFilter,
  page: { after?: { position: number; path: string } | undefined; limit?: number | undefined } = {},
): Promise<Unit[]> {
  if (filter.ids?.length === 0) return []
  const { after, limit } = page
  const ordered = filter.parentId !== undefined
  const rows = await db
    .selectFrom('unit')
    .selectAll()
    .$if(filter.ids !== undefined, query => query.where('id', 'in', filter.ids ?? []))
    .$if(filter.kind !== undefined, query => query.where('kind', '=', filter.kind ?? 'agency'))
    .$if(filter.parentId !== undefined, query => query.where('parent_id', '=', filter.parentId ?? ''))
    .$if(filter.regionCode !== undefined, query => query.where('region_code', '=', filter.regionCode ?? ''))
    .$if(filter.provinceCode !== undefined, query => query.where('province_code', '=', filter.provinceCode ?? ''))
    .$if(filter.under !== undefined, query => query.where(startsWith(sql`path`, filter.under ?? '')))
    .$if(after !== undefined, query =>
      query.where(
        ordered
          ? sql<boolean>`(position, path) > (${after?.position ?? 0}, ${after?.path ?? ''})`
          : sql<boolean>`path > ${after?.path ?? ''}`,
      ),
    )
    .$if(ordered, query => query.orderBy('position'))
    .orderBy('path')
    .$if(limit !== undefined, query => query.limit(limit ?? 0))
    .execute()
  return rows.map(unitFrom)
}

/** `like` would need its signs escaped; a range under the collation "C" says the same and uses the index. */
const startsWith = (column: RawBuilder<unknown>, prefix: string): RawBuilder<boolean> =>
  sql<boolean>`(${column} >= ${prefix} and ${column} < ${endOfPrefix(prefix)})`

/** The section of a region's centre for a kind of question; undefined for a kind that no centre has. Index: unit_competent_cric. */
export async function competentCric(
  db: Db,
  { regionCode, cricSection }: { regionCode: string; cricSection: string },
): Promise<Unit | undefined> {
  const section = CricSection.safeParse(cricSection)
  if (!section.success) return undefined
  const row = await db
    .selectFrom('unit')
    .selectAll()
    .where('kind', '=', 'cric-section')
    .where('region_code', '=', regionCode)
    .where('cric_section', '=', section.data)
    .executeTakeFirst()
  return row && unitFrom(row)
}

/** The IT assistance group of a region. Index: unit_competent_gai. */
export async function competentGai(db: Db, { regionCode }: { regionCode: string }): Promise<Unit | undefined> {
  const row = await db
    .selectFrom('unit')
    .selectAll()
    .where('kind', '=', 'gai')
    .where('region_code', '=', regionCode)
    .executeTakeFirst()
  return row && unitFrom(row)
}

/** A unit that a search found, with how well. */
export interface FoundUnit {
  unit: Unit
  score: number
}

/**
 * Units in which every typed word is the beginning of a word of the name, the place or the region; names before places, whole words before
 * beginnings, then by name. Index: unit_word_pkey.
 */
export async function findUnits(
  db: Db,
  q: string,
  limit: number,
  page: { filter?: Omit<UnitFilter, 'ids'>; after?: { score: number; name: string; id: string } | undefined } = {},
): Promise<FoundUnit[]> {
  const asked = wordsAsked(q)
  if (asked.length === 0) return []
  const { filter = {}, after } = page
  const conditions = [
    ...(filter.kind === undefined ? [] : [sql`unit.kind = ${filter.kind}`]),
    ...(filter.parentId === undefined ? [] : [sql`unit.parent_id = ${filter.parentId}`]),
    ...(filter.regionCode === undefined ? [] : [sql`unit.region_code = ${filter.regionCode}`]),
    ...(filter.provinceCode === undefined ? [] : [sql`unit.province_code = ${filter.provinceCode}`]),
    ...(filter.under === undefined ? [] : [startsWith(sql`unit.path`, filter.under)]),
    ...(after === undefined
      ? []
      : [sql`(-found.score, unit.name, unit.id) > (${-after.score}::bigint, ${after.name}, ${after.id})`]),
  ]
  const { rows } = await sql<UnitRow & { score: number }>`
    select unit.*, found.score
    from   (select unit_id, sum(best)::int as score
            from   (select unit_id, asked.prefix, max(2 * weight + case when word = asked.prefix then 1 else 0 end) as best
                    from   unnest(${asked}::text[]) as asked (prefix)
                    join   unit_word on word >= asked.prefix and word < asked.prefix || ${endOfPrefix('')}
                    group  by unit_id, asked.prefix) each_word
            group  by unit_id
            having count(*) = ${asked.length}) found
    join   unit on unit.id = found.unit_id
    ${conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`}
    order  by found.score desc, unit.name, unit.id
    limit  ${limit}`.execute(db)
  return rows.map(row => ({ unit: unitFrom(row), score: row.score }))
}

/** The units that a text finds, best first, at most `limit`. */
export const searchUnits = async (db: Db, q: string, limit: number): Promise<Unit[]> =>
  (await findUnits(db, q, limit)).map(found => found.unit)

/** The sections of the contact centre, in their order. Index: unit_by_kind_and_region. */
export async function contactCentreSections(db: Db): Promise<ContactCentreSection[]> {
  const rows = await db
    .selectFrom('unit')
    .selectAll()
    .where('kind', '=', 'ccm-section')
    .orderBy('position')
    .orderBy('path')
    .execute()
  return rows.map(({ id, name, spoken_name, path, time_zone }) => ({
    id,
    name,
    spokenName: spoken_name ?? { it: name, en: name },
    path,
    timeZone: time_zone,
  }))
}

/** A unit as it is put into an empty organisation. */
export type NewUnit = Omit<Unit, 'municipality' | 'version'> & { position: number }

const rowsAtOnce = 1_000

/** Writes many units, and the words by which they are found. Parents come before their children. */
export async function insertUnits(db: Db, units: readonly NewUnit[]): Promise<void> {
  for (const part of chunks(units, rowsAtOnce)) {
    await db
      .insertInto('unit')
      .values(
        part.map(unit => ({
          id: unit.id,
          parent_id: unit.parentId,
          kind: unit.kind,
          agency_kind: unit.agencyKind,
          name: unit.name,
          path: unit.path,
          position: unit.position,
          region_code: unit.regionCode,
          province_code: unit.provinceCode,
          municipality_code: unit.municipalityCode,
          address: unit.address,
          latitude: unit.latitude,
          longitude: unit.longitude,
          cric_section: unit.cricSection,
          spoken_name: unit.spokenName === null ? null : JSON.stringify(unit.spokenName),
          time_zone: unit.timeZone,
        })),
      )
      .execute()
  }
  for (const part of chunks(units.flatMap(wordRows), 3 * rowsAtOnce)) await db.insertInto('unit_word').values(part).execute()
}

function wordRows(unit: NewUnit): { word: string; unit_id: string; weight: number }[] {
  const place = unit.municipalityCode === null ? undefined : provinceOf(unit.municipalityCode)
  const weighted = [
    { text: unit.name, weight: 3 },
    { text: [place?.name, place?.otherName].filter(Boolean).join(' '), weight: 2 },
    { text: [place?.provinceName, place?.provinceCode, place?.regionName, unit.address].filter(Boolean).join(' '), weight: 1 },
  ]
  const best = new Map<string, number>()
  for (const { text, weight } of weighted) for (const word of wordsOf(text)) if (!best.has(word)) best.set(word, weight)
  return [...best].map(([word, weight]) => ({ word, unit_id: unit.id, weight }))
}

export const chunks = <T>(rows: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(rows.length / size) }, (_, index) => rows.slice(index * size, (index + 1) * size))

export async function bumpUnit(db: Db, id: string): Promise<void> {
  await db
    .updateTable('unit')
    .set(eb => ({ version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .execute()
}

// --- opening hours --------------------------------------------------------------------------------------------------

/** The hours of a unit, or of the nearest unit above it that has some. Index: opening_hours_pkey. */
export async function hoursOf(db: Db, unit: Pick<Unit, 'path'>): Promise<{ unitId: string | null; spans: OpeningSpan[] }> {
  const line = unit.path.split('/').filter(Boolean)
  const rows = await db
    .selectFrom('opening_hours')
    .select(['unit_id', 'weekday', 'opens', 'closes'])
    .where('unit_id', 'in', line.length === 0 ? [''] : line)
    .orderBy('weekday')
    .orderBy('opens')
    .execute()
  const owner = line.reverse().find(id => rows.some(row => row.unit_id === id)) ?? null
  return {
    unitId: owner,
    spans: rows.filter(row => row.unit_id === owner).map(({ weekday, opens, closes }) => ({ weekday, opens, closes })),
  }
}

export async function replaceHours(db: Db, unitId: string, spans: readonly OpeningSpan[]): Promise<void> {
  await db.deleteFrom('opening_hours').where('unit_id', '=', unitId).execute()
  await insertHours(
    db,
    spans.map(span => ({ unitId, ...span })),
  )
}

export async function insertHours(db: Db, hours: readonly ({ unitId: string } & OpeningSpan)[]): Promise<void> {
  for (const part of chunks(hours, 3 * rowsAtOnce))
    await db
      .insertInto('opening_hours')
      .values(part.map(({ unitId, ...span }) => ({ unit_id: unitId, ...span })))
      .execute()
}

// --- the number plan ------------------------------------------------------------------------------------------------

/**
 * The office of a dialled number, and what was done with its calls at an instant. Undefined for a number that is not in the plan.
 * Indexes: office_number_pkey, number_change_in_force, unit_pkey.
 */
export async function officeOfNumber(db: Db, e164: string, at: Date): Promise<OfficeOfNumber | undefined> {
  const { rows } = await sql<OfficeOfNumber>`
    select n.number, n.unit_id as "unitId", unit.name as "unitName", unit.path as "unitPath", unit.province_code as "provinceCode",
           unit.region_code as "regionCode", ${modeAt(at)} as mode, n.office_number as "officeNumber", n.fallback
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
export const changesOf = (db: Db, number: string): Promise<ChangeRow[]> =>
  db.selectFrom('number_change').selectAll().where('number', '=', number).orderBy('decided_at', 'desc').orderBy('id').execute()

export async function insertNumbers(
  db: Db,
  numbers: readonly { number: string; unitId: string; unitPath: string; officeNumber: string; fallback: string | null }[],
): Promise<void> {
  for (const part of chunks(numbers, rowsAtOnce))
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
  for (const part of chunks(changes, rowsAtOnce))
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
  for (const part of chunks(numbers, rowsAtOnce))
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
