/**
 * What a national register (`bench/national/`) leaves empty, filled in proportion to its cases: links, results, mails in and out, calls, templates,
 * joined cards, requests to be forgotten. And the questions that are asked of it, as the program asks them.
 */
import pg from 'pg'
import { listCases } from '../../src/cases/finding/finding.ts'
import { toldElsewhere } from '../../src/cases/links/live.ts'
import { linksView, proposedCases } from '../../src/cases/links/views.ts'
import { ResultFigure, ResultsBy } from '../../src/cases/results/model.ts'
import { casesBehind, resultsOf } from '../../src/cases/results/service.ts'
import { markRepeat, repeatsOf, sumResults } from '../../src/cases/results/store.ts'
import { filledTemplates, templateList } from '../../src/cases/templates/service.ts'
import { mailAnswerOwner } from '../../src/cases/unsent.ts'
import { caseView } from '../../src/cases/views.ts'
import { unsentList } from '../../src/channels/unsent/unsent.ts'
import { eraseMarked, type House } from '../../src/platform/index.ts'
import { exportOf } from '../../src/privacy/export.ts'
import { eraseWhatIsDue } from '../../src/privacy/follow.ts'
import { retentionPage } from '../../src/privacy/retention.ts'
import { askErasure, erasureView } from '../../src/privacy/service.ts'
import { staff } from './staff.ts'

/** Tables that grow with the years, beside those of `national.store.test.ts`. */
export const growingBeside = [
  ...[
    'case_result',
    'case_link',
    'call',
    'callback',
    'call_transfer',
    'mail',
    'raw_mail',
    'incoming_mail',
    'incoming_attachment',
    'blob_chunk',
  ],
  ...[
    'outgoing_file',
    'mail_passing',
    'registered_message',
    'registered_receipt',
    'registered_arrival',
    'address_trouble',
    'answer_template',
  ],
  ...[
    'contact_link',
    'mandate',
    'identification',
    'former_fiscal_code',
    'saved_case_list',
    'saved_ticket_list',
    'ticket_question',
    'note_mention',
    'case_follow_up',
    'access',
    'ticket_return',
  ],
  ...['answer_draft', 'appointment', 'erasure', 'unreadable_entry'],
]

/** By number, so that rows can name each other. */
const id = (group: string, n = 'n') => `('00000000-0000-7000-${group}-' || lpad((${n})::text, 12, '0'))::uuid`

