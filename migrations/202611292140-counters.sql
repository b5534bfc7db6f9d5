-- Waiting rooms of offices, with what is served in them, and the rules by which their desks call.
create table counter_hall (
  id               uuid        primary key,
  unit_id          text        not null,
  unit_path        text        not null collate "C",
  unit_name        text        not null,
  name             text        not null,
  -- Begins the codes of the hall; no two halls of an office have the same.
  letter           text        not null check (letter ~ '^[A-Z]$'),
  rules            jsonb       not null,
  triage           jsonb,
  daily_contingent integer     check (daily_contingent > 0),
  active           boolean     not null default true
);
create unique index hall_letter_of_unit on counter_hall (unit_id, letter) where active;

create table counter_service (
  id              uuid    primary key,
  hall_id         uuid    not null references counter_hall (id),
  words           jsonb   not null,
  visit_class     text    not null check (visit_class in ('fast', 'ordinary')),
  -- Services of the agenda whose appointments are received as this one.
  agenda_services text[]  not null default '{}',
  position        integer not null default 0
);
create index counter_service_of_hall on counter_service (hall_id, position);

create table counter_desk (
  id       uuid    primary key,
  hall_id  uuid    not null references counter_hall (id),
  label    text    not null,
  -- Empty: everything of the hall.
  services uuid[]  not null default '{}',
  position integer not null default 0
);
create unique index counter_desk_label on counter_desk (hall_id, label);

-- Who sits at a desk. One at a desk, and nobody at two.
create table counter_sitting (
  id          uuid        primary key,
  desk_id     uuid        not null references counter_desk (id),
  person_id   uuid        not null,
  person_name text        not null,
  since       timestamptz not null,
  until       timestamptz
);
create unique index sitting_at_desk   on counter_sitting (desk_id)   where until is null;
create unique index sitting_of_person on counter_sitting (person_id) where until is null;

-- Machines of an office: they are not signed in as anybody, and what they hold opens nothing else.
create table counter_device (
  id            uuid        primary key,
  unit_id       text        not null,
  kind          text        not null check (kind in ('kiosk', 'display')),
  name          text        not null,
  hall_ids      uuid[]      not null,
  -- Hashes of the code that is typed in once, and of the token that the machine holds afterwards.
  pairing_hash  bytea,
  pairing_until timestamptz,
  token_hash    bytea,
  connected_at  timestamptz,
  disabled_at   timestamptz
);
create index counter_device_of_unit on counter_device (unit_id, id);
create unique index counter_device_token   on counter_device (token_hash)   where token_hash is not null;
create unique index counter_device_pairing on counter_device (pairing_hash) where pairing_hash is not null;

-- The last number of a hall on a day: the row is locked while one is taken, so no two visits have the same.
create table counter_number (
  hall_id uuid    not null references counter_hall (id),
  day     date    not null,
  last    integer not null,
  -- How many of them the kiosk has given.
  kiosk   integer not null default 0,
  primary key (hall_id, day)
);

create table visit (
  id               uuid        primary key,
  unit_id          text        not null,
  unit_path        text        not null collate "C",
  day              date        not null,
  code             text        not null,
  origin           text        not null check (origin in ('kiosk', 'reception')),
  persons          integer     not null check (persons > 0),
  remark           text        not null default '',
  appointment_id   uuid        unique,
  contact_id       uuid,
  case_id          uuid,
  interaction_id   uuid,
  -- As its entries make it: see src/counters/effects.ts.
  state            text        not null check (state in ('waiting', 'called', 'serving', 'parked', 'missed', 'left', 'closed', 'unserved')),
  hall_id          uuid        not null references counter_hall (id),
  service_id       uuid        not null references counter_service (id),
  visit_class      text        not null check (visit_class in ('appointment', 'fast', 'ordinary')),
  priority         text        check (priority in ('disability', 'pregnancy', 'infant', 'age', 'other')),
  arrived_at       timestamptz not null,
  due_at           timestamptz,
  call_by          timestamptz not null,
  not_before       timestamptz,
  calls            integer     not null,
  first_called_at  timestamptz,
  called_at        timestamptz,
  came_at          timestamptz,
  desk_id          uuid        references counter_desk (id),
  only_desk_id     uuid        references counter_desk (id),
  officer_id       uuid,
  officer_name     text,
  parked_why       text,
  remind_at        timestamptz,
  has_returned     boolean     not null,
  was_transferred  boolean     not null,
  ended_at         timestamptz,
  call_reason      jsonb,
  -- Said at closing.
  delivered        jsonb       not null default '[]',
  not_delivered    text        check (not_delivered in ('documents-missing', 'not-competent', 'system-down', 'citizen-gave-up', 'other')),
  call_enough      boolean,
  came_because     text        check (came_because in ('no-answer', 'not-online', 'unclear-letter', 'paper', 'in-person', 'preferred')),
  -- From the call to the end, of what was served: what the expected wait is reckoned with.
  handling_seconds integer
);
create unique index visit_code_of_day on visit (unit_id, day, code);
-- One visit at a desk, whoever presses what at the same instant.
create unique index visit_at_desk    on visit (desk_id) where state in ('called', 'serving');
create index visit_of_hall           on visit (hall_id, call_by, code) where state in ('waiting', 'called', 'serving', 'parked', 'missed');
create index visit_called            on visit (hall_id, called_at desc) where state in ('called', 'serving');
create index visit_handled           on visit (service_id, ended_at desc) where handling_seconds is not null;
create index visit_of_contact        on visit (contact_id) where contact_id is not null;
create index visit_of_case           on visit (case_id) where case_id is not null;

-- What happened to a visit; only added to.
create table visit_entry (
  visit_id uuid        not null references visit (id),
  n        integer     not null,
  id       uuid        not null unique,
  kind     text        not null,
  at       timestamptz not null,
  desk_id  uuid,
  detail   jsonb       not null,
  by_name  text        not null,
  primary key (visit_id, n)
);
