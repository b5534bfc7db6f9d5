-- What an agent was doing at an instant of the past: asked for each offer of a call, when somebody wants to know why the call rang elsewhere.
create index event_of_agent on event (person_id, type, id)
where type in ('agent.state', 'agent.reachable', 'agent.unreachable', 'agent.skills-set');
