-- concurrently
create index concurrently if not exists ticket_of_cause on ticket (unit_id, cause_key, opened_at) where cause_key is not null;
create index concurrently if not exists ticket_of_it on ticket (opened_at) where cause_key is not null;
