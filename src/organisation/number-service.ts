/** Use cases of the number plan: one transaction each. */
import { z } from 'zod'
import {
  type Actor,
  changedMeanwhile,
  type Db,
  decodeCursor,
  encodeCursor,
  type House,
  lastEntry,
  must,
  nameOfActor,
  notFound,
  Refused,
  unitsIn,
  useCase,
  type Work,
} from '../platform/index.ts'
import { numberChangeCancelled, numberReversed, numberScheduled } from './events.ts'
import type {
  NumberMode,
  NumbersOfProvince,
  OfficeNumber,
  OfficeNumberView,
  PlanNumbers,
  PlanPreview,
  PlanResult,
  PreviewNumbers,
  ReverseNumber,
  ScheduleNumber,
} from './model.ts'
import { municipalities } from './municipalities.ts'
import {
  bumpNumbers,
  cancelChange,
  countByProvince,
  insertChanges,
  listNumbers,
  type NumberRow,
  numberChangesOf,
  readNumber,
} from './number-store.ts'
import { mayPlanNumbers, maySchedule, type NumberState } from './policy.ts'
import { needUnit } from './service.ts'
import { unitOf } from './store.ts'

/** The number plan by province, along the regions. */
export async function numbersByProvince(db: Db, now: Date): Promise<NumbersOfProvince[]> {
  const regionOf = new Map(
    municipalities().map(({ provinceCode, regionName, regionCode }) => [provinceCode, { regionName, regionCode }]),
  )
  const counted = await countByProvince(db, now)
  return counted
    .map(each => ({
      ...each,
      regionName: regionOf.get(each.code)?.regionName ?? '',
      regionCode: regionOf.get(each.code)?.regionCode ?? '',
    }))
    .sort((a, b) => (a.regionCode === b.regionCode ? 0 : a.regionCode < b.regionCode ? -1 : 1))
    .map(({ regionCode: _, ...shown }) => shown)
}

/** One page of the number plan, along the tree of the offices. */
export async function numberPage(
  db: Db,
  query: {
    unitId?: string | undefined
    q?: string | undefined
    mode?: NumberMode | undefined
    planned?: boolean | undefined
    cursor?: string | undefined
    limit: number
  },
  now: Date,
): Promise<{ items: OfficeNumber[]; next: string | null }> {
  const top = query.unitId === undefined ? undefined : await needUnit(db, query.unitId)
  const after = decodeCursor(z.tuple([z.string(), z.string()]), query.cursor)
  const digits = query.q?.replace(/[^\d+]/g, '')
  const rows = await listNumbers(
    db,
    { under: top?.path, digits: digits || undefined, mode: query.mode, planned: query.planned },
    now,
    { after: after && { path: after[0], number: after[1] }, limit: query.limit + 1 },
  )
  const last = rows.length > query.limit ? rows[query.limit - 1] : undefined
  return {
    items: rows.slice(0, query.limit).map(numberFrom),
    next: last ? encodeCursor([last.unitPath, last.number]) : null,
  }
}

/** A number with all that was decided about it. @throws Refused 404 when it is not in the plan */
export async function numberView(db: Db, number: string, now: Date): Promise<OfficeNumberView> {
  const row = await readNumber(db, number, now)
  if (!row) throw notFound('number')
  const changes = await numberChangesOf(db, number)
  return {
    ...numberFrom(row),
    changes: changes.map(each => ({
      id: each.id,
      mode: each.mode,
      from: each.from_at.toISOString(),
      reason: each.reason,
      decidedBy: each.decided_by_name,
      decidedAt: each.decided_at.toISOString(),
      cancelled: each.cancelled_at && {
        at: each.cancelled_at.toISOString(),
        by: each.cancelled_by_name ?? '',
        reason: each.cancel_reason ?? '',
      },
    })),
  }
}

/**
 * Sets from when on one number is channelled, or direct again.
 * @throws Refused 403 to who does not plan numbers, 409 when it is so already or a change lies ahead, 412 when it was changed since `version`
 */
export const scheduleNumber = useCase(
  async (
    work,
    { number, version, change }: { number: string; version: number; change: ScheduleNumber },
  ): Promise<OfficeNumberView> => {
    const row = await lockNumber(work, number, version)
    const from = new Date(change.from)
    const verdict = maySchedule(stateOf(row), { mode: change.mode, from }, work.now)
    if (!verdict.allowed) throw new Refused(verdict.code, verdict.values, 409)
    await decide(work, [row], { mode: change.mode, from, reason: change.reason })
    return numberView(work.tx, number, work.now)
  },
)

/**
 * Sets from when on all numbers of a territory are channelled, or direct again. Numbers that are so already, or for which a change lies
 * ahead, are left as they are and named in the answer.
 */
export const planNumbers = useCase(async (work, input: PlanNumbers): Promise<PlanResult> => {
  must(mayPlanNumbers(work.actor))
  const { from, free, skipped } = await numbersToPlan(work.tx, input, work.now, true)
  await decide(work, free, { mode: input.mode, from, reason: input.reason })
  return { scheduled: free.map(row => row.number), skipped }
})

/** How many numbers of how many offices a plan would change now; changes nothing. */
export async function previewNumbers(house: House, actor: Actor, input: PreviewNumbers): Promise<PlanPreview> {
  must(mayPlanNumbers(actor))
  const { free, skipped } = await numbersToPlan(house.database.kysely, input, new Date(house.clock.now()), false)
  const already = skipped.filter(each => each.reason === 'already').length
  const offices = new Set(free.map(row => row.unitId)).size
  return { numbers: free.length, offices, already, planned: skipped.length - already }
}

