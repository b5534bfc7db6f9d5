-- Large things may lie in a bucket beside the database, each under its identifier. None: they lie here, in pieces.
alter table blob add column bucket text;

-- What lies in a bucket and is named by nothing: brought there and not kept by a transaction yet, or erased since. It is removed when it is due.
create table blob_leftover (
  id     uuid        primary key,
  bucket text        not null,
  due_at timestamptz not null,
  -- Somebody removes it: nobody keeps it any more.
  taken  boolean     not null default false
);
create index blob_leftover_due on blob_leftover (due_at, id);

-- An answer whose files cannot be read now waits as for a server that does not answer.
alter table mail drop constraint mail_last_reason_check;
alter table mail add constraint mail_last_reason_check
  check (last_reason in ('unreachable', 'busy', 'sign-in', 'address', 'refused', 'storage')) not valid;
