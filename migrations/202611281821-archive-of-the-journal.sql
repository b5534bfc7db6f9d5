-- Months of the journal that are kept apart: tables that were parts of `event`, with their rows and indexes, which nobody changes
-- (src/platform/events/archive.ts).
create schema journal_archive;

create function refuse_archived() returns trigger language plpgsql as $$
begin
  raise exception '% is archived: nothing is written to it any more', tg_table_name;
end $$;

-- What a month came to when it was archived; null until then.
alter table journal_month
  add column rows         bigint,
  add column first_seal   bigint,
  add column last_seal    bigint,
  add column closing_hash text,
  add column archived_at  timestamptz,
  add check ((archived_at is null) = (rows is null or first_seal is null or last_seal is null or closing_hash is null));
