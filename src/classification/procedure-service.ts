/** The list of procedures, kept by the IT groups and by headquarters: added to, renamed, retired and taken back. */
import { z } from 'zod'
import { can } from '../identity/capabilities.ts'
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
  type Work,
} from '../platform/index.ts'
import { procedureKept } from './events.ts'
import { lockProcedures, procedureChanges, proceduresOf, writeProcedure } from './procedure-store.ts'
import {
  type NewProcedure,
  type Procedure,
  type ProcedureChange,
  type ProcedureHistoryLine,
  type procedureChangeKinds,
  procedureIdOf,
} from './procedures.ts'

const mayKeepProcedures = (actor: Actor): Verdict =>
  can(actor, 'procedures.keep') ? allowed : refused('classification.onlyKeepersOfProcedures')

/** @throws Refused 403, 409 when there is one of this name */
export const addProcedure = useCase(async (work, { name }: NewProcedure): Promise<Procedure> => {
  const known = await lockedList(work)
  needFreeName(known, name)
  const ids = new Set(known.map(({ id }) => id))
  const wanted = procedureIdOf(name)
  let id = wanted
  for (let n = 2; ids.has(id); n++) id = `${wanted}-${n}`
  return write(work, { id, name, retired: false, version: 1 }, 'added')
})

/** Renames a procedure, retires it or takes it back. @throws Refused 403, 404, 409 when there is another of this name, 412 when somebody was quicker */
export const changeProcedure = useCase(
  async (
    work,
    { procedureId, version, change }: { procedureId: string; version: number; change: ProcedureChange },
  ): Promise<Procedure> => {
    const known = await lockedList(work)
    const before = known.find(({ id }) => id === procedureId)
    if (!before) throw notFound('procedure')
    if (before.version !== version) {
      const [last] = await procedureChanges(work.tx, { id: procedureId, before: undefined, limit: 1 })
      throw changedMeanwhile(before, last && { by: last.by_name, at: last.at })
    }
    const { name = before.name, retired = before.retired } = change
    needFreeName(
      known.filter(({ id }) => id !== procedureId),
      name,
    )
    let after = before
    if (name !== before.name) after = await write(work, { ...after, name, version: after.version + 1 }, 'renamed')
    if (retired !== before.retired)
      after = await write(work, { ...after, retired, version: after.version + 1 }, retired ? 'retired' : 'restored')
    return after
  },
)

async function lockedList(work: Work): Promise<Procedure[]> {
  must(mayKeepProcedures(work.actor))
  await lockProcedures(work.tx)
  return proceduresOf(work.tx)
}

function needFreeName(others: readonly Procedure[], name: string): void {
  if (others.some(other => other.name.toLowerCase() === name.toLowerCase()))
    throw new Refused('classification.procedureThere', { field: 'name', name }, 409)
}

async function write(work: Work, procedure: Procedure, kind: (typeof procedureChangeKinds)[number]): Promise<Procedure> {
  await writeProcedure(work.tx, procedure, { kind, by_name: nameOfActor(work.actor), at: work.now })
  await work.journal(procedureKept, { procedureId: procedure.id, name: procedure.name, kind }, {})
  return procedure
}

/** What was done with a procedure, the newest first. */
export async function procedureHistory(
  house: House,
  query: { procedureId: string; cursor?: string | undefined; limit: number },
): Promise<{ items: ProcedureHistoryLine[]; next: string | null }> {
  const before = decodeCursor(z.tuple([z.number().int()]), query.cursor)?.[0]
  const rows = await procedureChanges(house.database.kysely, { id: query.procedureId, before, limit: query.limit + 1 })
  const { items, next } = pageOf(rows, query.limit, row => [row.version])
  return {
    items: items.map(({ version, kind, name, by_name, at }) => ({ version, kind, name, by: by_name, at: at.toISOString() })),
    next,
  }
}
