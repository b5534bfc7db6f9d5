-- Two cards that are the same person are joined by a link and stay two cards, so that the link can be undone. The
-- links are between the cards that somebody named, without circles: undone, each of the two keeps those that were joined with it. All that are linked are
-- a group, whose history is one. Links that were undone stay, with who undid them.
create table contact_link (
  id             uuid        primary key,
  contact_id     uuid        not null references contact (id),
  main_id        uuid        not null references contact (id),
  reason         text        not null default '',
  joined_at      timestamptz not null,
  joined_by      uuid,
  joined_by_name text        not null,
  parted_at      timestamptz,
  parted_by_name text,
  check (contact_id <> main_id)
);
create index contact_link_of_contact on contact_link (contact_id);
create index contact_link_of_main on contact_link (main_id);
