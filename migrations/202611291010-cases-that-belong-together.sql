-- Cases that belong together. A link says how, with who said so and why, and stays when it is undone. A case that was joined into another keeps its
-- rows, and the other shows them as its own: undone, each has again what it had.
alter table "case" add column joined_into uuid;
alter table "case" add constraint case_joined_into_fkey foreign key (joined_into) references "case" (id) on delete set null not valid;

create table case_link (
  id             uuid        primary key,
  kind           text        not null check (kind in ('same-matter', 'follows', 'joined', 'split')),
  -- The case that follows, that was joined, or that was split off, and the other one.
  case_id        uuid        not null references "case" (id),
  other_id       uuid        not null references "case" (id),
  -- What was split off.
  interaction_id uuid        references interaction (id),
  why            text        not null,
  made_at        timestamptz not null,
  made_by        uuid,
  made_by_name   text        not null,
  undone_at      timestamptz,
  undone_by_name text,
  check (case_id <> other_id),
  check ((kind = 'split') = (interaction_id is not null))
);
create index case_link_of_case  on case_link (case_id);
create index case_link_of_other on case_link (other_id);

-- The case in which one goes on with a case that was joined, perhaps more than once; the case itself when it was not. In plpgsql, which plans once for a
-- session what SQL functions plan at each call.
create function surviving_case(which uuid) returns uuid language plpgsql stable as $$
declare
  survivor uuid := which;
  next     uuid;
begin
  for step in 1..20 loop
    select joined_into into next from "case" where id = survivor;
    exit when next is null;
    survivor := next;
  end loop;
  return survivor;
end $$;

-- A case, and those that were joined into it; the case itself first.
create function case_with_joined(which uuid) returns setof uuid language plpgsql stable rows 1 as $$
declare
  found_ids uuid[] := array[which];
  more      uuid[] := array[which];
begin
  for step in 1..20 loop
    select array_agg(id order by id) into more from "case" where joined_into = any (more);
    exit when more is null;
    found_ids := found_ids || more;
  end loop;
  return query select unnest(found_ids);
end $$;

-- Who may see one of several joined cases may see them all: the units of the others are lent to each, and taken back when they are parted.
alter table case_unit add column borrowed boolean not null default false;

create function index_case_of_unit_gone() returns trigger language plpgsql as $$
begin
  perform index_case(old.case_id);
  return null;
end $$;
create constraint trigger case_is_indexed_without_unit after delete on case_unit
deferrable initially deferred for each row when (old.borrowed) execute function index_case_of_unit_gone();

-- In lists a case that was joined is neither open nor closed.
create or replace view case_index_source as
select "case".id as case_id, "case".opened_at,
       case_words(left(concat_ws(' ', "case".code, "case".title, spoken.texts, asked.texts, noted.texts, written.texts, returned.texts), 200000))
       || array_to_tsvector(array_remove(
            array['S:' || case when "case".joined_into is null then "case".status else 'joined' end, 'T:' || "case".typology_id, 'K:' || asked.state,
                  'M:' || to_char("case".opened_at at time zone 'UTC', 'YYYY-MM')]
            || coalesce(spoken.channels, '{}') || coalesce(seen.units, '{}'), null)) as words
from   "case"
left   join lateral (
         select string_agg(concat_ws(' ', question, answer, notes), ' ') as texts, array_agg(distinct 'C:' || channel) as channels
         from   interaction where case_id = "case".id) spoken on true
left   join lateral (select concat_ws(' ', question, answer) as texts, id, state from ticket where case_id = "case".id) asked on true
left   join lateral (select string_agg(text, ' ') as texts from case_note where case_id = "case".id) noted on true
left   join lateral (select string_agg(text, ' ') as texts from message where case_id = "case".id) written on true
left   join lateral (select string_agg(text, ' ') as texts from ticket_return where ticket_id = asked.id) returned on true
left   join lateral (
         select array_agg(distinct 'U:' || substr(unit_path, 1, place)) as units
         from   case_unit cross join lateral generate_series(1, length(unit_path)) place
         where  case_id = "case".id and substr(unit_path, place, 1) = '/') seen on true;

create constraint trigger case_is_indexed_when_joined after update of joined_into on "case"
deferrable initially deferred for each row execute function index_changed_case();
-- A message that went with its conversation to another case.
create constraint trigger case_is_indexed_when_moved after update of case_id on message
deferrable initially deferred for each row execute function index_changed_case();
