-- The same of every month: the one that was built before is taken as it is.
create index event_of_agent_in_time on event (person_id, type, at, id) where type in ('agent.state', 'call.connected');

-- And what an agent was doing at an instant of the past, which was built on the entries of before alone.
alter index event_of_agent rename to event_before_months_of_agent;
create index event_of_agent on event (person_id, type, id)
where type in ('agent.state', 'agent.reachable', 'agent.unreachable', 'agent.skills-set');
