-- concurrently
-- What is open, for what goes through all of it in parts.
create index concurrently if not exists ticket_open on ticket (id) where state <> 'closed';
