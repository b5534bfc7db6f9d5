/** How the follower keeps its place in the journal: as text, which nobody but the journal has to understand. */
import { z } from 'zod'
import { beginning, type Database, type Entry, type Position, readJournal } from '../../platform/index.ts'

const Written = z.object({ xid: z.string(), id: z.number().int() })

const positionText = ({ xid, id }: Position): string => JSON.stringify({ xid, id })

const readPosition = (text: string): Position => (text === '' ? beginning : Written.parse(JSON.parse(text)))

/** Up to `limit` entries after a place, and the place after them. Entries may come late, or again: whoever takes them must bear that. */
export async function readOn(
  database: Pick<Database, 'kysely'>,
  place: string,
  limit: number,
): Promise<{ entries: Entry[]; place: string }> {
  const { entries } = await readJournal(database, readPosition(place), undefined, limit)
  const last = entries.at(-1)
  return { entries, place: last === undefined ? place : positionText(last) }
}
