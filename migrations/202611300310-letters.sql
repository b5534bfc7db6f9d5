-- What citizens are written by post about their appointments: kept as what is to be said, and drawn when somebody prints it.
create table appointment_letter (
  id             uuid        primary key,
  appointment_id uuid        not null references appointment (id),
  unit_id        text        not null,
  kind           text        not null check (kind in ('confirmation', 'move', 'change', 'cancellation')),
  -- To be printed; sent, by whom and when; overtaken by another letter, or by an e-mail, before it was sent.
  state          text        not null check (state in ('open', 'sent', 'overtaken')),
  language       text        not null,
  said           jsonb       not null,
  -- Of the appointment that it is about: afterwards it is of no use to anybody.
  starts_at      timestamptz not null,
  written_at     timestamptz not null,
  sent_at        timestamptz,
  sent_by_name   text,
  -- Lines of the envelope, as they were when it was sent.
  sent_to        text[],
  check ((state = 'sent') = (sent_at is not null)),
  check ((sent_at is null) = (sent_by_name is null))
);
create unique index appointment_letter_open on appointment_letter (appointment_id) where state = 'open';
create index appointment_letter_to_print on appointment_letter (unit_id, starts_at, id) where state = 'open';
create index appointment_letter_sent on appointment_letter (unit_id, sent_at, id) where state = 'sent';
create index appointment_letter_of_appointment on appointment_letter (appointment_id);
