-- concurrently
create index concurrently if not exists interaction_written on interaction (operator_path, opened_at, id) where channel in ('email', 'pec');