const fill = `
  set session_replication_role = replica;
  create temporary table one as
    select row_number() over (order by "case".opened_at, "case".id) as n, "case".*, unit.unit_path, ticket.id as ticket_id, talk.id as talk_id, talk.channel,
           talk.section_id, talk.operator_path, talk.region_code, email.address, phone.number
    from   "case"
    left   join lateral (select unit_path from case_unit where case_id = "case".id limit 1) unit on true
    left   join ticket on ticket.case_id = "case".id
    left   join lateral (select * from interaction where case_id = "case".id order by opened_at limit 1) talk on true
    left   join contact_email email on email.contact_id = "case".contact_id and email.position = 0
    left   join contact_phone phone on phone.contact_id = "case".contact_id and phone.position = 0;
  create index on one (n);
  insert into case_result (case_id, contact_id, first_on, section_id, unit_path, typology_id, region_code, channel, at_first, closed_on, closed_at)
    select id, contact_id, opened_at::date, coalesce(section_id, 'ccm-pensioni'), coalesce(operator_path, 'inps/ccm/ccm-pensioni/'), typology_id,
           coalesce(region_code, ''), channel, outcome is not distinct from 'first-contact', closed_at::date, closed_at
    from one where talk_id is not null and typology_id is not null;
  update case_result set repeat_id = talk_id, repeated_at = case_result.closed_at, repeat_channel = 'telephone', cause = 'unclear'
    from one where one.id = case_id and one.n % 11 = 0 and case_result.closed_at is not null;
  insert into case_result_change (month, section_id, unit_path, typology_id, region_code, channel, first_contacts, resolved, closed, repeated, unclear, unsolved, new_fact, other)
    select date_trunc('month', first_on), section_id, unit_path, typology_id, region_code, channel, 1, 0, 0, 0, 0, 0, 0, 0 from case_result limit 2000;
  insert into case_result_sum (month, section_id, unit_path, typology_id, region_code, channel, first_contacts, resolved, closed, repeated, unclear, unsolved, new_fact, other)
    select date_trunc('month', first_on), section_id, unit_path, typology_id, region_code, channel, count(*), 0, count(*), 0, 0, 0, 0, 0 from case_result group by 1, 2, 3, 4, 5, 6;
  insert into case_link (id, kind, case_id, other_id, why, made_at, made_by_name)
    select ${id('a100')}, case when n % 3 = 0 then 'joined' else 'follows' end, one.id, (select id from one other where other.n = one.n + 1), 'x', now(), 'x'
    from one where n % 4 = 0 and n < (select max(n) from one);
  update "case" set joined_into = other_id from case_link where case_link.case_id = "case".id and kind = 'joined';
  insert into call (id, node, switch, leg, from_number, to_number, phase, state, started_at, ended_at)
    select ${id('a200')}, 'x', 'browser', n::text, number, '+390600000001', 'ended', '{}', opened_at, opened_at from one where number is not null;
  insert into callback (call_id, section_id, number, state, waiting_since, requested_at, not_before, not_after, attempts, closed_at)
    select ${id('a200')}, 'ccm-pensioni', number, 'reached', opened_at, opened_at, opened_at, opened_at, 1, opened_at from one where number is not null and n % 5 = 0;
  insert into call_transfer (call_id, at, by_person, by_name, section_id, note)
    select ${id('a200')}, opened_at, ${id('a200')}, 'x', 'ccm-pensioni', 'x' from one where n % 3 = 0;
  insert into mail (id, message_id, purpose, subject_id, case_id, contact_id, unit_ids, to_address, to_name, from_name, reply_token, subject, body, language, state,
                    next_at, queued_at, last_problem)
    select ${id('a300')}, n::text, 'cases.mail-answer', talk_id, id, contact_id, string_to_array(trim('/' from unit_path), '/'), coalesce(address, 'x@example.org'), '', '',
           '', '', 'x', 'it', case when n % 500 = 0 then 'failed' else 'sent' end, opened_at, opened_at, case when n % 500 = 0 then 'x' end from one;
  insert into mailbox (id, address, unit_id, unit_path, kind, host, port, security, user_name, secret, folder, afterwards, signature, enabled, created_at)
    select ${id('a400', '1')}, 'x@ente.example', 'ccm-pensioni', 'inps/ccm/ccm-pensioni/', 'ordinary', 'x', 993, 'tls', 'x', '', 'INBOX', 'mark', '', false, now();
  insert into blob (id, size_bytes, sha256, created_at) select ${id('a500')}, 1, '', opened_at from one;
  insert into blob_chunk (blob_id, n, bytes) select ${id('a500')}, 0, 'x' from one;
  insert into raw_mail (id, mailbox_id, sha256, size_bytes, is_whole, blob_id, received_at, fetched_at, state, settled_at)
    select ${id('a600')}, ${id('a400', '1')}, n::text::bytea, 1, true, ${id('a500')}, opened_at, opened_at, case when n % 7 = 0 then 'aside' else 'interaction' end, opened_at from one;
  insert into incoming_mail (raw_mail_id, mailbox_id, interaction_id, from_address, from_name, to_addresses, cc_addresses, subject, received_at, text, quoted)
    select ${id('a600')}, ${id('a400', '1')}, case when n % 7 = 0 then null else talk_id end, coalesce(address, 'x@example.org'), '', '{}', '{}', '', opened_at, 'x', '' from one;
  insert into incoming_attachment (id, raw_mail_id, n, name, declared_type, type, size_bytes, blob_id, scan)
    select ${id('a700')}, ${id('a600')}, 0, 'x', 'x', 'x', 1, ${id('a500')}, 'clean' from one;
  insert into outgoing_file (id, subject_id, mail_id, name, type, size_bytes, blob_id, scan, added_by, added_at)
    select ${id('a800')}, coalesce(talk_id, id), ${id('a300')}, 'x', 'x', 1, ${id('a500')}, 'clean', id, opened_at from one;
  insert into mail_passing (id, interaction_id, from_unit_id, from_unit_name, to_unit_id, to_unit_name, note, by_name, at)
    select ${id('a900')}, talk_id, 'x', 'x', 'x', 'x', 'x', 'x', opened_at from one where talk_id is not null;
  insert into registered_message (mail_id, message_id, sender, recipients, raw, sha256, sent_at, state, state_at)
    select ${id('a300')}, n::text, 'x', '{}', 'x', 'x', opened_at, 'delivered', opened_at from one;
  insert into registered_receipt (raw_mail_id, mail_id, kind, at, about, uncertified, form, issuer, identifier, verdict, sha256, joined_at)
    select ${id('a600')}, ${id('a300')}, 'delivered', opened_at, '{}', '{}', 'full', 'x', n::text, 'valid', 'x', opened_at from one;
  insert into registered_arrival (raw_mail_id, kind, received_at, issuer, identifier, verdict, sha256)
    select ${id('a600')}, 'message', opened_at, 'x', n::text, 'valid', 'x' from one;
  insert into access (id, at, person_id, person_name, role, unit_id, unit_path, kind, subject_id, contact_id, route)
    select ${id('b200')}, opened_at, id, 'x', 'operator', 'x', 'inps/', 'case', id, contact_id, 'x' from one;
  insert into address_trouble (address, reason, detail, since, until) select distinct lower(address), 'address', '', now(), now() from contact_email;
  insert into answer_template (id, unit_id, unit_path, typology_id, language, name, body, changed_at, changed_by)
    select ${id('aa00')}, coalesce(section_id, 'x'), coalesce(unit_path, 'inps/'), typology_id, 'it', n::text, 'x', now(), 'x' from one;
  insert into contact_link (id, contact_id, main_id, joined_at, joined_by_name)
    select ${id('ab00')}, contact_id, (select contact_id from one other where other.n = one.n + 1), now(), 'x' from one where n % 8 = 0 and contact_id <> (select contact_id from one other where other.n = one.n + 1);
  insert into mandate (id, intermediary_id, principal_id, kind, valid_from, evidence, noted_at, noted_by_name)
    select ${id('ac00')}, contact_id, (select contact_id from one other where other.n = one.n + 1), 'delegation', '2026-01-01', 'x', now(), 'x' from one where n % 8 = 1 and contact_id <> (select contact_id from one other where other.n = one.n + 1);
  insert into identification (id, contact_id, method, evidence, by_person, by_name, at) select ${id('ad00')}, contact_id, 'facts', 'x', id, 'x', opened_at from one;
  insert into former_fiscal_code (contact_id, fiscal_code, replaced_at, replaced_by) select contact_id, n::text, opened_at, 'x' from one on conflict do nothing;
  insert into saved_case_list (id, person_id, name, wanted, created_at) select ${id('ae00')}, id, 'x', jsonb_build_object('q', 'parola' || n), now() from one;
  insert into saved_ticket_list (id, person_id, section_id, name, wanted, place, is_default)
    select ${id('ae10')}, id, null, 'x', jsonb_build_object('words', 'parola' || n), 1, false from one;
  insert into ticket_question (id, ticket_id, case_id, asked_by, asked_by_name, asked_of, asked_of_name, question, answer, asked_at, answered_at, withdrawn_at)
    select ${id('ae20')}, ticket_id, id, id, 'x', id, 'x', 'x', 'x', opened_at, opened_at, null from one where ticket_id is not null;
  insert into note_mention (note_id, person_id, name, ticket_id, at, read_at)
    select ${id('ae30')}, ${id('af00', 'n % 300')}, 'x', ticket_id, opened_at, opened_at from one where ticket_id is not null;
  insert into case_follow_up (person_id, case_id, on_day, note, noted_at) select ${id('af00', 'n % 300')}, id, '2026-12-01', 'x', now() from one;
  insert into ticket_return (id, ticket_id, directorate_id, directorate_name, text, by_name, at)
    select ${id('b100')}, ticket_id, 'x', 'x', 'x', 'x', opened_at from one where ticket_id is not null;
  insert into answer_draft (ticket_id, person_id, text, saved_at) select ticket_id, ${id('af00', 'n % 300')}, 'x', opened_at from one where ticket_id is not null;
  insert into unreadable_entry (reader, entry_id, type, version, why, reason, at, set_aside_at) select 'x', id, type, 1, 'failed', 'x', at, at from event limit 20000;
  insert into erasure (contact_id, asked_at, asked_by, asked_by_name, erased_at) select id, now(), id, 'x', now() from contact order by id desc limit 5000;
  update typology set retention_months = 60;
  drop table one;
  set session_replication_role = origin;
  analyze`

