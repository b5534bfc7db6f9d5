-- Flows of the automatic answerer: each version is kept, one of them is in force.
create table flow (
  id           text        not null,
  version      integer     not null,
  status       text        not null check (status in ('draft', 'published', 'superseded')),
  content      jsonb       not null,
  created_at   timestamptz not null,
  published_at timestamptz,
  primary key (id, version)
);
create unique index flow_in_force on flow (id) where status = 'published';

-- One row for each call. `state` is the state of its life (src/telephony/life.ts); what is beside it is there to be found and shown.
-- Units and persons belong to other rooms: they are named here by identifier, without a foreign key.
create table call (
  id            uuid        primary key,
  -- What holds the call's legs: an Asterisk, or the program on whose sockets the pages are. Who is connected to it acts on the row.
  node          text        not null,
  switch        text        not null check (switch in ('asterisk', 'browser')),
  leg           text        not null,
  from_number   text,
  to_number     text        not null,
  office_id     text,
  office_name   text,
  province_code text,
  region_code   text,
  phase         text        not null,
  section_id    text,
  -- The operator whom it rings, or who has it, or who had it when it broke.
  agent_id      uuid,
  state         jsonb       not null,
  version       integer     not null default 1,
  -- The last entry of the journal that was taken into the state.
  seen_xid      xid8        not null default '0'::xid8,
  seen_id       bigint      not null default 0,
  started_at    timestamptz not null,
  ended_at      timestamptz
);
create unique index call_by_leg    on call (switch, leg) where ended_at is null;
create index        call_of_agent  on call (agent_id)    where ended_at is null;
create index        call_in_course on call (node, id)    where ended_at is null;

-- One row for each time that a call was offered to an operator.
create table call_turn (
  offer       text        not null,
  call_id     uuid        not null references call (id),
  agent_id    uuid        not null,
  section_id  text        not null,
  outcome     text        not null,
  waited_ms   bigint      not null,
  offered_at  timestamptz not null,
  answered_at timestamptz,
  ended_at    timestamptz,
  primary key (call_id, offer)
);
create index call_turn_of_agent on call_turn (agent_id, offered_at);
