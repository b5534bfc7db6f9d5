/** What the room answers: rows in the form of the schemas, with names instead of identifiers and sentences in the reader's language. */

import { z } from 'zod'
import { leaves, type MailRow, mailProblem, mailStates, mayChange, readMail, waitingMail } from '../channels/index.ts'
import { typologyLabels, typologyOf } from '../classification/index.ts'
import { type ContactFacts, contactsOf, contactView } from '../contacts/index.ts'
import { sharingOf, versionOfSharing, type WrittenWork, writtenOffer, writtenWorks } from '../distribution/index.ts'
import { can } from '../identity/index.ts'
import {
  type Actor,
  actingPerson,
  type Config,
  type Db,
  decodeCursor,
  type House,
  type Language,
  notFound,
  type Permission,
  type PersonActor,
  pageOf,
  Refused,
  sentence,
  type Verdict,
} from '../platform/index.ts'
import { actingOn } from './acting.ts'
import { codesOfCases } from './case-store.ts'
import { readWhy } from './derivation.ts'
import { takenFrom } from './drafts.ts'
import { interactionThatSent } from './interaction-store.ts'
import { factsOf } from './locked-ticket.ts'
import {
  TicketAction as Actions,
  type AnswerMail,
  type Case,
  type Interaction,
  type SectionSharing,
  type Ticket,
  type TicketAction,
  type TicketCounts,
  type TicketLine,
  type TicketOffer,
  type TicketState,
  type TicketView,
} from './model.ts'
import { memberNames, sectionsOfCentre, unitFacts, unitNames } from './places.ts'
import { hadCall, handedOn, mayActOnTicket, mayCloseWith, maySetSharing } from './policy.ts'
import { scopeOf } from './service.ts'
import {
  callFacts,
  countOwn,
  draftOf,
  interactionsOfCase,
  interactionsOfOperator,
  type LineaFacts,
  type ListKey,
  lastMailId,
  listOwn,
  listTickets,
  messagesOfCase,
  movementsOfCalls,
  notesOf,
  openCases,
  readCase,
  readInteraction,
  readTicket,
  returnsOf,
  type Scope,
  type TicketList,
  type TicketWithCase,
  ticketCountsOf,
  ticketOfCase,
  ticketsOfCases,
  unitsOfCase,
} from './store.ts'
import type { CaseRow, InteractionRow } from './tables.ts'
import { othersPresent } from './ticket-store.ts'

const excerptLength = 160
/** Somebody who has not been heard of for so long has closed the page. */
const presentForMs = 45_000

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
        dueAt: ticket.due_at.toISOString(),
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

async function interactionViews(house: House, rows: readonly InteractionRow[], reader: Actor): Promise<Interaction[]> {
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
  return rows.map(row => ({
    id: row.id,
    channel: row.channel,
    callId: row.call_id,
    from: row.from_number,
    contact: row.contact_id === null ? null : personRef(contacts, row.contact_id),
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
    operator: { id: row.operator_id, name: row.operator_name },
    passedOn: passedOn.get(row.id) ?? null,
    openedAt: row.opened_at.toISOString(),
    closedAt: row.closed_at?.toISOString() ?? null,
    version: row.version,
  }))
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
        by: row.operator_id === reader.personId ? null : { id: row.operator_id, name: row.operator_name },
      },
    ]),
  )
}

const personRef = (contacts: ReadonlyMap<string, ContactFacts>, id: string) => ({ id, name: contacts.get(id)?.name ?? '' })

// --- tickets --------------------------------------------------------------------------------------------------------

function lineOf(
  row: TicketWithCase,
  contacts: ReadonlyMap<string, ContactFacts>,
  standing?: { work: WrittenWork; names: ReadonlyMap<string, string> },
): TicketLine {
  const { state, personId } = standing?.work ?? { state: null, personId: null }
  const isOffered = state === 'offered' && personId !== null && row.state === 'pool'
  return {
    id: row.id,
    caseId: row.case_id,
    code: row.code,
    title: row.title,
    excerpt: [...row.question.replace(/\s+/g, ' ')].slice(0, excerptLength).join(''),
    kind: row.kind,
    state: row.state,
    contact: personRef(contacts, row.contact_id),
    unit: { id: row.unit_id, name: row.unit_name },
    directorate: row.directorate_id === null ? null : { id: row.directorate_id, name: row.directorate_name ?? '' },
    claimedBy: row.claimed_by === null ? null : { id: row.claimed_by, name: row.claimed_by_name ?? '' },
    sentBy: row.sent_by_name,
    sentByUnit: row.sent_by_unit,
    office: row.office_name,
    secondContact: row.second_contact,
    offeredTo: isOffered ? { id: personId, name: standing?.names.get(personId) ?? '' } : null,
    suspended: state === 'suspended' && personId === row.claimed_by,
    openedAt: row.opened_at.toISOString(),
    dueAt: row.due_at.toISOString(),
    version: row.version,
  }
}

