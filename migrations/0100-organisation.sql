-- The units of the institute, in one tree. `path` holds the identifiers from the root, each followed by a slash: who is above or below
-- whom is a question about prefixes, and the collation "C" lets an index answer it.
create table unit (
  id                text             primary key check (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  parent_id         text             references unit (id),
  kind              text             not null check (kind in (
                                       'institute', 'central-directorate', 'regional-directorate', 'provincial-directorate', 'agency',
                                       'cric', 'cric-section', 'gai', 'ccm', 'ccm-section')),
  agency_kind       text             check (agency_kind in ('internal', 'complex', 'territorial')),
  name              text             not null,
  path              text             not null collate "C",
  position          integer          not null default 0,
  region_code       text,
  province_code     text,
  municipality_code text,
  address           text,
  latitude          double precision,
  longitude         double precision,
  cric_section      text             check (cric_section in ('pensions', 'income-support', 'contributors')),
  spoken_name       jsonb,
  time_zone         text             not null,
  version           integer          not null default 1,
  check ((kind = 'agency') = (agency_kind is not null)),
  check ((kind = 'cric-section') = (cric_section is not null)),
  check ((parent_id is null) = (kind = 'institute'))
);
create unique index unit_by_path     on unit (path);
create index unit_by_parent          on unit (parent_id, position, path);
create index unit_by_kind_and_region on unit (kind, region_code, path);
-- One section of a kind, and one IT group, in each region.
create unique index unit_competent_cric on unit (region_code, cric_section) where kind = 'cric-section';
create unique index unit_competent_gai  on unit (region_code)               where kind = 'gai';

-- The words by which a unit is found: lower case, without accents. The weight says where the word stands: name 3, place 2, region 1.
create table unit_word (
  word    text    not null collate "C",
  unit_id text    not null references unit (id),
  weight  integer not null,
  primary key (word, unit_id)
);
create index unit_word_of_unit on unit_word (unit_id);

-- When a unit is open, in office time: `opens` and `closes` are "HH:MM", `closes` may be "24:00". Weekday 1 is Monday. A unit without rows
-- keeps the hours of the unit above it.
create table opening_hours (
  unit_id text    not null references unit (id),
  weekday integer not null check (weekday between 1 and 7),
  opens   text    not null check (opens  ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  closes  text    not null check (closes ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'),
  primary key (unit_id, weekday, opens),
  check (opens < closes)
);

-- The number plan: every number belongs to an office. `office_number` is the line on which the office itself can be rung over the trunk;
-- `fallback` is dialled for the caller when the program is away.
create table office_number (
  number        text    primary key check (number        ~ '^\+[1-9][0-9]{6,14}$'),
  unit_id       text    not null references unit (id),
  unit_path     text    not null collate "C",
  office_number text    not null check (office_number ~ '^\+[1-9][0-9]{6,14}$'),
  fallback      text    check (fallback      ~ '^\+[1-9][0-9]{6,14}$'),
  version       integer not null default 1
);
create index office_number_of_unit on office_number (unit_id);
create index office_number_by_path on office_number (unit_path, number);

-- From when on a number is channelled to the contact centre, or direct again. A number without a row is direct. What applies at an instant
-- is the newest row before it that was not cancelled; rows are never taken away.
create table number_change (
  id                uuid        primary key,
  number            text        not null references office_number (number),
  mode              text        not null check (mode in ('direct', 'channelled')),
  from_at           timestamptz not null,
  reason            text        not null,
  decided_by        uuid,
  decided_by_name   text        not null,
  decided_at        timestamptz not null,
  cancelled_at      timestamptz,
  cancelled_by_name text,
  cancel_reason     text
);
create index number_change_in_force   on number_change (number, from_at desc) where cancelled_at is null;
create index number_change_of_number  on number_change (number, decided_at desc, id);
