-- The counters of an office are one document with one version, as its agenda is. What an office no longer has stays for the visits that were received with it.
create table counter_set_up (
  unit_id  text        not null,
  version  integer     not null check (version > 0),
  document jsonb       not null,
  reason   text        not null,
  by_name  text        not null,
  at       timestamptz not null,
  primary key (unit_id, version)
);
alter table counter_service add column active boolean not null default true;
alter table counter_desk    add column active boolean not null default true;
drop index counter_desk_label;
create unique index counter_desk_label on counter_desk (hall_id, label) where active;

-- The questions of the kiosk are a list, the first of which begins; an answer leads to a service, or to another question. `triage` stays as it was, for
-- programs of the release before.
alter table counter_hall add column questions jsonb not null default '[]';
with recursive question as (
  select id as hall_id, 'q'::text as id, triage as node from counter_hall where triage is not null
  union all
  select question.hall_id, question.id || '-' || choice.n, choice.value -> 'to'
  from   question, jsonb_array_elements(question.node -> 'choices') with ordinality as choice (value, n)
  where  choice.value -> 'to' ? 'question'
)
update counter_hall set questions = (
  select jsonb_agg(jsonb_build_object(
           'id', question.id,
           'text', question.node -> 'question',
           'answers', (
             select jsonb_agg(jsonb_build_object(
                      'label', choice.value -> 'label',
                      'to', case when choice.value -> 'to' ? 'question' then jsonb_build_object('questionId', question.id || '-' || choice.n)
                                 else choice.value -> 'to' end) order by choice.n)
             from   jsonb_array_elements(question.node -> 'choices') with ordinality as choice (value, n)))
         order by length(question.id), question.id)
  from   question where question.hall_id = counter_hall.id)
where triage is not null;

-- The numbers of an office on a day, by letter: appointments take theirs when they are booked, walk-ins when they come. The row is locked
-- while one is taken, so no two have the same.
create table agenda_number (
  unit_id text    not null,
  letter  text    not null check (letter ~ '^[A-Z]$'),
  day     date    not null,
  last    integer not null,
  primary key (unit_id, letter, day)
);
insert into agenda_number (unit_id, letter, day, last)
select   hall.unit_id, hall.letter, number.day, max(number.last)
from     counter_number number join counter_hall hall on hall.id = number.hall_id
group by hall.unit_id, hall.letter, number.day;
-- For programs of the release before, which count on in it until they are replaced.
alter table counter_number alter column last set default 0;

-- With which letter the appointments of a service begin at an office: that of the hall that receives them.
create table agenda_letter (
  unit_id    text not null,
  service_id text not null,
  letter     text not null check (letter ~ '^[A-Z]$'),
  primary key (unit_id, service_id)
);
insert into agenda_letter (unit_id, service_id, letter)
select distinct on (hall.unit_id, received) hall.unit_id, received, hall.letter
from   counter_service service join counter_hall hall on hall.id = service.hall_id and hall.active, unnest(service.agenda_services) received
order  by hall.unit_id, received, hall.letter;

-- The number of an appointment on its day: in its mails, at the kiosk, on the display.
alter table appointment
  add column day_code text,
  add column code_day date;

-- Somebody comes by the own telephone, too; and what each was told to expect, in minutes, is held against how it was.
alter table visit drop constraint visit_origin_check;
alter table visit add constraint visit_origin_check check (origin in ('kiosk', 'reception', 'telephone')) not valid;
alter table visit
  add column told_min smallint,
  add column told_max smallint;

-- A desk asks its hall for a colleague; one takes it.
create table counter_help (
  id         uuid        primary key,
  hall_id    uuid        not null references counter_hall (id),
  desk_id    uuid        not null references counter_desk (id),
  asked_by   uuid        not null,
  asked_name text        not null,
  asked_at   timestamptz not null,
  taken_by   uuid,
  taken_name text,
  taken_at   timestamptz,
  ended_at   timestamptz
);
create unique index counter_help_of_desk on counter_help (desk_id) where ended_at is null;
create index counter_help_of_hall on counter_help (hall_id, asked_at) where ended_at is null;

-- How many calls stand on a display; one that goes on where another is full shows what no longer fits there.
alter table counter_device
  add column rows      smallint not null default 8 check (rows between 1 and 20),
  add column goes_on   uuid     references counter_device (id);
