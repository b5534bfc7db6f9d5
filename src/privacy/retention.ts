/** For how long the cases of a typology are kept after their end. */
import { z } from 'zod'
import {
  type Actor,
  changedMeanwhile,
  decodeCursor,
  type House,
  lastEntry,
  must,
  notFound,
  pageOf,
  useCase,
} from '../platform/index.ts'
import { retentionSet } from './events.ts'
import type { RetentionLine } from './model.ts'
import { maySetRetention } from './policy.ts'
import { type RetentionRow, retentionRows, writeRetention } from './store.ts'

const lineOf = ({ id, labels, months, holds, due, version }: RetentionRow): RetentionLine => ({
  ...{ typologyId: id, path: labels, months, holds, due, version },
})

/** One page of the tree, parents before children. */
export async function retentionPage(
  house: House,
  actor: Actor,
  query: { typologyId?: string | undefined; cursor?: string | undefined; limit: number },
): Promise<{ items: RetentionLine[]; next: string | null }> {
  must(maySetRetention(actor))
  const after = decodeCursor(z.tuple([z.string()]), query.cursor)?.[0]
  const rows = await retentionRows(house.database.kysely, {
    ...{ id: query.typologyId, after, limit: query.limit + 1, now: new Date(house.clock.now()) },
  })
  const { items, next } = pageOf(rows, query.limit, row => [row.place])
  return { items: items.map(lineOf), next }
}

/** @throws Refused 404 when there is no such typology, 412 when somebody else has set it since `version` */
export const setRetention = useCase(
  async (
    work,
    { typologyId, months, version }: { typologyId: string; months: number | null; version: number },
  ): Promise<RetentionLine> => {
    must(maySetRetention(work.actor))
    const read = async () => {
      const [row] = await retentionRows(work.tx, { id: typologyId, limit: 1, now: work.now })
      if (!row) throw notFound('typology')
      return lineOf(row)
    }
    const current = await read()
    const written = await writeRetention(work.tx, { id: typologyId, months, version })
    if (written === undefined)
      throw changedMeanwhile(current, await lastEntry(work.tx, [retentionSet], { payload: ['typologyId', typologyId] }, work.now))
    if (written.before !== months) await work.journal(retentionSet, { typologyId, before: written.before, months }, {})
    return read()
  },
)