/** Fills what is empty. */
export async function fillBeside(url: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query(fill)
  } finally {
    await client.end()
  }
}

const { headquarters, supervisor, anna, coordinator } = staff

/** Asks everything that has to do with what was filled in. */
export async function askBeside(house: House): Promise<void> {
  const db = house.database.kysely
  const { rows: cases } = await house.database
    .query(
      `select link.case_id as joined, link.other_id as survivor, contact_id as contact, "case".code
       from case_link link join "case" on "case".id = other_id where kind = 'joined' order by link.id limit 3`,
      [],
    )
    .then(({ rows }) => ({ rows: rows as { joined: string; survivor: string; contact: string; code: string }[] }))
  for (const { joined, survivor, contact } of cases) {
    await linksView(house, headquarters, survivor, 'it')
    await proposedCases(house, headquarters, survivor)
    await caseView(house, headquarters, survivor)
    await toldElsewhere(db, [entryAbout(joined)])
    await markRepeat(
      db,
      { interactionId: house.ids(), contactId: contact, typologyId: 'vecchiaia', caseId: null, openedAt: new Date() },
      'telephone',
      7,
    )
    const talks = await db.selectFrom('interaction').selectAll().where('case_id', 'in', [joined, survivor]).execute()
    await repeatsOf(db, talks, 7)
    await exportOf(house, headquarters, contact, 'it')
    await erasureView(house, headquarters, contact)
  }
  for (const q of ['contributi', 'zanzottera']) await listCases(house, headquarters, { q, limit: 20 })
  for (const actor of [headquarters, supervisor])
    for (const by of ResultsBy.options)
      for (const month of ['2026-10', '2026-11']) {
        const { rows } = await resultsOf(house, actor, { month, by })
        for (const figure of ResultFigure.options) {
          await casesBehind(house, actor, { month, figure, limit: 30 })
          await casesBehind(house, actor, { month, figure, by, key: rows[0]?.key ?? 'x', limit: 30 })
        }
        for (const cause of ['unclear', 'unsaid'] as const)
          await casesBehind(house, actor, { month, figure: 'repeated', cause, limit: 30 })
      }
  while ((await sumResults(db, 500)) === 500);
  for (const actor of [supervisor, coordinator]) await templateList(house, actor, { limit: 30 })
  const facts = { citizen: '', code: null, typology: null, unit: '', operator: '', subject: '' }
  await filledTemplates(house, { unitPath: anna.unitPath, typologyId: 'vecchiaia', facts })
  for (const actor of [supervisor, coordinator])
    await unsentList(house, actor, { limit: 30 }, { ownerOf: () => mailAnswerOwner, language: 'it' })
  for (let cursor: string | undefined, pages = 0; pages < 3; pages++) {
    const page = await retentionPage(house, headquarters, { cursor, limit: 50 })
    cursor = page.next ?? undefined
    if (cursor === undefined) break
  }
  const { contact = '' } = cases[0] ?? {}
  const { family_name: name, business_name: business } = await db
    .selectFrom('contact')
    .select(['family_name', 'business_name'])
    .where('id', '=', contact)
    .executeTakeFirstOrThrow()
  await house.database.query('update typology set retention_months = 0', [])
  await askErasure(house, headquarters, { contactId: contact, name: name ?? business ?? '' })
  await eraseWhatIsDue(house)
  await eraseMarked(house)
}

const entryAbout = (caseId: string) => ({
  ...{ xid: '1', id: 1, at: new Date(), type: 'case.noted', version: 1, actor: { kind: 'system' as const, name: 'test' } },
  ...{ subjects: { case: caseId }, payload: {} },
})
