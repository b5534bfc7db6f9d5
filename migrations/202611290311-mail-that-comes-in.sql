-- Large things in pieces, so that none of them is held in memory whole by the database.
create table blob (
  id         uuid        primary key,
  size_bytes bigint      not null,
  sha256     bytea       not null,
  created_at timestamptz not null
);
create table blob_chunk (
  blob_id uuid    not null references blob (id),
  n       integer not null,
  bytes   bytea   not null,
  primary key (blob_id, n)
);
-- Mails hardly get smaller: they are kept as they are, outside the row.
alter table blob_chunk alter column bytes set storage external;

-- A mail exactly as the server gave it. It is committed before anything is done on the server.
create table raw_mail (
  id          uuid        primary key,
  mailbox_id  uuid        not null references mailbox (id),
  -- Of the bytes; of the head alone where the mail was too large to be fetched.
  sha256      bytea       not null,
  size_bytes  bigint      not null,
  is_whole    boolean     not null,
  blob_id     uuid        not null references blob (id),
  received_at timestamptz not null,
  fetched_at  timestamptz not null,
  state       text        not null check (state in ('fetched', 'interaction', 'noted', 'examine', 'aside')),
  -- Why somebody has to look at it, or what it was noted as.
  reason      text,
  detail      text,
  attempts    integer     not null default 0,
  taken_until timestamptz,
  settled_at  timestamptz,
  settled_by  text,
  unique (mailbox_id, sha256),
  check ((state = 'fetched') = (settled_at is null))
);
create index raw_mail_to_read    on raw_mail (fetched_at, id) where state = 'fetched';
create index raw_mail_to_examine on raw_mail (mailbox_id, id) where state = 'examine';
create index raw_mail_of_day     on raw_mail (fetched_at, mailbox_id);

-- Where a mail lies on its server. After a change of UIDVALIDITY one mail has two places.
create table raw_mail_place (
  mailbox_id   uuid        not null references mailbox (id),
  uid_validity bigint      not null,
  uid          bigint      not null,
  raw_mail_id  uuid        not null references raw_mail (id),
  -- Marked, moved or deleted there, as the mailbox says.
  done_at      timestamptz,
  primary key (mailbox_id, uid_validity, uid)
);
create index raw_mail_place_to_do on raw_mail_place (mailbox_id, uid_validity, uid) where done_at is null;

-- What was read in a mail.
create table incoming_mail (
  raw_mail_id    uuid        primary key references raw_mail (id),
  mailbox_id     uuid        not null references mailbox (id),
  interaction_id uuid        unique,
  from_address   text        not null,
  from_name      text        not null,
  to_addresses   text[]      not null,
  cc_addresses   text[]      not null,
  reply_to       text,
  subject        text        not null,
  message_id     text,
  refs           text[]      not null default '{}',
  sent_at        timestamptz,
  received_at    timestamptz not null,
  -- What the citizen wrote, and what of earlier mails stands below it.
  text           text        not null,
  quoted         text        not null,
  html           text,
  -- How it came to its case: by the signed address, or because it answers a mail of ours to this sender.
  matched_by     text        check (matched_by in ('token', 'thread')),
  -- A request code in the subject, which only proposes.
  proposed_code  text
);
create index incoming_mail_of_sender on incoming_mail (from_address, received_at);

create table incoming_attachment (
  id            uuid    primary key,
  raw_mail_id   uuid    not null references raw_mail (id),
  n             integer not null,
  name          text    not null,
  -- As the mail says, and as its content shows.
  declared_type text    not null,
  type          text    not null,
  size_bytes    bigint  not null,
  blob_id       uuid    not null references blob (id),
  content_id    text,
  scan          text    not null check (scan in ('unchecked', 'clean', 'infected')),
  scan_detail   text,
  unique (raw_mail_id, n)
);

-- Addresses from which our mail came back. It is forgotten after a time: mailboxes are emptied, and addresses are made again.
create table address_trouble (
  address text        primary key,
  reason  text        not null check (reason in ('address', 'full', 'refused', 'delayed')),
  status  text,
  detail  text        not null,
  since   timestamptz not null,
  until   timestamptz not null
);
