-- How each case went for its citizen: closed at the first contact or later, and whether the citizen had to come again. One row for each case, from the
-- end of its first conversation on.
create table case_result (
  case_id        uuid        primary key references "case" (id) on delete cascade,
  contact_id     uuid        not null,
  -- Of the first conversation: when it ended (in office time), where, about what, from which region, on which channel.
  first_on       date        not null,
  section_id     text        not null,
  unit_path      text        not null collate "C",
  typology_id    text        not null,
  region_code    text        not null,
  channel        text        not null,
  at_first       boolean     not null default false,
  closed_on      date,
  closed_at      timestamptz,
  -- The conversation in which the citizen came again after that, and why.
  repeat_id      uuid        unique,
  repeated_at    timestamptz,
  repeat_channel text,
  cause          text        check (cause in ('unclear', 'unsolved', 'new-fact', 'other')),
  check ((closed_on is null) = (closed_at is null)),
  check (repeat_id is null or closed_on is not null),
  check (cause is null or repeat_id is not null)
);
create index case_result_of_contact on case_result (contact_id, closed_at) where closed_at is not null;
create index case_result_by_first   on case_result (first_on, case_id);
create index case_result_by_end     on case_result (closed_on, case_id) where closed_on is not null;
create index case_result_repeated   on case_result (closed_on, case_id) where repeat_id is not null;

-- The same, summed by month, section, typology, region and channel.
create table case_result_sum (
  month          date    not null,
  section_id     text    not null,
  unit_path      text    not null collate "C",
  typology_id    text    not null,
  region_code    text    not null,
  channel        text    not null,
  first_contacts integer not null,
  resolved       integer not null,
  closed         integer not null,
  repeated       integer not null,
  unclear        integer not null,
  unsolved       integer not null,
  new_fact       integer not null,
  other          integer not null,
  primary key (month, section_id, unit_path, typology_id, region_code, channel)
);

-- What changes the sums is added here, where nobody waits for anybody, and put into them a moment later. Figures are both together.
create table case_result_change (
  id             bigint  generated always as identity primary key,
  month          date    not null,
  section_id     text    not null,
  unit_path      text    not null collate "C",
  typology_id    text    not null,
  region_code    text    not null,
  channel        text    not null,
  first_contacts integer not null,
  resolved       integer not null,
  closed         integer not null,
  repeated       integer not null,
  unclear        integer not null,
  unsolved       integer not null,
  new_fact       integer not null,
  other          integer not null
);
create index case_result_change_of_month on case_result_change (month);

-- Puts what a row counts for into the changes, `step` times: in the month of its first contact, and in that of its end.
create function count_case_result(said case_result, step integer) returns void language sql as $$
  insert into case_result_change (month, section_id, unit_path, typology_id, region_code, channel,
                                  first_contacts, resolved, closed, repeated, unclear, unsolved, new_fact, other)
  select date_trunc('month', said.first_on)::date, said.section_id, said.unit_path, said.typology_id, said.region_code, said.channel,
         step, case when said.at_first and said.repeat_id is null then step else 0 end, 0, 0, 0, 0, 0, 0
  union all
  select date_trunc('month', said.closed_on)::date, said.section_id, said.unit_path, said.typology_id, said.region_code, said.channel,
         0, 0, step, case when said.repeat_id is null then 0 else step end,
         case said.cause when 'unclear' then step else 0 end, case said.cause when 'unsolved' then step else 0 end,
         case said.cause when 'new-fact' then step else 0 end, case said.cause when 'other' then step else 0 end
  where  said.closed_on is not null
$$;

create function count_changed_case_result() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    perform count_case_result(old, -1);
  end if;
  perform count_case_result(new, 1);
  return null;
end $$;

create trigger case_result_is_counted after insert or update on case_result
for each row execute function count_changed_case_result();
