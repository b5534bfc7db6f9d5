/** What becomes of an appointment by its calls: it begins when the two talk, the talk is in the citizen's history, and after the last attempt nobody came. */
import { missForCall, startForVisit, subjectsForCall } from '../../../agenda/index.ts'
import { notedCallOfAppointment } from '../../../cases/index.ts'
import type { Work } from '../../../platform/index.ts'
import type { LifeState } from '../life/life.ts'
import { maxAttempts } from './model.ts'
import { openCall, updateCall } from './store.ts'

/** Keeps the row of a call as its state is after a transition, in the transaction of that transition. */
export async function noteAppointmentCall(work: Work, before: LifeState, { callId, phase, outbound }: LifeState): Promise<void> {
  if (!outbound) return
  const { tx, now } = work
  const { appointmentId, stage, outcome } = outbound
  const was = before.outbound?.stage
  if (was !== stage && stage === 'citizen') await updateCall(tx, callId, { dialled_at: now })
  if (was !== stage && stage === 'talking') {
    await updateCall(tx, callId, { connected_at: now })
    await startForVisit(work, appointmentId)
  }
  if (phase !== 'ended' || outcome === null || before.phase === 'ended') return
  const call = await openCall(tx, callId)
  if (!call) return
  await updateCall(tx, callId, { ended_at: now, outcome })
  if (outcome === 'talked') {
    const appointment = await subjectsForCall(work, appointmentId)
    const officer = { id: call.officer_id, name: call.officer_name }
    if (appointment)
      await notedCallOfAppointment(work, { ...appointment, officer, callId, number: call.number, from: call.connected_at ?? now })
  } else if (call.dialled_at !== null && call.attempt >= maxAttempts) await missForCall(work, appointmentId)
}
