-- concurrently
create index concurrently if not exists waiting_to_call on agenda_waiting (call_at) where call_at is not null;
