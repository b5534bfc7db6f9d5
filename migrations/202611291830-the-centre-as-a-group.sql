-- Whole days on which somebody is away. The kind is for who keeps absences and for the person alone.
create table absence (
  id              uuid        primary key,
  person_id       uuid        not null references person (id),
  name            text        not null,
  from_day        date        not null,
  until_day       date        not null,
  kind            text        not null check (kind in ('holiday', 'illness', 'training', 'leave', 'other')),
  entered_by_name text        not null,
  entered_at      timestamptz not null,
  check (from_day <= until_day)
);
create index absence_of_person on absence (person_id, until_day);
create index absence_by_end    on absence (until_day, person_id);

-- What becomes of the tickets that an absent member of a section has in hand.
create table absence_rule (
  section_id         text    primary key,
  when_absent        text    not null check (when_absent in ('at-once', 'after-hours', 'never')),
  hours              integer not null check (hours between 1 and 200),
  except_typologies  text[]  not null,
  version            integer not null
);

-- A ticket went from one to another, or to and from the pool: so that whoever did it can undo it. Kept for a day.
create table ticket_move (
  id         uuid        primary key,
  ticket_id  uuid        not null references ticket (id) on delete cascade,
  by_person  uuid        not null,
  from_state text        not null check (from_state in ('pool', 'claimed', 'returned')),
  from_id    uuid,
  from_name  text,
  to_id      uuid,
  at         timestamptz not null
);
create index ticket_move_of_ticket on ticket_move (ticket_id, at);
create index ticket_move_by_age    on ticket_move (at);

-- Tickets of an absent member that went back to the pool: each goes once for each absence.
create table absence_return (
  absence_id uuid not null references absence (id) on delete cascade,
  ticket_id  uuid not null references ticket (id) on delete cascade,
  primary key (absence_id, ticket_id)
);
create index absence_return_of_ticket on absence_return (ticket_id);

-- A colleague is asked about a ticket, which stays with whoever has it.
create table ticket_question (
  id            uuid        primary key,
  ticket_id     uuid        not null references ticket (id) on delete cascade,
  case_id       uuid        not null references "case" (id) on delete cascade,
  asked_by      uuid        not null,
  asked_by_name text        not null,
  asked_of      uuid        not null,
  asked_of_name text        not null,
  question      text        not null,
  answer        text,
  asked_at      timestamptz not null,
  answered_at   timestamptz,
  withdrawn_at  timestamptz
);
create index ticket_question_of_ticket on ticket_question (ticket_id, asked_at, id);
create index ticket_question_of_case   on ticket_question (case_id);
create index ticket_question_asked_of  on ticket_question (asked_of, asked_at, id) where answered_at is null and withdrawn_at is null;

-- Somebody is named in a note.
create table note_mention (
  note_id   uuid        not null references case_note (id) on delete cascade,
  person_id uuid        not null,
  name      text        not null,
  ticket_id uuid        not null references ticket (id) on delete cascade,
  at        timestamptz not null,
  read_at   timestamptz,
  primary key (note_id, person_id)
);
create index note_mention_of_person on note_mention (person_id, at desc, note_id desc);
create index note_mention_unread    on note_mention (person_id) where read_at is null;
create index note_mention_of_ticket on note_mention (ticket_id);

-- Lists of tickets with a name: somebody's own, or those of a section.
create table saved_ticket_list (
  id         uuid    primary key,
  person_id  uuid,
  section_id text,
  name       text    not null,
  wanted     jsonb   not null,
  place      integer not null,
  is_default boolean not null,
  check ((person_id is null) <> (section_id is null))
);
create unique index saved_ticket_list_of_person  on saved_ticket_list (person_id, name) where person_id is not null;
create unique index saved_ticket_list_of_section on saved_ticket_list (section_id, name) where section_id is not null;
-- Lists that look for a citizen by words go when the citizen is erased.
create index saved_ticket_list_of_words on saved_ticket_list using gin (case_words(name || ' ' || coalesce(wanted ->> 'words', '')));
