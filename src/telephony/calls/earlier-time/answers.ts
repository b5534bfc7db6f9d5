/** What a citizen has answered by a key about an earlier time is done in the transaction of the step that says so. */
import { answerByTelephone, countWrongCode, type KeyedAnswer } from '../../../agenda/index.ts'
import { contactsByPhone } from '../../../contacts/index.ts'
import { type CitizenActor, Refused, type Work } from '../../../platform/index.ts'
import type { LifeState } from '../life/life.ts'
import { peopleOfNumber } from './terms.ts'

export const citizenOnTheTelephone: CitizenActor = { kind: 'citizen', channel: 'telephone' }

const answers: ReadonlySet<string> = new Set<KeyedAnswer>(['accepted', 'kept', 'no-more'])
const isAnswer = (outcome: string | null | undefined): outcome is KeyedAnswer => outcome != null && answers.has(outcome)

/** The offer cannot be answered any more, so that the step that answers it was not written. */
export class OfferIsOver extends Error {
  override readonly name = 'OfferIsOver'
}

/** What a step answers; undefined for one that answers nothing. */
export function answerOfStep(
  before: LifeState,
  { timeOffer }: LifeState,
): { appointmentId: string; offerId: string; answer: KeyedAnswer } | undefined {
  if (!timeOffer || !isAnswer(timeOffer.outcome) || before.timeOffer?.outcome === timeOffer.outcome) return undefined
  const { appointmentId, offerId, outcome } = timeOffer
  return appointmentId === null || offerId === null ? undefined : { appointmentId, offerId, answer: outcome }
}

/** Does what a step answers. @throws OfferIsOver when it cannot be done: nothing of the step is then written */
export async function answerInStep(work: Work, before: LifeState, state: LifeState): Promise<void> {
  const answer = answerOfStep(before, state)
  if (!answer) return
  try {
    await answerByTelephone(work, answer)
  } catch (error) {
    if (error instanceof Refused) throw new OfferIsOver('The offer is over.', { cause: error })
    throw error
  }
}

/** Whether a step finds that a wrong code was keyed. */
export const isWrongCode = (before: LifeState, { timeOffer }: LifeState): boolean =>
  (timeOffer?.failures ?? 0) > (before.timeOffer?.failures ?? 0)

/**
 * Counts a wrong code for those who have the number that calls, in the transaction of the step that says so: three tries a call are not many, but whoever
 * forges the number calls again.
 */
export async function countInStep(
  work: Work,
  { state: before, from }: { state: LifeState; from: string | null },
  state: LifeState,
): Promise<void> {
  if (from === null || !isWrongCode(before, state)) return
  const people = await contactsByPhone(work.tx, from, peopleOfNumber)
  await countWrongCode(
    work.tx,
    people.map(({ id }) => id),
    work.now,
  )
}
