/**
 * Mandates: who may speak for whom, and by what right. A patronato, a CAF, a consultant acts for many; a daughter acts for her mother. A mandate is
 * noted by whoever has seen it, holds from its first to its last day, and is ended when it is withdrawn; nothing of it is taken away.
 */
import { z } from 'zod'
import {
  type Actor,
  decodeCursor,
  encodeCursor,
  type House,
  Instant,
  must,
  nameOfActor,
  notFound,
  Refused,
  useCase,
  type Work,
} from '../platform/index.ts'
import { contactMandateEnded, contactMandateNoted } from './events.ts'
import { endMandateRow, insertMandate, listMandates, type MandateRow, readMandate, speakerOf } from './mandate-store.ts'
import type { Mandate, NewMandate } from './model.ts'
import { contactScope, mandateState, mayWriteContact, visitMs } from './policy.ts'
import { dayOfWork, displayName, momentOf, need, unitsAround } from './reading.ts'

const Cursor = z.tuple([Instant, z.uuid()])

/** A page of the mandates by which others act for a contact (`given`), or by which it acts for others (`held`). */
export async function mandatesOf(
  house: House,
  actor: Actor,
  id: string,
  query: { side: 'given' | 'held'; cursor?: string | undefined; limit: number },
): Promise<{ items: Mandate[]; next: string | null }> {
  const db = house.database.kysely
  await need(db, actor, id)
  const scope = contactScope(actor)
  if (!scope) throw notFound('contact')
  const [at, lastId] = decodeCursor(Cursor, query.cursor) ?? []
  const after = at === undefined || lastId === undefined ? undefined : { at: new Date(at), id: lastId }
  const rows = await listMandates(db, { contactId: id, side: query.side, scope }, after, query.limit + 1)
  const last = rows.length > query.limit ? rows[query.limit - 1] : undefined
  return {
    items: rows.slice(0, query.limit).map(row => mandateView(row, momentOf(house).today)),
    next: last ? encodeCursor([last.noted_at.toISOString(), last.id]) : null,
  }
}

/** Notes that somebody may act for a contact. Both cards must be the actor's to see. @throws Refused 422 that says what to mend */
export const noteMandate = useCase(async (work, { id, input }: { id: string; input: NewMandate }): Promise<Mandate> => {
  must(mayWriteContact(work.actor))
  await need(work.tx, work.actor, id, true)
  if (input.intermediaryId === id) throw new Refused('contacts.mandate.oneself', { field: 'intermediaryId' }, 422)
  await need(work.tx, work.actor, input.intermediaryId)
  if (input.validUntil !== null && input.validUntil < input.validFrom)
    throw new Refused('contacts.mandate.endsBeforeItBegins', { field: 'validUntil' }, 422)
  const mandateId = work.ids()
  await insertMandate(work.tx, {
    ...{ id: mandateId, intermediary_id: input.intermediaryId, principal_id: id, kind: input.kind },
    ...{ valid_from: input.validFrom, valid_until: input.validUntil, evidence: input.evidence },
    ...{ noted_at: work.now, noted_by: work.actor.kind === 'person' ? work.actor.personId : null },
    noted_by_name: nameOfActor(work.actor),
  })
  const { intermediaryId, kind, validFrom, validUntil } = input
  await work.journal(
    contactMandateNoted,
    { mandateId, intermediaryId, kind, validFrom, validUntil },
    { contact: id, units: unitsAround(work.actor) },
  )
  const row = await readMandate(work.tx, id, mandateId)
  if (!row) throw notFound('mandate')
  return mandateView(row, dayOfWork(work))
})

/** Ends a mandate, because it was withdrawn. Ending it twice changes nothing. */
export const endMandate = useCase(async (work, { id, mandateId }: { id: string; mandateId: string }): Promise<Mandate> => {
  must(mayWriteContact(work.actor))
  await need(work.tx, work.actor, id)
  const row = await readMandate(work.tx, id, mandateId, true)
  if (!row) throw notFound('mandate')
  const day = dayOfWork(work)
  if (row.ended_at !== null) return mandateView(row, day)
  const by = nameOfActor(work.actor)
  await endMandateRow(work.tx, mandateId, by, work.now)
  await work.journal(
    contactMandateEnded,
    { mandateId, intermediaryId: row.intermediary.id },
    { contact: id, units: unitsAround(work.actor) },
  )
  return mandateView({ ...row, ended_at: work.now, ended_by_name: by }, day)
})

/** The mandate by which somebody acts for a contact now. @throws Refused 404 when there is none, 422 when it does not hold today */
export async function needMandate(work: Work, contactId: string, mandateId: string): Promise<Mandate> {
  const row = await readMandate(work.tx, contactId, mandateId)
  if (!row) throw notFound('mandate')
  const mandate = mandateView(row, dayOfWork(work))
  if (mandate.state !== 'valid')
    throw new Refused(`contacts.mandate.${mandate.state}`, { field: 'mandateId', intermediary: mandate.intermediary.name }, 422)
  return mandate
}

/** Who speaks for a contact in a call, or in a visit of these hours, by a mandate that holds today; undefined when the contact does. */
export async function speakerNow(work: Work, contactId: string, callId: string | null): Promise<Mandate | undefined> {
  const row = await speakerOf(work.tx, contactId, { callId, since: new Date(work.now.getTime() - visitMs) })
  const mandate = row && mandateView(row, dayOfWork(work))
  return mandate?.state === 'valid' ? mandate : undefined
}

/** A mandate as it is shown on a day. */
export const mandateView = (row: MandateRow, day: string): Mandate => ({
  id: row.id,
  kind: row.kind,
  intermediary: {
    id: row.intermediary.id,
    name: displayName(row.intermediary),
    kind: row.intermediary.kind,
    intermediaryKind: row.intermediary.intermediary_kind,
  },
  principal: { id: row.principal.id, name: displayName(row.principal), kind: row.principal.kind },
  validFrom: row.valid_from,
  validUntil: row.valid_until,
  evidence: row.evidence,
  state: mandateState({ validFrom: row.valid_from, validUntil: row.valid_until, endedAt: row.ended_at }, day),
  notedBy: row.noted_by_name,
  notedAt: row.noted_at.toISOString(),
  endedBy: row.ended_by_name,
})
