/** Incidents and notices as they are shown. */
import { z } from 'zod'
import { openTicketsOfCause, planAnswers, readWhy } from '../cases/index.ts'
import { procedureNames } from '../classification/index.ts'
import { can } from '../identity/capabilities.ts'
import { regionNames, unitOf, unitsOf } from '../organisation/index.ts'
import {
  type Actor,
  type Db,
  decodeCursor,
  type House,
  type Language,
  notFound,
  type PersonActor,
  pageOf,
  permissionOf,
  refused,
  sentence,
} from '../platform/index.ts'
import {
  type Incident,
  type IncidentLine,
  type IncidentStep,
  type LinkedTicket,
  type Notice,
  type NoticeLanguage,
  noticeLanguages,
  type PublicNotice,
} from './model.ts'
import { type NoticeInForce, noticeOf, noticesInForce } from './notice-store.ts'
import { concernsDesk, mayKeepIncident, mayLinkTickets } from './policy.ts'
import { incidentPage, type ListedIncident, linkedOf, linkPage, readIncident, stepPage } from './store.ts'

const Cursor = z.tuple([z.string(), z.uuid()])
const candidateDays = 14
const maxCandidates = 100

interface PageAsked {
  cursor?: string | undefined
  limit: number
}

/** One page of the incidents that go on, or are closed, newest first. */
export async function incidentList(
  house: House,
  query: PageAsked & { view: 'current' | 'closed'; procedureId?: string | undefined },
): Promise<{ items: IncidentLine[]; next: string | null }> {
  const db = house.database.kysely
  const rows = await incidentPage(db, {
    ...{ closed: query.view === 'closed', procedureId: query.procedureId, after: decodeCursor(Cursor, query.cursor) },
    ...{ limit: query.limit + 1, now: new Date(house.clock.now()) },
  })
  const { items, next } = pageOf(rows, query.limit, row => [row.opened_at.toISOString(), row.id])
  const names = await namesOf(db, items)
  return { items: items.map(row => lineOf(row, names)), next }
}

interface Names {
  procedures: ReadonlyMap<string, string>
  sections: ReadonlyMap<string, string>
}

async function namesOf(db: Db, rows: readonly { procedure_id?: string | null; section_id: string | null }[]): Promise<Names> {
  const procedures = await procedureNames(
    db,
    rows.flatMap(row => row.procedure_id ?? []),
  )
  const ids = [...new Set(rows.flatMap(row => row.section_id ?? []))]
  const sections = ids.length === 0 ? [] : await unitsOf(db, { ids })
  return { procedures, sections: new Map(sections.map(unit => [unit.id, unit.name])) }
}

const regionName = (code: string | null): string | null => (code === null ? null : (regionNames().get(code) ?? code))

const lineOf = (row: ListedIncident, { procedures, sections }: Names): IncidentLine => ({
  id: row.id,
  number: row.number,
  title: row.title,
  state: row.state,
  procedure: row.procedure_id === null ? null : (procedures.get(row.procedure_id) ?? row.procedure_id),
  region: regionName(row.region_code),
  section: row.section_id === null ? null : (sections.get(row.section_id) ?? row.section_id),
  tickets: row.tickets,
  notice: row.has_notice,
  expectedEnd: row.expected_end?.toISOString() ?? null,
  openedAt: row.opened_at.toISOString(),
})

/** @throws Refused 404 */
export async function incidentView(house: House, actor: Actor, id: string, language: Language): Promise<Incident> {
  const db = house.database.kysely
  const now = new Date(house.clock.now())
  const row = await readIncident(db, id, now)
  if (!row) throw notFound('incident')
  const given = await noticeOf(db, id, now)
  const facts = { state: row.state, unitPath: row.unit_path, unitName: row.unit_name }
  return {
    ...lineOf(row, await namesOf(db, [row])),
    ...{ procedureId: row.procedure_id, regionCode: row.region_code, sectionId: row.section_id },
    ...{ unit: { id: row.unit_id, name: row.unit_name }, workaround: row.workaround },
    ...{ openedBy: row.opened_by_name, changedBy: row.changed_by_name, changedAt: row.changed_at.toISOString() },
    closedAt: row.closed_at?.toISOString() ?? null,
    given: given ? noticeView(given, await namesOf(db, [given])) : null,
    change: permissionOf(mayKeepIncident(actor, facts), language),
    link: permissionOf(mayLinkTickets(actor), language),
    version: row.version,
  }
}

/** One page of what was done about an incident, newest first. */
export async function incidentSteps(
  house: House,
  incidentId: string,
  query: PageAsked,
  language: Language,
): Promise<{ items: IncidentStep[]; next: string | null }> {
  const after = decodeCursor(Cursor, query.cursor)
  const rows = await stepPage(house.database.kysely, { incidentId, after, limit: query.limit + 1 })
  const { items, next } = pageOf(rows, query.limit, row => [row.at.toISOString(), row.id])
  return {
    items: items.map(row => ({
      ...{ id: row.id, by: row.by_name, at: row.at.toISOString() },
      what: sentence(language, `incidents.step.${row.kind}`, row.detail),
    })),
    next,
  }
}

// --- its tickets -----------------------------------------------------------------------------------------------------

