-- concurrently
create index concurrently if not exists case_of_typology_by_age on "case" (typology_id, opened_at);
