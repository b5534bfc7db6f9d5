-- concurrently
create index concurrently if not exists ticket_of_directorate_by_age on ticket (directorate_id, state, opened_at, id) where directorate_id is not null;
