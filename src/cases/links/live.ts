/**
 * What happens to a case that was joined into another is told live on the page of the other as well, which shows it as its own; so is a link, on both of its
 * sides. To whoever may see that other case: the entry itself names the units that it was written for.
 */
import { type Db, type Entry, isOneOf, payloadOf, unitsIn } from '../../platform/index.ts'
import { caseJoined, caseLinked, caseLinkUndone, caseSplit } from '../events.ts'
import { survivorsOf, unitsOfCases } from './store.ts'

const links = [caseLinked, caseJoined, caseSplit, caseLinkUndone] as const

/** Some entries once more, for each other case on whose page what they tell is shown. */
export async function toldElsewhere(db: Db, entries: readonly Entry[]): Promise<Entry[]> {
  const survivors = await survivorsOf(
    db,
    entries.flatMap(({ subjects }) => subjects.case ?? []),
  )
  const elsewhere = entries.flatMap(entry => {
    const own = entry.subjects.case
    if (own === undefined) return []
    const cases = new Set([survivors.get(own), otherSideOf(entry)])
    return [...cases].flatMap(caseId => (caseId === undefined || caseId === own ? [] : [{ entry, caseId }]))
  })
  const units = await unitsOfCases(
    db,
    elsewhere.map(each => each.caseId),
  )
  return elsewhere.map(({ entry, caseId }) => ({
    ...entry,
    subjects: { case: caseId, contact: entry.subjects.contact, units: unitsIn(...(units.get(caseId) ?? [])) },
  }))
}

function otherSideOf(entry: Entry): string | undefined {
  if (!isOneOf(entry, links)) return undefined
  for (const type of links) {
    const link = payloadOf(type, entry)
    if (link) return link.otherId
  }
  return undefined
}
