/** SQL of units and their hours. Each list names its index. */
import './tables.ts'
import { type RawBuilder, type Selectable, sql } from 'kysely'
import { type Db, endOfPrefix, unitsIn } from '../platform/index.ts'
import { type ContactCentreSection, CricSection, type OpeningSpan, type Unit, type UnitKind } from './model.ts'
import { provinceOf, searchMunicipalities } from './municipalities.ts'
import type { UnitTable } from './tables.ts'
import { wordsAsked, wordsOf } from './words.ts'

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
  /** Only units to which, or to a unit below, a number belongs. */
  withNumbers?: boolean | undefined
  /** Only units that lie between parallels and meridians, in degrees. */
  box?: { south: number; north: number; west: number; east: number } | undefined
}

/** Where a unit stands in the lists. Index: unit_pkey. */
export const positionOfUnit = (db: Db, id: string): Promise<{ position: number; path: string } | undefined> =>
  db.selectFrom('unit').select(['position', 'path']).where('id', '=', id).executeTakeFirst()

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

const hasNumbers = sql<boolean>`exists (select from office_number
                                        where  office_number.unit_path >= unit.path
                                        and    office_number.unit_path <  unit.path || ${endOfPrefix('')})`

const nowhere = { south: 1, north: 0, west: 1, east: 0 }

const liesIn = ({ south, north, west, east }: typeof nowhere) =>
  sql<boolean>`unit.latitude between ${south} and ${north} and unit.longitude between ${west} and ${east}`

/**
 * The units that meet a filter, in the order of the tree; children of one unit in their own order.
 * Indexes: unit_pkey (ids), unit_by_parent (parentId), unit_by_kind_and_region (kind), unit_by_path (under), agency_by_latitude (agencies of a box).
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
    .$if(filter.withNumbers === true, query => query.where(hasNumbers))
    .$if(filter.box !== undefined, query => query.where(liesIn(filter.box ?? nowhere)))
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
export const startsWith = (column: RawBuilder<unknown>, prefix: string): RawBuilder<boolean> =>
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

/** Towns of one name. */
const maxNamesakes = 4
/** What it is worth that a unit is in the very town that was typed: more than a word that stands in its name. */
const ofTheTown = 8
/** What it is worth that a unit is called as was typed, and nothing more: whoever types the whole name means it. */
const ofThatName = 100

/** A unit that a search found, with how well. */
export interface FoundUnit {
  unit: Unit
  score: number
}

/**
 * Units in which every typed word is the beginning of a word of the name, the place or the region; those of the town that is called so first
 * (Trento before Tione di Trento), names before places, whole words before beginnings, then by name. Index: unit_word_pkey.
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
  const named = searchMunicipalities(q, maxNamesakes).filter(each => wordsAsked(each.name).join(' ') === asked.join(' '))
  const score = sql`(found.score + case when unit.municipality_code = any(${named.map(each => each.code)}::text[]) then ${ofTheTown} else 0 end + case when lower(unit.name) = ${q.trim().toLowerCase()} then ${ofThatName} else 0 end)`
  const conditions = [
    ...(filter.kind === undefined ? [] : [sql`unit.kind = ${filter.kind}`]),
    ...(filter.parentId === undefined ? [] : [sql`unit.parent_id = ${filter.parentId}`]),
    ...(filter.regionCode === undefined ? [] : [sql`unit.region_code = ${filter.regionCode}`]),
    ...(filter.provinceCode === undefined ? [] : [sql`unit.province_code = ${filter.provinceCode}`]),
    ...(filter.under === undefined ? [] : [startsWith(sql`unit.path`, filter.under)]),
    ...(filter.withNumbers ? [hasNumbers] : []),
    ...(after === undefined
      ? []
      : [sql`(-${score}, unit.name, unit.id) > (${-after.score}::bigint, ${after.name}, ${after.id})`]),
  ]
  const { rows } = await sql<UnitRow & { score: number }>`
    select unit.*, ${score} as score
    from   (select unit_id, sum(best)::int as score
            from   (select unit_id, asked.prefix, max(2 * weight + case when word = asked.prefix then 1 else 0 end) as best
                    from   unnest(${asked}::text[]) as asked (prefix)
                    join   unit_word on word >= asked.prefix and word < asked.prefix || ${endOfPrefix('')}
                    group  by unit_id, asked.prefix) each_word
            group  by unit_id
            having count(*) = ${asked.length}) found
    join   unit on unit.id = found.unit_id
    ${conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`}
    order  by ${score} desc, unit.name, unit.id
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

export const insertBatchSize = 1_000

/** Writes many units, and the words by which they are found. Parents come before their children. */
export async function insertUnits(db: Db, units: readonly NewUnit[]): Promise<void> {
  for (const part of chunks(units, insertBatchSize)) {
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
  for (const part of chunks(units.flatMap(wordRows), 3 * insertBatchSize)) await db.insertInto('unit_word').values(part).execute()
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
export async function openingHoursOf(db: Db, unit: Pick<Unit, 'path'>): Promise<{ unitId: string | null; spans: OpeningSpan[] }> {
  const line = unitsIn(unit.path)
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

/** The week that a unit says itself, in order; empty where it says none. Index: opening_hours_pkey. */
export function ownHours(db: Db, unitId: string): Promise<OpeningSpan[]> {
  return db
    .selectFrom('opening_hours')
    .select(['weekday', 'opens', 'closes'])
    .where('unit_id', '=', unitId)
    .orderBy('weekday')
    .orderBy('opens')
    .execute()
}

export async function replaceHours(db: Db, unitId: string, spans: readonly OpeningSpan[]): Promise<void> {
  await db.deleteFrom('opening_hours').where('unit_id', '=', unitId).execute()
  await insertHours(
    db,
    spans.map(span => ({ unitId, ...span })),
  )
}

export async function insertHours(db: Db, hours: readonly ({ unitId: string } & OpeningSpan)[]): Promise<void> {
  for (const part of chunks(hours, 3 * insertBatchSize))
    await db
      .insertInto('opening_hours')
      .values(part.map(({ unitId, ...span }) => ({ unit_id: unitId, ...span })))
      .execute()
}
