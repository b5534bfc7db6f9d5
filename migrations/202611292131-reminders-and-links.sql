-- Citizens are reminded of appointments: so many minutes before, as the service says, or the office otherwise.
alter table agenda_service
  add column reminders integer[] not null default '{2880,120}'
    check (cardinality(reminders) <= 5 and 10 <= all (reminders) and 20160 >= all (reminders));
alter table agenda_service_of_unit
  add column reminders integer[] check (cardinality(reminders) <= 5 and 10 <= all (reminders) and 20160 >= all (reminders));

-- Who is to be reminded, and when. A row goes in the transaction that writes the mail.
create table agenda_reminder (
  appointment_id uuid        not null references appointment (id) on delete cascade,
  minutes_before integer     not null,
  due_at         timestamptz not null,
  primary key (appointment_id, minutes_before)
);
create index reminder_by_time on agenda_reminder (due_at, appointment_id);

insert into agenda_reminder (appointment_id, minutes_before, due_at)
select appointment.id, minutes, starts_at - make_interval(mins => minutes)
from   appointment join agenda_service on agenda_service.id = service_id, unnest(reminders) minutes
where  state = 'booked' and starts_at - make_interval(mins => minutes) > now();

-- The citizen has said, by the link of a mail, that the appointment stands.
alter table appointment add column confirmed_at timestamptz;
