-- What an office can be visited for.
create table agenda_service (
  id               text    primary key,
  name             text    not null,
  description      text    not null default '',
  bring            text    not null default '',
  words            jsonb   not null default '{}',
  duration_minutes integer not null check (duration_minutes between 5 and 480),
  notice_minutes   integer not null check (notice_minutes >= 0),
  horizon_days     integer not null check (horizon_days between 1 and 366)
);

create table agenda_service_of_unit (
  unit_id    text    not null,
  service_id text    not null references agenda_service (id),
  position   integer not null,
  primary key (unit_id, service_id)
);

-- One place that receives citizens: an officer, or desks without a name that receive `capacity` citizens at once.
create table agenda_calendar (
  id           uuid     primary key,
  no           integer  not null unique generated always as identity,
  unit_id      text     not null,
  officer_id   uuid,
  officer_name text,
  label        text     not null,
  capacity     smallint not null check (capacity between 1 and 64),
  services     text[]   not null,
  active       boolean  not null default true,
  check ((officer_id is null) = (officer_name is null)),
  check (officer_id is null or capacity = 1)
);
create index calendar_of_unit on agenda_calendar (unit_id, id);

-- Weekly spans in office time, minutes after midnight; two spans of a day leave room for lunch. 1 is Monday.
create table agenda_opening (
  calendar_id uuid     not null references agenda_calendar (id),
  weekday     smallint not null check (weekday between 1 and 7),
  opens       smallint not null check (opens between 0 and 1439),
  closes      smallint not null check (closes between 1 and 1440),
  primary key (calendar_id, weekday, opens),
  check (closes > opens)
);

-- Days, or hours of days, in which an office or one of its calendars receives nobody.
create table agenda_closure (
  id          uuid     primary key,
  unit_id     text     not null,
  calendar_id uuid     references agenda_calendar (id),
  first_day   date     not null,
  last_day    date     not null,
  opens       smallint check (opens between 0 and 1439),
  closes      smallint check (closes between 1 and 1440),
  reason      text     not null,
  check (last_day >= first_day),
  check ((opens is null) = (closes is null)),
  check (closes > opens)
);
create index closure_of_unit on agenda_closure (unit_id, last_day);

-- A time that somebody keeps while the form is filled. The row outlives the hold, so that who comes too late can be told what was lost.
create table agenda_hold (
  id          uuid        primary key,
  owner       text        not null,
  unit_id     text        not null,
  service_id  text        not null references agenda_service (id),
  calendar_id uuid        not null references agenda_calendar (id),
  starts_at   timestamptz not null,
  ends_at     timestamptz not null,
  until       timestamptz not null,
  ended       text        check (ended in ('confirmed', 'released'))
);
create index hold_of_owner on agenda_hold (owner) where ended is null;
create index hold_by_age   on agenda_hold (until);

create table appointment (
  id               uuid        primary key,
  unit_id          text        not null,
  unit_name        text        not null,
  unit_path        text        not null collate "C",
  service_id       text        not null references agenda_service (id),
  service_name     text        not null,
  bring            text        not null,
  calendar_id      uuid        not null references agenda_calendar (id),
  officer_id       uuid,
  officer_name     text,
  starts_at        timestamptz not null,
  ends_at          timestamptz not null,
  state            text        not null check (state in ('booked', 'checked-in', 'in-progress', 'concluded', 'no-show', 'cancelled')),
  contact_id       uuid        not null references contact (id),
  case_id          uuid        not null references "case" (id),
  code             text        not null,
  title            text        not null,
  interaction_id   uuid,
  reason           text        not null,
  preparation      text        not null default '',
  prepared_by_name text,
  prepared_at      timestamptz,
  outcome          text        check (outcome in ('resolved', 'request-filed', 'referred')),
  outcome_text     text,
  booked_by        uuid,
  booked_by_name   text        not null,
  booked_by_unit   text        not null,
  booked_by_path   text        not null collate "C",
  booked_at        timestamptz not null,
  checked_in_at    timestamptz,
  started_at       timestamptz,
  ended_at         timestamptz,
  cancel_reason    text,
  sequence         integer     not null default 0,
  version          integer     not null default 1,
  check (ends_at > starts_at),
  check ((state = 'concluded') = (outcome is not null)),
  check ((state in ('concluded', 'no-show', 'cancelled')) = (ended_at is not null))
);
create index appointment_of_unit on appointment (unit_id, starts_at, id);
create index appointment_of_case on appointment (case_id, starts_at);

-- What is taken: holds and appointments, whoever made them. Two never share a lane of a calendar at the same time: the database refuses it.
-- Every lane has a stretch of its own on one long line of minutes (2^26 minutes reach beyond the year 2090), so that one range without any
-- extension says "this lane, from then to then".
create table agenda_taken (
  id             uuid        primary key references agenda_hold (id),
  calendar_id    uuid        not null references agenda_calendar (id),
  calendar_no    integer     not null,
  lane           smallint    not null check (lane between 0 and 63),
  starts_at      timestamptz not null,
  ends_at        timestamptz not null,
  held_until     timestamptz,
  appointment_id uuid        unique references appointment (id),
  stretch        int8range   not null generated always as (int8range(
    (calendar_no::bigint * 64 + lane) * 67108864 + (extract(epoch from starts_at - timestamptz '1970-01-01 00:00:00+00') / 60)::bigint,
    (calendar_no::bigint * 64 + lane) * 67108864 + (extract(epoch from ends_at - timestamptz '1970-01-01 00:00:00+00') / 60)::bigint
  )) stored,
  check (ends_at > starts_at),
  check ((held_until is null) = (appointment_id is not null)),
  constraint taken_once exclude using gist (stretch with &&)
);
create index taken_of_calendar on agenda_taken (calendar_id, starts_at);
