/**
 * Takes the sample institute out of a database again, so that an installation on which people tried can become a real one. The six weeks that it
 * is said to have worked go with it: their identifiers tell them from what people have made.
 *
 *   nothing hangs on it ──▶ accounts closed, numbers gone (no call finds it any more) ──▶ the rest in batches, leaves first ──▶ mark
 *   something does      ──▶ refused, with what it is; `closeSampleAccounts` at least closes what everybody knows the password of
 *
 * Each batch is a transaction of its own, and only takes away what is still there: a removal that was interrupted goes on where it was, and
 * the program may run meanwhile. The journal stays, as it always does.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import {
  type House,
  inTransaction,
  type Language,
  Refused,
  sampleMark,
  sentence,
  system,
  type Tx,
  type Work,
} from '../src/platform/index.ts'
import { buildPeople, planner } from './accounts.ts'
import { buildAgenda } from './agenda.ts'
import { buildCounters } from './counters.ts'
import { sampleRemoved } from './events.ts'
import { guides } from './guides.ts'
import { livingIds } from './living/index.ts'
import { buildOrganisation } from './organisation.ts'
import { procedures } from './procedures.ts'
import { readTerritory } from './territory.ts'
import { typologies } from './typologies.ts'

/** Rows that one transaction takes away at most. */
const batchRows = 500

/** What was taken away, by table. */
export type Removed = Readonly<Record<string, number>>

interface Belongings {
  units: readonly string[]
  people: readonly string[]
  numbers: readonly string[]
  typologies: readonly string[]
  procedures: readonly string[]
  guides: readonly string[]
  services: readonly string[]
  calendars: readonly string[]
  halls: readonly string[]
  desks: readonly string[]
}

/** What the sample brings, by identifier: it is the same each time. */
function belongings(): Belongings {
  const { units, hours, numbers } = buildOrganisation(readTerritory(), planner)
  const people = buildPeople(units)
  const agenda = buildAgenda(units, people, hours)
  const counters = buildCounters(units)
  return {
    units: units.map(unit => unit.id),
    people: people.map(person => person.id),
    numbers: numbers.map(number => number.number),
    typologies: typologies.map(typology => typology.id),
    procedures: procedures.map(({ id }) => id),
    guides: guides.map(({ id }) => id),
    services: agenda.services.map(service => service.id),
    calendars: agenda.calendars.map(calendar => calendar.id),
    halls: counters.halls.map(hall => hall.id),
    desks: counters.halls.flatMap(hall => hall.desks.map(desk => desk.id)),
  }
}

// --- what hangs on it -----------------------------------------------------------------------------------------------

/** What people have made since, which would lose its office or its author: key of its words, and how it is counted. */
const made = {
  contacts: sql`select count(*) from contact where ${isMade('id')}`,
  cases: sql`select count(*) from "case" where ${isMade('id')}`,
  interactions: sql`select count(*) from interaction where ${isMade('id')}`,
  notes: sql`select count(*) from case_note where ${isMade('id')}`,
  calls: sql`select count(*) from call where ${isMade('id')}`,
  callbacks: sql`select count(*) from callback`,
  appointments: sql`select count(*) from appointment where ${isMade('id')}`,
  visits: sql`select count(*) from visit where ${isMade('id')}`,
  mails: sql`select count(*) from mail where ${isMade('id')}`,
  templates: sql`select count(*) from answer_template`,
  incidents: sql`select count(*) from incident where ${isMade('id')}`,
  knownErrors: sql`select count(*) from known_error where ${isMade('id')}`,
  activities: sql`select count(*) from prevention_activity where ${isMade('id')}`,
  assistedSessions: sql`select count(*) from assisted_session`,
}

/** Whether people made something: it has none of the identifiers of the living sample. */
function isMade(column: string) {
  return sql`not (${sql.ref(column)} >= ${livingIds.from}::uuid and ${sql.ref(column)} < ${livingIds.below}::uuid)`
}

