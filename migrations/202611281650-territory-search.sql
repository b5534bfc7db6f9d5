-- Who sees only a territory looks for contacts in it: what a contact is found by, once for each unit that has had to do with it. It is
-- contact_key joined with contact_unit, kept by triggers, so that a search begins in the territory and reads no more than it shows.
alter table contact_key drop constraint contact_key_kind_check;
alter table contact_key add constraint contact_key_kind_check check (kind in ('name', 'fiscal-code', 'phone', 'email', 'double'));

-- A name with the day of birth, and whether there is a fiscal code (+) or not (-): whoever may be the same person lies side by side. Of the words of
-- the name the order that comes first, because a double may have been written down the other way round.
insert into contact_key (kind, key, contact_id)
select 'double', min(key) || '|' || case when fiscal_code is null then '-' else '+' end || coalesce(to_char(birth_date, 'YYYY-MM-DD'), ''), contact.id
from   contact join contact_key on contact_key.contact_id = contact.id and contact_key.kind = 'name'
group  by contact.id;

create table contact_unit_key (
  unit_path  text not null collate "C",
  kind       text not null,
  key        text not null collate "C",
  contact_id uuid not null,
  primary key (unit_path, kind, key, contact_id)
);
insert into contact_unit_key (unit_path, kind, key, contact_id)
select unit_path, kind, key, contact_id from contact_unit join contact_key using (contact_id);

-- The contacts are locked first, in one order: of two transactions, one that changes the keys of a contact and one that adds a unit to it, the second
-- sees what the first has done.
create function keep_unit_keys_of_keys() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from changed) then
    return null;
  end if;
  perform 1 from contact where id in (select contact_id from changed) order by id for no key update;
  if tg_op = 'INSERT' then
    insert into contact_unit_key (unit_path, kind, key, contact_id)
    select unit_path, kind, key, contact_id from changed join contact_unit using (contact_id)
    on conflict do nothing;
  else
    delete from contact_unit_key gone using changed join contact_unit using (contact_id)
    where gone.unit_path = contact_unit.unit_path and gone.kind = changed.kind and gone.key = changed.key and gone.contact_id = changed.contact_id;
  end if;
  return null;
end $$;

create function keep_unit_keys_of_units() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from changed) then
    return null;
  end if;
  perform 1 from contact where id in (select contact_id from changed) order by id for no key update;
  if tg_op = 'INSERT' then
    insert into contact_unit_key (unit_path, kind, key, contact_id)
    select unit_path, kind, key, contact_id from changed join contact_key using (contact_id)
    on conflict do nothing;
  else
    delete from contact_unit_key gone using changed join contact_key using (contact_id)
    where gone.unit_path = changed.unit_path and gone.kind = contact_key.kind and gone.key = contact_key.key and gone.contact_id = changed.contact_id;
  end if;
  return null;
end $$;

create trigger key_in_units after insert on contact_key referencing new table as changed
for each statement execute function keep_unit_keys_of_keys();
create trigger key_out_of_units after delete on contact_key referencing old table as changed
for each statement execute function keep_unit_keys_of_keys();
create trigger unit_has_keys after insert on contact_unit referencing new table as changed
for each statement execute function keep_unit_keys_of_units();
create trigger unit_loses_keys after delete on contact_unit referencing old table as changed
for each statement execute function keep_unit_keys_of_units();

create function refuse_update() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are added and removed, never changed', tg_table_name;
end $$;
create trigger contact_key_stays before update on contact_key for each row execute function refuse_update();
create trigger contact_unit_stays before update on contact_unit for each row execute function refuse_update();
