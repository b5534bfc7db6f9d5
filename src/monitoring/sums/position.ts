/** How the follower keeps its place in the journal: as text, which nobody but the journal has to understand. */
import {
  Bug,
  beginning,
  type Database,
  type Entry,
  type Position,
  positionText,
  readJournal,
  readPosition,
} from '../../platform/index.ts'

/** Returns the position that a place says. @throws Bug when it says none. */
export function positionOfPlace(place: string): Position {
  const position = place === '' ? beginning : readPosition(place)
  if (position === undefined) throw new Bug(`"${place}" is no place in the journal.`)
  return position
}

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
