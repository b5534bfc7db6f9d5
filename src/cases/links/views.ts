/** Cases that belong together, as a reader may see them, and those that may. */
import { oneHistory } from '../../contacts/index.ts'
import { type Actor, type House, type Language, notFound, permissionOf } from '../../platform/index.ts'
import { mayLinkCases } from '../policy.ts'
import { scopeOf } from '../service.ts'
import { readCase } from '../store.ts'
import type { CaseRow } from '../tables.ts'
import type { CaseLinkView, OtherCase, ProposedCase } from './model.ts'
import { mayUndo } from './policy.ts'
import { sinceLinked } from './service.ts'
import { joinedGroup, linksOfCase, othersOfContacts } from './store.ts'

const maxProposed = 10

const otherView = (row: CaseRow): OtherCase => ({
  ...{ id: row.id, code: row.code, title: row.title, status: row.status },
  openedAt: row.opened_at.toISOString(),
})

/** The links of a case that hold, the newest first. Those with a case that the reader may not see are left out. @throws Refused 404 */
export async function linksView(house: House, actor: Actor, caseId: string, language: Language): Promise<CaseLinkView[]> {
  const db = house.database.kysely
  const scope = scopeOf(actor)
  if (!(await readCase(db, caseId, scope))) throw notFound('case')
  const right = mayLinkCases(actor)
  const views: CaseLinkView[] = []
  for (const link of await linksOfCase(db, caseId)) {
    if (link.undone_at !== null) continue
    const isOurs = link.case_id === caseId
    const other = await readCase(db, isOurs ? link.other_id : link.case_id, scope)
    if (!other) continue
    const verdict = right.allowed ? mayUndo(await sinceLinked(db, link)) : right
    views.push({
      ...{ id: link.id, kind: link.kind, isOurs, other: otherView(other), why: link.why },
      ...{ byName: link.made_by_name, at: link.made_at.toISOString(), undo: permissionOf(verdict, language) },
    })
  }
  return views
}

/**
 * Other cases of the same person that may belong to one: of the same typology first, then those that are open, then the newest. What the reader may not see,
 * and what is linked or joined with it, is left out. @throws Refused 404
 */
export async function proposedCases(house: House, actor: Actor, caseId: string): Promise<ProposedCase[]> {
  const db = house.database.kysely
  const scope = scopeOf(actor)
  const row = await readCase(db, caseId, scope)
  if (!row) throw notFound('case')
  const linked = (await linksOfCase(db, caseId)).filter(link => link.undone_at === null)
  const except = [...(await joinedGroup(db, caseId)).all, ...linked.flatMap(link => [link.case_id, link.other_id])]
  const contactIds = await oneHistory(db, actor, row.contact_id)
  const others = await othersOfContacts(db, scope, { contactIds, except, limit: maxProposed })
  return others
    .map(other => ({
      ...otherView(other),
      reason:
        row.typology_id !== null && other.typology_id === row.typology_id ? ('same-typology' as const) : ('same-person' as const),
    }))
    .sort((one, other) => Number(other.reason === 'same-typology') - Number(one.reason === 'same-typology'))
}
