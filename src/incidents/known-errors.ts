/** Known errors: what is known to go wrong, and how to work around it. Kept by the IT groups, read by everybody who helps citizens. */
import './tables.ts'
import { z } from 'zod'
import { procedureNames, typologyAbove, typologyNames } from '../classification/index.ts'
import {
  type Actor,
  changedMeanwhile,
  type Db,
  decodeCursor,
  type House,
  type Language,
  must,
  nameOfActor,
  notFound,
  pageOf,
  permissionOf,
  Refused,
  useCase,
  type Work,
  withChange,
} from '../platform/index.ts'
import { knownErrorKept, knownErrorRemoved } from './events.ts'
import {
  deleteKnownError,
  insertKnownError,
  knownErrorPage,
  knownErrorsOf,
  lockKnownError,
  readKnownError,
  updateKnownError,
} from './known-error-store.ts'
import type { KnownError, KnownErrorChange, NewKnownError } from './model.ts'
import { mayLinkTickets } from './policy.ts'
import { noteStep } from './service.ts'
import { readIncident } from './store.ts'
import type { KnownErrorRow } from './tables.ts'

const Cursor = z.tuple([z.string(), z.uuid()])
const maxOfTypology = 10

/** One page of the known errors, by title. */
export async function knownErrorList(
  house: House,
  actor: Actor,
  query: { q?: string | undefined; cursor?: string | undefined; limit: number },
  language: Language,
): Promise<{ items: KnownError[]; next: string | null }> {
  const db = house.database.kysely
  const rows = await knownErrorPage(db, {
    ...{ words: (query.q ?? '').split(/\s+/).filter(Boolean), after: decodeCursor(Cursor, query.cursor) },
    limit: query.limit + 1,
  })
  const { items, next } = pageOf(rows, query.limit, row => [row.title, row.id])
  return { items: await viewsOf(db, actor, items, language), next }
}

/** The known errors of a question: of its typology, or of one above it. */
export async function knownErrorsFor(
  house: House,
  actor: Actor,
  typologyId: string,
  language: Language,
): Promise<{ items: KnownError[] }> {
  const db = house.database.kysely
  const typologyIds = await typologyAbove(db, typologyId)
  return { items: await viewsOf(db, actor, await knownErrorsOf(db, typologyIds, maxOfTypology), language) }
}

/** @throws Refused 404 */
export async function knownErrorView(house: House, actor: Actor, id: string, language: Language): Promise<KnownError> {
  const db = house.database.kysely
  const row = await readKnownError(db, id)
  const [view] = row ? await viewsOf(db, actor, [row], language) : []
  if (!view) throw notFound('knownError')
  return view
}

async function viewsOf(db: Db, actor: Actor, rows: readonly KnownErrorRow[], language: Language): Promise<KnownError[]> {
  const procedures = await procedureNames(
    db,
    rows.flatMap(row => row.procedure_id ?? []),
  )
  const typologies = await typologyNames(
    db,
    rows.flatMap(row => row.typology_id ?? []),
  )
  const change = permissionOf(mayLinkTickets(actor), language)
  return rows.map(row => ({
    id: row.id,
    ...fieldsOf(row),
    procedure: row.procedure_id === null ? null : (procedures.get(row.procedure_id) ?? row.procedure_id),
    typology: row.typology_id === null ? null : (typologies.get(row.typology_id) ?? row.typology_id),
    ...{ incidentId: row.incident_id, changedAt: row.changed_at.toISOString(), changedBy: row.changed_by_name },
    ...{ change, version: row.version },
  }))
}

const fieldsOf = (row: KnownErrorRow) => ({
  title: row.title,
  procedureId: row.procedure_id,
  typologyId: row.typology_id,
  symptom: row.symptom,
  workaround: row.workaround,
})

/** @throws Refused 403, 404 for an incident that is not there, 422 */
export const createKnownError = useCase(async (work, input: NewKnownError): Promise<{ id: string }> => {
  must(mayLinkTickets(work.actor))
  await needPlaces(work, input)
  if (input.incidentId !== null && !(await readIncident(work.tx, input.incidentId, work.now))) throw notFound('incident')
  const id = work.ids()
  await insertKnownError(work.tx, { id, ...columnsOf(input), incident_id: input.incidentId, ...changedNow(work) })
  if (input.incidentId !== null) await noteStep(work, input.incidentId, 'knownError', { title: input.title })
  await work.journal(knownErrorKept, { knownErrorId: id, title: input.title }, {})
  return { id }
})

/** @throws Refused 403, 404, 412 when somebody was quicker, 422 */
export const changeKnownError = useCase(
  async (work, { id, version, change }: { id: string; version: number; change: KnownErrorChange }): Promise<{ id: string }> => {
    must(mayLinkTickets(work.actor))
    const before = await lockKnownError(work.tx, id)
    if (!before) throw notFound('knownError')
    if (before.version !== version)
      throw changedMeanwhile(
        { ...fieldsOf(before), version: before.version },
        { by: before.changed_by_name, at: before.changed_at },
      )
    const after = withChange(fieldsOf(before), change)
    await needPlaces(work, after)
    await updateKnownError(work.tx, id, { ...columnsOf(after), ...changedNow(work) })
    await work.journal(knownErrorKept, { knownErrorId: id, title: after.title }, {})
    return { id }
  },
)

/** @throws Refused 403, 404 */
export const removeKnownError = useCase(async (work, { id }: { id: string }): Promise<null> => {
  must(mayLinkTickets(work.actor))
  const before = await lockKnownError(work.tx, id)
  if (!before) throw notFound('knownError')
  await deleteKnownError(work.tx, id)
  await work.journal(knownErrorRemoved, { knownErrorId: id, title: before.title }, {})
  return null
})

const columnsOf = (input: ReturnType<typeof fieldsOf>) => ({
  title: input.title,
  procedure_id: input.procedureId,
  typology_id: input.typologyId,
  symptom: input.symptom,
  workaround: input.workaround,
})

const changedNow = (work: Work) => ({ changed_at: work.now, changed_by_name: nameOfActor(work.actor) })

async function needPlaces(
  work: Work,
  { procedureId, typologyId }: { procedureId: string | null; typologyId: string | null },
): Promise<void> {
  if (procedureId !== null && !(await procedureNames(work.tx, [procedureId])).has(procedureId))
    throw new Refused('cases.procedureUnknown', { field: 'procedureId' }, 422)
  if (typologyId !== null && !(await typologyNames(work.tx, [typologyId])).has(typologyId))
    throw new Refused('cases.typologyUnknown', { field: 'typologyId' }, 422)
}
