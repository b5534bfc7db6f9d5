-- Which central directorate is competent for a typology, as it was changed: the newest version says what `typology.central_directorate_id` is.
create table competence_change (
  typology_id text        not null references typology (id),
  version     integer     not null check (version > 0),
  before_id   text        not null,
  before_name text        not null,
  after_id    text        not null,
  after_name  text        not null,
  reason      text        not null,
  by_name     text        not null,
  at          timestamptz not null,
  primary key (typology_id, version)
);