async function linesOf(db: Db, rows: readonly TicketWithCase[]): Promise<TicketLine[]> {
  const contacts = await contactsOf(
    db,
    rows.map(row => row.contact_id),
  )
  const works = await writtenWorks(
    db,
    rows.map(row => row.id),
  )
  const names = await memberNames(
    db,
    rows.filter(row => works.get(row.id)?.state === 'offered'),
  )
  return rows.map(row => {
    const work = works.get(row.id)
    return lineOf(row, contacts, work && { work, names })
  })
}

/** The ticket that is offered to the reader now; null when none is. */
export async function ticketOffer(house: House, actor: PersonActor): Promise<TicketOffer | null> {
  const db = house.database.kysely
  const offered = await writtenOffer(db, actor.personId)
  if (offered?.offer == null || offered.until === null) return null
  const row = await readTicket(db, offered.work, scopeOf(actor))
  const [ticket] = row === undefined ? [] : await linesOf(db, [row])
  return ticket ? { ticket, offer: offered.offer, until: offered.until.toISOString() } : null
}

/** How a section shares out its tickets. @throws Refused 404 for a unit that is no section of the second level, or of another region */
export async function sharingView(
  house: House,
  actor: PersonActor,
  sectionId: string,
  language: Language,
): Promise<SectionSharing> {
  const db = house.database.kysely
  const section = await unitFacts(db, sectionId)
  if (section?.kind !== 'cric-section') throw notFound('unit')
  const change = permissionOf(maySetSharing(actor, section), language)
  if (!change.allowed && !section.path.startsWith(actor.unitPath)) throw notFound('unit')
  return {
    ...(await sharingOf(db, sectionId)),
    section: { id: section.id, name: section.name },
    change,
    version: await versionOfSharing(db, sectionId),
  }
}

/** A ticket as the reader may see it, with what the reader may do and why not. */
export async function ticketView(house: House, actor: Actor, id: string, language: Language): Promise<Ticket> {
  const db = house.database.kysely
  const person = actingPerson(actor)
  const row = await readTicket(db, id, scopeOf(actor))
  if (!row) throw notFound('ticket')
  const [line] = await linesOf(db, [row])
  if (!line) throw notFound('ticket')
  const facts = factsOf(row, await unitsOfCase(db, row.case_id))
  const acting = await actingOn(db, person, row)
  if (!mayActOnTicket('look', acting, facts).allowed) throw notFound('ticket')
  const typology = row.typology_id === null ? undefined : await typologyOf(db, row.typology_id)
  const competent = typology?.centralDirectorateId ? await unitFacts(db, typology.centralDirectorateId) : undefined
  const present = await othersPresent(db, id, person.personId, new Date(house.clock.now() - presentForMs))
  const lastMail = await lastMailId(db, row.case_id)
  const waiting = row.state === 'answered' && lastMail !== null ? await readMail(db, lastMail) : undefined
  const interaction = await interactionThatSent(db, row.case_id)
  const why = readWhy(row.derivation)
  return {
    ...line,
    question: row.question,
    typologyId: row.typology_id,
    typology: typology?.path ?? [],
    centre: { id: row.centre_id, name: row.centre_name },
    replyTo: { kind: row.reply_kind, address: row.reply_address },
    derivation: sentence(language, why.code, why.values),
    correctionReason: row.correction_reason,
    competentDirectorate: competent ? { id: competent.id, name: competent.name } : null,
    directorateAnswer: row.directorate_answer,
    returns: (await returnsOf(db, id)).map(each => ({
      id: each.id,
      directorate: { id: each.directorate_id, name: each.directorate_name },
      text: each.text,
      byName: each.by_name,
      at: each.at.toISOString(),
    })),
    answer: row.answer,
    answerProblem:
      lastMail !== null && (row.state === 'claimed' || row.state === 'pool') ? await mailProblem(db, lastMail) : null,
    answerMail: waiting ? answerMailOf(house, waiting, mayActOnTicket('close', acting, facts), language) : null,
    closedAt: row.closed_at?.toISOString() ?? null,
    notes: (await notesOf(db, row.case_id)).map(noteView),
    draft: (await draftOf(db, id, person.personId)) ?? null,
    takenFromReader: await takenFrom(db, row, person.personId),
    present,
    actions: permissions(action => {
      const verdict = mayActOnTicket(action, acting, facts)
      return action === 'close' && verdict.allowed
        ? mayCloseWith({ answerLeft: waiting === undefined || waiting.state === 'sent' })
        : verdict
    }, language),
    interactionId: interaction?.id ?? null,
    shared: row.kind === 'linea' && (await sharingOf(db, row.unit_id)).mode === 'distributed',
  }
}

