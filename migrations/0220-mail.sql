-- The outbox. A mail is written in the transaction that decides it; a job sends it afterwards.
create table mail (
  id           uuid        primary key,
  message_id   text        not null unique,
  purpose      text        not null,
  subject_id   uuid,
  case_id      uuid,
  contact_id   uuid,
  unit_ids     text[]      not null default '{}',
  to_address   text        not null,
  to_name      text        not null,
  from_name    text        not null,
  reply_token  text        not null,
  subject      text        not null,
  body         text        not null,
  language     text        not null,
  in_reply_to  text,
  refs         text[]      not null default '{}',
  automatic    boolean     not null default false,
  state        text        not null check (state in ('queued', 'sending', 'sent', 'failed')),
  attempts     integer     not null default 0,
  next_at      timestamptz not null,
  last_problem text,
  queued_at    timestamptz not null,
  sent_at      timestamptz
);
create index mail_due     on mail (next_at, id) where state in ('queued', 'sending');
create index mail_of_case on mail (case_id, queued_at) where case_id is not null;
