-- What people put to a case. Taken away it stays, with who took it away, and can be put back.
create table case_file (
  id              uuid        primary key,
  case_id         uuid        not null references "case" (id),
  name            text        not null,
  -- As the content shows.
  type            text        not null,
  size_bytes      bigint      not null,
  blob_id         uuid        not null references blob (id),
  scan            text        not null check (scan in ('unchecked', 'clean')),
  added_at        timestamptz not null,
  added_by        uuid        not null,
  added_by_name   text        not null,
  removed_at      timestamptz,
  removed_by_name text,
  check ((removed_at is null) = (removed_by_name is null))
);
create index case_file_of_case on case_file (case_id, added_at, id);
