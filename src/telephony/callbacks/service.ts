/** Use cases about callbacks: withdrawing, looking after those who were not reached, settings. */

import { unitOf } from '../../organisation/index.ts'
import { must, notFound, Refused, useCase, type Work } from '../../platform/index.ts'
import { callbackSettingsSet, callCallbackSettled, callCallbackWithdrawn } from '../events.ts'
import type { CallRow } from '../store.ts'
import { CallbackSettings } from './model.ts'
import { callable, mayFollow, maySetLine } from './policy.ts'
import { lockCallback, saveSettings, settleCallback, waitingCallbacksOf } from './store.ts'

/**
 * Who was connected in a section needs no callback of it any more: the one that is open for the same number is withdrawn. In another section it
 * stays, because it is about something else.
 */
export async function withdrawServed({ tx, journal }: Work, call: CallRow): Promise<void> {
  const number = callable(call.from)
  const { section } = call.state
  if (number === null || section === null) return
  for (const callId of await waitingCallbacksOf(tx, number, section))
    if (callId !== call.id)
      await journal(
        callCallbackWithdrawn,
        { why: 'served', note: null },
        { channel: 'telephone', call: callId, units: [section] },
      )
}

const needCallback = async (work: Work, callId: string) => {
  const callback = await lockCallback(work.tx, callId)
  const section = callback && (await unitOf(work.tx, callback.section_id))
  if (!callback || !section) throw notFound('callback')
  must(mayFollow(work.actor, section.path))
  const units = section.path.split('/').filter(Boolean)
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
  await saveSettings(work.tx, unitId, CallbackSettings.parse(settings))
  await work.journal(callbackSettingsSet, { unitId }, { units: unit.path.split('/').filter(Boolean) })
}
