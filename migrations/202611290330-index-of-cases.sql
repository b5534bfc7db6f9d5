-- Finding cases: one row for each case, with everything by which it is found, kept at the end of each transaction that touches the case.
--
-- `words` holds what was asked, answered and noted, as stems without accents, and the facts of the case as lexemes of their own that begin with a
-- capital letter and a colon, which no word of a text does: S: state, K: state of its ticket, T: typology, C: channel, M: month in which it was opened
-- (UTC), U: each unit that the case has passed through, with those above it. So a search, its filters and the rights of the reader are one condition
-- on one index.
create table case_index (
  case_id   uuid        primary key references "case" (id) on delete cascade,
  opened_at timestamptz not null,
  words     tsvector    not null
);
create index case_index_in_order on case_index (opened_at, case_id);
-- What was added last is read through from end to end by each search, until it is merged: it is kept short.
create index case_index_of_words on case_index using gin (words) with (gin_pending_list_limit = 256);

-- A text in small letters without accents; what people write between the parts of a number, and apostrophes, part words. It needs no extension: a role
-- that may make no extension can run the program, and both databases do the same.
create function folded_text(said text) returns text language sql immutable parallel safe return
  lower(translate(said,
    'ÀÁÂÃÄÅĀĂĄàáâãäåāăąÈÉÊËĒĘĚèéêëēęěÌÍÎÏĪìíîïīıÒÓÔÕÖØŌŐòóôõöøōőÙÚÛÜŪŮŰùúûüūůűÇĆČçćčÑŃŇñńňŠŚŞȘšśşșŽŹŻžźżĐĎđďŁłĹĽÝŸýÿŢȚŤţțťĞğĢŘřŔ’‘‛ʼ`´''''-‐‑–—_./:\«»“”̧̀́̂̈̌',
    'aaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeiiiiiiiiiiioooooooooooooooouuuuuuuuuuuuuuccccccnnnnnnsssssssszzzzzzddddllllyyyyttttttgggrrr                     '));

-- The stems of a text. Stop words with an accent are in PostgreSQL's list with it, and some not at all: they are taken out by their stems.
create function case_words(said text) returns tsvector language sql immutable parallel safe return
  ts_delete(strip(to_tsvector('pg_catalog.italian', folded_text(said))), array['perc', 'per', 'piu', 'avro', 'avra', 'sar', 'saro', 'sara', 'far', 'star', 'gia', 'cos', 'cosi', 'puo', 'pero', 'cio']);

create view case_index_source as
select "case".id as case_id, "case".opened_at,
       case_words(left(concat_ws(' ', "case".code, "case".title, spoken.texts, asked.texts, noted.texts, written.texts, returned.texts), 200000))
       || array_to_tsvector(array_remove(
            array['S:' || "case".status, 'T:' || "case".typology_id, 'K:' || asked.state,
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

-- The case is locked first: of two transactions that change it at once, the second reads what the first has written. Many changes in one transaction
-- are read once, at its end.
create function index_case(which uuid) returns void language plpgsql as $$
begin
  -- What this transaction has written already needs no second reading.
  if exists (select from case_index where case_id = which and xmin = pg_current_xact_id()::xid) then
    return;
  end if;
  perform 1 from "case" where id = which for no key update;
  insert into case_index (case_id, opened_at, words)
  select case_id, opened_at, words from case_index_source where case_id = which
  on conflict (case_id) do update set words = excluded.words where case_index.words <> excluded.words;
end $$;

create function index_changed_case() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'case' then
    perform index_case(new.id);
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

create constraint trigger case_is_indexed after insert or update of title, typology_id, status on "case"
deferrable initially deferred for each row execute function index_changed_case();
create constraint trigger case_is_indexed after insert on case_unit
deferrable initially deferred for each row execute function index_changed_case();
create constraint trigger case_is_indexed after insert on interaction
deferrable initially deferred for each row when (new.case_id is not null) execute function index_changed_case();
create constraint trigger case_is_indexed_anew after update of question, answer, notes, channel, case_id on interaction
deferrable initially deferred for each row when (new.case_id is not null or old.case_id is not null) execute function index_changed_case();
create constraint trigger case_is_indexed after insert or update of question, answer, state on ticket
deferrable initially deferred for each row execute function index_changed_case();
create constraint trigger case_is_indexed after insert on case_note
deferrable initially deferred for each row execute function index_changed_case();
create constraint trigger case_is_indexed after insert on message
deferrable initially deferred for each row execute function index_changed_case();
create constraint trigger case_is_indexed after insert on ticket_return
deferrable initially deferred for each row execute function index_changed_case();

-- Cases of before are put into the index in the background, by their keys in order; one row as long as there are any.
create table case_index_fill (after_id uuid not null);
insert into case_index_fill select '00000000-0000-0000-0000-000000000000' where exists (select 1 from "case");
