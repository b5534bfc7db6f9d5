-- Words of names, found when a letter is wrong: each word stands under itself and under what is left of it when one letter is dropped. Two words that differ
-- by one letter (another, one more, one less, two neighbours changed over) share such a rest. It holds words, not people: some hundred
-- thousand in a country, whoever bears them. Kept by a trigger, whatever writes the keys; a word stays when nobody has it any more.
create table name_near (
  near text not null collate "C",
  word text not null collate "C",
  primary key (near, word)
);

create function keep_near_words() returns trigger language plpgsql as $$
begin
  insert into name_near (near, word)
  select distinct near, word
  from   (select distinct split_part(key, ' ', 1) collate "C" as word from changed where kind = 'name') named
  cross  join lateral (select word as near
                       union
                       select overlay(word placing '' from place for 1) from generate_series(1, length(word)) place) rest
  where  length(word) between 3 and 24
  and    not exists (select 1 from name_near known where known.near = named.word and known.word = named.word)
  -- In one order, so that two who write the same words at once do not wait for each other.
  order  by near, word
  on     conflict do nothing;
  return null;
end $$;
create trigger key_has_near_words after insert on contact_key referencing new table as changed
for each statement execute function keep_near_words();

insert into name_near (near, word)
select distinct near, word
from   (select distinct split_part(key, ' ', 1) collate "C" as word from contact_key where kind = 'name') named
cross  join lateral (select word as near
                     union
                     select overlay(word placing '' from place for 1) from generate_series(1, length(word)) place) rest
where  length(word) between 3 and 24;
