-- Who knows a case, in one place for all lists and pages: rank 1 is its reference person, 2 who has its ticket in charge, 3 who spoke with the citizen, the
-- latest first. The first of them goes on with it.
create function knowers_of_case(which uuid) returns table (rank integer, id uuid, name text, at timestamptz) language sql stable rows 3 as $$
  select 1, reference_id, reference_name, opened_at from "case" where "case".id = which and reference_id is not null
  union all
  select 2, claimed_by, claimed_by_name, opened_at from ticket
  where  case_id in (select case_with_joined(which)) and claimed_by is not null
  union all
  (select 3, operator_id, operator_name, opened_at from interaction
   where  case_id in (select case_with_joined(which)) and operator_id is not null
   order  by opened_at desc limit 5)
$$;
