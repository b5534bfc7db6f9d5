/** Sums of half hours: written once, read by everybody. */
import { type Db, type House, positionOfPlace, type ReaderPlace } from '../../platform/index.ts'
import { readOn } from './position.ts'
import { readFollower } from './store.ts'

export { followSums, startSums } from './follow.ts'
export { RebuildUnderWay, rebuildSums } from './rebuild.ts'
export {
  answeredWaitsIn,
  arrivalsIn,
  callsToNumbersIn,
  type DaySpan,
  type EndedAlike,
  endedLately,
  firstHalfHour,
  type NumberOfDay,
  numbersOfDays,
  type SectionHalfHour,
  sectionsOfDays,
} from './store.ts'

/** How old the oldest entry is that the sums have not read, in milliseconds; 0 when they have read all. */
export async function behindMs({ database, clock }: Pick<House, 'database' | 'clock'>): Promise<number> {
  const { position } = await readFollower(database.kysely)
  const { entries } = await readOn(database, position, 1)
  const [oldest] = entries
  return oldest === undefined ? 0 : Math.max(0, clock.now() - oldest.at.getTime())
}

/** Returns how far the sums have read. */
export async function sumsPlaces(db: Db): Promise<ReaderPlace[]> {
  return [{ reader: 'sums', position: positionOfPlace((await readFollower(db)).position) }]
}

/** How many entries the sums have read. */
export const entriesRead = async ({ database }: Pick<House, 'database'>): Promise<number> =>
  (await readFollower(database.kysely)).entries
