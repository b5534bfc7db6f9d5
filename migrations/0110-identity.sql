-- Who works here: people with their accounts, the roles that they have in units, and who is signed in.
-- Units belong to the organisation: they are named by identifier, with their path beside it for questions by territory.
create table person (
  id                  uuid        primary key,
  user_name           text        not null unique,
  name                text        not null,
  sort_key            text        not null collate "C",
  language            text        not null,
  -- PHC string; null as long as nobody has given the account a password.
  password_hash       text,
  -- A password that somebody else has given: good once, until then, to choose another.
  password_once_until timestamptz,
  last_assignment_id  uuid,
  disabled_at         timestamptz,
  created_at          timestamptz not null,
  version             integer     not null default 1,
  check (user_name = lower(user_name))
);
create index person_in_order on person (sort_key, id);

-- What a person is found by: the user name, and a row for each word of the name as the first.
create table person_key (
  key       text not null collate "C",
  person_id uuid not null references person (id),
  primary key (key, person_id)
);
create index person_key_of_person on person_key (person_id, key);

-- A role in a unit, from an instant until another; without end when there is no other.
create table assignment (
  id        uuid        primary key,
  person_id uuid        not null references person (id),
  role      text        not null,
  unit_id   text        not null,
  unit_path text        not null collate "C",
  starts_at timestamptz not null,
  ends_at   timestamptz,
  check (ends_at is null or ends_at >= starts_at)
);
create index assignment_of_person    on assignment (person_id, starts_at);
create index assignment_by_territory on assignment (unit_path, role, person_id);

-- Who is signed in. The token itself is with the browser alone: here is its SHA-256. A session that ends is taken away; the journal keeps it.
create table session (
  id            uuid        primary key,
  token_hash    text        not null unique,
  person_id     uuid        not null references person (id),
  assignment_id uuid        not null references assignment (id),
  started_at    timestamptz not null,
  seen_at       timestamptz not null
);
create index session_of_person     on session (person_id);
create index session_of_assignment on session (assignment_id);

-- Attempts to sign in, counted for user and address under a hash. Each attempt moves `free_at` on; how far ahead of now it may be is the limit.
create table sign_in_limit (
  key     text        primary key,
  free_at timestamptz not null
);
create index sign_in_limit_by_age on sign_in_limit (free_at);