/** Returns what hangs on the sample, each with its number; empty when it can go. */
async function whatHangs({ database }: Pick<House, 'database'>, sample: Belongings): Promise<{ key: string; count: number }[]> {
  const added = {
    people: sql`select count(*) from person where not (id = any(${sample.people}::uuid[]))`,
    units: sql`select count(*) from unit where not (id = any(${sample.units}::text[]))`,
    numbers: sql`select count(*) from office_number where not (number = any(${sample.numbers}::text[]))`,
    typologies: sql`select count(*) from typology where not (id = any(${sample.typologies}::text[]))`,
    calendars: sql`select count(*) from agenda_calendar where not (id = any(${sample.calendars}::uuid[]))`,
    services: sql`select count(*) from agenda_service where unit_id is not null`,
    guides: sql`select count(*) from guide where not (id = any(${sample.guides}::uuid[]))`,
    flows: sql`select count(*) from flow where version > 1`,
  }
  const found: { key: string; count: number }[] = []
  for (const [key, query] of Object.entries({ ...made, ...added })) {
    const { rows } = await sql<{ count: number }>`select (${query})::int as count`.execute(database.kysely)
    if ((rows[0]?.count ?? 0) > 0) found.push({ key, count: rows[0]?.count ?? 0 })
  }
  return found
}

async function mustNotHang(house: House, sample: Belongings, language: Language): Promise<void> {
  const hanging = await whatHangs(house, sample)
  if (hanging.length === 0) return
  const what = hanging.map(({ key, count }) => sentence(language, `sample.hangs.${key}`, { count })).join(', ')
  throw new Refused('sample.inUse', { what })
}

// --- taking away ----------------------------------------------------------------------------------------------------

/**
 * Closes the accounts of the sample: sessions end, the published password opens nothing any more, and every page is told that the sample is no
 * longer there. What people have built upon its offices stays. Returns how many accounts were still open.
 */
export async function closeSampleAccounts(house: House): Promise<number> {
  const { people } = belongings()
  let closed = 0
  for (const batch of batches(people)) closed += await inTransaction(house, system('sample'), work => closeAccounts(work, batch))
  await inTransaction(house, system('sample'), async work => {
    await unmark(work.tx)
    await work.journal(sampleRemoved, { accounts: closed, rows: 0 }, { units: ['inps'] })
  })
  return closed
}

