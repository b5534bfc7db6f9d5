-- How far the leader has read on since a step, when nothing that it read made one: without it nobody could tell a leader that stands still from one that
-- has nothing to do, and whoever takes over would read everything again. Insert-only, like the places. A look counts only while the step that
-- it follows is the last one.
create table router_look (
  domain    text   not null,
  number    bigint not null generated always as identity,
  after_seq bigint not null,
  position  text   not null,
  primary key (domain, number)
);
