/** SQL of competences. */
import { type Selectable, sql } from 'kysely'
import type { Db } from '../../platform/index.ts'

interface CompetenceChangeTable {
  typology_id: string
  version: number
  before_id: string
  before_name: string
  after_id: string
  after_name: string
  reason: string
  by_name: string
  at: Date
}

declare module '../../platform/index.ts' {
  interface Tables {
    competence_change: CompetenceChangeTable
  }
}

export interface CompetenceRow {
  id: string
  labels: string[]
  place: string
  directorateId: string
  directorateName: string
  version: number
}

interface Wanted {
  id?: string
  /** Part of a label, in whatever case. */
  q?: string | undefined
  directorateId?: string | undefined
  after?: string | undefined
  limit: number
}

/** Leaves that a question can be of, in the order of the tree, with who is competent. The tree has some hundreds. Index: typology_in_order. */
export async function competenceRows(db: Db, { id, q, directorateId, after, limit }: Wanted): Promise<CompetenceRow[]> {
  const conditions = [
    sql`leaf and not it_matter`,
    ...(id === undefined ? [] : [sql`typology.id = ${id}`]),
    ...(q === undefined ? [] : [sql`strpos(lower(array_to_string(labels, ' ')), lower(${q})) > 0`]),
    ...(directorateId === undefined ? [] : [sql`central_directorate_id = ${directorateId}`]),
    ...(after === undefined ? [] : [sql`place > ${after}`]),
  ]
  const { rows } = await sql<CompetenceRow>`
    select   typology.id, labels, place, central_directorate_id as "directorateId", unit.name as "directorateName",
             coalesce((select max(version) from competence_change where typology_id = typology.id), 0) as version
    from     typology join unit on unit.id = central_directorate_id
    where    ${sql.join(conditions, sql` and `)}
    order by place
    limit    ${limit}`.execute(db)
  return rows
}

/** Locks a leaf, so that of two changes at once the second sees the first. Index: typology_pkey. */
export const lockTypology = (db: Db, id: string): Promise<unknown> =>
  db.selectFrom('typology').select('id').where('id', '=', id).forUpdate().execute()

export async function writeCompetence(db: Db, change: CompetenceChangeTable): Promise<void> {
  await db.insertInto('competence_change').values(change).execute()
  await db.updateTable('typology').set({ central_directorate_id: change.after_id }).where('id', '=', change.typology_id).execute()
}

/** Changes of a leaf, the newest first. Index: competence_change_pkey. */
export const competenceChanges = (
  db: Db,
  { id, before, limit }: { id: string; before?: number | undefined; limit: number },
): Promise<Selectable<CompetenceChangeTable>[]> =>
  db
    .selectFrom('competence_change')
    .selectAll()
    .where('typology_id', '=', id)
    .$if(before !== undefined, query => query.where('version', '<', before ?? 0))
    .orderBy('version', 'desc')
    .limit(limit)
    .execute()
