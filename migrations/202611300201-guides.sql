-- Guides that somebody follows with a citizen, step by step: each version as it was kept, and what was done of it.

create table guide (
  id uuid primary key,
  title text not null,
  summary text not null,
  document jsonb not null,
  retired boolean not null default false,
  version integer not null default 1,
  changed_at timestamptz not null,
  changed_by_name text not null
);
create unique index guide_title on guide (lower(title));

create table guide_version (
  guide_id uuid not null references guide,
  version integer not null,
  document jsonb not null,
  retired boolean not null,
  reason text not null,
  by_name text not null,
  at timestamptz not null,
  primary key (guide_id, version)
);

create table assisted_session (
  id uuid primary key,
  guide_id uuid not null,
  guide_version integer not null,
  guide_title text not null,
  interaction_id uuid not null references interaction,
  person_id uuid not null,
  person_name text not null,
  unit_path text not null,
  language text not null,
  began_at timestamptz not null,
  ended_at timestamptz,
  outcome text check (outcome in ('completed', 'goes-on-alone', 'not-possible', 'broken-off')),
  why text not null default '',
  foreign key (guide_id, guide_version) references guide_version,
  check ((ended_at is null) = (outcome is null))
);
create index assisted_session_of_interaction on assisted_session (interaction_id);
create index assisted_session_of_guide on assisted_session (guide_id, began_at desc);
-- A second press begins nothing.
create unique index assisted_session_going_on on assisted_session (interaction_id, guide_id) where ended_at is null;

create table assisted_step (
  session_id uuid not null references assisted_session,
  step_id text not null,
  state text not null check (state in ('done', 'skipped', 'failed')),
  note text not null default '',
  at timestamptz not null,
  primary key (session_id, step_id)
);
