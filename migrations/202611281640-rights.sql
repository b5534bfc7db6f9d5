-- A role that an administrator wants to give, until another administrator has confirmed it: nobody acts under it before.
create table assignment_request (
  id            uuid        primary key,
  person_id     uuid        not null references person (id),
  role          text        not null,
  unit_id       text        not null,
  unit_path     text        not null collate "C",
  starts_at     timestamptz not null,
  ends_at       timestamptz,
  asked_by      uuid        not null,
  asked_by_name text        not null,
  asked_at      timestamptz not null
);
create index assignment_request_in_order  on assignment_request (asked_at, id);
create index assignment_request_of_person on assignment_request (person_id);

-- What others have done with an account, told to its person.
create table account_notice (
  id        uuid        primary key,
  person_id uuid        not null references person (id),
  kind      text        not null,
  by_name   text        not null,
  facts     jsonb       not null,
  at        timestamptz not null,
  seen_at   timestamptz
);
create index account_notice_of_person on account_notice (person_id, at desc, id);

-- An account or a role that ends as soon as the conversation of its person does.
create table ending_after_call (
  id            uuid        primary key,
  person_id     uuid        not null references person (id),
  -- Null: the account.
  assignment_id uuid        references assignment (id),
  asked_by      jsonb       not null,
  asked_at      timestamptz not null
);
create unique index ending_after_call_of_person on ending_after_call (person_id, coalesce(assignment_id, person_id));

-- Why a session ended, for the browser that still has its token. Kept for a day.
create table session_end (
  token_hash text        primary key,
  reason     text        not null,
  at         timestamptz not null
);
create index session_end_by_age on session_end (at);

-- Who has looked at what about citizens. Append-only; kept for as long as the configuration says.
create table access (
  id          uuid        not null,
  at          timestamptz not null,
  person_id   uuid        not null,
  person_name text        not null,
  role        text        not null,
  unit_id     text        not null,
  unit_path   text        not null collate "C",
  -- `contact`, `case`, `ticket`, `call`, `recording`, `search`, `export`, `appointment`, `interaction`.
  kind        text        not null,
  subject_id  uuid,
  contact_id  uuid,
  -- The route, as the description of the API names it.
  route       text        not null,
  -- How many people a search has answered.
  found       integer,
  primary key (at, id)
);
create index access_to_contact on access (contact_id, at desc, id) where contact_id is not null;
create index access_of_person  on access (person_id, at desc, id);
