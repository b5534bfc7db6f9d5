/**
 * The journal of the planned cases: everything here that knows the form of the journal's tables. Entries are written month by month in the order
 * of time, so that identifiers grow with it as they do in life.
 */
import type pg from 'pg'
import { domain } from '../../src/distribution/model.ts'
import { type Database, journalEnd, openPostgres, positionText } from '../../src/platform/index.ts'

export const journalTables = ['event'] as const

const citizen = `'{"kind": "citizen", "channel": "telephone"}'::jsonb`
const leader = `'{"kind": "system", "name": "distribution"}'::jsonb`
const mailer = `'{"kind": "system", "name": "worker"}'::jsonb`

/** One kind of entry of a case: its type, when, whose doing, and what it says. `during` limits it to some cases. */
interface Kind {
  type: string
  at: string
  actor: string
  payload: string
  during: string
  person?: string
  units?: string
  /** Left out where the entry belongs to the call alone. */
  ofCall?: true
}

const seconds = (n: number) => `opened_at + interval '${n} seconds'`
const offer = `'n' || n`
const kinds: readonly Kind[] = [
  {
    ...{ type: 'call.arrived', at: seconds(-95), actor: citizen, during: 'called', units: 'called_units', ofCall: true },
    payload: `jsonb_build_object('from', from_number, 'to', called_number, 'unitId', called_id, 'unitName', called_name, 'provinceCode', province,
                'regionCode', region, 'leg', 'asterisk', 'mode', 'channelled')`,
  },
  {
    ...{ type: 'call.queued', at: seconds(-60), actor: citizen, during: 'called', units: 'called_units', ofCall: true },
    payload: `jsonb_build_object('sectionId', queue_id, 'priority', 0, 'waitingSince', to_jsonb(opened_at - interval '60 seconds'))`,
  },
  {
    ...{
      type: 'offer.made',
      at: seconds(-20),
      actor: leader,
      during: 'called',
      person: 'operator_id',
      units: 'operator_units',
      ofCall: true,
    },
    payload: `jsonb_build_object('offer', ${offer}, 'agent', operator_id, 'sectionId', queue_id, 'until', to_jsonb(opened_at), 'reason', '{}'::jsonb)`,
  },
  {
    ...{
      type: 'call.connected',
      at: seconds(-4),
      actor: leader,
      during: 'called',
      person: 'operator_id',
      units: 'operator_units',
      ofCall: true,
    },
    payload: `jsonb_build_object('agent', operator_id, 'offer', ${offer}, 'sectionId', queue_id, 'waitedMs', 56000)`,
  },
  {
    ...{
      type: 'interaction.opened',
      at: 'opened_at',
      actor: 'operator_actor',
      during: 'true',
      person: 'operator_id',
      units: 'operator_units',
    },
    payload: `jsonb_build_object('interactionId', interaction_id, 'channel', channel)`,
  },
  {
    ...{
      type: 'case.opened',
      at: `closed_at - interval '20 milliseconds'`,
      actor: 'operator_actor',
      during: 'true',
      units: 'operator_units',
    },
    payload: `jsonb_build_object('code', code, 'title', label)`,
  },
  {
    ...{
      type: 'interaction.answered',
      at: `closed_at - interval '10 milliseconds'`,
      actor: 'operator_actor',
      during: `kind = 'first'`,
    },
    ...{ person: 'operator_id', units: 'operator_units', payload: `jsonb_build_object('interactionId', interaction_id)` },
  },
  {
    ...{ type: 'case.closed', at: 'closed_at', actor: 'operator_actor', during: `kind = 'first'`, units: 'operator_units' },
    payload: `'{"outcome": "first-contact"}'::jsonb`,
  },
  {
    ...{
      type: 'conversation.ended',
      at: `closed_at + interval '2 seconds'`,
      actor: citizen,
      during: 'called',
      person: 'operator_id',
      ofCall: true,
    },
    ...{ units: 'operator_units', payload: `jsonb_build_object('agent', operator_id)` },
  },
  {
    ...{ type: 'call.ended', at: `closed_at + interval '2100 milliseconds'`, actor: citizen, during: 'called', ofCall: true },
    ...{ units: 'called_units', payload: `'{"reason": "caller"}'::jsonb` },
  },
  {
    ...{ type: 'ticket.sent', at: 'closed_at', actor: 'operator_actor', during: `kind = 'linea'`, person: 'operator_id' },
    units: 'operator_units || section_units',
    payload: `jsonb_build_object('ticketId', ticket_id, 'unitId', section_id, 'unitName', section_name, 'centreName', centre_name, 'reason', 'residence',
                'dueAt', to_char(closed_at + interval '7 days', 'YYYY-MM-DD"T"15:00:00"Z"'))`,
  },
  {
    ...{
      type: 'ticket.claimed',
      at: 'claimed_at',
      actor: 'member_actor',
      during: `kind = 'linea'`,
      person: 'member_id',
      units: 'section_units',
    },
    payload: `jsonb_build_object('ticketId', ticket_id)`,
  },
  {
    ...{ type: 'case.noted', at: 'noted_at', actor: 'member_actor', during: 'true', person: 'member_id', units: 'section_units' },
    payload: `jsonb_build_object('noteId', national.key(6, noted_at, n))`,
  },
  {
    ...{ type: 'ticket.forwarded', at: 'forwarded_at', actor: 'member_actor', during: 'true' },
    ...{ person: 'member_id', units: `section_units || directorate_units` },
    payload: `jsonb_build_object('ticketId', ticket_id, 'directorateId', directorate_id, 'directorateName', directorate_name, 'noteId', national.key(6, forwarded_at, n))`,
  },
  {
    ...{ type: 'ticket.returned', at: 'returned_at', actor: 'directorate_actor', during: 'true' },
    ...{ person: 'member_id', units: `section_units || directorate_units` },
    payload: `jsonb_build_object('ticketId', ticket_id, 'directorateName', directorate_name)`,
  },
  {
    ...{
      type: 'ticket.answered',
      at: 'answered_at',
      actor: 'member_actor',
      during: `kind = 'linea'`,
      person: 'member_id',
      units: 'section_units',
    },
    payload: `jsonb_build_object('ticketId', ticket_id, 'messageId', national.key(7, answered_at, n), 'by', reply_kind)`,
  },
  {
    ...{
      type: 'ticket.closed',
      at: 'ended_at',
      actor: mailer,
      during: `kind = 'linea'`,
      person: 'member_id',
      units: 'section_units',
    },
    payload: `jsonb_build_object('ticketId', ticket_id)`,
  },
  {
    ...{
      type: 'case.closed',
      at: `ended_at + interval '1 millisecond'`,
      actor: mailer,
      during: `kind = 'linea'`,
      units: 'section_units',
    },
    payload: `'{"outcome": "answered"}'::jsonb`,
  },
  {
    ...{
      type: 'appointment.booked',
      at: `closed_at - interval '5 milliseconds'`,
      actor: 'operator_actor',
      during: `kind = 'appointment'`,
    },
    units: 'operator_units || office_units',
    payload: `jsonb_build_object('appointmentId', appointment_id, 'unitId', office_id, 'unitName', office_name, 'serviceName', service_name,
                'start', to_char(starts_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`,
  },
  {
    ...{
      type: 'interaction.booked',
      at: 'closed_at',
      actor: 'operator_actor',
      during: `kind = 'appointment'`,
      person: 'operator_id',
    },
    units: 'operator_units || office_units',
    payload: `jsonb_build_object('interactionId', interaction_id, 'appointmentId', appointment_id)`,
  },
  {
    ...{ type: 'appointment.cancelled', at: `closed_at + interval '2 hours'`, actor: 'operator_actor', units: 'office_units' },
    during: `kind = 'appointment' and visit_state = 'cancelled'`,
    payload: `jsonb_build_object('appointmentId', appointment_id, 'unitId', office_id, 'unitName', office_name, 'serviceName', service_name,
                'start', to_char(starts_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`,
  },
  {
    ...{ type: 'appointment.no-show', at: `starts_at + interval '1 hour'`, actor: 'officer_actor', units: 'office_units' },
    during: `kind = 'appointment' and visit_state = 'no-show'`,
    payload: `jsonb_build_object('appointmentId', appointment_id, 'unitId', office_id)`,
  },
  ...['checked-in', 'started', 'concluded'].map((step, i) => ({
    ...{
      type: `appointment.${step}`,
      at: `starts_at + interval '${[-5, 0, 25][i]} minutes'`,
      actor: 'officer_actor',
      units: 'office_units',
    },
    during: `kind = 'appointment' and visit_state = 'concluded'`,
    payload: `jsonb_build_object('appointmentId', appointment_id, 'unitId', office_id${step === 'concluded' ? `, 'outcome', 'resolved'` : ''})`,
  })),
  {
    ...{ type: 'case.closed', at: `starts_at + interval '25 minutes 1 millisecond'`, actor: mailer, units: 'office_units' },
    during: `kind = 'appointment' and visit_state = 'concluded'`,
    payload: `'{"outcome": "appointment"}'::jsonb`,
  },
]

