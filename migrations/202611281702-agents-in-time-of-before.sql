-- concurrently
-- The states and conversations of an agent in time: the end of a wrap-up, and the section whose call it followed. First where the many entries are.
create index concurrently if not exists event_before_months_of_agent_in_time on event_before_months (person_id, type, at, id) where type in ('agent.state', 'call.connected');
