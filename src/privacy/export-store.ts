/** SQL of all that is known of one person. Each list is bounded; `take` is one more than what is told. */
import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../platform/index.ts'
import { addressesOnlyOf, callsOfNumbersOf } from './erase-card-store.ts'

export type Row = Readonly<Record<string, unknown>>

export const listNames = [
  'identifications',
  'formerCodes',
  'mandates',
  'cases',
  'conversations',
  'questions',
  'notes',
  'answers',
  'files',
  'mailsIn',
  'mailsOut',
  'appointments',
  'letters',
  'visits',
  'guides',
  'calls',
  'callsMade',
  'looks',
] as const
export type ListName = (typeof listNames)[number]

const instant = (column: RawBuilder<unknown>) => sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`
const at = (column: string) => instant(sql.ref(column))

/** Everything of the cards of a person, the oldest first; of each list at most `take` rows. */
export async function knownOf(db: Db, contactIds: readonly string[], take: number): Promise<Record<ListName, Row[]>> {
  const person = sql`any (${[...contactIds]}::uuid[])`
  const ids = async (query: RawBuilder<{ id: string }>) => {
    const { rows } = await query.execute(db)
    return sql`any (${rows.map(row => row.id)}::uuid[])`
  }
  // As identifiers: conditions on other tables that are joined by "or" would read these tables from end to end.
  const cases = await ids(sql`select id from "case" where contact_id = ${person}`)
  const talks = await ids(sql`
    select id from interaction where contact_id = ${person} union select id from interaction where case_id = ${cases}`)
  const calls = await ids(sql`
    select call_id as id from interaction where id = ${talks} and call_id is not null union select id from ${callsOfNumbersOf(contactIds)} theirs`)
  const mails = await ids(sql`
    select raw_mail_id as id from incoming_mail where interaction_id = ${talks}
    union
    select raw_mail_id from incoming_mail where interaction_id is null and from_address in ${addressesOnlyOf(contactIds)}`)
  const queries = queriesOf({ person, cases, talks, calls, mails })
  const found = {} as Record<ListName, Row[]>
  for (const name of listNames) found[name] = (await sql<Row>`${queries[name]} limit ${take}`.execute(db)).rows
  return found
}

/** What belongs to a person, each as `any (…)` of identifiers. */
type Whose = Readonly<Record<'person' | 'cases' | 'talks' | 'calls' | 'mails', RawBuilder<unknown>>>

/** What is told, list by list. What is not told of the places of `places.ts`, and why, stands there. */
export function queriesOf({ person, cases, talks, calls, mails }: Whose): Record<ListName, RawBuilder<Row>> {
  const tickets = sql`select id from ticket where case_id = ${cases}`
  const appointments = sql`select id from appointment where contact_id = ${person}`
  return {
    identifications: sql`
      select ${at('at')} as at, method, evidence, by_name as "by" from identification where contact_id = ${person} order by identification.at`,
    formerCodes: sql`
      select fiscal_code as "fiscalCode", ${at('replaced_at')} as "until" from former_fiscal_code where contact_id = ${person} order by replaced_at`,
    mandates: sql`
      select kind, to_char(valid_from, 'YYYY-MM-DD') as "from", to_char(valid_until, 'YYYY-MM-DD') as "until", evidence,
             case when principal_id = ${person} then 'given' else 'held' end as side
      from   mandate where principal_id = ${person} or intermediary_id = ${person} order by noted_at`,
    cases: sql`
      select code, title, status, outcome, ${at('opened_at')} as "openedAt", ${at('closed_at')} as "closedAt"
      from   "case" where contact_id = ${person} order by opened_at`,
    conversations: sql`
      select ${at('interaction.opened_at')} as at, channel, question, answer, notes, operator_name as "by"
      from   interaction where interaction.id = ${talks} order by interaction.opened_at`,
    questions: sql`
      select ${at('opened_at')} as at, unit_name as "to", question, answer, directorate_answer as "directorateAnswer", reply_address as "replyTo", urgent_reason as "urgentBecause", sent_back_reason as "sentBackBecause",
             browser, error_text as "errorText", filing_number as "filingNumber"
      from   ticket where case_id = ${cases} order by ticket.opened_at`,
    notes: sql`
      select ${at('noted.at')} as at, text, "by", "unit"
      from   (select at, text, by_name as "by", by_unit as "unit" from case_note where case_id = ${cases}
              union all
              select asked_at, question, asked_by_name, null from ticket_question where case_id = ${cases}
              union all
              select answered_at, answer, asked_of_name, null from ticket_question where case_id = ${cases} and answered_at is not null
              union all
              select made_at, why, made_by_name, null from case_link where case_id = ${cases} or other_id = ${cases}
              union all
              select noted_at, note, null, null from case_follow_up where case_id = ${cases} and note <> ''
              union all
              select at, text, by_name, directorate_name from ticket_return where ticket_id in (${tickets})
              union all
              select asked_at, text, asked_by_name, null from citizen_question where ticket_id in (${tickets})
              union all
              select at, note, by_name, from_unit_name from mail_passing where interaction_id = ${talks}
              union all
              select at, note, by_name, null from call_transfer where call_id = ${calls}
              union all
              select joined_at, reason, joined_by_name, null from contact_link
              where  contact_id = ${person} or main_id = ${person}) noted
      where  text <> ''
      order  by noted.at`,
    answers: sql`select ${at('at')} as at, channel, text, by_name as "by" from message where case_id = ${cases} order by message.at`,
    files: sql`
      select ${at('added_at')} as at, name, added_by_name as "by" from case_file where case_id = ${cases} order by case_file.added_at`,
    mailsIn: sql`
      select ${at('mail.received_at')} as at, mail.from_address as "from", mail.subject, mail.text,
             (select string_agg(name, ', ' order by n) from incoming_attachment attached where attached.raw_mail_id = mail.raw_mail_id) as files
      from   incoming_mail mail where mail.raw_mail_id = ${mails} order by mail.received_at`,
    mailsOut: sql`
      select ${at('queued_at')} as at, channel, to_address as "to", subject, body as text,
             (select string_agg(name, ', ' order by added_at, attached.id) from outgoing_file attached where attached.mail_id = mail.id) as files, state
      from   mail where case_id = ${cases} order by queued_at`,
    appointments: sql`
      select ${at('starts_at')} as at, unit_name as "office", service_name as "service", state, reason, preparation, outcome_text as "outcome",
             asked_by_name as "askedBy"
      from   appointment where contact_id = ${person} order by starts_at`,
    letters: sql`
      select ${at('letter.written_at')} as at, letter.said ->> 'unit' as "office", letter.kind as "what", letter.said ->> 'service' as "service",
             array_to_string(letter.sent_to, ', ') as "to", ${at('letter.sent_at')} as "sentAt"
      from   appointment_letter letter join appointment on appointment.id = letter.appointment_id
      where  appointment.contact_id = ${person} order by letter.written_at`,
    visits: sql`
      select ${at('visit.arrived_at')} as at, ${at('visit.ended_at')} as "endedAt", hall.unit_name as "office", visit.code, visit.state,
             visit.remark, visit.priority, visit.parked_why as "parkedWhy"
      from   visit join counter_hall hall on hall.id = visit.hall_id where visit.contact_id = ${person} order by visit.arrived_at`,
    guides: sql`
      select ${at('session.began_at')} as at, session.guide_title as "guide", session.person_name as "by", session.outcome, session.why,
             (select string_agg(step.note, ' · ' order by step.at) from assisted_step step where step.session_id = session.id and step.note <> '') as notes
      from   assisted_session session where session.interaction_id = ${talks} order by session.began_at`,
    calls: sql`
      select ${at('call.started_at')} as at, ${at('call.ended_at')} as "endedAt", call.from_number as "from", call.to_number as "to",
             call.office_name as "office"
      from   call where call.id = ${calls} order by call.started_at`,
    callsMade: sql`
      select ${at('made.at')} as at, ${at('made.ended_at')} as "endedAt", number as "to", "by", "outcome", made.what
      from   (select coalesce(last_tried_at, requested_at) as at, closed_at as ended_at, number, null as "by", last_outcome as "outcome", 'callback' as what
              from callback where call_id = ${calls}
              union all
              select asked_at, ended_at, number, officer_name, outcome, 'appointment' from appointment_call where appointment_id in (${appointments})
              union all
              select asked_at, ended_at, number, null, outcome, 'earlier-time' from time_offer_call where appointment_id in (${appointments})) made
      order  by made.at`,
    looks: sql`
      select ${instant(sql`access.at`)} as at, person_name as "by", role, unit_id as "unit", kind as "what"
      from   access where contact_id = ${person} order by access.at desc`,
  }
}