/** Writes the entries of all planned cases until now. */
export async function makeEntries(client: pg.Client): Promise<void> {
  const { rows: months } = await client.query<{ first: Date; next: Date }>(
    `select month as first, month + interval '1 month' as next
     from   generate_series((select date_trunc('month', min(opened_at)) - interval '1 day' from national.plan), (select max(now_at) from national.plan), interval '1 month') month`,
  )
  const each = kinds.map(
    kind =>
      `(${kind.at}, '${kind.type}', (${kind.during}), ${kind.actor}, ${kind.person ?? 'null::uuid'}, ${kind.units ?? `'{}'::text[]`}, ${kind.ofCall ?? false}, ${numbered(kind)})`,
  )
  for (const { first, next } of months)
    await client.query(
      `insert into event (at, type, actor, channel, call_id, case_id, contact_id, person_id, unit_ids, payload)
       select entry.at, entry.type, entry.actor, planned.channel, case when called then call_id end,
              case when not entry.of_call and entry.type <> 'interaction.opened' then planned.id end,
              case when not entry.of_call then contact_id end, entry.person_id, entry.units,
              case entry.nth ${kinds.map((kind, i) => `when ${i} then ${kind.payload}`).join(' ')} end
       from   (select story.*, service.name as service_name
               from   national.story left join agenda_service service on service.id = story.service_id
               where  opened_at < $2
               and    greatest(closed_at, case kind when 'linea' then ended_at when 'appointment' then starts_at end) >= $1::timestamptz - interval '1 day') planned
       cross  join lateral (values ${each.join(', ')}) as entry (at, type, wanted, actor, person_id, units, of_call, nth)
       where  entry.wanted and entry.at >= $1 and entry.at < $2 and entry.at <= now_at
       order  by entry.at`,
      [first, next],
    )
}

