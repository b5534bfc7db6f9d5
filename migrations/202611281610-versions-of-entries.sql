-- The version of the shape of an entry's payload. What was written before there were versions is at version 1. No row is rewritten.
alter table event add column version integer not null default 1;

-- Entries that a reader of the journal could not take. Nothing is lost by it: the entry stays in the journal; here stands who went on without it.
create table unreadable_entry (
  reader       text        not null,
  entry_id     bigint      not null,
  type         text        not null,
  version      integer     not null,
  -- newer: written by a newer release; damaged: not the shape that its version says; failed: read, but it could not be taken.
  why          text        not null check (why in ('newer', 'damaged', 'failed')),
  reason       text        not null,
  at           timestamptz not null,
  set_aside_at timestamptz not null,
  primary key (entry_id, reader)
);
create index unreadable_entry_by_age on unreadable_entry (set_aside_at);
