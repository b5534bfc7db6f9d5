/** SQL of templates of answers. */
import { type Generated, type Selectable, sql, type Updateable } from 'kysely'
import type { Db, Language } from '../../platform/index.ts'

interface AnswerTemplateTable {
  id: string
  unit_id: string
  unit_path: string
  typology_id: string | null
  language: Language
  name: string
  body: string
  changed_at: Date
  changed_by: string
  version: Generated<number>
}

declare module '../../platform/index.ts' {
  interface Tables {
    answer_template: AnswerTemplateTable
  }
}

export type AnswerTemplateRow = Selectable<AnswerTemplateTable>

export const insertTemplate = (db: Db, row: Omit<AnswerTemplateRow, 'version'>): Promise<unknown> =>
  db.insertInto('answer_template').values(row).execute()

/** Index: answer_template_pkey. */
export const lockTemplate = (db: Db, id: string): Promise<AnswerTemplateRow | undefined> =>
  db.selectFrom('answer_template').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

/** Index: answer_template_pkey. */
export const readTemplate = (db: Db, id: string): Promise<AnswerTemplateRow | undefined> =>
  db.selectFrom('answer_template').selectAll().where('id', '=', id).executeTakeFirst()

export const updateTemplate = (db: Db, id: string, change: Updateable<AnswerTemplateTable>): Promise<unknown> =>
  db
    .updateTable('answer_template')
    .set(eb => ({ ...change, version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .execute()

export const deleteTemplate = (db: Db, id: string): Promise<unknown> =>
  db.deleteFrom('answer_template').where('id', '=', id).execute()

/** How many a unit has. Index: answer_template_of_unit. */
export async function countTemplates(db: Db, unitPath: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from answer_template where unit_path = ${unitPath}`.execute(
    db,
  )
  return rows[0]?.n ?? 0
}

/** Templates of the units under a path, by name. Index: answer_template_of_unit, by the beginning of the path. */
export async function templatePage(
  db: Db,
  { under, after, limit }: { under: string; after: readonly [string, string] | undefined; limit: number },
): Promise<AnswerTemplateRow[]> {
  const [name, id] = after ?? [null, null]
  const { rows } = await sql<AnswerTemplateRow>`
    select   *
    from     answer_template
    where    unit_path ^@ ${under} and (${name}::text is null or (name, id) > (${name}::text, ${id}::uuid))
    order by name, id
    limit    ${limit}`.execute(db)
  return rows
}

/**
 * Templates for an answer: of the unit or one above it, about one of some typologies or any question. What is about something stands before what
 * serves always. Index: answer_template_of_unit.
 */
export async function templatesFor(
  db: Db,
  { unitPaths, typologyIds, limit }: { unitPaths: readonly string[]; typologyIds: readonly string[]; limit: number },
): Promise<AnswerTemplateRow[]> {
  const { rows } = await sql<AnswerTemplateRow>`
    select   *
    from     answer_template
    where    unit_path = any(${[...unitPaths]}::text[])
             and (typology_id is null or typology_id = any(${[...typologyIds]}::text[]))
    order by typology_id is null, name, id
    limit    ${limit}`.execute(db)
  return rows
}
