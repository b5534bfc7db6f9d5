-- A case is found by the words of those that were joined into it, too, as long as they are: in it everybody goes on, and it shows what they have. Its facts
-- (state, typology, channels, month) are its own.
create or replace view case_index_source as
select "case".id as case_id, "case".opened_at,
       case_words(left(concat_ws(' ', whole.names, spoken.texts, asked.texts, noted.texts, written.texts, returned.texts), 200000))
       || array_to_tsvector(array_remove(
            array['S:' || case when "case".joined_into is null then "case".status else 'joined' end, 'T:' || "case".typology_id, 'K:' || own.state,
                  'M:' || to_char("case".opened_at at time zone 'UTC', 'YYYY-MM')]
            || coalesce(spoken.channels, '{}') || coalesce(seen.units, '{}'), null)) as words
from   "case"
cross  join lateral (select array_agg(id) as ids from case_with_joined("case".id) id) one
left   join lateral (select string_agg(concat_ws(' ', part.code, part.title), ' ' order by part.id <> "case".id, part.id) as names
                     from   "case" part where part.id = any (one.ids)) whole on true
left   join lateral (
         select string_agg(concat_ws(' ', question, answer, notes), ' ') as texts,
                array_agg(distinct 'C:' || channel) filter (where case_id = "case".id) as channels
         from   interaction where case_id = any (one.ids)) spoken on true
left   join lateral (select state from ticket where case_id = "case".id) own on true
left   join lateral (select string_agg(concat_ws(' ', question, answer), ' ') as texts from ticket where case_id = any (one.ids)) asked on true
left   join lateral (select string_agg(text, ' ') as texts from case_note where case_id = any (one.ids)) noted on true
left   join lateral (select string_agg(text, ' ') as texts from message where case_id = any (one.ids)) written on true
left   join lateral (
         select string_agg(ticket_return.text, ' ') as texts
         from   ticket join ticket_return on ticket_return.ticket_id = ticket.id where ticket.case_id = any (one.ids)) returned on true
left   join lateral (
         select array_agg(distinct 'U:' || substr(unit_path, 1, place)) as units
         from   case_unit cross join lateral generate_series(1, length(unit_path)) place
         where  case_id = "case".id and substr(unit_path, place, 1) = '/') seen on true;

-- With a case go those into which it was joined, perhaps more than once. Each is locked before it is asked into which other it went: who joins it meanwhile
-- has it locked, too, and waits, or is waited for.
create or replace function index_case(which uuid) returns void language plpgsql as $$
declare
  one uuid := which;
begin
  for step in 1..20 loop
    exit when one is null;
    -- What this transaction has written already needs no second reading.
    if not exists (select from case_index where case_id = one and xmin = pg_current_xact_id()::xid) then
      perform 1 from "case" where id = one for no key update;
      insert into case_index (case_id, opened_at, words)
      select case_id, opened_at, words from case_index_source where case_id = one
      on conflict (case_id) do update set words = excluded.words where case_index.words <> excluded.words;
    end if;
    select joined_into into one from "case" where id = one;
  end loop;
end $$;

-- Parted, the other one is not found by its words any more. Who writes many cases at once may leave their index to the worker, which puts cases of before
-- into it anyway (case_index_fill).
create or replace function index_changed_case() returns trigger language plpgsql as $$
begin
  if current_setting('filo.index_later', true) = 'yes' then
    return null;
  end if;
  if tg_table_name = 'case' then
    perform index_case(new.id);
    if tg_op = 'UPDATE' and old.joined_into is not null and old.joined_into is distinct from new.joined_into then
      perform index_case(old.joined_into);
    end if;
  elsif tg_table_name = 'ticket_return' then
    perform index_case(case_id) from ticket where id = new.ticket_id;
  else
    if tg_op = 'UPDATE' and old.case_id is not null and old.case_id is distinct from new.case_id then
      perform index_case(old.case_id);
    end if;
    if new.case_id is not null then
      perform index_case(new.case_id);
    end if;
  end if;
  return null;
end $$;

select index_case(id) from "case" where joined_into is not null;