async function closeAccounts({ tx, now }: Work, people: readonly string[]): Promise<number> {
  await sql`delete from session where person_id = any(${people}::uuid[])`.execute(tx)
  const { numAffectedRows } = await sql`
    update person set password_hash = null, disabled_at = coalesce(disabled_at, ${now}), version = version + 1
    where  id = any(${people}::uuid[]) and (password_hash is not null or disabled_at is null)`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

/**
 * Takes the sample institute away. Returns what was taken, by table.
 * @throws Refused 409 when something hangs on it that people made, with what it is
 */
export async function removeSample(house: House, language: Language): Promise<Removed> {
  const sample = belongings()
  await mustNotHang(house, sample, language)
  let accounts = 0
  for (const batch of batches(sample.people))
    accounts += await inTransaction(house, system('sample'), work => closeAccounts(work, batch))
  const removed: Record<string, number> = {}
  const remove = async (table: string, column: string, type: 'text' | 'uuid', ids: readonly string[]) => {
    for (const batch of batches(ids)) {
      const { rows } = await sql<{ count: number }>`
        with gone as (delete from ${sql.table(table)} where ${sql.ref(column)} = any(${batch}::${sql.raw(type)}[]) returning 1)
        select count(*)::int as count from gone`.execute(house.database.kysely)
      removed[table] = (removed[table] ?? 0) + (rows[0]?.count ?? 0)
    }
  }
  await remove('number_change', 'number', 'text', sample.numbers)
  await remove('office_number', 'number', 'text', sample.numbers)
  // Nobody of the sample can work now and no call finds one of its numbers: what has not come by now does not come.
  await mustNotHang(house, sample, language)
  for (const [table, column] of ofLife) removed[table] = (removed[table] ?? 0) + (await removeLife(house, table, column))
  await remove('counter_sitting', 'desk_id', 'uuid', sample.desks)
  for (const [table, column] of ofHalls) await remove(table, column, 'uuid', sample.halls)
  for (const [table, column] of ofCalendars) await remove(table, column, 'uuid', sample.calendars)
  for (const [table, column] of ofServices) await remove(table, column, 'text', sample.services)
  for (const [table, column] of ofPeople) await remove(table, column, 'uuid', sample.people)
  for (const [table, column] of ofUnits) await remove(table, column, 'text', sample.units)
  for (const [table, column] of ofSums) await remove(table, column, 'text', sample.units)
  await remove('deadline_target', 'typology_id', 'text', sample.typologies)
  await remove('incident_proposal', 'unit_id', 'text', sample.units)
  await remove('it_procedure', 'id', 'text', sample.procedures)
  await remove('guide_version', 'guide_id', 'uuid', sample.guides)
  await remove('guide', 'id', 'uuid', sample.guides)
  await remove('typology_slip', 'typology_id', 'text', sample.typologies)
  await remove('typology_word', 'typology_id', 'text', sample.typologies)
  // Children stand after their parents, and go before them.
  await remove('typology', 'id', 'text', sample.typologies.toReversed())
  await remove('unit', 'id', 'text', sample.units.toReversed())
  await inTransaction(house, system('sample'), async work => {
    const flow: unknown = JSON.parse(readFileSync(join(import.meta.dirname, 'flow.json'), 'utf8'))
    const id = typeof flow === 'object' && flow !== null && 'id' in flow ? String(flow.id) : ''
    await sql`delete from flow where id = ${id}`.execute(work.tx)
    await unmark(work.tx)
    const rows = Object.values(removed).reduce((sum, count) => sum + count, 0)
    await work.journal(sampleRemoved, { accounts, rows }, { units: ['inps'] })
  })
  return removed
}

/** What the living sample brought, each before what it names. */
const ofLife = [
  ['visit_entry', 'visit_id'],
  ['visit', 'id'],
  ['mail', 'id'],
  ['agenda_taken', 'id'],
  ['agenda_hold', 'id'],
  ['appointment_call', 'appointment_id'],
  ['time_offer_call', 'appointment_id'],
  ['appointment_letter', 'appointment_id'],
  ['appointment', 'id'],
  ['answer_draft', 'ticket_id'],
  ['ticket_viewer', 'ticket_id'],
  ['message', 'id'],
  ['note_mention', 'note_id'],
  ['note_mention', 'ticket_id'],
  ['ticket_question', 'id'],
  ['ticket_question', 'ticket_id'],
  ['ticket_move', 'ticket_id'],
  ['absence_return', 'ticket_id'],
  ['absence', 'id'],
  ['saved_ticket_list', 'id'],
  ['case_note', 'id'],
  ['ticket_return', 'id'],
  ['citizen_question', 'ticket_id'],
  ['ticket_deadline', 'ticket_id'],
  ['incident_ticket', 'ticket_id'],
  ['incident_answering', 'id'],
  ['incident_notice', 'id'],
  ['incident_step', 'id'],
  ['known_error', 'id'],
  ['prevention_file', 'activity_id'],
  ['prevention_step', 'activity_id'],
  ['prevention_activity', 'id'],
  ['addressee', 'id'],
  ['incident', 'id'],
  ['ticket', 'id'],
  ['case_link', 'interaction_id'],
  ['case_link', 'case_id'],
  ['case_link', 'other_id'],
  ['interaction', 'id'],
  ['case_unit', 'case_id'],
  ['case', 'id'],
  ['call_turn', 'call_id'],
  ['call', 'id'],
  ['identification', 'contact_id'],
  ['contact_link', 'contact_id'],
  ['contact_link', 'main_id'],
  ['speaker', 'principal_id'],
  ['mandate', 'principal_id'],
  ['mandate', 'intermediary_id'],
  ['former_fiscal_code', 'contact_id'],
  ['erasure', 'contact_id'],
  ['contact_key', 'contact_id'],
  ['contact_unit', 'contact_id'],
  ['contact_email', 'contact_id'],
  ['contact_phone', 'contact_id'],
  ['contact', 'id'],
] as const

/** Takes away the rows of a table that belong to the living sample, a batch at a time. Returns how many there were. */
async function removeLife({ database }: House, table: string, column: string): Promise<number> {
  for (let removed = 0; ; ) {
    const { rows } = await sql<{ count: number }>`
      with batch as (
        select ctid from ${sql.table(table)}
        where  ${sql.ref(column)} >= ${livingIds.from}::uuid and ${sql.ref(column)} < ${livingIds.below}::uuid
        limit  ${batchRows}
      ), gone as (
        delete from ${sql.table(table)} where ctid = any(array(select ctid from batch)) returning 1
      )
      select count(*)::int as count from gone`.execute(database.kysely)
    const count = rows[0]?.count ?? 0
    removed += count
    if (count < batchRows) return removed
  }
}

const ofHalls = [
  ['counter_number', 'hall_id'],
  ['counter_service', 'hall_id'],
  ['counter_desk', 'hall_id'],
  ['counter_hall', 'id'],
] as const

const ofCalendars = [
  ['agenda_taken', 'calendar_id'],
  ['agenda_hold', 'calendar_id'],
  ['agenda_closure', 'calendar_id'],
  ['agenda_opening', 'calendar_id'],
  ['agenda_extra_opening', 'calendar_id'],
  ['agenda_calendar', 'id'],
] as const

const ofServices = [
  ['agenda_service_of_unit', 'service_id'],
  ['agenda_service', 'id'],
] as const

const ofPeople = [
  ['absence', 'person_id'],
  ['saved_ticket_list', 'person_id'],
  ['note_mention', 'person_id'],
  ['agent_skill', 'person_id'],
  ['agent_presence', 'person_id'],
  ['agent_status', 'person_id'],
  ['telephone', 'person_id'],
  ['session', 'person_id'],
  ['assignment', 'person_id'],
  ['person_key', 'person_id'],
  ['person', 'id'],
] as const

/** What was counted of the sample's work: what waits to be put into the sums before them. */
const ofSums = [
  ['case_result_change', 'section_id'],
  ['case_result_sum', 'section_id'],
  ['continuity_sum', 'section_id'],
  ['workload_week', 'section_id'],
  ['workload_step', 'section_id'],
  ['workload_ticket', 'section_id'],
] as const

const ofUnits = [
  ['section_member', 'section_id'],
  ['staff_reserve', 'unit_id'],
  ['agenda_set_up', 'unit_id'],
  ['agenda_letter', 'unit_id'],
  ['agenda_number', 'unit_id'],
  ['counter_set_up', 'unit_id'],
  ['section_routing', 'section_id'],
  ['section_sharing', 'section_id'],
  ['absence_rule', 'section_id'],
  ['saved_ticket_list', 'section_id'],
  ['callback_setting', 'unit_id'],
  ['ticket_count', 'unit_id'],
  ['agenda_closure', 'unit_id'],
  ['counter_device', 'unit_id'],
  ['opening_hours', 'unit_id'],
  ['unit_closure', 'unit_id'],
  ['unit_word', 'unit_id'],
] as const

const unmark = (tx: Tx): Promise<unknown> => tx.deleteFrom('setting').where('name', '=', sampleMark).execute()

function* batches<T>(all: readonly T[]): Generator<T[]> {
  for (let from = 0; from < all.length; from += batchRows) yield all.slice(from, from + batchRows)
}
