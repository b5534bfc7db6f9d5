/** SQL of the classification. Each list names its index. */
import './tables.ts'
import { type Selectable, sql } from 'kysely'
import { wordsOf } from '../organisation/index.ts'
import { Bug, type Db, endOfPrefix, type Tables } from '../platform/index.ts'
import type { NewTypology, Typology, TypologyFacts } from './model.ts'
import { readAsked, slipsOf, stemOf } from './sentence.ts'
import type { TypologyTable } from './tables.ts'

type TypologyRow = Selectable<TypologyTable>

const typologyFrom = (row: TypologyRow): Typology => ({
  id: row.id,
  parentId: row.parent_id,
  label: row.label,
  path: row.labels,
  leaf: row.leaf,
  description: row.description,
  ccmSectionId: row.ccm_section_id,
  cricSection: row.cric_section,
  centralDirectorateId: row.central_directorate_id,
  itMatter: row.it_matter,
})

/** A leaf and who deals with it. Undefined for a node that is not there, or that only leads to others. Index: typology_pkey. */
export async function typologyOf(db: Db, id: string): Promise<TypologyFacts | undefined> {
  const row = await db.selectFrom('typology').selectAll().where('id', '=', id).where('leaf', '=', true).executeTakeFirst()
  if (!row || row.ccm_section_id === null) return undefined
  return {
    id: row.id,
    label: row.label,
    path: row.labels,
    cricSection: row.cric_section,
    centralDirectorateId: row.central_directorate_id,
    itMatter: row.it_matter,
    ccmSectionId: row.ccm_section_id,
  }
}

/** Labels of typologies, by identifier. Index: typology_pkey. */
export async function typologyLabels(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('typology')
    .select(['id', 'label'])
    .where('id', 'in', [...new Set(ids)])
    .where('leaf', '=', true)
    .execute()
  return new Map(rows.map(row => [row.id, row.label]))
}

