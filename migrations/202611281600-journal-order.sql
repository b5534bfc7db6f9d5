-- The journal's order: by number within a look, by what a snapshot sees between looks (src/platform/events/journal.ts). Nothing is written
-- to it while this runs, so everything that is in it has been committed.
lock table event in share row exclusive mode;

-- A transaction has its number before an entry draws its own, by construction. No session keeps numbers back.
create sequence event_number as bigint cache 1;
select setval('event_number', coalesce((select max(id) from event), 0) + 1, false);
alter table event alter column id drop identity;
alter table event alter column id set default case when pg_current_xact_id() is not null then nextval('event_number') end;
alter sequence event_number owned by event.id;

-- Transaction numbers belong to one cluster; an era is a stretch of the journal in which they can be compared. Entries up to `after_id` are of
-- earlier eras and count as committed. Era 0 is what was written before there were eras: it is read by (xid, id), as its readers began.
create table journal_era (
  era               integer     primary key,
  -- Of the cluster; null until a program has started on it.
  system_identifier text,
  opened_at         timestamptz not null,
  after_id          bigint      not null,
  reason            text        not null check (reason in ('first', 'cluster', 'counter'))
);
insert into journal_era (era, opened_at, after_id, reason)
select 1, now(), coalesce((select max(id) from event), 0), 'first';

-- Positions as text: see `positionText`. Those of before are of era 0, exactly as they stood.
alter table router_domain
  add column position text,
  alter column position_xid drop not null,
  alter column position_id drop not null;
update router_domain set position = '0-' || position_id || '-' || position_xid || '-0-';
alter table router_domain alter column position set not null;

alter table case_follower
  add column position text,
  alter column xid drop not null,
  alter column id drop not null;
update case_follower set position = '0-' || id || '-' || xid || '-0-';
alter table case_follower alter column position set not null;

-- The entries about a call that were taken into its state, instead of the place of the last one.
alter table call add column seen_ids bigint[] not null default '{}';
update call
set    seen_ids = coalesce((select array_agg(event.id order by event.id)
                            from   event
                            where  event.call_id = call.id and (event.xid, event.id) <= (call.seen_xid, call.seen_id)), '{}')
where  ended_at is null;

-- A seal covers what was read between the position of the one before and its own. Seals of era 0 keep their form.
alter table seal
  alter column through_xid drop not null,
  add column era              integer,
  add column through_snapshot text,
  -- No transaction from this number on had begun: whatever bears one and has a number up to `through_id` was slipped in.
  add column next_xid         xid8,
  -- Nothing was left unread: whatever its snapshot sees has a number up to `through_id`, or was slipped in.
  add column whole            boolean not null default false,
  add check (case when era is null then through_xid is not null else through_snapshot is not null and next_xid is not null end);
