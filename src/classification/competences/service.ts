/** Headquarters say which central directorate is competent for what; a ticket that is forwarded goes there unless somebody chooses another. */
import { z } from 'zod'
import { can } from '../../identity/capabilities.ts'
import { unitOf } from '../../organisation/index.ts'
import {
  type Actor,
  allowed,
  changedMeanwhile,
  decodeCursor,
  type House,
  must,
  nameOfActor,
  notFound,
  pageOf,
  Refused,
  refused,
  useCase,
  type Verdict,
} from '../../platform/index.ts'
import { competenceSet } from '../events.ts'
import type { Competence, CompetenceChange, SetCompetence } from './model.ts'
import { type CompetenceRow, competenceChanges, competenceRows, lockTypology, writeCompetence } from './store.ts'

const maySetCompetences = (actor: Actor): Verdict =>
  actor.kind === 'person' && can(actor, 'competences.set') ? allowed : refused('classification.onlyHeadquartersSetsCompetences')

const viewOf = ({ id, labels, directorateId, directorateName, version }: CompetenceRow): Competence => ({
  ...{ typologyId: id, path: labels, version },
  directorate: { id: directorateId, name: directorateName },
})

/** One page of the table, in the order of the tree. @throws Refused 403 */
export async function competencePage(
  house: House,
  actor: Actor,
  query: { q?: string | undefined; directorateId?: string | undefined; cursor?: string | undefined; limit: number },
): Promise<{ items: Competence[]; next: string | null }> {
  must(maySetCompetences(actor))
  const after = decodeCursor(z.tuple([z.string()]), query.cursor)?.[0]
  const { q, directorateId, limit } = query
  const rows = await competenceRows(house.database.kysely, { q, directorateId, after, limit: limit + 1 })
  const { items, next } = pageOf(rows, limit, row => [row.place])
  return { items: items.map(viewOf), next }
}

/**
 * From now on another directorate is competent. Tickets that were forwarded before stay where they are.
 * @throws Refused 403, 404 when there is no such typology, 422 when the unit is no central directorate, 412 when somebody else has changed it
 * since `version`
 */
export const setCompetence = useCase(
  async (
    work,
    { typologyId, directorateId, reason, version }: SetCompetence & { typologyId: string; version: number },
  ): Promise<Competence> => {
    must(maySetCompetences(work.actor))
    await lockTypology(work.tx, typologyId)
    const read = async () => (await competenceRows(work.tx, { id: typologyId, limit: 1 }))[0]
    const before = await read()
    if (!before) throw notFound('typology')
    const unit = await unitOf(work.tx, directorateId)
    if (unit?.kind !== 'central-directorate') throw new Refused('classification.noDirectorate', { field: 'directorateId' }, 422)
    if (before.version !== version) {
      const [last] = await competenceChanges(work.tx, { id: typologyId, limit: 1 })
      throw changedMeanwhile(viewOf(before), last && { by: last.by_name, at: last.at })
    }
    if (before.directorateId === directorateId) return viewOf(before)
    await writeCompetence(work.tx, {
      ...{ typology_id: typologyId, version: version + 1, reason, at: work.now },
      ...{ before_id: before.directorateId, before_name: before.directorateName },
      ...{ after_id: directorateId, after_name: unit.name },
      by_name: nameOfActor(work.actor),
    })
    await work.journal(competenceSet, { typologyId, before: before.directorateId, after: directorateId, reason }, {})
    return viewOf({ ...before, directorateId, directorateName: unit.name, version: version + 1 })
  },
)

/** How the competence for a typology was changed, the newest first. @throws Refused 403 */
export async function competenceHistory(
  house: House,
  actor: Actor,
  query: { typologyId: string; cursor?: string | undefined; limit: number },
): Promise<{ items: CompetenceChange[]; next: string | null }> {
  must(maySetCompetences(actor))
  const before = decodeCursor(z.tuple([z.number().int()]), query.cursor)?.[0]
  const rows = await competenceChanges(house.database.kysely, { id: query.typologyId, before, limit: query.limit + 1 })
  const { items, next } = pageOf(rows, query.limit, row => [row.version])
  return {
    items: items.map(row => ({
      ...{ version: row.version, before: row.before_name, after: row.after_name, reason: row.reason, by: row.by_name },
      at: row.at.toISOString(),
    })),
    next,
  }
}
