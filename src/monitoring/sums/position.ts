/** How the follower keeps its place in the journal: as text, which nobody but the journal has to understand. */
import { type Database, type Entry, positionOfPlace, positionText, readJournal } from '../../platform/index.ts'

/**
 * Returns up to `limit` entries after a place, and the place after them; the empty place is the beginning. Entries may come late, or again:
 * whoever takes them must bear that.
 */
export async function readOn(
  database: Pick<Database, 'kysely'>,
  place: string,
  limit: number,
): Promise<{ entries: Entry[]; place: string }> {
  const from = positionOfPlace(place)
  const { entries, position } = await readJournal(database, from, undefined, limit)
  return { entries, place: positionText(position) }
}
