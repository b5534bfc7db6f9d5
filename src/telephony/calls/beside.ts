/** What a step changes beside its call: wishes to be called back, calls of ours, what a citizen has answered. In the transaction that writes the step. */
import { type Actor, system, type Work } from '../../platform/index.ts'
import type { CallChange } from '../store.ts'
import { noteAppointmentCall } from './appointments/follow.ts'
import { noteCallback } from './callbacks/store.ts'
import { answerInStep, answerOfStep, citizenOnTheTelephone, countInStep, isWrongCode } from './earlier-time/answers.ts'
import { noteOfferCall } from './time-offers/follow.ts'

/** Whether a step changes anything beside its call. */
export const hasBeside = ({ before, state }: CallChange): boolean =>
  before.state.callback !== null ||
  state.callback !== null ||
  state.outbound !== undefined ||
  state.offerCall !== undefined ||
  answerOfStep(before.state, state) !== undefined ||
  isWrongCode(before.state, state)

/** In whose name a step is written: what a citizen has answered is theirs. */
export const actorOfStep = ({ before, state }: CallChange): Actor =>
  answerOfStep(before.state, state) === undefined ? system('telephony') : citizenOnTheTelephone

/**
 * Changes what a step changes beside its call. Returns whether the call may go on.
 * @throws OfferIsOver when the step answers an offer that is over
 */
export async function changeBeside(work: Work, change: CallChange): Promise<boolean> {
  const { before, state, now } = change
  await noteCallback(work.tx, before.state, state, now)
  await noteAppointmentCall(work, before.state, state)
  await answerInStep(work, before.state, state)
  await countInStep(work, before, state)
  return noteOfferCall(work, change)
}
