/** What the steps of a call about a time that is offered leave behind: its row, when the citizen is called again, and what is told of it. */
import type { Work } from '../../../platform/index.ts'
import type { CallChange } from '../../store.ts'
import { endOfferCall } from './service.ts'
import { beginOpenCall, updateOfferCall } from './store.ts'

/**
 * Keeps the row of a call as its state is after a transition, in the transaction of that transition. It takes the lock of who waits, so it comes last in it.
 * Returns whether the call may go on: one that is over before it is dialled is not dialled.
 */
export async function noteOfferCall(work: Work, { before, state }: CallChange): Promise<boolean> {
  const { offerCall, callId, phase } = state
  if (!offerCall) return true
  if (before.version === 0) return beginOpenCall(work.tx, callId, work.now)
  const was = before.state.phase
  if (was === 'outbound' && phase !== 'outbound' && phase !== 'ended')
    await updateOfferCall(work.tx, callId, { answered_at: work.now })
  if (was !== 'ended' && phase === 'ended') await endOfferCall(work, callId, offerCall.outcome ?? 'failed')
  return true
}
