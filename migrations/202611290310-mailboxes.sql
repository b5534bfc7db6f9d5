-- Mailboxes of units, which are read over IMAP. The secret is encrypted by the program (src/channels/mailboxes/sealing.ts).
create table mailbox (
  id         uuid        primary key,
  address    text        not null unique check (address = lower(address)),
  unit_id    text        not null,
  unit_path  text        not null collate "C",
  kind       text        not null check (kind in ('ordinary', 'pec')),
  host       text        not null,
  port       integer     not null check (port between 1 and 65535),
  security   text        not null check (security in ('tls', 'starttls', 'none')),
  user_name  text        not null,
  secret     bytea       not null,
  folder     text        not null,
  -- What becomes of a mail on the server once it is here.
  afterwards text        not null check (afterwards in ('mark', 'move', 'delete')),
  move_to    text,
  signature  text        not null default '',
  enabled    boolean     not null,
  created_at timestamptz not null,
  version    integer     not null default 1,
  check ((afterwards = 'move') = (move_to is not null))
);

-- Who reads a mailbox now, and how that goes. One process at a time; it renews `held_until` while it lives.
create table mailbox_state (
  mailbox_id   uuid        primary key references mailbox (id),
  held_by      uuid,
  held_until   timestamptz,
  state        text        not null default 'waiting' check (state in ('waiting', 'listening', 'trouble')),
  reason       text,
  problem      text,
  since        timestamptz,
  looked_at    timestamptz,
  last_mail_at timestamptz,
  uid_validity bigint,
  -- Mails on the server that are not here yet.
  waiting      integer     not null default 0
);

-- Sections of the contact centre that have a mailbox: their mails are offered to whoever serves the section.
create table mail_section (
  section_id text    primary key,
  unit_path  text    not null collate "C",
  enabled    boolean not null
);
