-- A mail that waits says why in words, and can be taken back.
alter table mail
  add column last_reason text check (last_reason in ('unreachable', 'busy', 'sign-in', 'address', 'refused')),
  drop constraint mail_state_check,
  add  constraint mail_state_check check (state in ('queued', 'sending', 'sent', 'failed', 'withdrawn')) not valid;
