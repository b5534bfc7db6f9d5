-- How an appointment went, step by step and to its end: when the citizen was called in, whether they left before they were received, and who cancelled;
-- and who asked for it, by what right, where it was somebody else.
alter table appointment
  add column called_at    timestamptz,
  add column cancelled_by text,
  add column asked_by_name text,
  add column asked_by_right text;

alter table appointment
  drop constraint appointment_state_check,
  drop constraint appointment_check2;
alter table appointment
  add constraint appointment_state_check
    check (state in ('booked', 'checked-in', 'in-progress', 'concluded', 'no-show', 'left', 'cancelled')) not valid,
  add constraint appointment_ended_check
    check ((state in ('concluded', 'no-show', 'left', 'cancelled')) = (ended_at is not null)) not valid,
  add constraint appointment_cancelled_by_check
    check (cancelled_by is null or (cancelled_by in ('citizen', 'office') and state = 'cancelled')) not valid;
