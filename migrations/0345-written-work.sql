-- Written work stands in the line as calls do. It stays on the board while it is in somebody's hands: `suspended` while a call interrupts it.
alter table queued_call add column case_id  uuid;
alter table queued_call add column agent_id uuid;
alter table queued_call add column offer    text;
alter table queued_call add column until    timestamptz;
alter table queued_call drop constraint queued_call_state_check;
alter table queued_call add constraint queued_call_state_check check (state in ('waiting', 'offered', 'connected', 'suspended'));
create index queued_call_of_agent on queued_call (agent_id) where agent_id is not null;

-- How a section shares out its written work: `pool`, its members take what they choose; `distributed`, it is offered to them.
-- A section that is not here has a pool.
create table section_sharing (
  section_id    text     primary key,
  mode          text     not null check (mode in ('pool', 'distributed')),
  capacity      smallint not null check (capacity between 1 and 50),
  offer_minutes smallint not null check (offer_minutes between 1 and 240)
);

-- In which media an agent works, as the role says: who acts as a member of the second level has no telephone.
alter table agent_presence add column takes_calls boolean not null default true;
