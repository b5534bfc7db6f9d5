/** Templates of answers: kept by who answers for a unit, used by whoever works on its mails, or on those of a unit under it. */
import { z } from 'zod'
import { typologyAbove, typologyNames } from '../../classification/index.ts'
import { can, pathReached } from '../../identity/capabilities.ts'
import { unitOf, unitsOf } from '../../organisation/index.ts'
import {
  type Actor,
  actingPerson,
  changedMeanwhile,
  type Db,
  decodeCursor,
  type House,
  type Language,
  nameOfActor,
  notFound,
  pageOf,
  Refused,
  unitsIn,
  useCase,
  type Work,
} from '../../platform/index.ts'
import { answerTemplateKept, answerTemplateRemoved } from '../events.ts'
import { spokenCode } from '../request-code.ts'
import type { AnswerTemplate, AnswerTemplateChange, FilledTemplate, NewAnswerTemplate } from './model.ts'
import {
  type AnswerTemplateRow,
  countTemplates,
  deleteTemplate,
  insertTemplate,
  lockTemplate,
  readTemplate,
  templatePage,
  templatesFor,
  updateTemplate,
} from './store.ts'
import { fillTemplate, letterDay, type TemplateValues, unknownVariables, variableNames } from './variables.ts'

const maxTemplatesOfUnit = 300
const maxOffered = 100

const Cursor = z.tuple([z.string(), z.uuid()])

/** One page of the templates that the reader keeps, by name. */
export async function templateList(
  house: House,
  actor: Actor,
  query: { cursor?: string | undefined; limit: number },
): Promise<{ items: AnswerTemplate[]; next: string | null }> {
  const db = house.database.kysely
  const rows = await templatePage(db, {
    under: pathReached(actingPerson(actor), 'templates.keep'),
    after: decodeCursor(Cursor, query.cursor),
    limit: query.limit + 1,
  })
  const { items, next } = pageOf(rows, query.limit, row => [row.name, row.id])
  return { items: await viewsOf(db, items), next }
}

/** One template. @throws Refused 404, also for one that the actor does not keep */
export async function templateView(house: House, actor: Actor, id: string): Promise<AnswerTemplate> {
  const db = house.database.kysely
  const row = await readTemplate(db, id)
  const [view] = row && can(actor, 'templates.keep', row.unit_path) ? await viewsOf(db, [row]) : []
  if (!view) throw notFound('template')
  return view
}

const fieldsOf = (row: AnswerTemplateRow) => ({
  unitId: row.unit_id,
  typologyId: row.typology_id,
  language: row.language,
  name: row.name,
  body: row.body,
})

async function viewsOf(db: Db, rows: readonly AnswerTemplateRow[]): Promise<AnswerTemplate[]> {
  const units = new Map(
    (await unitsOf(db, { ids: [...new Set(rows.map(row => row.unit_id))] })).map(unit => [unit.id, unit.name]),
  )
  const typologies = await typologyNames(
    db,
    rows.flatMap(row => row.typology_id ?? []),
  )
  return rows.map(row => ({
    id: row.id,
    ...fieldsOf(row),
    unitName: units.get(row.unit_id) ?? '',
    typology: row.typology_id === null ? null : (typologies.get(row.typology_id) ?? row.typology_id),
    changedAt: row.changed_at.toISOString(),
    changedBy: row.changed_by,
    version: row.version,
  }))
}

/** Keeps a new template. @throws Refused 403 for a unit that is not the actor's, 409 when there are too many, 422 */
export const createTemplate = useCase(async (work, input: NewAnswerTemplate): Promise<{ id: string }> => {
  const place = await needPlace(work, input)
  if ((await countTemplates(work.tx, place.path)) >= maxTemplatesOfUnit)
    throw new Refused('cases.template.tooMany', { count: maxTemplatesOfUnit }, 409)
  const id = work.ids()
  await insertTemplate(work.tx, {
    ...{ id, unit_id: place.id, unit_path: place.path, typology_id: input.typologyId, language: input.language },
    ...{ name: input.name, body: input.body, changed_at: work.now, changed_by: nameOfActor(work.actor) },
  })
  await work.journal(answerTemplateKept, { templateId: id, name: input.name }, { units: unitsIn(place.path) })
  return { id }
})

