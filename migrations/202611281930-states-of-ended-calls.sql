-- concurrently
-- The state of a call that is over is emptied with its last step. What earlier releases left is emptied in the background, a few hundred at a
-- time; when none is left, this index is empty.
create index concurrently if not exists call_to_empty on call (id) where phase = 'ended' and state <> '{}'::jsonb;
