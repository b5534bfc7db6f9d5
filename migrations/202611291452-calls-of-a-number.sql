-- concurrently
-- Calls that nobody has noted for a person are theirs by the number alone: asked when a person is erased.
create index concurrently if not exists call_from_number on call (from_number) where from_number is not null;
create index concurrently if not exists callback_of_number on callback (number) where closed_at is not null;
