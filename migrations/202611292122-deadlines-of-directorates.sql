-- A central directorate that is asked about a ticket has a deadline of its own, from when it is asked.
alter table deadline_target drop constraint deadline_target_kind_check;
alter table deadline_target add constraint deadline_target_kind_check check (kind in ('first-answer', 'solution', 'directorate')) not valid;
alter table ticket_deadline drop constraint ticket_deadline_kind_check;
alter table ticket_deadline add constraint ticket_deadline_kind_check check (kind in ('first-answer', 'solution', 'directorate')) not valid;

insert into deadline_target (typology_id, priority, kind, amount, measure, warn_minutes, raise_minutes) values
  ('', 'normal', 'directorate', 3, 'days', 240, 480),
  ('', 'urgent', 'directorate', 1, 'days', 120, 240)
on conflict do nothing;
