/**
 * The history of a case, and of a contact over all channels: every entry of the journal about it, told as a sentence.
 *
 * `sentenceOfEntry` is pure: it makes of an entry the code of a sentence and its values. Names of units and sections are looked up before; entries of
 * other rooms are told by their type and the fields that they are known to have, and an entry without a sentence of its own is told as
 * what it is, so that nothing is left out.
 */

import { z } from 'zod'
import { mailNoted, mailReceived } from '../channels/events.ts'
import { receiptJoined } from '../channels/index.ts'
import { contactIdentified, contactView, IdentificationLevel, oneHistory, phoneForPeople } from '../contacts/index.ts'
import { visitNoted } from '../counters/events.ts'
import * as distribution from '../distribution/events.ts'
import { assistedEnded, assistedStepped } from '../guides/events.ts'
import {
  type Actor,
  archivedBefore,
  type Db,
  decodeCursor,
  type Entry,
  entryOf,
  type House,
  type JournalRow,
  journalMonthClosed,
  type Language,
  notFound,
  pageOf,
  sentence,
} from '../platform/index.ts'
import {
  appointmentCallAsked,
  appointmentCallConnected,
  appointmentCallDialled,
  appointmentCallEnded,
  callAsked,
  offerCallAsked,
  offerCallEnded,
} from '../telephony/events.ts'
import {
  caseClosed,
  caseLinked,
  caseLinkUndone,
  caseReferenceSet,
  caseRepeatExplained,
  interactionChanged,
  interactionOpened,
  ticketAnswered,
  ticketAsked,
  ticketEscalated,
  ticketLate,
  ticketPrioritised,
  ticketQuestionAnswered,
  ticketQuestionWithdrawn,
  ticketReplied,
  ticketSent,
  ticketWarned,
} from './events.ts'
import { answerKey, contactSince, entriesOfCase, entriesOfContacts, textsIn, textsOfQuestions } from './history-store.ts'
import { withJoined } from './links/store.ts'
import type { HistoryEntry } from './model.ts'
import { unitNames } from './places.ts'
import { spokenCode } from './request-code.ts'
import { scopeOf } from './service.ts'
import { readCase } from './store.ts'

/** Entries that the program needs and a person does not: soft states, repeated announcements, and what a later entry says again. */
export const silent: readonly string[] = [
  ...[distribution.agentState, distribution.agentReachable, distribution.agentUnreachable],
  ...[distribution.callPosition, distribution.callContinuity, distribution.offerAccepted],
  // What became of a guide, or of a call of ours, is told once, at its end.
  ...[assistedStepped, appointmentCallAsked, appointmentCallDialled, appointmentCallConnected, offerCallAsked],
  ...[callAsked, interactionChanged, mailReceived],
  // Who is offered a ticket is told by "why"; who has it, by the ticket's own entries.
  ...[distribution.workQueued, distribution.workTaken, distribution.workDeclined, distribution.workLeft],
  ...[distribution.workOffered, distribution.workWithdrawn, distribution.workConnected, distribution.workSuspended],
  ...[distribution.workResumed, distribution.workReleased, distribution.workContinuity],
].map(each => each.type)

/** Of a visit at the counters it is told that it began and how it ended: in between it is called, missed, passed on, called again. */
const toldOfVisits = ['arrived', 'left', 'unserved']

/** Whether a person is told of an entry. */
export const isTold = ({ type, payload }: Pick<Entry, 'type' | 'payload'>): boolean =>
  !silent.includes(type) && (type !== visitNoted.type || toldOfVisits.includes(String(payload.kind)))

/** Fields of a payload that hold the identifier of a unit; its name is told. */
const unitFields = ['unitId', 'sectionId', 'directorateId', 'agencyId', 'officeId'] as const

export interface HistorySentence {
  code: string
  values: Record<string, string>
}

/**
 * The sentence of an entry.
 * @param unitName the name of a unit, by identifier
 * @param time how an instant is written for the reader
 */
