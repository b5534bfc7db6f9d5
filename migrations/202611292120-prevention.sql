-- Whom activities of prevention are for: bodies, associations, intermediaries, companies. No people.
create table addressee (
  id          uuid    primary key,
  name        text    not null,
  kind        text    not null check (kind in ('body', 'association', 'intermediary', 'company')),
  region_code text,
  -- Not chosen any more; what was held for it still names it.
  retired     boolean not null default false,
  version     integer not null default 1
);
create unique index addressee_by_name on addressee (lower(name), coalesce(region_code, ''));

-- What an IT group does so that fewer questions come.
create sequence prevention_number;
create table prevention_activity (
  id              uuid        primary key,
  number          integer     not null unique default nextval('prevention_number'),
  kind            text        not null check (kind in ('procedures', 'promotion', 'training', 'infrastructure')),
  title           text        not null,
  aim             text        not null,
  state           text        not null check (state in ('asked', 'assessed', 'planned', 'done', 'refused', 'cancelled')),
  -- From which state the last step came: it can be undone until something else is done.
  state_before    text,
  unit_id         text        not null,
  unit_name       text        not null,
  unit_path       text        not null collate "C",
  region_code     text,
  typology_ids    text[]      not null,
  addressee_ids    uuid[]      not null,
  -- Who holds it: [{"id", "name"}].
  people          jsonb       not null,
  place           text        not null,
  first_day       date,
  last_day        date,
  participants    integer,
  assessment      text        not null default '',
  outcome         text        not null default '',
  reason          text        not null default '',
  changed_at      timestamptz not null,
  changed_by_name text        not null,
  version         integer     not null default 1,
  check ((first_day is null) = (last_day is null) and first_day <= last_day),
  check (state not in ('planned', 'done') or first_day is not null)
);
create index prevention_open   on prevention_activity (coalesce(first_day, 'infinity'), id) where state in ('asked', 'assessed', 'planned');
create index prevention_closed on prevention_activity (coalesce(first_day, 'infinity') desc, id desc) where state in ('done', 'refused', 'cancelled');

-- What was done about an activity.
create table prevention_step (
  id          uuid        primary key,
  activity_id uuid        not null references prevention_activity (id),
  kind        text        not null,
  detail      text        not null,
  by_name     text        not null,
  at          timestamptz not null
);
create index prevention_step_of_activity on prevention_step (activity_id, at desc, id desc);

-- Materials of an activity.
create table prevention_file (
  id              uuid        primary key,
  activity_id     uuid        not null references prevention_activity (id),
  name            text        not null,
  type            text        not null,
  size_bytes      bigint      not null,
  blob_id         uuid        not null references blob (id),
  scan            text        not null check (scan in ('unchecked', 'clean')),
  added_at        timestamptz not null,
  added_by_name   text        not null,
  removed_at      timestamptz
);
create index prevention_file_of_activity on prevention_file (activity_id, added_at, id);
create index prevention_file_of_blob     on prevention_file (blob_id);
