-- How far the leader has come: a row for each save, never rewritten. One row that is rewritten leaves a dead version at each save, and while
-- anybody in the cluster holds an old snapshot, none of them can be cleared away: each save then searches through all of them.
-- A second writer begins where the first one began, and collides on the key. Old rows go when a snapshot is kept.
create table router_place (
  domain    text   not null,
  -- The last step before the save, and the last of it.
  after_seq bigint not null,
  seq       bigint not null,
  epoch     bigint not null,
  -- How far the journal has been read by it.
  position  text   not null,
  primary key (domain, after_seq)
);
insert into router_place (domain, after_seq, seq, epoch, position)
select domain, seq - 1, seq, epoch, position from router_domain;
-- What is left changes at elections only.
alter table router_domain drop column seq, drop column position, drop column position_xid, drop column position_id;