/** Labels of nodes of the tree, leaves or not, by identifier. Index: typology_pkey. */
export async function typologyNames(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('typology')
    .select(['id', 'label'])
    .where('id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map(row => [row.id, row.label]))
}

/** A node and all above it; none when it is not there. Index: typology_pkey. */
export async function typologyAbove(db: Db, id: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive above as (
      select id, parent_id, 1 as depth from typology where id = ${id}
      union all
      select typology.id, typology.parent_id, depth + 1 from typology join above on typology.id = above.parent_id where depth < 20
    )
    select id from above`.execute(db)
  return rows.map(row => row.id)
}

/** A node of the tree, leaf or not. Index: typology_pkey. */
export async function readTypology(db: Db, id: string): Promise<Typology | undefined> {
  const row = await db.selectFrom('typology').selectAll().where('id', '=', id).executeTakeFirst()
  return row && typologyFrom(row)
}

/** A node with its place in the order of the tree. */
export interface PlacedTypology {
  typology: Typology
  place: string
}

/** The tree, in its order, parents before children; or the children of one node. Indexes: typology_in_order, typology_by_parent. */
export async function listTypologies(
  db: Db,
  filter: { parentId?: string | undefined; leaf?: boolean | undefined; after?: string | undefined; limit: number },
): Promise<PlacedTypology[]> {
  const rows = await db
    .selectFrom('typology')
    .selectAll()
    .$if(filter.parentId !== undefined, query => query.where('parent_id', '=', filter.parentId ?? ''))
    .$if(filter.leaf !== undefined, query => query.where('leaf', '=', filter.leaf ?? true))
    .$if(filter.after !== undefined, query => query.where('place', '>', filter.after ?? ''))
    .orderBy('place')
    .limit(filter.limit)
    .execute()
  return rows.map(row => ({ typology: typologyFrom(row), place: row.place }))
}

/** A leaf that a search found, with how well. */
export interface FoundTypology extends PlacedTypology {
  score: number
}

/**
 * Leaves that a text is about. A typed word counts when its stem begins a word of the label, of the words that citizens use, of the labels above
 * or of the description; when it begins none, one letter of it may be wrong. The label counts most, whole words more than beginnings, and words
 * that few leaves have more than those of many; equals stay in the order of the tree. Indexes: typology_word_pkey, typology_slip_pkey.
 */
export async function findTypologies(
  db: Db,
  q: string,
  page: { after?: { score: number; place: string } | undefined; limit: number },
): Promise<FoundTypology[]> {
  const { words: asked, needed } = readAsked(q)
  if (asked.length === 0) return []
  const slips = asked.flatMap(({ stem }, n) => slipsOf(stem).map(slip => ({ n: n + 1, slip })))
  const { after } = page
  const { rows } = await sql<TypologyRow & { score: number }>`
    with hit as materialized (
      select asked.n, typology_id, max(2 * weight + case when found.word = asked.word then 1 else 0 end) as best
      from   unnest(${asked.map(each => each.stem)}::text[], ${asked.map(each => each.word)}::text[]) with ordinality as asked (stem, word, n)
      join   typology_word as found on found.word >= asked.stem and found.word < asked.stem || ${endOfPrefix('')}
      group  by asked.n, typology_id
    ), slipped as (
      select asked.n, typology_id, max(weight) as best
      from   unnest(${slips.map(each => each.n)}::bigint[], ${slips.map(each => each.slip)}::text[]) as asked (n, slip)
      join   typology_slip on typology_slip.slip = asked.slip
      where  asked.n not in (select n from hit)
      group  by asked.n, typology_id
    ), weighed as (
      select typology_id, best * best / sqrt(count(*) over (partition by n)) as worth
      from   (select * from hit union all select * from slipped) found
    )
    select typology.*, found.score
    from   (select typology_id, round(100 * sum(worth))::int as score
            from   weighed
            group  by typology_id
            having count(*) >= ${needed}) found
    join   typology on typology.id = found.typology_id
    ${after ? sql`where (-found.score, typology.place) > (${-after.score}::bigint, ${after.place})` : sql``}
    order  by found.score desc, typology.place
    limit  ${page.limit}`.execute(db)
  return rows.map(row => ({ typology: typologyFrom(row), place: row.place, score: row.score }))
}

const batchSize = 1_000

/** Writes a tree into an empty classification. Parents come before their children, children in the order in which they are shown. */
export async function insertTypologies(db: Db, typologies: readonly NewTypology[]): Promise<void> {
  const placed = placesOf(typologies)
  await db
    .insertInto('typology')
    .values(
      placed.map(({ node, labels, place }) => ({
        id: node.id,
        parent_id: node.parentId,
        label: node.label,
        labels,
        place,
        leaf: node.leaf,
        description: node.description,
        ccm_section_id: node.ccmSectionId,
        cric_section: node.cricSection,
        central_directorate_id: node.centralDirectorateId,
        it_matter: node.itMatter,
      })),
    )
    .execute()
  const words = placed.flatMap(({ node, labels }) => (node.leaf ? wordRows(node, labels) : []))
  for (let start = 0; start < words.length; start += batchSize)
    await db
      .insertInto('typology_word')
      .values(words.slice(start, start + batchSize))
      .execute()
  const slips = slipRows(words)
  for (let start = 0; start < slips.length; start += batchSize)
    await db
      .insertInto('typology_slip')
      .values(slips.slice(start, start + batchSize))
      .execute()
}

interface Placed {
  node: NewTypology
  labels: string[]
  place: string
}

function placesOf(typologies: readonly NewTypology[]): Placed[] {
  const placed = new Map<string, Placed & { children: number }>()
  let roots = 0
  for (const node of typologies) {
    const parent = node.parentId === null ? undefined : placed.get(node.parentId)
    if (node.parentId !== null && !parent) throw new Bug(`The typology ${node.id} comes before its parent ${node.parentId}.`)
    const nth = parent ? ++parent.children : ++roots
    const own = String(nth).padStart(3, '0')
    placed.set(node.id, {
      node,
      labels: [...(parent?.labels ?? []), node.label],
      place: parent ? `${parent.place}.${own}` : own,
      children: 0,
    })
  }
  return [...placed.values()]
}

type WordRow = Tables['typology_word']

/** What each stem of the words can be taken for, with the greatest weight of its words. */
function slipRows(words: readonly WordRow[]): Tables['typology_slip'][] {
  const rows = new Map<string, Tables['typology_slip']>()
  for (const { word, typology_id, weight } of words) {
    const stem = stemOf(word)
    for (const slip of slipsOf(stem)) {
      const key = [slip, typology_id, stem].join(' ')
      const known = rows.get(key)
      if (!known || known.weight < weight) rows.set(key, { slip, typology_id, stem, weight })
    }
  }
  return [...rows.values()]
}

function wordRows(node: NewTypology, labels: readonly string[]): WordRow[] {
  const weighted = [
    { text: node.label, weight: 3 },
    { text: node.synonyms.join(' '), weight: 2 },
    { text: [...labels.slice(0, -1), node.description].join(' '), weight: 1 },
  ]
  const best = new Map<string, number>()
  for (const { text, weight } of weighted) for (const word of wordsOf(text)) if (!best.has(word)) best.set(word, weight)
  return [...best].map(([word, weight]) => ({ word, typology_id: node.id, weight }))
}
