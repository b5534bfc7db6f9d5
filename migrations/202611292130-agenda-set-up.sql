-- An office sets its agenda up by itself. A service is the institute's (unit_id is null: any office may offer it), or one office's own.
alter table agenda_service
  add column unit_id             text,
  add column preparation_minutes smallint not null default 0 check (preparation_minutes between 0 and 120),
  add column buffer_minutes      smallint not null default 0 check (buffer_minutes between 0 and 120),
  add column modes               text[]   not null default '{counter}'
    check (modes <@ array['counter', 'telephone', 'video'] and cardinality(modes) > 0);
create index service_of_office on agenda_service (unit_id) where unit_id is not null;

-- What an office has decided otherwise than the service says; null is as the service says. Shares are places of a day that are kept for who
-- books from somewhere: [{"group": "cric", "percent": 20, "freeHours": 48}].
alter table agenda_service_of_unit
  add column duration_minutes    integer  check (duration_minutes between 5 and 480),
  add column preparation_minutes smallint check (preparation_minutes between 0 and 120),
  add column buffer_minutes      smallint check (buffer_minutes between 0 and 120),
  add column notice_minutes      integer  check (notice_minutes >= 0),
  add column horizon_days        integer  check (horizon_days between 1 and 366),
  add column modes               text[]   check (modes <@ array['counter', 'telephone', 'video'] and cardinality(modes) > 0),
  add column shares              jsonb    not null default '[]';

alter table agenda_calendar add column room text not null default '';

-- A day on which a calendar is open beyond its week. Minutes after midnight of office time.
create table agenda_extra_opening (
  calendar_id uuid     not null references agenda_calendar (id),
  day         date     not null,
  opens       smallint not null check (opens between 0 and 1439),
  closes      smallint not null check (closes between 1 and 1440),
  primary key (calendar_id, day, opens),
  check (closes > opens)
);

-- How the citizen and the officer meet.
alter table agenda_hold add column mode text not null default 'counter' check (mode in ('counter', 'telephone', 'video'));
alter table appointment add column mode text not null default 'counter' check (mode in ('counter', 'telephone', 'video'));

-- The set-ups that an office has had, each as a whole. The newest holds; none is ever changed.
create table agenda_set_up (
  unit_id  text        not null,
  version  integer     not null check (version > 0),
  document jsonb       not null,
  reason   text        not null,
  by_name  text        not null,
  at       timestamptz not null,
  primary key (unit_id, version)
);
