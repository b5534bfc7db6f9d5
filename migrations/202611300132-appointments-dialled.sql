-- A call-back appointment is dialled through the switch: each attempt, and how it went.
create table appointment_call (
  id             uuid        primary key,
  appointment_id uuid        not null references appointment (id),
  unit_id        text        not null,
  attempt        integer     not null check (attempt between 1 and 3),
  officer_id     uuid        not null,
  officer_name   text        not null,
  -- The telephone of the officer, and the citizen's.
  officer_number text        not null,
  number         text        not null,
  asked_at       timestamptz not null,
  dialled_at     timestamptz,
  connected_at   timestamptz,
  ended_at       timestamptz,
  outcome        text        check (outcome in ('talked', 'no-answer', 'busy', 'officer-away', 'failed')),
  check ((outcome is null) = (ended_at is null))
);
create index appointment_call_of_appointment on appointment_call (appointment_id, asked_at);
create index appointment_call_of_officer on appointment_call (officer_id, asked_at);
create unique index appointment_call_open on appointment_call (appointment_id) where ended_at is null;

alter table call drop constraint call_phase_check;
alter table call add constraint call_phase_check
  check (phase in ('menu', 'office', 'waiting', 'callback', 'dialling', 'talking', 'farewell', 'outbound', 'ended')) not valid;
