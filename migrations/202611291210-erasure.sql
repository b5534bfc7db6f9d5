-- Personal data are kept for as long as a typology says after the end of its cases, and taken out when somebody asks for it.
-- None: nobody has decided, and nothing of it is ever erased.
alter table typology add column retention_months  integer check (retention_months between 0 and 1200);
alter table typology add column retention_version integer not null default 1;

-- Somebody has asked to be forgotten. What must stay is looked at again, until nothing stays.
create table erasure (
  contact_id    uuid        primary key references contact (id),
  asked_at      timestamptz not null,
  asked_by      uuid        not null,
  asked_by_name text        not null,
  next_look_at  timestamptz,
  erased_at     timestamptz,
  check ((next_look_at is null) = (erased_at is not null))
);
create index erasure_to_look on erasure (next_look_at, contact_id) where next_look_at is not null;

-- Since when the texts of a case are gone.
alter table "case" add column erased_at timestamptz;

-- Entries of the journal that still hold data of somebody who was erased: each is emptied, and its seal told what it comes to since.
create table entry_to_erase (
  event_id bigint primary key
);
create table seal_erased (
  seq  bigint primary key references seal (seq),
  hash text   not null
);

-- An entry, and what a directorate wrote, are only ever added; the one exception are the words in them, which who erases personal data takes out.
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and current_setting('filo.erases', true) = 'yes'
     and to_jsonb(new) - array['payload', 'text'] = to_jsonb(old) - array['payload', 'text'] then
    return new;
  end if;
  raise exception 'rows of % are only ever added', tg_table_name;
end $$;
