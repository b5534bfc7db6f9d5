/**
 * SQL that takes the texts out of closed cases. What stays has no name on it: that there was a case, when, about what, by whom it was worked on, and how it
 * ended. The card goes last (`erase-card-store.ts`); what becomes of each column of each table is decided in `places.ts`.
 */
import { type RawBuilder, sql } from 'kysely'
import { mailNoted, mailReceived } from '../channels/events.ts'
import { type Db, eraseBlobs, markEntries, typeNames } from '../platform/index.ts'

/** Takes the texts out of some closed cases: what was asked, answered and noted, on whichever channel, and the numbers of their calls. */
export async function eraseCases(db: Db, caseIds: readonly string[], now: Date): Promise<void> {
  if (caseIds.length === 0) return
  const of = sql`case_id = any (${[...caseIds]}::uuid[])`
  const calls = await callsOf(db, caseIds)
  await markEntries(db, { cases: caseIds, calls })
  await eraseMails(db, caseIds)
  await sql`
    update interaction
    set    question = '', notes = '', answer = case when answer is null then null else '' end, from_number = null, version = version + 1
    where  ${of}`.execute(db)
  await sql`update case_note set text = '' where ${of}`.execute(db)
  await sql`update ticket_question set question = '', answer = case when answer is null then null else '' end where ${of}`.execute(
    db,
  )
  await sql`update citizen_question set text = '' where ${of}`.execute(db)
  await sql`update message set text = '' where ${of}`.execute(db)
  await sql`update case_link set why = '' where ${of} or other_id = any (${[...caseIds]}::uuid[])`.execute(db)
  await sql`delete from case_follow_up where ${of}`.execute(db)
  await eraseBlobs(db, sql`select blob_id from case_file where ${of}`)
  await sql`update case_file set name = '' where ${of}`.execute(db)
  await sql`
    update appointment
    set    reason = '', preparation = '', cancel_reason = null, outcome_text = case when outcome_text is null then null else '' end,
           asked_by_name = null
    where  ${of} and state in ('concluded', 'no-show', 'left', 'cancelled')`.execute(db)
  await sql`delete from appointment_letter where appointment_id in (select id from appointment where ${of})`.execute(db)
  await sql`update appointment_call set number = '' where appointment_id in (select id from appointment where ${of})`.execute(db)
  await sql`update time_offer_call set number = '' where appointment_id in (select id from appointment where ${of})`.execute(db)
  await eraseVisits(db, of)
  await eraseSessions(db, of)
  await sql`
    update ticket
    set    question = '', reply_address = '', correction_reason = null, urgent_reason = null, sent_back_reason = case when sent_back_reason is null then null else '' end, browser = null, error_text = null, filing_number = null,
           cause_key = case when procedure_id is null then null else cause_key end, version = version + 1,
           answer = case when answer is null then null else '' end,
           directorate_answer = case when directorate_answer is null then null else '' end
    where  ${of}`.execute(db)
  const tickets = sql`ticket_id in (select id from ticket where ${of})`
  await sql`delete from answer_draft where ${tickets}`.execute(db)
  // What a directorate wrote is only ever added to; this is the one exception.
  await sql`select set_config('filo.erases', 'yes', true)`.execute(db)
  await sql`update ticket_return set text = '' where ${tickets}`.execute(db)
  await sql`select set_config('filo.erases', '', true)`.execute(db)
  await eraseCalls(db, calls)
  await sql`update "case" set erased_at = ${now} where id = any (${[...caseIds]}::uuid[])`.execute(db)
}

/** Takes the words out of some visits at the counters, and why somebody went before others. Index: visit_of_contact, or visit_of_case. */
export async function eraseVisits(db: Db, of: RawBuilder<unknown>): Promise<void> {
  await sql`
    update visit_entry
    set    detail = detail || case when detail ? 'parkedWhy' then '{"parkedWhy": "", "priority": null}'::jsonb else '{"priority": null}'::jsonb end
    where  visit_id in (select id from visit where ${of})`.execute(db)
  await sql`
    update visit set remark = '', priority = null, parked_why = case when parked_why is null then null else '' end
    where  ${of}`.execute(db)
}

/** Takes out what was written of guides that were followed in some conversations. Index: assisted_session_of_interaction. */
export async function eraseSessions(db: Db, of: RawBuilder<unknown>): Promise<void> {
  const conversations = sql`interaction_id in (select id from interaction where ${of})`
  await sql`update assisted_session set why = '' where ${conversations}`.execute(db)
  await sql`
    update assisted_step set note = ''
    where  session_id in (select id from assisted_session where ${conversations})`.execute(db)
}

/** The calls of some cases. Index: interaction_of_case. */
async function callsOf(db: Db, caseIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ call_id: string }>`
    select call_id from interaction where case_id = any (${[...caseIds]}::uuid[]) and call_id is not null`.execute(db)
  return rows.map(row => row.call_id)
}