/** One page of the tickets of an incident that the reader may see, with what the answer would do with each. */
export async function incidentTickets(
  house: House,
  actor: PersonActor,
  incidentId: string,
  query: PageAsked,
  language: Language,
): Promise<{ items: LinkedTicket[]; next: string | null }> {
  const db = house.database.kysely
  const now = new Date(house.clock.now())
  const rows = await linkPage(db, { incidentId, after: decodeCursor(Cursor, query.cursor), limit: query.limit + 1 })
  const { items, next } = pageOf(rows, query.limit, row => [row.linked_at.toISOString(), row.ticket_id])
  const links = new Map(items.map(row => [row.ticket_id, row]))
  const planned = await planAnswers(db, actor, [...links.keys()], now)
  return {
    items: planned.flatMap(({ ticket, address, way, verdict, letter }) => {
      const row = links.get(ticket.id)
      if (!row) return []
      const why = row.left_because === null ? null : readWhy(row.left_because)
      return {
        ...{ ticket, linkedBy: row.linked_by_name, answering: row.answering, address, way, letter },
        leftBecause: why && sentence(language, why.code, why.values),
        may: permissionOf(row.answering === 'waiting' ? refused('incidents.answerUnderWay') : verdict, language),
      }
    }),
    next,
  }
}

/** Open tickets of the reader's group that may have the same cause, newest first: of the same procedure, in the last weeks, of no incident. */
export async function incidentCandidates(
  house: House,
  actor: PersonActor,
  incidentId: string,
): Promise<{ items: LinkedTicket['ticket'][] }> {
  const db = house.database.kysely
  const now = house.clock.now()
  const incident = await readIncident(db, incidentId, new Date(now))
  if (!incident) throw notFound('incident')
  if (incident.cause_key === null || !can(actor, 'incidents.keep')) return { items: [] }
  const asked = { unitId: actor.unitId, causeKey: incident.cause_key, limit: maxCandidates }
  const ids = await openTicketsOfCause(db, { ...asked, since: new Date(now - candidateDays * 86_400_000) })
  return { items: await unlinkedLines(db, actor, ids, new Date(now)) }
}

/** Some tickets in a row each, without those that an incident has. */
export async function unlinkedLines(
  db: Db,
  actor: PersonActor,
  ids: readonly string[],
  now: Date,
): Promise<LinkedTicket['ticket'][]> {
  const linked = await linkedOf(db, ids)
  const planned = await planAnswers(
    db,
    actor,
    ids.filter(id => !linked.has(id)),
    now,
  )
  return planned.map(({ ticket }) => ticket)
}

// --- notices ---------------------------------------------------------------------------------------------------------

const noticeView = (row: NoticeInForce, { sections }: Names): Notice => ({
  ...{ id: row.id, incidentId: row.incident_id, title: row.title, texts: row.texts, channels: row.channels },
  region: regionName(row.region_code),
  section: row.section_id === null ? null : (sections.get(row.section_id) ?? row.section_id),
  workaround: row.workaround,
  startsAt: row.starts_at.toISOString(),
  endsAt: row.ends_at.toISOString(),
})

/** The notices that concern the reader's desk; for answers: those whose text may stand in one. */
export async function noticesForDesk(house: House, actor: PersonActor, use: 'desks' | 'answers'): Promise<Notice[]> {
  const db = house.database.kysely
  const rows = await noticesInForce(db, use, new Date(house.clock.now()))
  if (rows.length === 0) return []
  const unit = await unitOf(db, actor.unitId)
  const ids = [...new Set(rows.flatMap(row => row.section_id ?? []))]
  const sections = ids.length === 0 ? [] : await unitsOf(db, { ids })
  const names: Names = { procedures: new Map(), sections: new Map(sections.map(each => [each.id, each.name])) }
  const desk = { regionCode: unit?.regionCode ?? null, unitPath: actor.unitPath, answersCalls: can(actor, 'calls.answer') }
  return rows
    .filter(row =>
      concernsDesk(
        { regionCode: row.region_code, sectionPath: sections.find(each => each.id === row.section_id)?.path ?? null },
        desk,
      ),
    )
    .map(row => noticeView(row, names))
}

/** The notices for everybody. */
export async function publicNotices(house: House): Promise<PublicNotice[]> {
  const rows = await noticesInForce(house.database.kysely, 'public', new Date(house.clock.now()))
  return rows.map(row => ({
    ...{ id: row.id, texts: row.texts, region: regionName(row.region_code) },
    ...{ startsAt: row.starts_at.toISOString(), endsAt: row.ends_at.toISOString() },
  }))
}

/** A notice as a caller hears it. */
export interface SpokenNotice {
  id: string
  texts: Notice['texts']
  sectionId: string | null
  endsAt: number
}

/** More than so many are not said before a menu. */
const maxSpoken = 2

/** What a caller from a region hears before the menu, or before the queue of a section; the newest first, and few. */
export async function noticesForCaller(db: Db, regionCode: string | null, at: Date): Promise<SpokenNotice[]> {
  const rows = await noticesInForce(db, 'callers', at)
  const concerned = rows.filter(row => row.region_code === null || row.region_code === regionCode)
  const places = new Map<string | null, number>()
  return concerned.flatMap(row => {
    const said = places.get(row.section_id) ?? 0
    places.set(row.section_id, said + 1)
    return said < maxSpoken ? [{ id: row.id, texts: row.texts, sectionId: row.section_id, endsAt: row.ends_at.getTime() }] : []
  })
}

/** What callers hear of the notices in force, in each of its languages: for speaking it beforehand. */
export async function noticesToSpeak(db: Db, at: Date): Promise<{ language: NoticeLanguage; text: string }[]> {
  const rows = await noticesInForce(db, 'callers', at)
  return rows.flatMap(({ texts }) =>
    noticeLanguages.flatMap(language => {
      const text = texts[language]
      return text === undefined ? [] : [{ language, text }]
    }),
  )
}
