/**
 * The cases, planned in one table (`national.plan`) from which interactions, tickets, appointments and entries follow, so that they tell the same
 * story: half of them answered at the first contact, a third sent to the regional centres, the rest booked at an agency.
 *
 * The plan holds instants; what has happened is what lies before `now_at`. One ticket in twenty is still open.
 */
import type pg from 'pg'
import { dayHours, placeSlots } from './lookups.ts'

export const caseTables = [
  '"case"',
  'case_unit',
  'interaction',
  'ticket',
  'case_note',
  'case_index',
  'case_follow_up',
  'message',
  'appointment',
  'agenda_hold',
  'agenda_taken',
] as const

const shareOfAppointments = 0.15
const shareOfTickets = 0.3
/** What has become of a visit by `now_at`. */
const visitState = `case
  when national.draw(plan.n, 35) >= 0.97 and closed_at + interval '2 hours' <= now_at and closed_at + interval '2 hours' < starts_at then 'cancelled'
  when starts_at + interval '1 hour' > now_at then 'booked'
  when national.draw(plan.n, 35) < 0.94 then 'concluded'
  else 'no-show' end`
/** Working days whose calls are in the journal with all their steps. */
const daysOfCalls = 22

export interface Sizes {
  contacts: number
  cases: number
}

export async function planCases(
  client: pg.Client,
  { contacts, cases }: Sizes,
  time: { days: number; part: number },
  now: Date,
): Promise<void> {
  const span = time.days - 1 + time.part
  const { rows } = await client.query<{ calendars: number; matters: number }>(
    'select (select count(*)::int from national.calendar) as calendars, (select count(*)::int from national.matter) as matters',
  )
  const { calendars = 1, matters = 1 } = rows[0] ?? {}
  await client.query(`
    create unlogged table national.plan as
    with drawn as (
      select n::bigint, n::float8 / ${cases} as part,
             case when national.draw(n, 20) < ${shareOfAppointments} then 'appointment'
                  when national.draw(n, 20) < ${shareOfAppointments + shareOfTickets} then 'linea' else 'first' end as kind
      from   generate_series(0, ${cases - 1}) n
    ), counted as (
      select *, floor(power(national.draw(n, 27), 1.5) * ${matters})::int as matter_slot, row_number() over (partition by kind order by n) - 1 as k, count(*) over (partition by kind) as of_kind from drawn
    ), placed as (
      select counted.*, day.opens + part::numeric * ${span} % 1 * interval '${dayHours} hours' as opened_at,
             matter.ccm_section_id, matter.cric_section, matter.central_directorate_id, matter.it_matter,
             calendar.c,
             floor(k::float8 / of_kind * ${time.days})::int + 5 + floor(national.draw(calendar.c, 21) * 25)::int as visit_day,
             case when kind = 'appointment'
                  then ${placeSlots}::bigint * floor(national.draw(n, 22) * greatest(1, floor(part * ${contacts} / ${placeSlots})))::bigint
                       + province.first + floor(national.draw(n, 23) * province.slots)::int
                  else floor(national.draw(n, 22) * greatest(part * ${contacts}, ${placeSlots}))::bigint end as contact_n,
             case when national.draw(n, 24) < 0.86 then 'telephone' when national.draw(n, 24) < 0.92 then 'email'
                  when national.draw(n, 24) < 0.98 then 'web' else 'pec' end as channel,
             case when national.draw(n, 25) < 0.85 then 0.2 + 4 * national.draw(n, 26) else 480 * national.draw(n, 26) end * interval '1 day' as turnaround,
             part * ${span} >= ${span} - ${daysOfCalls} as recent
      from   counted
      join   national.work_day day on day.i = floor(part * ${span})
      join   national.matter on matter.slot = matter_slot
      left join national.calendar on kind = 'appointment' and calendar.c = k % ${calendars}
      left join national.province on province.province = calendar.province_code
    )
    select placed.n, kind, opened_at, contact_n, placed.matter_slot, operator.id as operator_id, channel, recent and channel = 'telephone' as called,
           opened_at + (3 + 5 * national.draw(placed.n, 29)) * interval '1 minute' as closed_at,
           section.id as section_id, member.id as member_id,
           opened_at + interval '10 minutes' + turnaround * 0.3 as claimed_at,
           case when kind = 'linea' and national.draw(placed.n, 30) < 0.25 then opened_at + interval '10 minutes' + turnaround * 0.5 end as noted_at,
           case when forwards then opened_at + interval '10 minutes' + turnaround * 0.5 end as forwarded_at,
           case when forwards then opened_at + interval '10 minutes' + turnaround * 0.8 end as returned_at,
           opened_at + interval '10 minutes' + turnaround as answered_at,
           opened_at + interval '12 minutes' + turnaround as ended_at,
           case when forwards then central_directorate_id end as directorate_id,
           c, visit_day.opens + interval '30 minutes' * (1 + floor(national.draw(placed.n, 34) * 7)) as starts_at,
           '${now.toISOString()}'::timestamptz as now_at
    from   (select *, kind = 'linea' and not it_matter and national.draw(n, 30) >= 0.94 as forwards, contact_n % ${placeSlots} as place_slot from placed) placed
    join   national.place on place.slot = place_slot
    join   national.staff operator on operator.role = 'operator' and operator.unit_id = placed.ccm_section_id
           and operator.j = floor(national.draw(placed.n, 36) * operator.colleagues)
    left join national.section on kind = 'linea' and section.region_code = place.region
              and section.cric_section is not distinct from case when it_matter then null else placed.cric_section end
    left join national.staff member on member.unit_id = section.id and member.role in ('cric_member', 'gai_member')
              and member.j = floor(national.draw(placed.n, 37) * member.colleagues)
    left join national.work_day visit_day on visit_day.i = placed.visit_day
    where  kind <> 'appointment' or visit_day.i is not null`)
  // What belongs to a case, looked up where it is needed; joins of which no column is asked for cost nothing.
  await client.query(`
    create view national.story as
    select plan.*, national.key(2, opened_at, plan.n) as id, national.code(plan.n) as code, national.key(3, opened_at, plan.n) as interaction_id,
           national.key(8, opened_at, plan.n) as call_id, national.key(4, opened_at, plan.n) as ticket_id, national.key(5, opened_at, plan.n) as appointment_id,
           matter.id as typology_id, matter.label, matter.ccm_section_id as queue_id, case when matter.it_matter then 'it' else 'linea' end as ticket_kind,
           contact.id as contact_id, contact.town, contact.region, contact.province, contact.phone as from_number, contact.email,
           case when national.draw(plan.n, 32) < 0.6 and contact.email is not null then 'email' else 'phone' end as reply_kind,
           operator.name as operator_name, operator.unit_path as operator_path, operator.unit_name as operator_unit, operator.actor as operator_actor,
           operator.units as operator_units, national.draw(plan.n, 28) < 0.35 as by_operator,
           office.id as called_id, office.name as called_name, office.number as called_number, office.units as called_units,
           section.name as section_name, section.path as section_path, section.centre_id, section.centre_name, section.units as section_units,
           member.name as member_name, member.actor as member_actor,
           directorate.unit_name as directorate_name, directorate.unit_path as directorate_path, directorate.units as directorate_units, directorate.actor as directorate_actor,
           calendar.id as calendar_id, calendar.no as calendar_no, calendar.officer_id, calendar.officer_name, calendar.actor as officer_actor,
           calendar.unit_id as office_id, calendar.unit_name as office_name, calendar.unit_path as office_path, calendar.units as office_units,
           calendar.services[1 + floor(national.draw(plan.n, 33) * cardinality(calendar.services))::int] as service_id, ${visitState} as visit_state
    from   national.plan
    left join national.matter on matter.slot = matter_slot
    left join national.contact on contact.n = contact_n
    left join national.staff operator on operator.id = operator_id
    left join national.staff member on member.id = member_id
    left join national.office on office.province_code = contact.province
    left join national.section on section.id = section_id
    left join national.directorate on directorate.unit_id = directorate_id
    left join national.calendar on calendar.c = plan.c`)
  await client.query('analyze national.plan')
}