/** Changes a template. @throws Refused 404, 412 when somebody else has changed it since `version`, 422 */
export const changeTemplate = useCase(
  async (
    work,
    { id, version, change }: { id: string; version: number; change: AnswerTemplateChange },
  ): Promise<{ id: string }> => {
    const before = await lockKept(work, id)
    if (before.version !== version) {
      const [current] = await viewsOf(work.tx, [before])
      throw changedMeanwhile({ ...current, version: before.version }, { by: before.changed_by, at: before.changed_at })
    }
    const stored = fieldsOf(before)
    const after = {
      unitId: change.unitId ?? stored.unitId,
      typologyId: change.typologyId === undefined ? stored.typologyId : change.typologyId,
      language: change.language ?? stored.language,
      name: change.name ?? stored.name,
      body: change.body ?? stored.body,
    }
    const place = await needPlace(work, after)
    await updateTemplate(work.tx, id, {
      ...{ unit_id: place.id, unit_path: place.path, typology_id: after.typologyId, language: after.language },
      ...{ name: after.name, body: after.body, changed_at: work.now, changed_by: nameOfActor(work.actor) },
    })
    await work.journal(answerTemplateKept, { templateId: id, name: after.name }, { units: unitsIn(before.unit_path, place.path) })
    return { id }
  },
)

/** Takes a template away; what was written by it stays. @throws Refused 404 */
export const removeTemplate = useCase(async (work, { id }: { id: string }): Promise<null> => {
  const before = await lockKept(work, id)
  await deleteTemplate(work.tx, id)
  await work.journal(answerTemplateRemoved, { templateId: id, name: before.name }, { units: unitsIn(before.unit_path) })
  return null
})

async function lockKept(work: Work, id: string): Promise<AnswerTemplateRow> {
  const row = await lockTemplate(work.tx, id)
  if (!row || !can(work.actor, 'templates.keep', row.unit_path)) throw notFound('template')
  return row
}

/** The unit of a template whose text and typology make sense. */
async function needPlace(
  work: Work,
  { unitId, typologyId, language, body }: Pick<NewAnswerTemplate, 'unitId' | 'typologyId' | 'language' | 'body'>,
): Promise<{ id: string; path: string }> {
  const unit = await unitOf(work.tx, unitId)
  if (!unit) throw new Refused('cases.unitUnknown', { field: 'unitId' }, 422)
  if (!can(work.actor, 'templates.keep', unit.path))
    throw new Refused('cases.template.notYourUnit', { field: 'unitId', unit: unit.name }, 403)
  if (typologyId !== null && (await typologyNames(work.tx, [typologyId])).size === 0)
    throw new Refused('cases.typologyUnknown', { field: 'typologyId' }, 422)
  refuseUnknown(body, language, 'body')
  return unit
}

function refuseUnknown(text: string, language: Language, field: string): void {
  const unknown = unknownVariables(text)
  if (unknown.length === 0) return
  const known = variableNames(language).join(', ')
  throw new Refused(
    'cases.template.unknownVariables',
    { field, unknown: unknown.map(name => `«${name}»`).join(', '), known },
    422,
  )
}

// --- used -----------------------------------------------------------------------------------------------------------

/** What an answer knows of itself. */
export interface AnswerFacts {
  citizen: string
  code: string | null
  typology: string | null
  unit: string
  operator: string
  subject: string
}

/** The templates for an answer of a unit, filled as far as its facts are known. */
export async function filledTemplates(
  house: House,
  { unitPath, typologyId, facts }: { unitPath: string; typologyId: string | null; facts: AnswerFacts },
): Promise<FilledTemplate[]> {
  const db = house.database.kysely
  const typologyIds = typologyId === null ? [] : await typologyAbove(db, typologyId)
  const rows = await templatesFor(db, { unitPaths: pathsAbove(unitPath), typologyIds, limit: maxOffered })
  const now = new Date(house.clock.now())
  return rows.map(row => ({
    ...{ id: row.id, name: row.name, language: row.language, typologyId: row.typology_id },
    text: fillTemplate(row.body, valuesOf(facts, now, row.language, house.config.TIME_ZONE)),
  }))
}

/** `a/b/c/` lies under `a/` and `a/b/`, and is itself the third. */
function pathsAbove(unitPath: string): string[] {
  return [...unitPath.matchAll(/\//g)].map(({ index }) => unitPath.slice(0, index + 1))
}

function valuesOf(facts: AnswerFacts, now: Date, language: Language, timeZone: string): TemplateValues {
  const { citizen, code, typology, unit, operator, subject } = facts
  return {
    ...(citizen === '' ? {} : { citizen }),
    ...(code === null ? {} : { code: spokenCode(code) }),
    ...(typology === null ? {} : { typology }),
    ...{ unit, operator, subject, today: letterDay(now, language, timeZone) },
  }
}

/**
 * An answer as it leaves: what was open until now, such as the code of a case that is opened by it, is filled in.
 * @throws Refused 422 for what nobody can fill in: a citizen never reads braces
 */
export function completedAnswer(answer: string, facts: AnswerFacts, now: Date, language: Language, timeZone: string): string {
  refuseUnknown(answer, language, 'answer')
  return fillTemplate(answer, valuesOf(facts, now, language, timeZone))
}
