-- A freed time may be offered by telephone: where the service or the office says so, to who waits and has no e-mail, or wishes to be called.
alter table agenda_service add column telephone_offers boolean not null default false;
alter table agenda_service_of_unit add column telephone_offers boolean;

-- When who is offered a time is called next; null when nobody calls (any more).
alter table agenda_waiting
  add column by_telephone boolean not null default false,
  add column call_at      timestamptz;

-- A citizen who is called about a time that is offered: each attempt, and what came of it.
create table time_offer_call (
  id             uuid        primary key,
  appointment_id uuid        not null references appointment (id),
  unit_id        text        not null,
  -- The hold that keeps the time.
  offer_id       uuid        not null,
  number         text        not null,
  asked_at       timestamptz not null,
  dialled_at     timestamptz,
  answered_at    timestamptz,
  ended_at       timestamptz,
  outcome        text        check (outcome in ('accepted', 'kept', 'no-more', 'over', 'undecided', 'no-code', 'hung-up', 'no-answer', 'busy', 'failed')),
  check ((outcome is null) = (ended_at is null))
);
create index time_offer_call_of_appointment on time_offer_call (appointment_id, asked_at);
create unique index time_offer_call_open on time_offer_call (appointment_id) where ended_at is null;
