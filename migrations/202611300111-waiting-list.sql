-- For how long a freed time is offered to somebody who waits for an earlier one, and how often.
alter table agenda_service
  add column offer_minutes  integer  not null default 180 check (offer_minutes between 30 and 2880),
  add column offers_at_most smallint not null default 3   check (offers_at_most between 1 and 20);

-- Who would rather come earlier. A row stands as long as its citizen waits; a freed time is offered to them in the order of `since`, one at a time.
-- `offer_…` is the time that is offered now: a hold keeps it, whose identifier names the offer.
create table agenda_waiting (
  appointment_id  uuid          primary key references appointment (id) on delete cascade,
  unit_id         text          not null,
  service_id      text          not null references agenda_service (id),
  since           timestamptz   not null,
  offers          smallint      not null default 0,
  -- Times that are no news: free when the citizen began to wait, or offered before.
  passed_over     timestamptz[] not null default '{}',
  look_at         timestamptz   not null,
  -- The citizen waits no more; the row goes with the offer that is still open.
  leaves          boolean       not null default false,
  offer_id        uuid          unique,
  offer_starts_at timestamptz,
  offer_until     timestamptz,
  check ((offer_id is null) = (offer_starts_at is null)),
  check ((offer_id is null) = (offer_until is null))
);
create index waiting_of_office on agenda_waiting (unit_id, service_id, since);
create index waiting_to_look_at on agenda_waiting (look_at, unit_id, service_id);
create index offer_by_end on agenda_waiting (offer_until) where offer_id is not null;
