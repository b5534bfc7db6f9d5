-- A matter is found despite one wrong letter: for each stem of its words, the stem and what is left of it without one letter. Two spellings that
-- share one of them differ by one letter that is missing, added, other, or by two that changed places.
create table typology_slip (
  slip        text    not null collate "C",
  typology_id text    not null references typology (id),
  stem        text    not null,
  weight      integer not null,
  primary key (slip, typology_id, stem)
);
create index typology_slip_of_typology on typology_slip (typology_id);

-- As `stemOf` and `slipsOf` in src/classification/sentence.ts make them.
insert into typology_slip (slip, typology_id, stem, weight)
select slip, typology_id, stem, max(weight)
from   (select typology_id, weight,
               case when length(regexp_replace(word, 'h?[aeiou]+$', '')) >= 4 then regexp_replace(word, 'h?[aeiou]+$', '') else word end as stem
        from   typology_word) stems,
       lateral (select case when n = 0 then stem else left(stem, n - 1) || substr(stem, n + 1) end as slip
                from   generate_series(0, length(stem)) n) slips
where  length(stem) >= 4
group  by slip, typology_id, stem;