export function sentenceOfEntry(
  entry: Pick<Entry, 'type' | 'payload' | 'actor'>,
  unitName: (id: string) => string,
  time: (iso: string) => string,
): HistorySentence {
  const values: Record<string, string> = {}
  for (const [field, value] of Object.entries(entry.payload)) {
    if (typeof value === 'number') values[field] = String(value)
    if (typeof value !== 'string') continue
    values[field] = value
    if (unitFields.some(each => each === field)) values[field.replace(/Id$/, '')] = unitName(value)
    else if (field === 'from' || field === 'to') values[field] = /^\+\d{5,15}$/.test(value) ? phoneForPeople(value) : value
    else if (field === 'code' || field === 'otherCode') values[field] = spokenCode(value)
    else if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) && !Number.isNaN(Date.parse(value))) values[field] = time(value)
  }
  return { code: `cases.history.${entry.type}${variantOf(entry)}`, values }
}

/** Some entries are told in more than one way. */
function variantOf({ type, payload, actor }: Pick<Entry, 'type' | 'payload' | 'actor'>): string {
  const text = (field: string) => String(payload[field] ?? '')
  switch (type) {
    case ticketSent.type:
      return `.${text('reason')}`
    case ticketReplied.type:
      return `.${text('how')}`
    case ticketPrioritised.type:
      return `.${text('priority')}`
    case ticketWarned.type:
    case ticketLate.type:
    case ticketEscalated.type:
      return `.${text('kind')}`
    case ticketAsked.type:
    case ticketAnswered.type:
      return `.${text('by')}`
    case caseClosed.type:
      return `.${text('outcome')}`
    case caseRepeatExplained.type:
      return `.${text('cause')}`
    case visitNoted.type:
      return `.${text('kind')}`
    case caseReferenceSet.type:
      return `.${text('because')}`
    case receiptJoined.type:
      return text('verdict') === 'valid' ? `.${text('kind')}` : '.uncertain'
    case caseLinked.type:
    case caseLinkUndone.type:
      return `.${text('kind')}`
    case assistedEnded.type:
    case offerCallEnded.type:
    case appointmentCallEnded.type:
      return `.${text('outcome')}`
    case mailNoted.type:
      return `.${text('as')}`
    case interactionOpened.type:
      return actor.kind === 'person' ? '' : 'ByMail'
    default:
      return ''
  }
}

const Cursor = z.tuple([z.number().int()])

/**
 * One page of a case's history, from the beginning. The calls of its conversations belong to it from the moment that they arrived.
 * @throws Refused 404 when the case is not there, or not the actor's to see
 */
export async function caseHistory(
  house: House,
  actor: Actor,
  caseId: string,
  query: { cursor?: string | undefined; limit: number },
  language: Language,
): Promise<{ items: HistoryEntry[]; next: string | null }> {
  const db = house.database.kysely
  const row = await readCase(db, caseId, scopeOf(actor))
  if (row === undefined) throw notFound('case')
  const after = decodeCursor(Cursor, query.cursor)?.[0] ?? 0
  const rows = await entriesOfCase(db, await withJoined(db, caseId), { after, except: silent, limit: query.limit + 1 })
  const page = pageOf(rows, query.limit, row => [row.id])
  const items = await toldEntries(house, db, page.items, language)
  const isFirst = query.cursor === undefined
  return { items: [...(isFirst ? await archivedSince(house, row.opened_at, language) : []), ...items], next: page.next }
}

/** Says that part of a history is archived, when it began before what the journal still has; stands where that part would. */
async function archivedSince(house: House, began: Date, language: Language): Promise<HistoryEntry[]> {
  const before = await archivedBefore(house.database)
  if (before === undefined || began >= before) return []
  const format = new Intl.DateTimeFormat(language, { timeZone: house.config.TIME_ZONE, dateStyle: 'long' })
  const told = sentence(language, 'cases.history.archived', { before: format.format(before) })
  const nobody = { who: null, unit: null, channel: null, text: null, caseId: null, callId: null, level: null, waitedMs: null }
  return [{ id: 'archived', at: before.toISOString(), type: journalMonthClosed.type, sentence: told, ...nobody }]
}

