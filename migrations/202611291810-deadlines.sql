-- Days on which a unit, and those below it, do not work, beside the holidays of the place. One that was taken back stays, with who did it.
create table unit_closure (
  id                uuid        primary key,
  unit_id           text        not null references unit (id) on delete cascade,
  first_day         date        not null,
  last_day          date        not null,
  reason            text        not null,
  decided_at        timestamptz not null,
  decided_by_name   text        not null,
  cancelled_at      timestamptz,
  cancelled_by_name text,
  check (first_day <= last_day and last_day - first_day < 366),
  check ((cancelled_at is null) = (cancelled_by_name is null))
);
create index unit_closure_of_unit on unit_closure (unit_id, last_day) where cancelled_at is null;

-- Within how much working time a ticket is answered first, and solved: the row of the nearest typology up the tree counts; '' is for all others.
create table deadline_target (
  typology_id   text    not null,
  priority      text    not null check (priority in ('normal', 'urgent')),
  kind          text    not null check (kind in ('first-answer', 'solution')),
  amount        integer not null check (amount between 1 and 100000),
  measure       text    not null check (measure in ('minutes', 'days')),
  -- Working minutes before it, at which who has the ticket is warned; and after it, at which the director is told.
  warn_minutes  integer not null check (warn_minutes between 0 and 10000),
  raise_minutes integer not null check (raise_minutes between 0 and 10000),
  version       integer not null default 1,
  primary key (typology_id, priority, kind)
);
insert into deadline_target (typology_id, priority, kind, amount, measure, warn_minutes, raise_minutes) values
  ('', 'normal', 'first-answer',   2, 'days',    240, 480),
  ('', 'normal', 'solution',       5, 'days',    240, 960),
  ('', 'urgent', 'first-answer', 240, 'minutes',  60, 240),
  ('', 'urgent', 'solution',       2, 'days',    120, 480);

alter table ticket add column priority       text not null default 'normal';
alter table ticket add constraint ticket_priority_check check (priority in ('normal', 'urgent')) not valid;
alter table ticket add column urgent_reason  text;
-- Since when the citizen has been asked: the clock stands, and `due_at` is out of reach.
alter table ticket add column waiting_since  timestamptz;

-- The two deadlines of a ticket, from where they run, and what has been said of them.
create table ticket_deadline (
  ticket_id  uuid        not null references ticket (id) on delete cascade,
  kind       text        not null check (kind in ('first-answer', 'solution')),
  started_at timestamptz not null,
  -- Null while the clock stands, as are the two after it.
  due_at     timestamptz,
  warn_at    timestamptz,
  raise_at   timestamptz,
  met_at     timestamptz,
  -- How far it has been told: 0 not at all, 1 warned, 2 its coordinator, 3 the director.
  told       smallint    not null default 0 check (told between 0 and 3),
  -- When the next of these is due; null when there is nothing to tell.
  next_at    timestamptz,
  primary key (ticket_id, kind)
);
create index ticket_deadline_next on ticket_deadline (next_at, ticket_id, kind) where next_at is not null;

-- What is asked of the citizen about a ticket. As long as one is open, the ticket's clock stands.
create table citizen_question (
  id              uuid        primary key,
  ticket_id       uuid        not null references ticket (id),
  case_id         uuid        not null references "case" (id),
  channel         text        not null,
  text            text        not null,
  mail_id         uuid,
  asked_at        timestamptz not null,
  asked_by        uuid        not null,
  asked_by_name   text        not null,
  ended_at        timestamptz,
  -- How it ended: the citizen wrote, spoke with us, or somebody says so; or it did not arrive.
  ended_by        text        check (ended_by in ('mail', 'conversation', 'said', 'undelivered', 'answered')),
  interaction_id  uuid,
  check ((ended_at is null) = (ended_by is null))
);
create unique index citizen_question_open on citizen_question (ticket_id) where ended_at is null;
create index citizen_question_of_ticket on citizen_question (ticket_id, asked_at);
create index citizen_question_of_case on citizen_question (case_id);

-- Deadlines that are computed anew in the background, because a calendar or a target has changed: a place for each such change.
create table deadline_recompute (
  id          uuid        primary key,
  asked_at    timestamptz not null,
  -- Of tickets of units at or under this path; '' is all.
  unit_path   text        not null,
  done_up_to  uuid
);
insert into deadline_recompute (id, asked_at, unit_path)
select '00000000-0000-7000-8000-000000000001', now(), '' where exists (select from ticket);
