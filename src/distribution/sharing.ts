/**
 * How a section of the second level shares out its written work: from a pool in which the members choose, or offered to them one by one.
 *
 * Whoever puts written work into a queue asks first whether the section shares it out, and whoever changes that waits for those who have
 * asked: so no ticket falls between the two.
 */
import { membersOfUnits, rolesWhich } from '../identity/index.ts'
import { unitsOf } from '../organisation/index.ts'
import { changedMeanwhile, changesOf, type Db, dayAt, lastEntry, type Tx, unitsIn, type Work } from '../platform/index.ts'
import { absentAmong } from './absences/store.ts'
import { sectionSharingSet } from './events.ts'
import type { WrittenSection } from './leader/centre.ts'
import { defaultSharing, Sharing } from './model.ts'
import { lockSharing, readSharing, saveSharing, shareSharing, versionOfSharing } from './store.ts'

/** The roles whose holders in the section itself take its written work. */
const sharingRoles = rolesWhich('work.receive')

/** The sections that share their written work out, with their members of now who are not away. */
export async function writtenSections(db: Db, at: Date): Promise<WrittenSection[]> {
  const distributed = [...(await readSharing(db))].filter(([, { mode }]) => mode === 'distributed')
  if (distributed.length === 0) return []
  const units = new Map((await unitsOf(db, { ids: distributed.map(([id]) => id) })).map(unit => [unit.id, unit]))
  const paths = [...units.values()].map(unit => unit.path)
  const members = await membersOfUnits(db, { paths, roles: sharingRoles })
  const ids = members.map(member => member.id)
  const absent = new Map<string, ReadonlyMap<string, string>>()
  for (const timeZone of new Set([...units.values()].map(unit => unit.timeZone)))
    absent.set(timeZone, await absentAmong(db, ids, dayAt(timeZone, at.getTime())))
  return distributed.flatMap(([id, sharing]) => {
    const unit = units.get(id)
    if (unit === undefined) return []
    const isAway = (id: string) => absent.get(unit.timeZone)?.has(id) ?? false
    const own = members.filter(member => member.unitId === id && !isAway(member.id)).map(member => member.id)
    return [{ id, medium: 'ticket' as const, name: unit.name, path: unit.path, sharing, members: [...new Set(own)].sort() }]
  })
}

export async function sharingOf(db: Db, sectionId: string): Promise<Sharing> {
  return (await readSharing(db, sectionId)).get(sectionId) ?? defaultSharing
}

/** Whether the section shares its written work out. Holds until the end of the transaction. */
export async function isDistributed(tx: Tx, sectionId: string): Promise<boolean> {
  await shareSharing(tx, sectionId)
  return (await sharingOf(tx, sectionId)).mode === 'distributed'
}

/**
 * Says how the section shares out its written work. In the caller's transaction, which then puts into the queue what waits, or takes out of it
 * what stands there. Returns what held before.
 * @param version on which the change was made; undefined where whatever stands there is meant
 * @throws Refused 412 when somebody has changed it since, ZodError for a wrong value
 */
export async function setSharing(
  work: Work,
  { id: sectionId, path }: { id: string; path: string },
  given: Sharing,
  version?: number,
): Promise<Sharing> {
  const { mode, capacity, offerMinutes } = Sharing.parse(given)
  const after = { mode, capacity, offerMinutes }
  await lockSharing(work.tx, sectionId)
  const before = await sharingOf(work.tx, sectionId)
  const standing = await versionOfSharing(work.tx, sectionId)
  if (version !== undefined && version !== standing)
    throw changedMeanwhile(
      { version: standing, ...before },
      await lastEntry(work.tx, [sectionSharingSet], { payload: ['sectionId', sectionId] }, work.now),
    )
  await saveSharing(work.tx, sectionId, { ...after, version: standing + 1 })
  await work.journal(sectionSharingSet, { sectionId, ...after, changes: changesOf(before, after) }, { units: unitsIn(path) })
  return before
}