const numbered = (kind: Kind): number => kinds.indexOf(kind)

/**
 * The sums of half hours, as their follower would have written them for these calls: each waits once, for as long as all others, and is answered. They
 * are counted in the database, because reading ten million entries takes longer than making them.
 */
async function makeSums(database: Pick<Database, 'query'>): Promise<void> {
  const half = (at: string) => `date_bin('30 minutes', ${at}, '2000-01-01')`
  const calls = `
    select ${half('queued.at')} as half_hour, queued.payload->>'sectionId' as section_id, queued.at as joined_at, connected.at as answered_at, ended.at as ended_at
    from   event queued
    join   event connected on connected.call_id = queued.call_id and connected.type = 'call.connected'
    join   event ended     on ended.call_id     = queued.call_id and ended.type     = 'conversation.ended'
    where  queued.type = 'call.queued'`
  const ms = (from: string, to: string) => `sum(extract(epoch from ${to} - ${from}) * 1000)::bigint`
  await database.query(
    `insert into half_hour_sum (generation, half_hour, section_id, joined, waited_ms, answered, answered_in_target, answer_wait_ms, conversations, talk_ms)
     select 1, half_hour, section_id, count(*), ${ms('joined_at', 'answered_at')}, count(*), 0, ${ms('joined_at', 'answered_at')}, count(*),
            ${ms('answered_at', 'ended_at')}
     from   (${calls}) call group by half_hour, section_id`,
    [],
  )
  await database.query(
    `insert into half_hour_wait (generation, half_hour, section_id, how, at_most_seconds, calls)
     select 1, half_hour, section_id, 'answered', 60, joined from half_hour_sum`,
    [],
  )
  await database.query(
    `insert into half_hour_arrival (generation, half_hour, section_ids, calls) select 1, half_hour, array[section_id], joined from half_hour_sum`,
    [],
  )
  await database.query(
    `insert into half_hour_number (generation, half_hour, number, mode, section_id, calls)
     select 1, ${half('arrived.at')}, arrived.payload->>'to', 'channelled', queued.payload->>'sectionId', count(*)
     from   event arrived join event queued on queued.call_id = arrived.call_id and queued.type = 'call.queued'
     where  arrived.type = 'call.arrived'
     group  by 2, 3, 5`,
    [],
  )
}

/**
 * Whoever reads the journal has read it: the program begins as one that has been running. The first seal is a placeholder, because hashing ten
 * million entries takes longer than making them; so `verify:journal` does not fit on such a register.
 */
export async function readByAll(url: string): Promise<void> {
  const database = await openPostgres(url, 2)
  try {
    await makeSums(database)
    const end = await journalEnd(database)
    const place = positionText(end, Number.POSITIVE_INFINITY)
    await database.query(`insert into case_follower (name, position) values ('appointments', $1)`, [place])
    await database.query(`insert into router_domain (domain, epoch, leader, elected_at) values ($1, 1, 'generator', now())`, [
      domain,
    ])
    await database.query(`insert into router_place (domain, after_seq, seq, epoch, position) values ($1, -1, 0, 1, $2)`, [
      domain,
      place,
    ])
    await database.query(
      `update sum_follower set position = $1, read_through = now(), entries = (select count(*) from event) where is_current`,
      [place],
    )
    await database.query(
      `insert into seal (seq, era, through_snapshot, through_id, next_xid, whole, rows, previous_hash, hash, at)
       select 1, $1, $2, $3, pg_snapshot_xmax(pg_current_snapshot()), true, count(*), '', 'generated', now() from event`,
      [end.era, end.snapshot, end.id],
    )
  } finally {
    await database.close()
  }
}
