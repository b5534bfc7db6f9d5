/** SQL of cases, interactions and tickets. Lists are read by keyset, each along the index named beside it. */
import './tables.ts'
import { type RawBuilder, sql } from 'kysely'
import type { ContactScope } from '../contacts/index.ts'
import { callQueued } from '../distribution/events.ts'
import { Bug, type Db, typeNames } from '../platform/index.ts'
import { callArrived, callConnected } from '../telephony/events.ts'
import type { AnswerDraft, TicketDeadlines, TicketState } from './model.ts'
import { type CallStepType, callSteps } from './policy.ts'
import type { CaseRow, InteractionRow, TicketRow } from './tables.ts'

export type Scope = NonNullable<ContactScope>

/** Condition that a case may be seen: it passed through a unit of the reader's. Index: case_unit_pkey (case_id, unit_path). */
export function visibleCase(scope: Scope, caseId: RawBuilder<unknown>): RawBuilder<boolean> {
  if (scope.all) return sql`true`
  return sql`exists (select 1 from case_unit passed where passed.case_id = ${caseId} and starts_with(passed.unit_path, ${scope.under}))`
}

// --- cases ----------------------------------------------------------------------------------------------------------

export async function readCase(db: Db, id: string, scope: Scope, lock = false): Promise<CaseRow | undefined> {
  const { rows } = await sql<CaseRow>`
    select * from "case" where id = ${id} and ${visibleCase(scope, sql`"case".id`)} ${lock ? sql`for update` : sql``}`.execute(db)
  return rows[0]
}

/** The case in which one goes on with a case: it, or the one into which it was joined. */
export async function readSurvivor(db: Db, id: string, scope: Scope, lock = false): Promise<CaseRow | undefined> {
  const { rows } = await sql<CaseRow>`
    select * from "case" where id = surviving_case(${id}) and ${visibleCase(scope, sql`"case".id`)}
    ${lock ? sql`for update` : sql``}`.execute(db)
  return rows[0]
}

/** The case in which one goes on with the case of a request code: also of one that was joined. Index: case_code_key. */
export async function caseByCode(db: Db, code: string, scope: Scope): Promise<CaseRow | undefined> {
  const { rows } = await sql<CaseRow>`
    select * from "case" where id = (select surviving_case(id) from "case" where code = ${code}) and ${visibleCase(scope, sql`"case".id`)}`.execute(
    db,
  )
  return rows[0]
}

