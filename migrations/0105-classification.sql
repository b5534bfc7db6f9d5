-- The tree of what citizens ask about. A leaf says who deals with it at each level; inner nodes only lead there.
-- Units are named by identifier, without a foreign key: they belong to another room.
create table typology (
  id                     text    primary key check (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  parent_id              text    references typology (id),
  label                  text    not null,
  -- Labels from the root to this one.
  labels                 text[]  not null,
  -- Order in the tree: the positions from the root, e.g. "03.02".
  place                  text    not null collate "C",
  leaf                   boolean not null,
  description            text    not null default '',
  ccm_section_id         text,
  cric_section           text,
  central_directorate_id text,
  it_matter              boolean not null default false,
  check (not leaf or (ccm_section_id is not null and central_directorate_id is not null and (it_matter or cric_section is not null)))
);
create unique index typology_in_order on typology (place);
create index typology_by_parent on typology (parent_id, place);

-- The words by which a leaf is found: lower case, without accents. Weight: label 3, words that citizens use 2, labels above and description 1.
create table typology_word (
  word        text    not null collate "C",
  typology_id text    not null references typology (id),
  weight      integer not null,
  primary key (word, typology_id)
);
create index typology_word_of_typology on typology_word (typology_id);
