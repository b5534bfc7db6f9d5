-- Works of other kinds than calls stand in the line too: a callback is a caller who hung up and kept the place. It stays on the board while it
-- is `connected`, because its number is dialled only then, and it is in line again when nobody is reached.
alter table queued_call add column kind text not null default 'call' check (kind in ('call', 'callback', 'mail', 'ticket'));
alter table queued_call drop constraint queued_call_state_check;
alter table queued_call add constraint queued_call_state_check check (state in ('waiting', 'offered', 'connected'));

-- What a unit does differently about callbacks: the institute, or a section. See CallbackSettings in src/telephony/callbacks/model.ts.
create table callback_setting (
  unit_id  text  primary key,
  settings jsonb not null
);

-- Callers who wished to be called back, from the wish until it is over. The call's own row says what is done; this is to be found and listed.
-- `given-up` stays open until somebody has looked after it: nobody is lost silently.
create table callback (
  call_id       uuid        primary key references call (id),
  section_id    text        not null,
  number        text        not null,
  state         text        not null check (state in ('waiting', 'dialling', 'reached', 'given-up', 'withdrawn', 'settled')),
  waiting_since timestamptz not null,
  requested_at  timestamptz not null,
  not_before    timestamptz not null,
  not_after     timestamptz not null,
  attempts      smallint    not null,
  last_tried_at timestamptz,
  last_outcome  text,
  closed_at     timestamptz
);
-- One open callback for a number and section: a second wish finds it.
create unique index callback_wished on callback (number, section_id) where state in ('waiting', 'dialling');
create index callback_open on callback (section_id, waiting_since, call_id) where closed_at is null;
