/** Use cases about callbacks: who is open, withdrawing, looking after those who were not reached, how a section's line works. */
import { hasNumber } from '../../contacts/index.ts'
import { readRoutingOf, sectionRoutingSet, setSectionRouting } from '../../distribution/index.ts'
import { contactCentreSections, unitOf } from '../../organisation/index.ts'
import {
  type Actor,
  changedMeanwhile,
  changesOfSettings,
  type House,
  inTransaction,
  lastEntry,
  must,
  notFound,
  Refused,
  type Tx,
  unitsIn,
  useCase,
  type Work,
} from '../../platform/index.ts'
import { defaultSection } from '../../routing/index.ts'
import { callbackSettingsSet, callCallbackSettled, callCallbackWithdrawn } from '../events.ts'
import { type CallRow, callById } from '../store.ts'
import { CallbackSettings, type CallbackView, type SectionLine, type SetSectionLine } from './model.ts'
import { callable, mayFollow, maySetLine } from './policy.ts'
import {
  type CallbackRow,
  callbackSettingsOf,
  lockCallback,
  lockLine,
  openCallbacks,
  ownSettings,
  saveSettings,
  settleCallback,
  type WaitingCallback,
  waitingCallbacksOf,
} from './store.ts'

type Db = House['database']['kysely'] | Tx

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
 * Who has been identified and is served on the line needs no callback any more. The number alone would prove nothing: whoever calls shows the
 * one that they like, so it must also stand on the card of the person who was identified.
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

/** The open callbacks of a section, in the order of its line. @throws Refused 404, 403 */
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

/** Says what a section, or a unit above sections, does about callbacks. In the caller's transaction. @throws Refused 404, 403 */
export async function setCallbackSettings(work: Work, unitId: string, settings: CallbackSettings): Promise<void> {
  const unit = await unitOf(work.tx, unitId)
  if (!unit) throw notFound('unit')
  must(maySetLine(work.actor, unit.path))
  const before = (await ownSettings(work.tx, [unitId])).get(unitId) ?? {}
  const after = CallbackSettings.parse(settings)
  await saveSettings(work.tx, unitId, after)
  await work.journal(callbackSettingsSet, { unitId, changes: changesOfSettings(before, after) }, { units: unitsIn(unit.path) })
}

async function lineOf(db: Db, section: { id: string; name: string; path: string }): Promise<SectionLine> {
  const { settings: routing, version } = await readRoutingOf(db, section.id)
  return {
    section: { id: section.id, name: section.name },
    version,
    routing,
    callbacks: (await ownSettings(db, [section.id])).get(section.id) ?? {},
    holds: {
      limits: routing.limits ?? defaultSection.limits,
      wrapUpMs: routing.wrapUpMs ?? defaultSection.wrapUpMs,
      offerTimeoutMs: routing.offerTimeoutMs ?? defaultSection.offerTimeoutMs,
      callbacks: await callbackSettingsOf(db, section.path),
    },
  }
}

/** How a section's line works. @throws Refused 404, 403 */
export async function sectionLine(house: House, actor: Actor, sectionId: string): Promise<SectionLine> {
  const db = house.database.kysely
  const section = await needSection(db, sectionId)
  must(maySetLine(actor, section.path))
  return lineOf(db, section)
}

/** Sets how a section's line works. @throws Refused 404, 403, 412, 422 when callers would be led to where there is nobody */
export const setSectionLine = useCase(
  async (work, input: { sectionId: string; version: number } & SetSectionLine): Promise<SectionLine> => {
    const section = await needSection(work.tx, input.sectionId)
    must(maySetLine(work.actor, section.path))
    const others = new Set((await contactCentreSections(work.tx)).map(each => each.id))
    others.delete(section.id)
    for (const [limit, rule] of Object.entries(input.routing.overflow ?? {}))
      if (rule?.do === 'move' && !others.has(rule.section))
        throw new Refused('telephony.callback.sectionOfRule', { field: `routing.overflow.${limit}` }, 422)
    for (const helper of input.routing.helpers ?? [])
      if (!others.has(helper.section)) throw new Refused('telephony.callback.sectionOfRule', { field: 'routing.helpers' }, 422)
    await lockLine(work.tx, section.id)
    const before = await lineOf(work.tx, section)
    if (before.version !== input.version)
      throw changedMeanwhile(
        before,
        await lastEntry(work.tx, [sectionRoutingSet], { payload: ['sectionId', section.id] }, work.now),
      )
    await setSectionRouting(work, section.id, input.routing)
    await setCallbackSettings(work, section.id, input.callbacks)
    return lineOf(work.tx, section)
  },
)
