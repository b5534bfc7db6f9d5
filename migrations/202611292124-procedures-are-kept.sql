-- The list of procedures is kept on a page: one that is retired is not chosen any more, and stays where it was chosen.
alter table it_procedure add column retired boolean not null default false;
alter table it_procedure add column version integer not null default 1;

create table procedure_change (
  procedure_id text        not null references it_procedure (id) on delete cascade,
  version      integer     not null,
  kind         text        not null check (kind in ('added', 'renamed', 'retired', 'restored')),
  name         text        not null,
  by_name      text        not null,
  at           timestamptz not null,
  primary key (procedure_id, version)
);
