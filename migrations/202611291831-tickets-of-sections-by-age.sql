-- concurrently
create index concurrently if not exists ticket_of_section_by_age on ticket (unit_id, state, opened_at, id);
