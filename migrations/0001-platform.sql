-- The journal: one row for each thing that happened. Rows are only ever added.
-- Readers go by (xid, id) below the oldest running transaction, so a late commit is never skipped.
create table event (
  xid        xid8        not null default pg_current_xact_id(),
  id         bigint      generated always as identity,
  at         timestamptz not null,
  type       text        not null,
  actor      jsonb       not null,
  channel    text,
  call_id    uuid,
  case_id    uuid,
  contact_id uuid,
  person_id  uuid,
  unit_ids   text[]      not null default '{}',
  payload    jsonb       not null,
  primary key (id)
);
create index event_in_order   on event (xid, id);
create index event_of_call    on event (call_id, id)    where call_id is not null;
create index event_of_case    on event (case_id, id)    where case_id is not null;
create index event_of_contact on event (contact_id, id) where contact_id is not null;
create index event_by_type    on event (type, at);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are only ever added', tg_table_name;
end $$;
create trigger event_is_append_only before update or delete on event for each row execute function refuse_change();

-- A seal covers the rows that came after the previous one; its hash takes in the previous hash.
create table seal (
  seq           bigint      primary key,
  through_xid   xid8        not null,
  through_id    bigint      not null,
  rows          bigint      not null,
  previous_hash text        not null,
  hash          text        not null,
  at            timestamptz not null
);

-- What a request with an Idempotency-Key answered, kept for a day.
create table idempotency (
  actor       text        not null,
  key         text        not null,
  fingerprint text        not null,
  answer      jsonb,
  at          timestamptz not null,
  primary key (actor, key)
);
create index idempotency_by_age on idempotency (at);

-- Settings that the program makes for itself, such as the key of signed tokens.
create table setting (
  name  text  primary key,
  value jsonb not null
);