/** The answer that has not left, with whether the reader may change that. */
function answerMailOf(house: House, mail: MailRow, right: Verdict, language: Language): AnswerMail | null {
  const waits = waitingMail(house, mail, language)
  return waits && { ...waits, change: permissionOf(right.allowed ? mayChange(mail) : right, language) }
}

function permissions(
  may: (action: TicketAction) => ReturnType<typeof mayActOnTicket>,
  language: Language,
): Record<TicketAction, Permission> {
  return z
    .record(Actions, z.custom<Permission>())
    .parse(Object.fromEntries(Actions.options.map(action => [action, permissionOf(may(action), language)])))
}

const permissionOf = (verdict: Verdict, language: Language): Permission =>
  verdict.allowed
    ? { allowed: true, sentence: null }
    : { allowed: false, sentence: sentence(language, verdict.code, verdict.values) }

const noteView = (row: { id: string; text: string; by_name: string; by_unit: string; at: Date }) => ({
  id: row.id,
  text: row.text,
  byName: row.by_name,
  byUnit: row.by_unit,
  at: row.at.toISOString(),
})

// --- lists ----------------------------------------------------------------------------------------------------------

export const statesOf: Readonly<Record<Exclude<TicketView, 'mine'>, readonly TicketState[]>> = {
  pool: ['pool'],
  forwarded: ['forwarded', 'returned'],
  all: ['pool', 'claimed', 'forwarded', 'returned', 'answered'],
  closed: ['closed'],
}
/** A central directorate's pool is what it has been asked. */
export const directorateStates: Readonly<Record<Exclude<TicketView, 'mine'>, readonly TicketState[]>> = {
  pool: ['forwarded'],
  forwarded: ['returned', 'claimed', 'answered'],
  all: ['pool', 'claimed', 'forwarded', 'returned', 'answered'],
  closed: ['closed'],
}

const Cursor = z.tuple([z.number().int(), z.uuid()])

/** One page of a list of tickets, due first; closed ones last due first. */
export async function ticketList(
  house: House,
  actor: Actor,
  query: { view: TicketView; sectionId?: string | undefined; cursor?: string | undefined; limit: number },
): Promise<{ items: TicketLine[]; next: string | null }> {
  const db = house.database.kysely
  const person = actingPerson(actor)
  const scope = scopeOf(actor)
  const cursor = decodeCursor(Cursor, query.cursor)
  const after: ListKey | undefined = cursor && { dueAt: new Date(cursor[0]), id: cursor[1] }
  const place = await placeOf(db, person, scope, query.sectionId)
  const rows =
    query.view === 'mine'
      ? await listOwn(db, person.personId, after, query.limit + 1)
      : place
        ? await listTickets(
            db,
            place,
            (place.column === 'directorate_id' ? directorateStates : statesOf)[query.view],
            scope,
            after,
            query.limit + 1,
            query.view === 'closed',
          )
        : []
  const page = pageOf(rows, query.limit, row => [row.due_at.getTime(), row.id])
  return { items: await linesOf(db, page.items), next: page.next }
}

/**
 * Where the reader's lists come from: the own section or centre, the own directorate, or a section that was asked for.
 * @throws Refused 404 for a unit out of the reader's sight, before any ticket is looked at; 422 for one that does not exist
 */
export async function placeOf(
  db: Db,
  actor: PersonActor,
  scope: Scope,
  sectionId: string | undefined,
): Promise<TicketList | undefined> {
  if (can(actor, 'tickets.advise')) return { column: 'directorate_id', value: actor.unitId }
  const wanted = sectionId ?? (can(actor, 'tickets.work') ? actor.unitId : undefined)
  if (wanted === undefined) return undefined
  const unit = await unitFacts(db, wanted)
  if (!unit) throw new Refused('cases.unitUnknown', { field: 'sectionId' }, 422)
  if (!scope.all && !unit.path.startsWith(scope.under)) throw notFound('unit')
  return unit.id === unit.centre.id && unit.kind === 'cric'
    ? { column: 'centre_id', value: unit.id }
    : { column: 'unit_id', value: unit.id }
}

