-- What the institute has changed in the table of who may do what with a ticket. The newest version holds; none is ever changed.
create table ticket_rules (
  version   integer     primary key check (version > 0),
  changes   jsonb       not null,
  reason    text        not null,
  by_name   text        not null,
  at        timestamptz not null
);
