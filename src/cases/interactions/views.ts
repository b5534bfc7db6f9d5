/** Conversations as they are shown: with names instead of identifiers, and what became of them. */

import { leaves } from '../../channels/index.ts'
import { typologyLabels } from '../../classification/index.ts'
import { contactsOf } from '../../contacts/index.ts'
import { type Actor, type Config, type Db, type House, notFound, type PersonActor } from '../../platform/index.ts'
import { codesOfCases } from '../case-store.ts'
import { dueShown } from '../deadlines/policy.ts'
import { levelsOfConversations } from '../levels.ts'
import type { Interaction, Repeats } from '../model.ts'
import { unitNames } from '../places.ts'
import { hadCall, handedOn } from '../policy.ts'
import { type RepeatRow, repeatsOf } from '../results/store.ts'
import { scopeOf } from '../service.ts'
import { knownContact } from '../shown.ts'
import {
  callFacts,
  interactionsOfOperator,
  type LineaFacts,
  movementsOfCalls,
  readInteraction,
  ticketsOfCases,
} from '../store.ts'
import type { InteractionRow } from '../tables.ts'

export async function interactionView(house: House, actor: Actor, id: string): Promise<Interaction> {
  const db = house.database.kysely
  const row = (await readInteraction(db, id, scopeOf(actor))) ?? (await interactionOfOwnCall(db, actor, id))
  if (!row) throw notFound('interaction')
  const [view] = await interactionViews(house, [row], actor)
  if (!view) throw notFound('interaction')
  return view
}

const lineaOf = (ticket: LineaFacts | undefined, config: Config): Interaction['linea'] =>
  ticket === undefined
    ? null
    : {
        centre: ticket.centre_name,
        isItMatter: ticket.kind === 'it',
        dueAt: dueShown(ticket.due_at),
        replyTo: { kind: ticket.reply_kind, address: ticket.reply_address },
        mailLeaves: leaves(ticket.reply_kind, config),
      }
/** Whoever had a call may read what is written down about it, also when a colleague elsewhere does so now. */
async function interactionOfOwnCall(db: Db, actor: Actor, id: string): Promise<InteractionRow | undefined> {
  const row = await readInteraction(db, id, { all: true })
  const call = row?.call_id ? await callFacts(db, row.call_id) : undefined
  return call && hadCall(actor, call) ? row : undefined
}

/** Work that was left open is shown for so many days, so that it can be finished. */
const openWorkDays = 14

/** The reader's own interactions of the office day, and older ones that are still open. */
export async function ownInteractions(house: House, actor: PersonActor): Promise<Interaction[]> {
  const db = house.database.kysely
  const now = new Date(house.clock.now())
  return interactionViews(
    house,
    await interactionsOfOperator(db, actor.personId, { now, timeZone: house.config.TIME_ZONE, openDays: openWorkDays }),
    actor,
  )
}

/** Conversations in the form of the schema, in their order. */
export async function interactionViews(house: House, rows: readonly InteractionRow[], reader: Actor): Promise<Interaction[]> {
  const db = house.database.kysely
  const lineas = await ticketsOfCases(
    db,
    rows.flatMap(row => (row.state === 'linea' ? (row.case_id ?? []) : [])),
  )
  const contacts = await contactsOf(
    db,
    rows.flatMap(row => row.contact_id ?? []),
  )
  const caseIds = rows.flatMap(row => row.case_id ?? [])
  const codes = await codesOfCases(db, caseIds)
  const labels = await typologyLabels(
    db,
    rows.flatMap(row => row.typology_id ?? []),
  )
  const passedOn = await passedOnOf(db, rows, reader)
  const levels = await levelsOfConversations(
    db,
    rows.map(row => row.id),
  )
  const repeats = await repeatsOf(db, rows, house.config.SECOND_CONTACT_DAYS)
  return rows.map(row => ({
    id: row.id,
    channel: row.channel,
    callId: row.call_id,
    from: row.from_number,
    contact: row.contact_id === null ? null : knownContact(contacts, row.contact_id, levels.get(row.id)),
    contactId: row.contact_id,
    caseId: row.case_id,
    code: row.case_id === null ? null : (codes.get(row.case_id) ?? null),
    typologyId: row.typology_id,
    typology: row.typology_id === null ? null : (labels.get(row.typology_id) ?? null),
    question: row.question,
    notes: row.notes,
    answer: row.answer,
    state: row.state,
    office: row.office_id === null ? null : { id: row.office_id, name: row.office_name ?? '' },
    linea: row.state === 'linea' ? lineaOf(lineas.get(row.case_id ?? ''), house.config) : null,
    provinceCode: row.province_code,
    regionCode: row.region_code,
    operator: row.operator_id === null ? null : { id: row.operator_id, name: row.operator_name ?? '' },
    passedOn: passedOn.get(row.id) ?? null,
    repeats: repeatView(repeats.get(row.id)),
    openedAt: row.opened_at.toISOString(),
    closedAt: row.closed_at?.toISOString() ?? null,
    version: row.version,
  }))
}

/** The mark of a second contact. */
export const repeatView = (row: RepeatRow | undefined): Repeats | null =>
  row === undefined
    ? null
    : {
        ...{ caseId: row.case_id, code: row.code, title: row.title, closedAt: row.closed_at.toISOString() },
        ...{ cause: row.cause, asks: row.counted && row.cause === null },
      }

/** Of the reader's interactions those whose call went on to a colleague, by identifier. */
async function passedOnOf(
  db: Db,
  rows: readonly InteractionRow[],
  reader: Actor,
): Promise<Map<string, NonNullable<Interaction['passedOn']>>> {
  if (reader.kind !== 'person') return new Map()
  const steps = await movementsOfCalls(
    db,
    rows.flatMap(row => row.call_id ?? []),
  )
  const handed = rows.flatMap(row => {
    const own = steps.filter(step => step.callId === row.call_id)
    const on = own.length === 0 ? undefined : handedOn(reader.personId, own)
    return on ? [{ row, ...on }] : []
  })
  const names = await unitNames(
    db,
    handed.flatMap(each => each.sectionId ?? []),
  )
  return new Map(
    handed.map(({ row, sectionId }) => [
      row.id,
      {
        section: sectionId === null ? null : { id: sectionId, name: names.get(sectionId) ?? '' },
        by: row.operator_id === reader.personId ? null : { id: row.operator_id ?? '', name: row.operator_name ?? '' },
      },
    ]),
  )
}
