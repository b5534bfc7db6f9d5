-- concurrently
-- Mails with which something is wrong, by the units whose mails they are. Those that have left are not in it.
create index concurrently if not exists mail_unsent on mail using gin (unit_ids) where last_problem is not null and state in ('queued', 'sending', 'failed');
