-- concurrently
create index concurrently if not exists case_ended on "case" (typology_id, closed_at, id)
where status = 'closed' and (erased_at is null or erased_at < closed_at);
