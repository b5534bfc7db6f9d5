/** Reading the classification. */
import { z } from 'zod'
import { type Db, decodeCursor, notFound, pageOf } from '../platform/index.ts'
import type { Typology } from './model.ts'
import { findTypologies, listTypologies, readTypology } from './store.ts'

/** One page: the leaves that a text finds, best first; without a text, the tree in its order. */
export async function typologyPage(
  db: Db,
  query: {
    q?: string | undefined
    parentId?: string | undefined
    leaf?: boolean | undefined
    cursor?: string | undefined
    limit: number
  },
): Promise<{ items: Typology[]; next: string | null }> {
  const { q, parentId, leaf, cursor, limit } = query
  if (q) {
    const after = decodeCursor(z.tuple([z.number().int(), z.string()]), cursor)
    const found = await findTypologies(db, q, { after: after && { score: after[0], place: after[1] }, limit: limit + 1 })
    const { items, next } = pageOf(found, limit, each => [each.score, each.place])
    return { items: items.map(each => each.typology), next }
  }
  const after = decodeCursor(z.tuple([z.string()]), cursor)
  const nodes = await listTypologies(db, { parentId, leaf, after: after?.[0], limit: limit + 1 })
  const { items, next } = pageOf(nodes, limit, each => [each.place])
  return { items: items.map(each => each.typology), next }
}

/** A node of the tree. @throws Refused 404 when there is none */
export async function typologyView(db: Db, id: string): Promise<Typology> {
  const typology = await readTypology(db, id)
  if (!typology) throw notFound('typology')
  return typology
}
