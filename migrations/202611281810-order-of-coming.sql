-- The step at which work came into the line: of two that came within one millisecond, the first is first, also for who rebuilds the line from
-- these rows. Null for what came before this was noted.
alter table queued_call add column came bigint;
