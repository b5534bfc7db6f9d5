-- The leader of a routing domain. The advisory lock only elects; `epoch`, compared in the transaction of every write, is what makes
-- a leader harmless that was paused and comes back. `seq` is the last step, `position_*` how far the journal has been read by it.
create table router_domain (
  domain       text        primary key,
  epoch        bigint      not null,
  seq          bigint      not null,
  position_xid text        not null,
  position_id  bigint      not null,
  leader       text        not null,
  elected_at   timestamptz not null
);

-- What the engine was told and what it answered, numbered without gaps. A second writer collides on the primary key.
create table router_step (
  domain   text   not null,
  seq      bigint not null,
  epoch    bigint not null,
  at_ms    bigint not null,
  input    json   not null,
  commands json   not null,
  primary key (domain, seq)
);

-- The engine's whole state after the step `seq`. The state of now is the last snapshot and the steps after it.
create table router_snapshot (
  domain text        not null,
  seq    bigint      not null,
  at     timestamptz not null,
  state  json        not null,
  primary key (domain, seq)
);

-- What a section's queue does differently from the defaults: see SectionRouting in src/distribution/model.ts.
create table section_routing (
  section_id text  primary key,
  settings   jsonb not null
);

-- Which sections an agent serves, and how well: 1 can help, 5 expert.
create table agent_skill (
  person_id  uuid     not null,
  section_id text     not null,
  level      smallint not null check (level between 1 and 5),
  primary key (person_id, section_id)
);
create index agent_skill_of_section on agent_skill (section_id, person_id);

-- The page on which an agent works. Every page reports every few seconds; only one of them, the newest, is the agent's telephone.
-- No index on heard_at: the row is rewritten at every report, and without it the rewriting stays on its own database page.
create table agent_presence (
  person_id       uuid        primary key,
  page_id         uuid        not null,
  pages           uuid[]      not null,
  heard_at        timestamptz not null,
  telephone_ready boolean     not null,
  reachable       boolean     not null,
  unit_path       text        not null
) with (fillfactor = 70);

-- The states of agents and the queue as they are now: written by the leader in the transaction of the step that made them so.
create table agent_status (
  person_id uuid        primary key,
  state     text        not null check (state in ('signed-out', 'available', 'offered', 'in-conversation', 'wrap-up', 'paused')),
  reason    text,
  since     timestamptz not null,
  until     timestamptz,
  call_id   uuid,
  offer     text
);
create index agent_status_of_call on agent_status (call_id) where call_id is not null;

create table queued_call (
  call_id          uuid        primary key,
  section_id       text        not null,
  state            text        not null check (state in ('waiting', 'offered')),
  priority         smallint    not null,
  waiting_since    timestamptz not null,
  entered_at       timestamptz not null,
  -- What the caller was told last; null before the first time.
  position         integer,
  ahead            integer,
  expected_wait_ms bigint,
  told_at          timestamptz
);
create index queued_call_of_section on queued_call (section_id, waiting_since);