/** How many tickets are in each of the reader's lists, from the kept counts. */
export async function ticketCounts(house: House, actor: Actor): Promise<TicketCounts> {
  const db = house.database.kysely
  const person = actingPerson(actor)
  scopeOf(actor)
  const own = await unitFacts(db, person.unitId)
  const unit = { id: person.unitId, name: own?.name ?? '' }
  const inCentre = can(person, 'tickets.work') && own !== undefined
  const sections = inCentre ? await sectionsOfCentre(db, own.centre.id) : []
  const wholeCentre = inCentre && own.kind === 'cric'
  const places = wholeCentre ? sections.map(section => section.id) : [person.unitId]
  const rows = await ticketCountsOf(db, [...new Set([...places, ...sections.map(section => section.id)])])
  const sum = (units: readonly string[], states: readonly TicketState[]) =>
    rows.filter(row => units.includes(row.unit_id) && states.includes(row.state)).reduce((total, row) => total + row.tickets, 0)
  const states = can(person, 'tickets.advise') ? directorateStates : statesOf
  return {
    unit,
    counts: {
      pool: sum(places, states.pool),
      mine: await countOwn(db, person.personId),
      forwarded: sum(places, states.forwarded),
      all: sum(places, states.all),
      closed: null,
    },
    sections: sections.map(section => ({ ...section, pool: sum([section.id], ['pool']) })),
  }
}

// --- cases ----------------------------------------------------------------------------------------------------------

export const caseLineOf = (row: CaseRow) => ({
  id: row.id,
  code: row.code,
  title: row.title,
  status: row.status,
  outcome: row.outcome,
  openedAt: row.opened_at.toISOString(),
  closedAt: row.closed_at?.toISOString() ?? null,
})

/** Open cases of a contact that the reader may see, newest first. @throws Refused 404 when the contact is not the reader's to see */
export async function casesOfContact(house: House, actor: Actor, contactId: string): Promise<ReturnType<typeof caseLineOf>[]> {
  await contactView(house, actor, contactId)
  return (await openCases(house.database.kysely, [contactId], scopeOf(actor))).map(caseLineOf)
}

export async function caseView(house: House, actor: Actor, id: string): Promise<Case> {
  const db = house.database.kysely
  const row = await readCase(db, id, scopeOf(actor))
  if (!row) throw notFound('case')
  const contacts = await contactsOf(db, [row.contact_id])
  const ticket = await ticketOfCase(db, id)
  const messages = await messagesOfCase(db, id)
  const mails = await mailStates(
    db,
    messages.flatMap(message => message.mail_id ?? []),
  )
  return {
    ...caseLineOf(row),
    contact: personRef(contacts, row.contact_id),
    typology: row.typology_id === null ? [] : ((await typologyOf(db, row.typology_id))?.path ?? []),
    interactions: await interactionViews(house, await interactionsOfCase(db, id), actor),
    ticket: ticket ? lineOf(ticket, contacts) : null,
    notes: (await notesOf(db, id)).map(noteView),
    messages: messages.map(message => ({
      id: message.id,
      channel: message.channel,
      text: message.text,
      byName: message.by_name,
      at: message.at.toISOString(),
      mail: (message.mail_id === null ? undefined : mails.get(message.mail_id)) ?? null,
    })),
    version: row.version,
  }
}

// --- for other rooms ------------------------------------------------------------------------------------------------

export interface OpenCase extends ReturnType<typeof caseLineOf> {
  contactId: string
  /** Who spoke last with the citizen about it: the one to go on with, if free. */
  lastOperator: { id: string; name: string } | null
}

/** What is open for contacts, newest first, for the caller's card and for continuity. Rights have been looked at by who asks. */
export async function openCasesOf(db: Db, contactIds: readonly string[]): Promise<OpenCase[]> {
  const rows = await openCases(db, contactIds, { all: true })
  return rows.map(row => ({
    ...caseLineOf(row),
    contactId: row.contact_id,
    lastOperator: row.operator_id === null ? null : { id: row.operator_id, name: row.operator_name ?? '' },
  }))
}
