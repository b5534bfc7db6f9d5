/** Cases as they are shown: one with all that belongs to it, and what is open for a contact. */
import type { Readable } from 'node:stream'
import { mailStates, messageProof, registeredLines } from '../channels/index.ts'
import { typologyOf } from '../classification/index.ts'
import { contactsOf, contactView, oneHistory } from '../contacts/index.ts'
import { type Actor, type Db, type House, type Language, notFound } from '../platform/index.ts'
import { referencesOf } from './continuity/service.ts'
import { deadlinesOfTickets } from './deadlines/views.ts'
import { followUpsOf } from './finding/store.ts'
import { interactionViews } from './interactions/views.ts'
import { levelsOfCases } from './levels.ts'
import { withJoined } from './links/store.ts'
import type { Case, OpenCaseLine } from './model.ts'
import { scopeOf } from './service.ts'
import { knownContact, noteView } from './shown.ts'
import { interactionsOfCases, messagesOfCases, notesOf, openCases, readCase, ticketsWithCase } from './store.ts'
import type { CaseRow } from './tables.ts'
import { ticketLineOf } from './tickets/views.ts'

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
export async function casesOfContact(house: House, actor: Actor, contactId: string): Promise<OpenCaseLine[]> {
  await contactView(house, actor, contactId)
  const db = house.database.kysely
  const rows = await openCases(db, await oneHistory(db, actor, contactId), scopeOf(actor))
  return openCaseLines(db, rows, new Date(house.clock.now()))
}

/** Open cases with who goes on with each. */
export async function openCaseLines(db: Db, rows: readonly CaseRow[], now: Date): Promise<OpenCaseLine[]> {
  const references = await referencesOf(
    db,
    rows.map(row => row.id),
    now,
  )
  return rows.map(row => ({ ...caseLineOf(row), typologyId: row.typology_id, reference: references.get(row.id) ?? null }))
}

export async function caseView(house: House, actor: Actor, id: string): Promise<Case> {
  const db = house.database.kysely
  const row = await readCase(db, id, scopeOf(actor))
  if (!row) throw notFound('case')
  const cases = await withJoined(db, id)
  const tickets = await ticketsWithCase(db, cases)
  const contacts = await contactsOf(db, [row.contact_id, ...tickets.map(ticket => ticket.contact_id)])
  const levels = await levelsOfCases(db, cases)
  const deadlines = await deadlinesOfTickets(db, tickets)
  const messages = await messagesOfCases(db, cases)
  const mailIds = messages.flatMap(message => message.mail_id ?? [])
  const mails = await mailStates(db, mailIds)
  const registered = await registeredLines(db, mailIds, new Date(house.clock.now()))
  return {
    ...caseLineOf(row),
    contact: knownContact(contacts, row.contact_id, levels.get(id)),
    typology: row.typology_id === null ? [] : ((await typologyOf(db, row.typology_id))?.path ?? []),
    interactions: await interactionViews(house, await interactionsOfCases(db, cases), actor),
    tickets: tickets.map(ticket => ({ ...ticketLineOf(ticket, contacts, levels), deadlines: deadlines.get(ticket.id) ?? [] })),
    notes: (await notesOf(db, cases)).map(noteView),
    messages: messages.map(message => ({
      id: message.id,
      channel: message.channel,
      text: message.text,
      byName: message.by_name,
      at: message.at.toISOString(),
      mail: (message.mail_id === null ? undefined : mails.get(message.mail_id)) ?? null,
      registered: (message.mail_id === null ? undefined : registered.get(message.mail_id)) ?? null,
    })),
    followUp: actor.kind === 'person' ? ((await followUpsOf(db, actor.personId, [id])).get(id) ?? null) : null,
    joinedInto: row.joined_into === null ? null : await otherCaseOf(db, row.joined_into),
    reference: (await referencesOf(db, [id], new Date(house.clock.now()))).get(id) ?? null,
    version: row.version,
  }
}

/** What is told of a case on another's page. */
async function otherCaseOf(db: Db, id: string): Promise<Case['joinedInto']> {
  const row = await readCase(db, id, { all: true })
  return row ? { id: row.id, code: row.code, title: row.title } : null
}

/** The proof of a message of a case. @throws Refused 404 when there is none that the reader may see, or it did not leave as registered mail */
export async function caseProof(
  house: House,
  actor: Actor,
  { caseId, messageId }: { caseId: string; messageId: string },
  language: Language,
): Promise<Readable> {
  const db = house.database.kysely
  if (!(await readCase(db, caseId, scopeOf(actor)))) throw notFound('case')
  const message = (await messagesOfCases(db, await withJoined(db, caseId))).find(each => each.id === messageId)
  if (!message?.mail_id) throw notFound('mail')
  return messageProof(house, message.mail_id, language)
}

// --- for other rooms ------------------------------------------------------------------------------------------------

export interface OpenCase extends OpenCaseLine {
  contactId: string
}

/** What is open for contacts, newest first, for the caller's card and for continuity. Rights have been looked at by who asks. */
export async function openCasesOf(db: Db, contactIds: readonly string[], now: Date): Promise<OpenCase[]> {
  const rows = await openCases(db, contactIds, { all: true })
  const lines = await openCaseLines(db, rows, now)
  return rows.flatMap((row, index) => (lines[index] ? [{ ...lines[index], contactId: row.contact_id }] : []))
}
