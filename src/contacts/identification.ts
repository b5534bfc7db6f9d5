/**
 * How sure we are, in one conversation, who speaks, and for whom. Somebody may speak for the contact: then the level is theirs, what is noted of
 * how they made themselves known is theirs too, and what may be said depends on their mandate.
 */
import { type Actor, type Db, type House, must, nameOfActor, notFound, Refused, useCase, type Work } from '../platform/index.ts'
import { conversationOf } from './conversation.ts'
import { contactIdentified, contactSpokenFor } from './events.ts'
import { insertSpeaker, readMandate, speakerOf } from './mandate-store.ts'
import { mandateView } from './mandates.ts'
import type { IdentificationState, NewIdentification, NewSpeaker } from './model.ts'
import { levelOf, mayAttest, mayHear, mayHearFor, mayWriteContact, talksIn, visitMs } from './policy.ts'
import { type Moment, momentOf, need, unitsAround } from './reading.ts'
import { identificationsOf, insertIdentification, phonesOf } from './store.ts'

/** Without the sentence, which depends on the reader's language. */
type State = Omit<IdentificationState, 'sentence'>

/** How sure we are of who speaks in one conversation. */
export async function identificationView(house: House, actor: Actor, id: string, callId: string | null): Promise<State> {
  await need(house.database.kysely, actor, id)
  return identificationState(house.database.kysely, id, callId, momentOf(house))
}

async function identificationState(db: Db, id: string, callId: string | null, { now, today }: Moment): Promise<State> {
  const mandate = await speakerOf(db, id, { callId, since: new Date(now - visitMs) })
  const speaker = mandate === undefined ? null : mandateView(mandate, today)
  const rows = await identificationsOf(db, speaker?.intermediary.id ?? id)
  const level = levelOf(
    rows.map(row => ({ method: row.method, callId: row.call_id, at: row.at.getTime() })),
    { callId, now },
  )
  return {
    level,
    mayHear: [...(speaker ? mayHearFor(level, speaker.state) : mayHear(level))],
    speaker,
    identifications: rows.map(row => ({
      id: row.id,
      method: row.method,
      evidence: row.evidence,
      callId: row.call_id,
      byName: row.by_name,
      at: row.at.toISOString(),
    })),
  }
}

/**
 * Notes how who speaks made known who they are, by whoever can vouch for it.
 * @throws Refused 404 for a call in which somebody else talks, or nobody · 403 for a method that the actor cannot vouch for
 */
export const identify = useCase(async (work, { id, input }: { id: string; input: NewIdentification }): Promise<State> => {
  must(mayWriteContact(work.actor))
  await need(work.tx, work.actor, id)
  const call = await ownCall(work, input.callId)
  const speaker = await speakerOf(work.tx, id, {
    callId: input.callId,
    since: new Date(work.now.getTime() - visitMs),
  })
  const who = speaker?.intermediary.id ?? id
  const phones = (await phonesOf(work.tx, who)).map(phone => phone.number)
  must(mayAttest(work.actor, { method: input.method, call, phones, now: work.now.getTime() }))
  await insertIdentification(work.tx, {
    id: work.ids(),
    contact_id: who,
    method: input.method,
    evidence: input.evidence,
    call_id: input.callId,
    by_person: work.actor.kind === 'person' ? work.actor.personId : null,
    by_name: nameOfActor(work.actor),
    at: work.now,
  })
  const state = await identificationState(work.tx, id, input.callId, momentOf(work.house, work.now))
  await work.journal(
    contactIdentified,
    { method: input.method, level: state.level },
    { contact: who, call: input.callId ?? undefined, units: unitsAround(work.actor) },
  )
  return state
})

/**
 * Notes who speaks for the contact in a conversation, by a mandate that holds today.
 * @throws Refused 404 for a call in which somebody else talks · 403 when the mandate does not hold
 */
export const noteSpeaker = useCase(async (work, { id, input }: { id: string; input: NewSpeaker }): Promise<State> => {
  must(mayWriteContact(work.actor))
  await need(work.tx, work.actor, id)
  await ownCall(work, input.callId)
  const moment = momentOf(work.house, work.now)
  const row = input.mandateId === null ? undefined : await readMandate(work.tx, id, input.mandateId)
  if (input.mandateId !== null && row === undefined) throw notFound('mandate')
  const mandate = row && mandateView(row, moment.today)
  if (mandate && mandate.state !== 'valid')
    throw new Refused(
      `contacts.mandate.${mandate.state}`,
      { intermediary: mandate.intermediary.name, from: mandate.validFrom, until: mandate.validUntil ?? '' },
      403,
    )
  await insertSpeaker(work.tx, {
    ...{ id: work.ids(), principal_id: id, mandate_id: input.mandateId, call_id: input.callId, at: work.now },
    ...{ by_person: work.actor.kind === 'person' ? work.actor.personId : null, by_name: nameOfActor(work.actor) },
  })
  await work.journal(
    contactSpokenFor,
    { mandateId: input.mandateId, intermediaryId: mandate?.intermediary.id ?? null },
    { contact: id, call: input.callId ?? undefined, units: unitsAround(work.actor) },
  )
  return identificationState(work.tx, id, input.callId, moment)
})

/** The call in which the actor talks; null at a counter. @throws Refused 404 when it is somebody else's, or none */
async function ownCall(work: Work, callId: string | null) {
  const call = callId === null ? null : await conversationOf(work.tx, callId)
  if (call === undefined || (call !== null && !talksIn(work.actor, call))) throw notFound('call')
  return call
}