/**
 * What cases are found by, as the view `case_index_source` says it, but for all at once: the same few hundred texts stand in two million cases, and
 * each is parted into its words only once. A test compares the two.
 */
export async function makeCaseIndex(client: pg.Client): Promise<void> {
  await client.query('analyze "case", case_unit, interaction, ticket, case_note, message')
  await client.query(`create aggregate national.union_of(tsvector) (sfunc = tsvector_concat, stype = tsvector, initcond = '')`)
  await client.query(`
    create table national.said as
    select "case".id as case_id, "case".opened_at, "case".code,
           concat_ws(' ', "case".title, spoken.texts, asked.texts, noted.texts, written.texts) as text,
           array_to_tsvector(array_remove(
             array['S:' || "case".status, 'T:' || "case".typology_id, 'K:' || asked.state,
                   'M:' || to_char("case".opened_at at time zone 'UTC', 'YYYY-MM')] || spoken.channels, null)) || coalesce(passed.units, '') as facts
    from   "case"
    left   join (select case_id, string_agg(concat_ws(' ', question, answer, notes), ' ') as texts, array_agg(distinct 'C:' || channel) as channels
                 from interaction group by case_id) spoken on spoken.case_id = "case".id
    left   join (select case_id, concat_ws(' ', question, answer) as texts, state from ticket) asked on asked.case_id = "case".id
    left   join (select case_id, string_agg(text, ' ') as texts from case_note group by case_id) noted on noted.case_id = "case".id
    left   join (select case_id, string_agg(text, ' ') as texts from message group by case_id) written on written.case_id = "case".id
    left   join (select case_id, national.union_of(units) as units
                 from   case_unit
                 join   (select unit_path, array_to_tsvector(array_agg(distinct 'U:' || substr(unit_path, 1, place))) as units
                         from   (select distinct unit_path from case_unit) path cross join lateral generate_series(1, length(unit_path)) place
                         where  substr(unit_path, place, 1) = '/'
                         group  by unit_path) above using (unit_path)
                 group  by case_id) passed on passed.case_id = "case".id`)
  await client.query(
    'create table national.words as select text, case_words(text) as words from (select distinct text from national.said) each',
  )
  await client.query('analyze national.said, national.words')
  await client.query(`
    insert into case_index (case_id, opened_at, words)
    select case_id, opened_at, case_words(code) || words || facts
    from   national.said join national.words using (text)
    order  by opened_at, case_id`)
}

