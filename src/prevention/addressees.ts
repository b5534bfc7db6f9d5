/** The register of those whom activities are for: bodies, associations, intermediaries, companies; common to all groups. */
import { z } from 'zod'
import { regionNames } from '../organisation/index.ts'
import {
  actingPerson,
  changedMeanwhile,
  decodeCursor,
  type House,
  must,
  notFound,
  pageOf,
  Refused,
  useCase,
  type Work,
  withChange,
} from '../platform/index.ts'
import {
  addresseePage,
  addresseesByIds,
  insertAddressee,
  isNameTaken,
  lockAddressee,
  updateAddressee,
} from './addressee-store.ts'
import { addresseeKept } from './events.ts'
import type { Addressee, AddresseeChange, NewAddressee } from './model.ts'
import { mayPlanActivities } from './policy.ts'
import { ofHolder } from './service.ts'
import type { AddresseeRow } from './tables.ts'

const Cursor = z.tuple([z.string(), z.string()])

/** One page of the register, by name. */
export async function addresseeList(
  house: House,
  query: { q?: string | undefined; cursor?: string | undefined; limit: number },
): Promise<{ items: Addressee[]; next: string | null }> {
  const rows = await addresseePage(house.database.kysely, {
    ...{ words: (query.q ?? '').split(/\s+/).filter(Boolean), after: decodeCursor(Cursor, query.cursor) },
    limit: query.limit + 1,
  })
  const { items, next } = pageOf(rows, query.limit, row => [row.name.toLowerCase(), row.region_code ?? ''])
  return { items: items.map(viewOf), next }
}

/** @throws Refused 404 */
export async function addresseeView(house: House, id: string): Promise<Addressee> {
  const [row] = await addresseesByIds(house.database.kysely, [id])
  if (!row) throw notFound('addressee')
  return viewOf(row)
}

const viewOf = (row: AddresseeRow): Addressee => ({
  ...settingsOf(row),
  ...{ id: row.id, region: row.region_code === null ? null : (regionNames().get(row.region_code) ?? null), version: row.version },
})

const settingsOf = (row: AddresseeRow) => ({
  ...{ name: row.name, kind: row.kind, regionCode: row.region_code, retired: row.retired },
})

/** @throws Refused 403, 409 when it is there already, 422 */
export const addAddressee = useCase(async (work, input: NewAddressee): Promise<{ addresseeId: string }> => {
  must(mayPlanActivities(work.actor))
  const id = work.ids()
  await needFree(work, { id, ...input })
  await insertAddressee(work.tx, { id, name: input.name, kind: input.kind, region_code: input.regionCode })
  await note(work, id, input.name)
  return { addresseeId: id }
})

/** Renames it, moves it, retires it or takes it back. @throws Refused 403, 404, 409 when the name is another one's, 412, 422 */
export const changeAddressee = useCase(
  async (
    work,
    { addresseeId, version, change }: { addresseeId: string; version: number; change: AddresseeChange },
  ): Promise<{ addresseeId: string }> => {
    must(mayPlanActivities(work.actor))
    const before = await lockAddressee(work.tx, addresseeId)
    if (!before) throw notFound('addressee')
    if (before.version !== version) throw changedMeanwhile({ ...settingsOf(before), version: before.version }, undefined)
    const after = withChange(settingsOf(before), change)
    await needFree(work, { id: addresseeId, ...after })
    await updateAddressee(work.tx, addresseeId, {
      ...{ name: after.name, kind: after.kind, region_code: after.regionCode, retired: after.retired },
    })
    await note(work, addresseeId, after.name)
    return { addresseeId }
  },
)

async function needFree(
  work: Work,
  { id, name, regionCode }: { id: string; name: string; regionCode: string | null },
): Promise<void> {
  if (regionCode !== null && !regionNames().has(regionCode))
    throw new Refused('prevention.regionUnknown', { field: 'regionCode' }, 422)
  if (await isNameTaken(work.tx, { id, name, regionCode }))
    throw new Refused('prevention.addresseeThere', { field: 'name', name }, 409)
}

const note = (work: Work, addresseeId: string, name: string) =>
  work.journal(addresseeKept, { addresseeId, name }, ofHolder(actingPerson(work.actor).unitPath))