/** The numbers of a territory that a plan may change, and those that it leaves as they are, with why. */
async function numbersToPlan(db: Db, { unitId, mode, ...input }: PreviewNumbers, now: Date, lock: boolean) {
  const unit = await unitOf(db, unitId)
  if (!unit) throw new Refused('organisation.unitUnknown', { field: 'unitId' }, 422)
  const from = new Date(input.from)
  if (from.getTime() < now.getTime() - 60_000)
    throw new Refused('organisation.fromIsPast', { field: 'from', from: from.toISOString() }, 422)
  const rows = await listNumbers(db, { under: unit.path }, now, { limit: 10_000, lock })
  if (rows.length === 0) throw new Refused('organisation.noNumbers', { name: unit.name }, 422)
  const free = rows.filter(row => maySchedule(stateOf(row), { mode, from }, now).allowed)
  const chosen = new Set(free)
  const skipped = rows
    .filter(row => !chosen.has(row))
    .map(row => ({ number: row.number, reason: row.nextId === null ? ('already' as const) : ('planned' as const) }))
  return { from, free, skipped }
}

/**
 * Puts a number back at once: what is channelled rings its office again, what is direct is channelled again if it has been before.
 * What lies ahead is cancelled.
 */
export const reverseNumber = useCase(
  async (
    work,
    { number, version, input }: { number: string; version: number; input: ReverseNumber },
  ): Promise<OfficeNumberView> => {
    const row = await lockNumber(work, number, version)
    if (row.since === null) throw new Refused('organisation.nothingToReverse', { number }, 409)
    if (row.nextId !== null) await cancel(work, row, { ...aheadOf(row), id: row.nextId }, input.reason)
    const mode: NumberMode = row.mode === 'channelled' ? 'direct' : 'channelled'
    await decide(work, [row], { mode, from: work.now, reason: input.reason }, numberReversed)
    return numberView(work.tx, number, work.now)
  },
)

/** Cancels a change that lies ahead. @throws Refused 409 for one that has begun or is cancelled already, 404 for one that is not there */
export const cancelNumberChange = useCase(
  async (
    work,
    { number, version, changeId, reason }: { number: string; version: number; changeId: string; reason: string },
  ): Promise<OfficeNumberView> => {
    const row = await lockNumber(work, number, version)
    if (row.nextId !== changeId) {
      const known = (await numberChangesOf(work.tx, number)).find(each => each.id === changeId)
      if (!known) throw notFound('numberChange')
      throw new Refused(known.cancelled_at ? 'organisation.changeCancelled' : 'organisation.changeHasBegun', { number }, 409)
    }
    await cancel(work, row, { ...aheadOf(row), id: changeId }, reason)
    await bumpNumbers(work.tx, [number])
    return numberView(work.tx, number, work.now)
  },
)

async function lockNumber(work: Work, number: string, version: number): Promise<NumberRow> {
  must(mayPlanNumbers(work.actor))
  const row = await readNumber(work.tx, number, work.now, true)
  if (!row) throw notFound('number')
  if (row.version !== version)
    throw changedMeanwhile(
      await numberView(work.tx, number, work.now),
      await lastEntry(
        work.tx,
        [numberScheduled, numberReversed, numberChangeCancelled],
        { payload: ['number', number] },
        work.now,
      ),
    )
  return row
}

async function decide(
  work: Work,
  rows: readonly NumberRow[],
  { mode, from, reason }: { mode: NumberMode; from: Date; reason: string },
  event = numberScheduled,
): Promise<void> {
  const changes = rows.map(row => ({
    id: work.ids(),
    number: row.number,
    mode,
    from_at: from,
    reason,
    decided_by: work.actor.kind === 'person' ? work.actor.personId : null,
    decided_by_name: nameOfActor(work.actor),
    decided_at: work.now,
  }))
  await insertChanges(work.tx, changes)
  await bumpNumbers(
    work.tx,
    rows.map(row => row.number),
  )
  for (const [index, row] of rows.entries()) {
    const changeId = changes[index]?.id ?? ''
    const payload = {
      number: row.number,
      unitId: row.unitId,
      changeId,
      mode,
      from: from.toISOString(),
      reason,
      changes: [{ field: 'mode', before: row.mode, after: mode }],
    }
    await work.journal(event, payload, { units: unitsIn(row.unitPath) })
  }
}

async function cancel(
  work: Work,
  row: NumberRow,
  change: { id: string; mode: NumberMode; from: Date },
  reason: string,
): Promise<void> {
  await cancelChange(work.tx, change.id, { at: work.now, name: nameOfActor(work.actor), reason })
  await work.journal(
    numberChangeCancelled,
    {
      number: row.number,
      unitId: row.unitId,
      changeId: change.id,
      mode: change.mode,
      from: change.from.toISOString(),
      reason,
      changes: [{ field: 'planned', before: { mode: change.mode, from: change.from.toISOString() }, after: null }],
    },
    { units: unitsIn(row.unitPath) },
  )
}

const aheadOf = (row: NumberRow): { mode: NumberMode; from: Date } => ({
  mode: row.nextMode ?? row.mode,
  from: row.nextFrom ?? new Date(0),
})

const stateOf = (row: NumberRow): NumberState => ({
  number: row.number,
  mode: row.mode,
  next: row.nextId === null ? undefined : aheadOf(row),
})

const numberFrom = (row: NumberRow): OfficeNumber => ({
  number: row.number,
  unit: { id: row.unitId, name: row.unitName },
  provinceCode: row.provinceCode,
  regionCode: row.regionCode,
  mode: row.mode,
  since: row.since?.toISOString() ?? null,
  next:
    row.nextId === null
      ? null
      : { changeId: row.nextId, mode: row.nextMode ?? row.mode, from: (row.nextFrom ?? new Date(0)).toISOString() },
  officeNumber: row.officeNumber,
  fallback: row.fallback,
  version: row.version,
})