/** In the order of the cases, as they were made. */
export async function makeCases(client: pg.Client): Promise<void> {
  await client.query(`
    insert into "case" (id, code, contact_id, typology_id, title, status, outcome, opened_at, closed_at)
    select id, code, contact_id, typology_id, label, case when ended is null then 'open' else 'closed' end,
           case when ended is not null then case kind when 'first' then 'first-contact' when 'linea' then 'answered' else 'appointment' end end,
           opened_at, ended
    from   (select *, case when kind = 'first' and closed_at <= now_at then closed_at
                           when kind = 'linea' and ended_at <= now_at then ended_at
                           when kind = 'appointment' and visit_state = 'concluded' then starts_at + interval '25 minutes' end as ended
            from national.story) planned
    where  opened_at <= now_at
    order  by n`)
  await client.query(`
    insert into case_unit (case_id, unit_path)
    select id, operator_path from national.story where closed_at <= now_at
    union all select id, section_path from national.story where kind = 'linea' and closed_at <= now_at
    union all select id, directorate_path from national.story where forwarded_at <= now_at
    union all select id, office_path from national.story where kind = 'appointment' and closed_at <= now_at`)
  await client.query(`
    insert into interaction (id, channel, call_id, from_number, contact_id, case_id, typology_id, question, answer, state, office_id, office_name,
                             province_code, region_code, section_id, operator_id, operator_name, operator_path, opened_at, closed_at)
    select interaction_id, channel, case when called then call_id end, case when channel = 'telephone' then from_number end, contact_id,
           case when closed_at <= now_at then id end, typology_id, ${question},
           case when kind = 'first' and closed_at <= now_at then 'Spiegati requisiti, documenti e tempi: la persona ha capito come procedere.' end,
           case when closed_at > now_at then 'open' when kind = 'first' then 'answered' else kind end,
           case when channel = 'telephone' then called_id end, case when channel = 'telephone' then called_name end,
           case when channel = 'telephone' then province end, case when channel = 'telephone' then region end,
           queue_id, operator_id, operator_name, operator_path, opened_at, case when closed_at <= now_at then closed_at end
    from   national.story
    where  opened_at <= now_at
    order  by n`)
  await client.query(`
    insert into ticket (id, case_id, kind, state, unit_id, unit_name, unit_path, centre_id, centre_name, region_code, claimed_by, claimed_by_name,
                        directorate_id, directorate_name, directorate_path, directorate_answer, question, reply_kind, reply_address, answer, due_at,
                        opened_at, closed_at, sent_by, sent_by_name, sent_by_unit, office_name, derivation, derived_unit_id, second_contact)
    select ticket_id, id, ticket_kind,
           case when ended_at <= now_at then 'closed' when answered_at <= now_at then 'answered' when returned_at <= now_at then 'returned'
                when forwarded_at <= now_at then 'forwarded' when claimed_at <= now_at then 'claimed' else 'pool' end,
           section_id, section_name, section_path, centre_id, centre_name, region, case when claimed_at <= now_at then member_id end,
           case when claimed_at <= now_at then member_name end, case when forwarded_at <= now_at then directorate_id end,
           case when forwarded_at <= now_at then directorate_name end, case when forwarded_at <= now_at then directorate_path end,
           case when returned_at <= now_at then 'La domanda si definisce con la normativa previgente.' end,
           ${question}, reply_kind, case reply_kind when 'email' then email else from_number end,
           case when answered_at <= now_at then ${answer} end, due.at, closed_at, case when ended_at <= now_at then ended_at end,
           operator_id, operator_name, operator_unit, case when channel = 'telephone' then called_name end,
           json_build_object('code', 'cases.why.residence', 'values', json_build_object('typology', label, 'place', town)), section_id,
           national.draw(n, 38) < 0.1
    from   national.story
    cross  join lateral (select (date_trunc('day', closed_at at time zone 'Europe/Rome') + interval '7 days 17 hours') at time zone 'Europe/Rome' as at) due
    where  kind = 'linea' and closed_at <= now_at
    order  by n`)
  await client.query(`
    insert into ticket_count (unit_id, state, tickets)
    select unit_id, state, count(*) from (
      select unit_id, state from ticket union all select directorate_id, state from ticket where directorate_id is not null) each
    group by unit_id, state`)
  await client.query(`
    insert into case_note (id, case_id, text, by_person, by_name, by_unit, at)
    select national.key(6, at, n), id, text, member_id, member_name, section_name, at
    from   (select *, noted_at as at, 'Sentito il patronato: arriva un altro documento entro la settimana.' as text from national.story where noted_at <= now_at
            union all
            select *, forwarded_at, 'Serve un parere sulla normativa applicabile a questo caso.' from national.story where forwarded_at <= now_at) noted
    order  by n`)
  await client.query(`
    insert into message (id, case_id, channel, text, by_name, at)
    select national.key(7, answered_at, n), id, reply_kind, ${answer}, member_name, answered_at
    from   national.story
    where  kind = 'linea' and answered_at <= now_at
    order  by n`)
}

