-- What helps to solve an IT ticket, and by what tickets of one cause are counted together.
create table it_procedure (
  id   text primary key,
  name text not null
);

alter table ticket add column procedure_id   text;
alter table ticket add column browser        text;
alter table ticket add column error_text     text;
alter table ticket add column filing_number  text;
alter table ticket add column cause_key      text;

-- Many tickets, one cause.
create sequence incident_number;
create table incident (
  id              uuid        primary key,
  number          integer     not null unique default nextval('incident_number'),
  title           text        not null,
  state           text        not null check (state in ('open', 'workaround-known', 'solved', 'closed')),
  procedure_id    text        references it_procedure (id),
  cause_key       text,
  -- The IT group that keeps it.
  unit_id         text        not null,
  unit_name       text        not null,
  unit_path       text        not null collate "C",
  -- Whom it concerns: a region, a section of the contact centre; null for all of them.
  region_code     text,
  section_id      text,
  workaround      text        not null default '',
  expected_end    timestamptz,
  opened_at       timestamptz not null,
  opened_by_name  text        not null,
  changed_at      timestamptz not null,
  changed_by_name text        not null,
  closed_at       timestamptz,
  version         integer     not null default 1,
  check ((state = 'closed') = (closed_at is not null))
);
create index incident_current on incident (opened_at desc, id desc) where state <> 'closed';
create index incident_closed  on incident (opened_at desc, id desc) where state = 'closed';

-- What was done about an incident.
create table incident_step (
  id          uuid        primary key,
  incident_id uuid        not null references incident (id),
  kind        text        not null,
  detail      jsonb       not null,
  by_name     text        not null,
  at          timestamptz not null
);
create index incident_step_of_incident on incident_step (incident_id, at desc, id desc);

-- What is said of an incident, on some channels, until an instant. A new one takes the place of the one before.
create table incident_notice (
  id           uuid        primary key,
  incident_id  uuid        not null references incident (id),
  texts        jsonb       not null,
  channels     text[]      not null,
  region_code  text,
  section_id   text,
  starts_at    timestamptz not null,
  ends_at      timestamptz not null,
  withdrawn_at timestamptz,
  by_name      text        not null
);
create index incident_notice_in_force    on incident_notice (ends_at) where withdrawn_at is null;
create index incident_notice_of_incident on incident_notice (incident_id, starts_at desc);

-- An answer that several tickets get, on behalf of the person who looked at them.
create table incident_answering (
  id          uuid        primary key,
  incident_id uuid        not null references incident (id),
  text        text        not null,
  actor       jsonb       not null,
  begun_at    timestamptz not null
);

-- A ticket belongs to one incident at most. `waiting` until the answer was given in the same transaction that says so.
create table incident_ticket (
  ticket_id      uuid        primary key references ticket (id),
  incident_id    uuid        not null references incident (id),
  linked_at      timestamptz not null,
  linked_by_name text        not null,
  answering_id   uuid        references incident_answering (id),
  answering      text        check (answering in ('waiting', 'sent', 'to-call', 'left')),
  -- Why it was left: the code of a sentence and its values.
  left_because   text
);
create index incident_ticket_of_incident on incident_ticket (incident_id, linked_at, ticket_id);
create index incident_ticket_waiting     on incident_ticket (linked_at, ticket_id) where answering = 'waiting';

-- More tickets of one cause in an hour than is usual: to be made an incident, or set aside with a reason.
create table incident_proposal (
  id              uuid             primary key,
  unit_id         text             not null,
  unit_path       text             not null collate "C",
  cause_key       text             not null,
  procedure_id    text,
  hour            timestamptz      not null,
  tickets         integer          not null,
  expected        double precision not null,
  chance          double precision not null,
  made_at         timestamptz      not null,
  state           text             not null check (state in ('open', 'accepted', 'set-aside')),
  reason          text,
  decided_at      timestamptz,
  decided_by_name text,
  incident_id     uuid             references incident (id),
  unique (unit_id, cause_key, hour)
);
create index incident_proposal_open on incident_proposal (unit_path, made_at desc) where state = 'open';

-- What is known to go wrong, and how to work around it.
create table known_error (
  id              uuid        primary key,
  title           text        not null,
  procedure_id    text        references it_procedure (id),
  typology_id     text,
  symptom         text        not null,
  workaround      text        not null,
  incident_id     uuid        references incident (id),
  changed_at      timestamptz not null,
  changed_by_name text        not null,
  version         integer     not null default 1
);
create index known_error_by_title    on known_error (title, id);
create index known_error_of_typology on known_error (typology_id) where typology_id is not null;
