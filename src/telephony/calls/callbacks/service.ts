/** Use cases about callbacks: which are open, withdrawing, looking after those who were not reached. */
import { hasNumber } from '../../../contacts/index.ts'
import { contactCentreSections, unitOf } from '../../../organisation/index.ts'
import {
  type Actor,
  callable,
  type Db,
  type House,
  inTransaction,
  must,
  notFound,
  Refused,
  unitsIn,
  useCase,
  type Work,
} from '../../../platform/index.ts'
import { callCallbackSettled, callCallbackWithdrawn } from '../../events.ts'
import { type CallRow, callById } from '../../store.ts'
import type { CallbackView } from './model.ts'
import { mayFollow } from './policy.ts'
import {
  type CallbackRow,
  lockCallback,
  openCallbacks,
  settleCallback,
  type WaitingCallback,
  waitingCallbacksOf,
} from './store.ts'

/** The open callbacks of the number that a call shows, in the section that it is in; the call's own is not among them. */
export async function callbacksOfCaller(db: Db, call: CallRow): Promise<WaitingCallback[]> {
  const number = callable(call.from)
  const { section } = call.state
  if (number === null || section === null) return []
  // In another section it would be about something else.
  return (await waitingCallbacksOf(db, number, section)).filter(each => each.callId !== call.id)
}

const servedBy = ({ callId }: WaitingCallback, section: string | null) =>
  ({ channel: 'telephone', call: callId, units: section === null ? [] : [section] }) as const

/**
 * A caller who has been identified and is being served needs no callback any more. The number alone would prove nothing, because a
 * caller can show any number: it must also stand on the card of the person who was identified.
 */
export async function withdrawServed(house: House, actor: Actor, call: CallRow, contactId: string): Promise<void> {
  const db = house.database.kysely
  const open = await callbacksOfCaller(db, call)
  if (open.length === 0 || call.from === null || !(await hasNumber(db, contactId, call.from))) return
  await inTransaction(house, actor, async ({ journal }) => {
    for (const callback of open)
      await journal(callCallbackWithdrawn, { why: 'served', note: null }, servedBy(callback, call.state.section))
  })
}

/**
 * The operator who talks to a caller says that it is the one who wished to be called back.
 * @throws Refused 404 for a call in which the actor does not talk, or a callback that is not of its number
 */
export const confirmServed = useCase(async (work, { callId, callbackId }: { callId: string; callbackId: string }) => {
  const call = await callById(work.tx, callId)
  if (work.actor.kind !== 'person' || !call || call.state.phase !== 'talking' || call.state.agent?.id !== work.actor.personId)
    throw notFound('call')
  const callback = (await callbacksOfCaller(work.tx, call)).find(each => each.callId === callbackId)
  if (!callback) throw notFound('callback')
  await work.journal(callCallbackWithdrawn, { why: 'served', note: null }, servedBy(callback, call.state.section))
})

/** @throws Refused 404 for what is not a section of the contact centre */
async function needSection(db: Db, id: string) {
  const section = (await contactCentreSections(db)).find(each => each.id === id)
  if (!section) throw notFound('unit')
  return section
}

/** Returns the open callbacks of a section, in the order of its queue. @throws Refused 404, 403 */
export async function callbackPage(
  house: House,
  actor: Actor,
  { sectionId, after, limit }: { sectionId: string; after: { waitingSince: Date; callId: string } | null; limit: number },
): Promise<CallbackView[]> {
  const db = house.database.kysely
  const section = await needSection(db, sectionId)
  must(mayFollow(actor, section.path))
  const rows = await openCallbacks(db, sectionId, after, limit)
  return rows.map(row => viewOf(row, section.name))
}

const viewOf = (row: CallbackRow, sectionName: string): CallbackView => ({
  callId: row.call_id,
  section: { id: row.section_id, name: sectionName },
  number: row.number,
  state: row.state,
  office: row.office_id === null ? null : { id: row.office_id, name: row.office_name ?? '' },
  waitingSince: row.waiting_since.toISOString(),
  requestedAt: row.requested_at.toISOString(),
  notBefore: row.not_before.toISOString(),
  notAfter: row.not_after.toISOString(),
  attempts: row.attempts,
  lastTriedAt: row.last_tried_at?.toISOString() ?? null,
  lastOutcome: row.last_outcome,
})

async function needCallback(work: Work, callId: string) {
  const callback = await lockCallback(work.tx, callId)
  const section = callback && (await unitOf(work.tx, callback.section_id))
  if (!callback || !section) throw notFound('callback')
  must(mayFollow(work.actor, section.path))
  const units = unitsIn(section.path)
  return { callback, subjects: { channel: 'telephone', call: callId, units } as const }
}

/** The number is not called any more. @throws Refused 404, 403, or 409 when it is being dialled, or is over */
export const withdrawCallback = useCase(async (work, { callId, note }: { callId: string; note: string }) => {
  const { callback, subjects } = await needCallback(work, callId)
  if (callback.state !== 'waiting') throw new Refused('telephony.callback.notWaiting', {}, 409)
  await work.journal(callCallbackWithdrawn, { why: 'withdrawn', note }, subjects)
})

/** Somebody has looked after a citizen who was not reached. @throws Refused 404, 403, or 409 when there is nothing to look after */
export const settle = useCase(async (work, { callId, note }: { callId: string; note: string }) => {
  const { callback, subjects } = await needCallback(work, callId)
  if (callback.state !== 'given-up') throw new Refused('telephony.callback.notGivenUp', {}, 409)
  await settleCallback(work.tx, callId, work.now)
  await work.journal(callCallbackSettled, { note }, subjects)
})
