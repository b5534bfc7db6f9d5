/**
 * Writes the sums, as the journal grows.
 *
 *   entries after the place ──▶ calls and wrap-ups that they are about ──▶ what each comes to now, less what it had put in ──▶ sums, place
 *
 * All of it in one transaction, so the sums are those of a moment however the program ends. What a call comes to is reckoned from all its
 * entries, and what it has put in is kept beside it: an entry that is read late, or once more, changes nothing that it should not. Many nodes
 * may follow: who reads on keeps the place locked, and the others pass by.
 */
import { agentState } from '../../distribution/index.ts'
import { type Db, type Entry, type House, type Rest, startFollower } from '../../platform/index.ts'
import { callConnected } from '../../telephony/index.ts'
import { countCall, countWrapUp, typesOfCall } from './count.ts'
import { type FollowerRow, lockCurrentIfFree, moveOn } from './follower-store.ts'
import { type Contribution, difference } from './model.ts'
import { readOn } from './position.ts'
import { addToSums, countedBefore, entriesOfCalls, forget, keepCounted, keepEnded, type Summed, wrapUpsAround } from './store.ts'

export const batchSize = 500
/** The least between two looks while calls come, so that what comes together is summed together; and the most. */
const restMs = 200
const pollIntervalMs = 1_000
const endedKeptMs = 2 * 3_600_000
/** So long after its last entry it is known what a call has put in. */
const summedKeptMs = 35 * 86_400_000

/** What is needed to follow. */
export type FollowerContext = Pick<House, 'clock'>

const ofCalls: ReadonlySet<string> = new Set(typesOfCall)
const ofAgents: ReadonlySet<string> = new Set([agentState.type, callConnected.type])

/**
 * Reads the journal to its end, a part in each transaction, unless another node is at it.
 */
export async function followSums(house: Pick<House, 'clock' | 'database'>, rest: Rest = async () => true): Promise<void> {
  const { kysely } = house.database
  for (;;) {
    const begun = performance.now()
    const read = await kysely.transaction().execute(async tx => {
      const row = await lockCurrentIfFree(tx)
      return row === undefined ? 0 : takeOn(house, tx, row, batchSize)
    })
    if (read < batchSize || !(await rest(performance.now() - begun))) return
  }
}

/** Takes up to `limit` entries into the sums of a generation whose row is locked. Returns how many it read. */
export async function takeOn({ clock }: FollowerContext, tx: Db, row: FollowerRow, limit: number): Promise<number> {
  const { generation } = row
  const { entries, place } = await readOn({ kysely: tx }, row.position, limit)
  if (entries.length === 0) return 0
  const now = clock.now()
  const latest = entries.reduce((most, { at }) => Math.max(most, at.getTime()), row.read_through?.getTime() ?? 0)
  const changed: Contribution = {}
  const summed: Summed[] = []
  await takeCalls(tx, row, entries, now, changed, summed)
  await takeWrapUps(tx, row, entries, changed, summed)
  await addToSums(tx, generation, changed)
  await keepCounted(tx, generation, summed)
  const forgottenBefore = new Date(latest - summedKeptMs)
  await forget(tx, generation, 'summed', forgottenBefore)
  await forget(tx, generation, 'ended_wait', new Date(now - endedKeptMs))
  await moveOn(tx, generation, {
    position: place,
    entries: row.entries + entries.length,
    read_through: new Date(latest),
    forgotten_before: forgottenBefore,
  })
  return entries.length
}

async function takeCalls(
  tx: Db,
  row: FollowerRow,
  entries: readonly Entry[],
  now: number,
  changed: Contribution,
  summed: Summed[],
) {
  const calls = [...new Set(entries.flatMap(entry => (ofCalls.has(entry.type) ? (entry.subjects.call ?? []) : [])))]
  const [entriesOf, before] = [await entriesOfCalls(tx, calls), await countedBefore(tx, row.generation, calls)]
  const fresh = new Set(entries.map(({ id }) => id))
  const lately: Parameters<typeof keepEnded>[3][number][] = []
  for (const call of calls) {
    const all = entriesOf.get(call) ?? []
    const { counted, ended } = countCall(all)
    let known = before.get(call)
    if (known === undefined) {
      // It was new, or has been forgotten: then what it had put in is what its other entries come to.
      const others = all.filter(({ id }) => !fresh.has(id))
      const lastOther = others.reduce((most, { at }) => Math.max(most, at), 0)
      known = others.length > 0 && lastOther < (row.forgotten_before?.getTime() ?? 0) ? countCall(others).counted : {}
    }
    addAll(changed, difference(known, counted))
    summed.push({ subject: call, counted, at: all.reduce((most, { at }) => Math.max(most, at), 0) })
    for (const [no, wait] of ended.entries()) if (wait.at > now - endedKeptMs) lately.push({ ...wait, callId: call, no })
  }
  await keepEnded(tx, row.generation, calls, lately)
}

async function takeWrapUps(tx: Db, row: FollowerRow, entries: readonly Entry[], changed: Contribution, summed: Summed[]) {
  const touching = entries.flatMap(({ id, type, subjects }) => (ofAgents.has(type) && subjects.person !== undefined ? [id] : []))
  // What a wrap-up has put in that was so long ago is not known any more; nothing that comes now can be its end.
  const wrapUps = (await wrapUpsAround(tx, touching)).filter(({ at }) => at >= (row.forgotten_before?.getTime() ?? 0))
  const subjectOf = (id: number) => `wrap-up:${id}`
  const before = await countedBefore(
    tx,
    row.generation,
    wrapUps.map(({ id }) => subjectOf(id)),
  )
  for (const wrapUp of wrapUps) {
    const subject = subjectOf(wrapUp.id)
    const counted = countWrapUp(wrapUp)
    addAll(changed, difference(before.get(subject) ?? {}, counted))
    summed.push({ subject, counted, at: wrapUp.at })
  }
}

function addAll(sums: Contribution, more: Contribution): void {
  for (const [key, value] of Object.entries(more)) sums[key] = (sums[key] ?? 0) + value
}

/** Follows, where the program has the role `worker`, until it is closed. */
export const startSums = (house: House): { close(): Promise<void> } =>
  startFollower(house, { name: 'sums', follow: rest => followSums(house, rest), restMs, pollIntervalMs })
