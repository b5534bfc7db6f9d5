-- Who works in the sections of a regional centre, where each comes from, from when, until when, and for which share of the time.
create table section_member (
  id              uuid        primary key,
  section_id      text        not null,
  section_path    text        not null collate "C",
  -- Null until the person has an account.
  person_id       uuid,
  name            text        not null,
  provenance      text        not null check (provenance in ('product-team', 'expert', 'province', 'agency')),
  origin          text        not null default '',
  since           date        not null,
  until           date,
  share           integer     not null check (share between 1 and 100),
  -- Why somebody was taken from a province or an agency while others could have been had.
  reason          text        not null default '',
  version         integer     not null default 1,
  changed_at      timestamptz not null,
  changed_by_name text        not null,
  check (until is null or until >= since)
);
create index section_member_by_territory on section_member (section_path);
create index section_member_of_person    on section_member (person_id) where person_id is not null;

-- Every version of it, with who made it.
create table section_member_version (
  member_id uuid        not null references section_member (id) on delete cascade,
  version   integer     not null,
  facts     jsonb       not null,
  by_name   text        not null,
  at        timestamptz not null,
  primary key (member_id, version)
);

-- People of product teams and experts who could be taken into a section of a region, and are in none.
create table staff_reserve (
  id            uuid        primary key,
  -- Whose region it is.
  unit_id       text        not null,
  name          text        not null,
  provenance    text        not null check (provenance in ('product-team', 'expert')),
  subject       text        not null default '',
  added_at      timestamptz not null,
  added_by_name text        not null
);
create index staff_reserve_of_region on staff_reserve (unit_id);

-- How far the sums of the workload have read the journal: one row.
create table workload_follower (
  id           boolean     primary key default true check (id),
  position     text        not null default '',
  read_through timestamptz
);
insert into workload_follower default values;

-- Where each ticket stands, as the journal has told it so far.
create table workload_ticket (
  ticket_id  uuid        primary key,
  section_id text        not null,
  state      text        not null check (state in ('here', 'elsewhere', 'over')),
  holder_id  uuid,
  held_since timestamptz,
  started_at timestamptz not null,
  is_late    boolean     not null,
  closed_at  timestamptz
);
create index workload_ticket_open on workload_ticket (section_id, started_at) where state = 'here';

-- Steps by which members have done something about a ticket, and the working time that each took. Kept for some weeks.
create table workload_step (
  person_id  uuid        not null,
  at         timestamptz not null,
  entry_id   bigint      not null,
  section_id text        not null,
  since      timestamptz not null,
  worked_ms  integer     not null,
  primary key (person_id, at, entry_id)
);
create index workload_step_by_time on workload_step (at);

-- The sums, by section and week (its Monday). `backlog` and `backlog_since` are changes: what is open at the end of a week is all of them up to it.
create table workload_week (
  section_id       text   not null,
  week             date   not null,
  arrived          bigint not null default 0,
  closed           bigint not null default 0,
  closed_in_time   bigint not null default 0,
  closed_after_s   bigint not null default 0,
  backlog          bigint not null default 0,
  backlog_since_s  bigint not null default 0,
  steps            bigint not null default 0,
  worked_ms        bigint not null default 0,
  worked_squares   bigint not null default 0,
  primary key (section_id, week)
);