/** One page of what happened with a contact over all channels, newest first. What belongs to cases of others is left out. */
export async function contactHistory(
  house: House,
  actor: Actor,
  contactId: string,
  query: { cursor?: string | undefined; limit: number },
  language: Language,
): Promise<{ items: HistoryEntry[]; next: string | null }> {
  await contactView(house, actor, contactId)
  const db = house.database.kysely
  const scope = scopeOf(actor)
  const before = decodeCursor(Cursor, query.cursor)?.[0] ?? Number.MAX_SAFE_INTEGER
  const rows = await entriesOfContacts(db, await oneHistory(db, actor, contactId), scope, {
    before,
    except: silent,
    limit: query.limit + 1,
  })
  const page = pageOf(rows, query.limit, row => [row.id])
  const items = await toldEntries(house, db, page.items, language)
  if (page.next !== null) return { items, next: page.next }
  const began = await contactSince(db, contactId)
  return { items: [...items, ...(await archivedSince(house, began, language))], next: null }
}

async function toldEntries(house: House, db: Db, rows: readonly JournalRow[], language: Language): Promise<HistoryEntry[]> {
  const entries = rows.map(entryOf).filter(isTold)
  const names = await unitNames(db, [
    ...entries.flatMap(entry => unitFields.flatMap(field => textOf(entry.payload[field]))),
    ...entries.flatMap(entry => (entry.actor.kind === 'person' ? [entry.actor.unitId] : [])),
  ])
  const texts = await textsOf(db, entries)
  const format = new Intl.DateTimeFormat(language, { timeZone: house.config.TIME_ZONE, dateStyle: 'full', timeStyle: 'short' })
  return entries.map(entry => {
    const { code, values } = sentenceOfEntry(
      entry,
      id => names.get(id) ?? '',
      iso => format.format(new Date(iso)),
    )
    const told = sentence(language, code, values)
    const { actor } = entry
    return {
      id: String(entry.id),
      at: entry.at.toISOString(),
      type: entry.type,
      who: actor.kind === 'person' ? actor.name : sentence(language, `cases.who.${actor.kind}`),
      unit: actor.kind === 'person' ? (names.get(actor.unitId) ?? null) : null,
      channel: entry.subjects.channel ?? null,
      sentence: told === code ? sentence(language, 'cases.history.other', { type: entry.type }) : told,
      text: texts.get(textKey(entry)) ?? null,
      caseId: entry.subjects.case ?? null,
      callId: entry.subjects.call ?? null,
      level: entry.type === contactIdentified.type ? IdentificationLevel.catch('none').parse(entry.payload.level) : null,
      waitedMs: typeof entry.payload.waitedMs === 'number' ? entry.payload.waitedMs : null,
    }
  })
}

/** Notes, messages and returns that entries name; who may see the entry may read them, since they go with the case. */
async function textsOf(db: Db, entries: readonly Entry[]): Promise<Map<string, string>> {
  const ids = (field: string) => entries.flatMap(entry => textOf(entry.payload[field]).filter(id => isUuid.test(id)))
  const rows = [
    ...(await textsIn(db, 'case_note', ids('noteId'))),
    ...(await textsIn(db, 'message', ids('messageId'))),
    ...(await textsIn(db, 'ticket_return', ids('returnId'))),
    ...(await textsIn(db, 'case_link', ids('linkId'))),
    ...(await textsIn(db, 'case_file', ids('fileId'))),
    ...(await textsOfQuestions(db, ids('questionId'))),
  ]
  return new Map(rows.map(row => [row.id, row.text]))
}

const isUuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i
const textFields = ['noteId', 'messageId', 'returnId', 'linkId', 'fileId', 'questionId'] as const

function textKey(entry: Entry): string {
  const key = String(textFields.map(field => entry.payload[field]).find(id => id !== undefined) ?? '')
  if (entry.type === ticketQuestionAnswered.type) return answerKey(key)
  return entry.type === ticketQuestionWithdrawn.type ? '' : key
}

const textOf = (value: unknown): string[] => (typeof value === 'string' ? [value] : [])
