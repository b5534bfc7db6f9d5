-- Lists of cases that somebody has put together and named.
create table saved_case_list (
  id         uuid        primary key,
  person_id  uuid        not null,
  name       text        not null,
  wanted     jsonb       not null,
  created_at timestamptz not null,
  unique (person_id, name)
);

-- A day on which somebody wants to look at a case again; one for each person and case.
create table case_follow_up (
  person_id uuid        not null,
  case_id   uuid        not null references "case" (id) on delete cascade,
  on_day    date        not null,
  note      text        not null default '',
  noted_at  timestamptz not null,
  primary key (person_id, case_id)
);
create index case_follow_up_by_day on case_follow_up (person_id, on_day, case_id);
