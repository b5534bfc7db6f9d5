-- Words about somebody who was erased are taken out of archived months, too. Nothing else of them is ever changed.
create or replace function refuse_archived() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and current_setting('filo.erases', true) = 'yes' and to_jsonb(new) - 'payload' = to_jsonb(old) - 'payload' then
    return new;
  end if;
  raise exception '% is archived: nothing is written to it any more', tg_table_name;
end $$;

-- By what somebody has looked for, and under which name it was kept.
create index saved_case_list_of_words on saved_case_list using gin (case_words(name || ' ' || coalesce(wanted ->> 'q', '')));

-- What was emptied is not found by its words any more.
create constraint trigger case_is_indexed_when_erased after update of erased_at on "case"
deferrable initially deferred for each row execute function index_changed_case();
