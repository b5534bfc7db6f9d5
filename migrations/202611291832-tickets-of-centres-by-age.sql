-- concurrently
create index concurrently if not exists ticket_of_centre_by_age on ticket (centre_id, state, opened_at, id);
