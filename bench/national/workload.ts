/** The sums of the workload, as the follower of the journal would have kept them (`src/staffing/workload/`), from the tickets: a follower would read for hours. */
import type pg from 'pg'

/** Writes the sums of weeks and where each ticket stands. */
export async function makeWorkload(db: pg.Client): Promise<void> {
  await db.query(`
    insert into workload_ticket (ticket_id, section_id, state, holder_id, held_since, started_at, is_late, closed_at)
    select id, unit_id,
           case when state in ('answered', 'closed') then 'over' when state = 'forwarded' or waiting_since is not null then 'elsewhere' else 'here' end,
           claimed_by, case when claimed_by is not null then opened_at end, opened_at, coalesce(closed_at, now()) > due_at, closed_at
    from   ticket`)
  await db.query(`
    insert into workload_week (section_id, week, arrived, closed, closed_in_time, closed_after_s, backlog, backlog_since_s, steps, worked_ms, worked_squares)
    select   section_id, date_trunc('week', at at time zone 'Europe/Rome')::date, sum(arrived), sum(closed), sum(in_time), sum(after_s),
             sum(backlog), sum(backlog * since_s), sum(closed), sum(closed) * 2400000, sum(closed) * 3200
    from     (select section_id, started_at as at, 1 as arrived, 0 as closed, 0 as in_time, 0 as after_s, 1 as backlog,
                     extract(epoch from started_at)::bigint as since_s
              from   workload_ticket
              union all
              select section_id, coalesce(closed_at, started_at), 0, case when state = 'over' then 1 else 0 end,
                     case when state = 'over' and not is_late then 1 else 0 end,
                     case when state = 'over' then extract(epoch from coalesce(closed_at, started_at) - started_at)::bigint else 0 end, -1,
                     extract(epoch from started_at)::bigint
              from   workload_ticket where state <> 'here') changes
    group by 1, 2`)
}