/** Takes the numbers out of calls that are over, and what was noted about them. Indexes: call_pkey, call_transfer_pkey, callback_pkey. */
export async function eraseCalls(db: Db, calls: readonly string[]): Promise<void> {
  if (calls.length === 0) return
  const ids = sql`any (${[...calls]}::uuid[])`
  await sql`update call set from_number = null where id = ${ids} and ended_at is not null`.execute(db)
  await sql`update call_transfer set note = '' where call_id = ${ids}`.execute(db)
  await sql`update callback set number = '' where call_id = ${ids} and closed_at is not null`.execute(db)
}

/** What of a table belongs to some cases. As identifiers, because two conditions on other tables joined by "or" would read all of theirs. Indexes: mail_of_case, interaction_of_case. */
async function idsOf(db: Db, table: RawBuilder<unknown>, caseIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from ${table} where case_id = any (${[...caseIds]}::uuid[])`.execute(db)
  return rows.map(row => row.id)
}

/** Mails of some cases that came in and went out, with their bytes. Indexes: outgoing_file_of_mail, outgoing_file_of_subject, mail_passing_of_mail. */
async function eraseMails(db: Db, caseIds: readonly string[]): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select raw_mail_id as id from incoming_mail join interaction on interaction.id = incoming_mail.interaction_id
    where  interaction.case_id = any (${[...caseIds]}::uuid[])
    union
    select receipt.raw_mail_id from registered_receipt receipt join mail on mail.id = receipt.mail_id
    where  mail.case_id = any (${[...caseIds]}::uuid[])
    union
    select (payload ->> 'rawMailId')::uuid from event
    where  case_id = any (${[...caseIds]}::uuid[]) and type in ${typeNames(mailNoted, mailReceived)}`.execute(db)
  await eraseRawMails(
    db,
    rows.map(row => row.id),
  )
  const mails = sql`any (${await idsOf(db, sql`mail`, caseIds)}::uuid[])`
  const conversations = sql`any (${await idsOf(db, sql`interaction`, caseIds)}::uuid[])`
  const tickets = sql`any (${await idsOf(db, sql`ticket`, caseIds)}::uuid[])`
  const files = sql`(mail_id = ${mails} or subject_id = ${conversations} or subject_id = ${tickets})`
  await eraseBlobs(db, sql`select blob_id from outgoing_file where ${files}`)
  await sql`update outgoing_file set name = '' where ${files}`.execute(db)
  await sql`update mail_passing set note = '' where interaction_id = ${conversations}`.execute(db)
  await sql`update registered_message set raw = ''::bytea, recipients = '{}', next_look_at = null where mail_id = ${mails}`.execute(
    db,
  )
  await sql`update registered_receipt set about = '{}', uncertified = '{}', detail = null where mail_id = ${mails}`.execute(db)
  // Addresses are noted in small letters, those of copies too.
  await sql`
    delete from address_trouble
    where  address in (select lower(written) from mail cross join unnest(to_address || cc_addresses) written
                       where  case_id = any (${[...caseIds]}::uuid[]))`.execute(db)
  await sql`
    update mail
    set    to_address = '', cc_addresses = '{}', to_name = '', subject = '', body = '', in_reply_to = null, refs = '{}', last_problem = null,
           calendar_method = null, calendar = null
    where  case_id = any (${[...caseIds]}::uuid[]) and state not in ('queued', 'sending')`.execute(db)
}

/**
 * Mails that came in, with their bytes and attachments. Their rows stay, so that the reconciliation with the servers goes on to fit, and their hashes, so that
 * whoever has a copy of registered mail can show that it is the one. Indexes: raw_mail_pkey, incoming_mail_pkey, incoming_attachment_raw_mail_id_n_key.
 */
export async function eraseRawMails(db: Db, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const raws = sql`any (${[...ids]}::uuid[])`
  await eraseBlobs(
    db,
    sql`select blob_id from raw_mail where id = ${raws} union all select blob_id from incoming_attachment where raw_mail_id = ${raws}`,
  )
  await sql`update raw_mail set detail = null where id = ${raws}`.execute(db)
  await sql`update incoming_attachment set name = '', scan_detail = null, content_id = null where raw_mail_id = ${raws}`.execute(
    db,
  )
  await sql`
    update incoming_mail
    set    from_address = '', from_name = '', to_addresses = '{}', cc_addresses = '{}', reply_to = null, subject = '', message_id = null,
           refs = '{}', text = '', quoted = '', html = null
    where  raw_mail_id = ${raws}`.execute(db)
  // A signature that is not the provider's may be the sender's own, with a name in it.
  for (const table of ['registered_arrival', 'registered_receipt'] as const)
    await sql`update ${sql.table(table)} set signer = null, authority = null where raw_mail_id = ${raws} and verdict <> 'valid'`.execute(
      db,
    )
}