const question = `'Chiede informazioni su ' || lower(label) || ': quali documenti servono, in quanto tempo si ha risposta e come conoscere lo stato della domanda.'`
const answer = `'Gentile utente, la sua domanda su ' || lower(label) || ' risulta in lavorazione; riceverà il provvedimento entro trenta giorni.'`

/** One visit a day for each calendar, so that no two meet. */
export async function makeAppointments(client: pg.Client): Promise<void> {
  const visits = `
    from   national.story visit
    join   agenda_service service on service.id = visit.service_id
    cross  join lateral (select starts_at + service.duration_minutes * interval '1 minute' as ends_at) until
    where  kind = 'appointment' and closed_at <= now_at`
  await client.query(`
    insert into agenda_hold (id, owner, unit_id, service_id, calendar_id, starts_at, ends_at, until, ended)
    select national.key(9, opened_at, n), 'person:' || operator_id, office_id, service_id, calendar_id, starts_at, ends_at, closed_at, 'confirmed'
    ${visits}
    order  by n`)
  await client.query(`
    insert into appointment (id, unit_id, unit_name, unit_path, service_id, service_name, bring, calendar_id, officer_id, officer_name, starts_at,
                             ends_at, state, contact_id, case_id, code, title, interaction_id, reason, outcome, outcome_text, booked_by,
                             booked_by_name, booked_by_unit, booked_by_path, booked_at, checked_in_at, started_at, ended_at, cancel_reason)
    select appointment_id, office_id, office_name, office_path, service_id, service.name, service.bring, calendar_id, officer_id, officer_name,
           starts_at, ends_at, visit_state, contact_id, visit.id, code, label, interaction_id, ${question},
           case when visit_state = 'concluded' then 'resolved' end,
           case when visit_state = 'concluded' then 'Tutto chiarito con i documenti portati.' end,
           operator_id, operator_name, operator_unit, operator_path, closed_at,
           case when visit_state = 'concluded' then starts_at - interval '5 minutes' end, case when visit_state = 'concluded' then starts_at end,
           case visit_state when 'concluded' then starts_at + interval '25 minutes' when 'no-show' then ends_at
                            when 'cancelled' then closed_at + interval '2 hours' end,
           case when visit_state = 'cancelled' then 'La persona non può venire.' end
    ${visits}
    order  by n`)
  await client.query(`
    insert into agenda_taken (id, calendar_id, calendar_no, lane, starts_at, ends_at, appointment_id)
    select national.key(9, opened_at, n), calendar_id, calendar_no, 0, starts_at, ends_at, appointment_id
    ${visits}
    and    visit_state <> 'cancelled'
    order  by n`)
}