/** The case that has a request code itself. Index: case_code_key. */
export async function caseIdByCode(db: Db, code: string, scope: Scope): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select id from "case" where code = ${code} and ${visibleCase(scope, sql`"case".id`)}`.execute(db)
  return rows[0]?.id
}

/** Open cases of contacts, newest first. Index: case_open_of_contact. */
export async function openCases(db: Db, contactIds: readonly string[], scope: Scope): Promise<CaseRow[]> {
  if (contactIds.length === 0) return []
  const { rows } = await sql<CaseRow>`
    select * from "case"
    where  contact_id = any(${contactIds}::uuid[]) and status = 'open' and joined_into is null and ${visibleCase(scope, sql`"case".id`)}
    order  by opened_at desc, id desc
    limit  20`.execute(db)
  return rows
}

/** Paths of all units that a case has passed through. */
export async function unitsOfCase(db: Db, caseId: string): Promise<string[]> {
  const rows = await db.selectFrom('case_unit').select('unit_path').where('case_id', '=', caseId).execute()
  return rows.map(row => row.unit_path)
}

/** A case has come to a unit. Those that are joined with it may be seen there, too. */
export async function addCaseUnit(db: Db, caseId: string, unitPath: string): Promise<void> {
  await sql`
    insert into case_unit (case_id, unit_path, borrowed)
    select id, ${unitPath}, id <> ${caseId} from case_with_joined(surviving_case(${caseId})) as id
    on conflict (case_id, unit_path) do update set borrowed = false where case_unit.borrowed and not excluded.borrowed`.execute(
    db,
  )
}

/** A new case, with which none can be joined, has come to a unit. */
export async function addFirstUnit(db: Db, caseId: string, unitPath: string): Promise<void> {
  await db
    .insertInto('case_unit')
    .values({ case_id: caseId, unit_path: unitPath })
    .onConflict(conflict => conflict.doNothing())
    .execute()
}

/** Inserts a case unless its code is taken. Returns whether it was inserted. */
export async function insertCase(db: Db, row: Omit<CaseRow, 'version'>): Promise<boolean> {
  const inserted = await db
    .insertInto('case')
    .values(row)
    .onConflict(conflict => conflict.column('code').doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted !== undefined
}

/** Whether the contact had been in touch before about something open, or about the same typology since `since`. */
export async function wasInTouch(
  db: Db,
  contactId: string,
  typologyId: string,
  since: Date,
  exceptInteraction: string,
): Promise<boolean> {
  // Indexes: case_open_of_contact, interaction_of_contact.
  const { rows } = await sql<{ found: boolean }>`
    select exists (select 1 from "case" where contact_id = ${contactId} and status = 'open')
        or exists (select 1 from interaction
                   where contact_id = ${contactId} and opened_at >= ${since} and typology_id = ${typologyId}
                   and   id <> ${exceptInteraction}) as found`.execute(db)
  return rows[0]?.found ?? false
}

// --- interactions ---------------------------------------------------------------------------------------------------

export async function readInteraction(db: Db, id: string, scope: Scope, lock = false): Promise<InteractionRow | undefined> {
  const seen = scope.all
    ? sql`true`
    : sql`(starts_with(operator_path, ${scope.under}) or ${visibleCase(scope, sql`interaction.case_id`)})`
  const { rows } = await sql<InteractionRow>`
    select * from interaction where id = ${id} and ${seen} ${lock ? sql`for update` : sql``}`.execute(db)
  return rows[0]
}

/** Index: interaction_call_id_key. */
export const interactionRowOfCall = (db: Db, callId: string): Promise<InteractionRow | undefined> =>
  db.selectFrom('interaction').selectAll().where('call_id', '=', callId).executeTakeFirst()

/** Index: interaction_of_case. */
export const interactionsOfCases = (db: Db, caseIds: readonly string[]): Promise<InteractionRow[]> =>
  db.selectFrom('interaction').selectAll().where('case_id', 'in', caseIds).orderBy('opened_at').limit(200).execute()

/**
 * What an operator had on the desk on the office day of `now`, newest first, and what is still open of the days before.
 * Indexes: interaction_of_operator (operator_id, opened_at) for the day; interaction_open (operator_id, opened_at) for the days before.
 */
export async function interactionsOfOperator(
  db: Db,
  operatorId: string,
  { now, timeZone, openDays }: { now: Date; timeZone: string; openDays: number },
): Promise<InteractionRow[]> {
  const { rows } = await sql<InteractionRow>`
    with day (begins_at) as (select date_trunc('day', ${now}::timestamptz at time zone ${timeZone}::text) at time zone ${timeZone}::text)
    select   *
    from     (
               (select * from interaction
                where  operator_id = ${operatorId} and opened_at >= (select begins_at from day)
                order  by opened_at desc limit ${maxOnDesk})
               union all
               (select * from interaction
                where  operator_id = ${operatorId} and state = 'open'
                and    opened_at >= ${new Date(now.getTime() - openDays * 86_400_000)} and opened_at < (select begins_at from day)
                order  by opened_at desc limit ${maxOnDesk})
             ) on_desk
    order by opened_at desc
    limit    ${maxOnDesk}`.execute(db)
  return rows
}

const maxOnDesk = 300

/** Facts about a call that the journal holds: where it came from, which office was called, whom it was put through to. */
export interface CallFacts {
  from: string | null
  officeId: string | null
  provinceCode: string | null
  regionCode: string | null
  sectionId: string | null
  agents: string[]
}

/** Index: event_of_call. */
export async function callFacts(db: Db, callId: string): Promise<CallFacts | undefined> {
  const rows = await db
    .selectFrom('event')
    .select(['type', 'payload', 'person_id'])
    .where('call_id', '=', callId)
    .where('type', 'in', [callArrived.type, callQueued.type, callConnected.type])
    .orderBy('id')
    .execute()
  const arrived = rows.find(row => row.type === callArrived.type)
  if (!arrived) return undefined
  const text = (payload: unknown, field: string): string | null => {
    const value = typeof payload === 'object' && payload !== null ? Reflect.get(payload, field) : undefined
    return typeof value === 'string' ? value : null
  }
  return {
    from: text(arrived.payload, 'from'),
    officeId: text(arrived.payload, 'unitId'),
    provinceCode: text(arrived.payload, 'provinceCode'),
    regionCode: text(arrived.payload, 'regionCode'),
    sectionId:
      rows
        .filter(row => row.type === callQueued.type)
        .map(row => text(row.payload, 'sectionId'))
        .at(-1) ?? null,
    agents: rows
      .filter(row => row.type === callConnected.type)
      .flatMap(row => [text(row.payload, 'agent') ?? row.person_id ?? []].flat()),
  }
}

/** Which way a call went between operators: a step for each conversation, each transfer, and the end. */
export interface CallMovement {
  callId: string
  type: CallStepType
  agent: string | null
  sectionId: string | null
}

/** The ways of some calls, in order. Index: event_of_call. */
export async function movementsOfCalls(db: Db, callIds: readonly string[]): Promise<CallMovement[]> {
  if (callIds.length === 0) return []
  const { rows } = await sql<CallMovement>`
    select   call_id as "callId", type, payload ->> 'agent' as agent, payload ->> 'sectionId' as "sectionId"
    from     event
    where    call_id = any (${[...callIds]}::uuid[]) and type in ${typeNames(...callSteps)}
    order by id`.execute(db)
  return rows
}

// --- tickets --------------------------------------------------------------------------------------------------------

export interface TicketWithCase extends TicketRow {
  code: string
  title: string
  contact_id: string
  typology_id: string | null
}

/** The columns of a ticket with those of its case. */
export const withCase = sql`ticket.*, "case".code, "case".title, "case".contact_id, "case".typology_id`

export async function readTicket(db: Db, id: string, scope: Scope): Promise<TicketWithCase | undefined> {
  const { rows } = await sql<TicketWithCase>`
    select ${withCase} from ticket join "case" on "case".id = ticket.case_id
    where  ticket.id = ${id} and ${visibleCase(scope, sql`ticket.case_id`)}`.execute(db)
  return rows[0]
}

/** A ticket with what says who may act on it, and the mail with the last answer of its case. */
export type TicketOfMail = TicketWithCase & { passed_through: string[]; last_mail_id: string | null }

/** Some tickets that may be seen, by identifier. Indexes: ticket_pkey, case_unit_pkey, message_of_case. */
export async function ticketsOfMails(db: Db, ids: readonly string[], scope: Scope): Promise<Map<string, TicketOfMail>> {
  const { rows } = await sql<TicketOfMail>`
    select ${withCase},
           array(select unit_path from case_unit passed where passed.case_id = ticket.case_id) as passed_through,
           (select mail_id from message where message.case_id = ticket.case_id order by at desc, id desc limit 1) as last_mail_id
    from   ticket join "case" on "case".id = ticket.case_id
    where  ticket.id = any(${[...ids]}::uuid[]) and ${visibleCase(scope, sql`ticket.case_id`)}`.execute(db)
  return new Map(rows.map(row => [row.id, row]))
}

/** The ticket, kept for the transaction. A second transaction waits here and then sees what the first has done. */
export async function lockTicket(db: Db, id: string, scope: Scope): Promise<TicketWithCase | undefined> {
  const { rows } = await sql<{ id: string }>`select id from ticket where id = ${id} for update`.execute(db)
  return rows[0] ? readTicket(db, id, scope) : undefined
}

/** The tickets of some cases, those that are open first. Index: ticket_case_id_key. */
export async function ticketsWithCase(db: Db, caseIds: readonly string[]): Promise<TicketWithCase[]> {
  const { rows } = await sql<TicketWithCase>`
    select ${withCase} from ticket join "case" on "case".id = ticket.case_id where ticket.case_id = any(${[...caseIds]}::uuid[])
    order  by ticket.state = 'closed', ticket.opened_at desc, ticket.id`.execute(db)
  return rows
}

/** Whether a case has a ticket, or one that was joined into it has an open one. Indexes: ticket_case_id_key, case_joined_into. */
export async function hasTicket(db: Db, caseId: string): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (select from ticket where case_id in (select case_with_joined(${caseId}))
                   and (case_id = ${caseId} or state <> 'closed')) as found`.execute(db)
  return rows[0]?.found ?? false
}

