/** What is related to activities, by name. */
import { typologyNames } from '../classification/index.ts'
import type { Db } from '../platform/index.ts'
import { addresseesByIds } from './addressee-store.ts'
import type { ActivityRow } from './tables.ts'

/** Returns the names of all addressees of some activities, by their identifiers. */
export async function addresseeNames(db: Db, rows: readonly ActivityRow[]): Promise<ReadonlyMap<string, string>> {
  const found = await addresseesByIds(
    db,
    rows.flatMap(row => row.addressee_ids),
  )
  return new Map(found.map(({ id, name }) => [id, name]))
}

/** Returns the identifiers with their names; what has none keeps its identifier. */
export const withNames = (ids: readonly string[], names: ReadonlyMap<string, string>): { id: string; name: string }[] =>
  ids.map(id => ({ id, name: names.get(id) ?? id }))

/** Returns what can be changed of an activity, as it is, by the names that are shown. */
export async function shownSettings(db: Db, row: ActivityRow) {
  return {
    ...{ title: row.title, aim: row.aim, regionCode: row.region_code, place: row.place },
    ...{ firstDay: row.first_day, lastDay: row.last_day, participants: row.participants, outcome: row.outcome },
    typologies: withNames(row.typology_ids, await typologyNames(db, row.typology_ids)),
    addressees: withNames(row.addressee_ids, await addresseeNames(db, [row])),
    people: row.people,
  }
}
