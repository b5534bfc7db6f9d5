-- A case is one matter of one citizen, from the first contact to its end.
create table "case" (
  id          uuid        primary key,
  code        text        not null unique check (code ~ '^[0-9]{10}$'),
  contact_id  uuid        not null references contact (id),
  typology_id text,
  title       text        not null,
  status      text        not null check (status in ('open', 'closed')),
  outcome     text        check (outcome in ('first-contact', 'answered', 'appointment')),
  opened_at   timestamptz not null,
  closed_at   timestamptz,
  version     integer     not null default 1,
  check ((status = 'closed') = (closed_at is not null and outcome is not null))
);
create index case_of_contact on "case" (contact_id, opened_at, id);

-- Units that a case has passed through: their members, and those above them, may look at it.
create table case_unit (
  case_id   uuid not null references "case" (id),
  unit_path text not null collate "C",
  primary key (case_id, unit_path)
);

-- One conversation on one channel. It becomes part of a case when it ends.
create table interaction (
  id             uuid        primary key,
  channel        text        not null check (channel in ('telephone', 'email', 'pec', 'web', 'counter')),
  call_id        uuid        unique,
  from_number    text,
  contact_id     uuid        references contact (id),
  case_id        uuid        references "case" (id),
  typology_id    text,
  question       text        not null default '',
  notes          text        not null default '',
  answer         text,
  state          text        not null check (state in ('open', 'answered', 'linea', 'appointment')),
  office_id      text,
  office_name    text,
  province_code  text,
  region_code    text,
  section_id     text,
  operator_id    uuid        not null,
  operator_name  text        not null,
  operator_path  text        not null collate "C",
  opened_at      timestamptz not null,
  closed_at      timestamptz,
  version        integer     not null default 1,
  check ((state = 'open') = (closed_at is null)),
  check (state = 'open' or case_id is not null)
);
create index interaction_of_case     on interaction (case_id, opened_at) where case_id is not null;
create index interaction_of_contact  on interaction (contact_id, opened_at) where contact_id is not null;
create index interaction_of_operator on interaction (operator_id, opened_at);

-- A Linea ticket: the question that the contact centre passes to the second level.
create table ticket (
  id                 uuid        primary key,
  case_id            uuid        not null unique references "case" (id),
  kind               text        not null check (kind in ('linea', 'it')),
  state              text        not null check (state in ('pool', 'claimed', 'forwarded', 'returned', 'answered', 'closed')),
  -- Section of the regional centre, or IT group, that is responsible; and the centre that it belongs to.
  unit_id            text        not null,
  unit_name          text        not null,
  unit_path          text        not null collate "C",
  centre_id          text        not null,
  centre_name        text        not null,
  region_code        text        not null,
  claimed_by         uuid,
  claimed_by_name    text,
  directorate_id     text,
  directorate_name   text,
  directorate_path   text        collate "C",
  directorate_answer text,
  question           text        not null,
  reply_kind         text        not null check (reply_kind in ('email', 'phone')),
  reply_address      text        not null,
  answer             text,
  due_at             timestamptz not null,
  opened_at          timestamptz not null,
  closed_at          timestamptz,
  sent_by            uuid        not null,
  sent_by_name       text        not null,
  sent_by_unit       text        not null,
  office_name        text,
  derivation         text        not null,
  derived_unit_id    text        not null,
  correction_reason  text,
  second_contact     boolean     not null,
  version            integer     not null default 1,
  check ((state = 'pool') = (claimed_by is null) or state = 'closed'),
  check ((state = 'closed') = (closed_at is not null)),
  check (state <> 'forwarded' or directorate_path is not null),
  check (state <> 'answered' or answer is not null)
);
create index ticket_of_section     on ticket (unit_id, state, due_at, id);
create index ticket_of_centre      on ticket (centre_id, state, due_at, id);
create index ticket_of_member      on ticket (claimed_by, due_at, id) where state in ('claimed', 'forwarded', 'returned', 'answered');
create index ticket_of_directorate on ticket (directorate_id, state, due_at, id) where directorate_id is not null;

-- How many tickets a unit has in each state: kept here, never counted over the tickets.
create table ticket_count (
  unit_id text    not null,
  state   text    not null,
  tickets integer not null check (tickets >= 0),
  primary key (unit_id, state)
);

create function count_ticket() returns trigger language plpgsql as $$
declare
  change record;
begin
  -- In one order always, so that two transactions never wait for each other crosswise.
  for change in
    select place, state, sum(step)::int as step
    from (
      select old.unit_id as place, old.state, -1 as step where tg_op = 'UPDATE'
      union all
      select old.directorate_id, old.state, -1 where tg_op = 'UPDATE' and old.directorate_id is not null
      union all
      select new.unit_id, new.state, 1
      union all
      select new.directorate_id, new.state, 1 where new.directorate_id is not null
    ) as step
    group by place, state
    having sum(step) <> 0
    order by place, state
  loop
    if change.step < 0 then
      update ticket_count set tickets = tickets + change.step where unit_id = change.place and state = change.state;
    else
      insert into ticket_count as kept (unit_id, state, tickets)
      values (change.place, change.state, change.step)
      on conflict (unit_id, state) do update set tickets = kept.tickets + excluded.tickets;
    end if;
  end loop;
  return null;
end $$;
create trigger ticket_is_counted after insert or update of state, unit_id, directorate_id on ticket
for each row execute function count_ticket();

-- Remarks for colleagues; a citizen never reads them.
create table case_note (
  id        uuid        primary key,
  case_id   uuid        not null references "case" (id),
  text      text        not null,
  by_person uuid        not null,
  by_name   text        not null,
  by_unit   text        not null,
  at        timestamptz not null
);
create index note_of_case on case_note (case_id, at, id);

-- What was said to a citizen in writing.
create table message (
  id      uuid        primary key,
  case_id uuid        not null references "case" (id),
  channel text        not null check (channel in ('email', 'phone')),
  text    text        not null,
  mail_id uuid,
  by_name text        not null,
  at      timestamptz not null
);
create index message_of_case on message (case_id, at, id);

-- The answer that somebody is writing, kept while they type. One for each person and ticket.
create table answer_draft (
  ticket_id uuid        not null references ticket (id),
  person_id uuid        not null,
  text      text        not null,
  saved_at  timestamptz not null,
  primary key (ticket_id, person_id)
);

-- Who has a ticket open on the screen. It warns and never locks.
create table ticket_viewer (
  ticket_id uuid        not null references ticket (id),
  person_id uuid        not null,
  name      text        not null,
  writing   boolean     not null,
  seen_at   timestamptz not null,
  primary key (ticket_id, person_id)
);

-- Where the room has read the journal to (appointments that were concluded).
create table case_follower (
  name text   primary key,
  xid  text   not null,
  id   bigint not null
);