/** What the citizen is told of a question that was passed on. */
export type LineaFacts = Pick<TicketRow, 'case_id' | 'kind' | 'centre_name' | 'due_at' | 'reply_kind' | 'reply_address'>

/** The tickets of some cases, by case. Index: ticket_case_id_key. */
export async function ticketsOfCases(db: Db, caseIds: readonly string[]): Promise<Map<string, LineaFacts>> {
  if (caseIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('ticket')
    .select(['case_id', 'kind', 'centre_name', 'due_at', 'reply_kind', 'reply_address'])
    .where('case_id', 'in', [...caseIds])
    .execute()
  return new Map(rows.map(row => [row.case_id, row]))
}

/** Where a list of tickets is taken from. */
export interface TicketList {
  column: 'unit_id' | 'centre_id' | 'directorate_id'
  value: string
}

/** Of a list that is longer, only what is due first is counted. */
export const maxCounted = 5_000

/** Bounds in time between which tickets are counted. */
export interface Moments {
  now: Date
  /** The beginnings of tomorrow and of the day after. */
  tomorrow: Date
  dayAfter: Date
}

export type DeadlineCounts = Omit<TicketDeadlines, 'atMost'>

/**
 * How the tickets of a place, or those that a member has in charge, lie in time.
 * Indexes: ticket_of_section, ticket_of_centre, ticket_of_directorate, ticket_of_member.
 */
export async function deadlinesOf(
  db: Db,
  place: TicketList | { column: 'claimed_by'; value: string },
  states: readonly TicketState[],
  scope: Scope,
  { now, tomorrow, dayAfter }: Moments,
): Promise<DeadlineCounts> {
  const within =
    scope.all || place.column === 'claimed_by'
      ? sql``
      : place.column === 'directorate_id'
        ? sql`and starts_with(directorate_path, ${scope.under})`
        : sql`and starts_with(unit_path, ${scope.under})`
  const before = (days: number) => new Date(now.getTime() - days * 24 * 3_600_000)
  const { rows } = await sql<DeadlineCounts['due'] & DeadlineCounts['age']>`
    select count(*) filter (where due_at < ${now})::int                                          as late,
           count(*) filter (where due_at >= ${now} and due_at < ${tomorrow})::int                as today,
           count(*) filter (where due_at >= ${tomorrow} and due_at < ${dayAfter})::int           as tomorrow,
           count(*) filter (where due_at >= ${dayAfter})::int                                    as later,
           count(*) filter (where opened_at > ${before(1)})::int                                 as day,
           count(*) filter (where opened_at <= ${before(1)} and opened_at > ${before(3)})::int   as "threeDays",
           count(*) filter (where opened_at <= ${before(3)} and opened_at > ${before(7)})::int   as week,
           count(*) filter (where opened_at <= ${before(7)})::int                                as older
    from   (select due_at, opened_at from ticket
            where  ${sql.ref(place.column)} = ${place.value} and state = any(${states}::text[]) ${within}
            order  by due_at, id
            limit  ${maxCounted}) listed`.execute(db)
  const [counted] = rows
  if (!counted) throw new Bug('A count without a group has one row.')
  const { late, today, tomorrow: onTomorrow, later, ...age } = counted
  return { due: { late, today, tomorrow: onTomorrow, later }, age }
}

export interface SectionLoad {
  pool: number
  claimed: number
  forwarded: number
  late: number
  today: number
  oldest: Date | null
}

/** What is open in some sections, by section. What is answered only waits for its mail and is nobody's work. Index: ticket_of_section. */
export async function loadOf(
  db: Db,
  { unitIds, now, tomorrow }: { unitIds: readonly string[]; now: Date; tomorrow: Date },
): Promise<Map<string, SectionLoad>> {
  const { rows } = await sql<SectionLoad & { unit_id: string }>`
    select unit_id,
           count(*) filter (where state = 'pool')::int                         as pool,
           count(*) filter (where state = 'claimed')::int                      as claimed,
           count(*) filter (where state in ('forwarded', 'returned'))::int     as forwarded,
           count(*) filter (where due_at < ${now})::int                        as late,
           count(*) filter (where due_at >= ${now} and due_at < ${tomorrow})::int as today,
           min(opened_at)                                                      as oldest
    from   ticket
    where  unit_id = any(${unitIds}::text[])
    and    state in ('pool', 'claimed', 'forwarded', 'returned')
    group  by unit_id`.execute(db)
  return new Map(rows.map(row => [row.unit_id, row]))
}

/** Everything of a section that waits or is in hand, oldest first. Index: ticket_of_section. */
export async function poolOf(
  db: Db,
  sectionId: string,
): Promise<Pick<TicketRow, 'id' | 'case_id' | 'unit_id' | 'unit_path' | 'opened_at' | 'kind' | 'state'>[]> {
  const { rows } = await sql<TicketRow>`
    select id, case_id, unit_id, unit_path, opened_at, kind, state from ticket
    where  unit_id = ${sectionId} and state in ('pool', 'claimed', 'returned') and kind = 'linea'
    order  by opened_at, id`.execute(db)
  return rows
}

/** How many a member has in charge; the count stops at `most`. Index: ticket_of_member. */
export async function countOwn(db: Db, personId: string, most = 100): Promise<number> {
  const { rows } = await sql<{ tickets: number }>`
    select count(*)::int as tickets from (
      select 1 from ticket where claimed_by = ${personId} and state in ('claimed', 'forwarded', 'returned', 'answered') limit ${most}
    ) own`.execute(db)
  return rows[0]?.tickets ?? 0
}

/** The kept counts of units. */
export const ticketCountsOf = (db: Db, unitIds: readonly string[]) =>
  unitIds.length === 0 ? Promise.resolve([]) : db.selectFrom('ticket_count').selectAll().where('unit_id', 'in', unitIds).execute()

/** Changes a ticket that is locked in this transaction; its version grows by one. */
export async function updateTicket(db: Db, id: string, change: Partial<Omit<TicketRow, 'id' | 'version'>>): Promise<void> {
  await db
    .updateTable('ticket')
    .set(eb => ({ ...change, version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .execute()
}

/** Index: note_of_case. */
export const notesOf = (db: Db, caseIds: readonly string[]) =>
  db.selectFrom('case_note').selectAll().where('case_id', 'in', caseIds).orderBy('at').orderBy('id').limit(500).execute()

/** What directorates have written back, oldest first. Index: ticket_return_of_ticket. */
export const returnsOf = (db: Db, ticketId: string) =>
  db.selectFrom('ticket_return').selectAll().where('ticket_id', '=', ticketId).orderBy('at').orderBy('id').limit(200).execute()

/** The mail of what was written to the citizen last; null when that was said by telephone, or nothing was. Index: message_of_case. */
export async function lastMailId(db: Db, caseId: string): Promise<string | null> {
  const row = await db
    .selectFrom('message')
    .select('mail_id')
    .where('case_id', '=', caseId)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.mail_id ?? null
}

/** Index: message_of_case. */
export const messagesOfCases = (db: Db, caseIds: readonly string[]) =>
  db.selectFrom('message').selectAll().where('case_id', 'in', caseIds).orderBy('at').orderBy('id').limit(200).execute()

/** What somebody is writing as the answer to a ticket. Index: the key. */
export async function draftOf(db: Db, ticketId: string, personId: string): Promise<AnswerDraft | undefined> {
  const row = await db
    .selectFrom('answer_draft')
    .select(['text', 'saved_at', 'version', 'passed_from_name'])
    .where('ticket_id', '=', ticketId)
    .where('person_id', '=', personId)
    .executeTakeFirst()
  return row && { text: row.text, savedAt: row.saved_at.toISOString(), version: row.version, from: row.passed_from_name }
}

/** Puts a text in the place of what somebody was writing. Whoever has the older one open is told. */
export async function putDraft(
  db: Db,
  { ticketId, personId, text, now }: { ticketId: string; personId: string; text: string; now: Date },
): Promise<void> {
  await db
    .insertInto('answer_draft')
    .values({ ticket_id: ticketId, person_id: personId, text, saved_at: now })
    .onConflict(conflict =>
      conflict
        .columns(['ticket_id', 'person_id'])
        .doUpdateSet(eb => ({ text, saved_at: now, version: eb('answer_draft.version', '+', 1) })),
    )
    .execute()
}

/** Empties what was being written for a ticket. The rows stay: their versions go on, and no late page takes an old text for a new one. */
export async function emptyDrafts(db: Db, ticketId: string, now: Date): Promise<void> {
  await db
    .updateTable('answer_draft')
    .set(eb => ({ text: '', saved_at: now, version: eb('version', '+', 1) }))
    .where('ticket_id', '=', ticketId)
    .where('text', '<>', '')
    .execute()
}
