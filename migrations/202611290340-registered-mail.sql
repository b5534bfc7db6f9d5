-- Messages that left as registered mail (PEC), byte for byte as the provider got them, and what became of them.
create table registered_message (
  mail_id             uuid        primary key references mail (id),
  message_id          text        not null unique,
  sender              text        not null,
  recipients          text[]      not null,
  raw                 bytea       not null,
  sha256              bytea       not null,
  sent_at             timestamptz not null,
  -- The provider's own name for it, which its first receipt tells.
  provider_identifier text,
  state               text        not null
    check (state in ('sent', 'accepted', 'taken-in-charge', 'delayed', 'delivered', 'not-delivered', 'not-accepted')),
  state_at            timestamptz not null,
  -- For so many hours no receipt of delivery has come, and somebody was told.
  silence_hours       smallint    check (silence_hours in (12, 24)),
  next_look_at        timestamptz
);
-- Mails hardly get smaller: they are kept as they are, outside the row.
alter table registered_message alter column raw set storage external;
create index registered_message_to_look on registered_message (next_look_at, mail_id) where next_look_at is not null;
create index registered_message_of_provider on registered_message (provider_identifier) where provider_identifier is not null;

-- Receipts about them. The mail with the receipt is kept as every mail that comes in.
create table registered_receipt (
  raw_mail_id uuid        primary key,
  mail_id     uuid        not null references registered_message (mail_id),
  kind        text        not null
    check (kind in ('accepted', 'not-accepted', 'taken-in-charge', 'delivered', 'not-delivered', 'delivery-delayed', 'virus')),
  -- The instant that counts in law.
  at          timestamptz not null,
  -- The recipients that it is about; none when it is about all.
  about       text[]      not null,
  -- The recipients who get ordinary mail.
  uncertified text[]      not null,
  cause       text        check (cause in ('no-recipient', 'no-domain', 'virus', 'other')),
  detail      text,
  form        text        check (form in ('full', 'brief', 'short')),
  issuer      text        not null,
  identifier  text        not null,
  verdict     text        not null check (verdict in ('valid', 'not-verified', 'broken')),
  -- Why the signature is not valid, and whose it is.
  reason      text,
  signer      text,
  authority   text,
  sha256      bytea       not null,
  joined_at   timestamptz not null,
  -- Two mailboxes, or one that was numbered anew, may have the same bytes.
  unique (mail_id, sha256)
);
create index registered_receipt_of_message on registered_receipt (mail_id, at);

-- Messages that came as registered mail: what their envelope vouches for.
create table registered_arrival (
  raw_mail_id uuid        primary key,
  kind        text        not null check (kind in ('message', 'anomaly')),
  -- When the sender's provider took it, and when our provider put it into the mailbox: the second one counts as its receipt.
  sent_at     timestamptz,
  received_at timestamptz not null,
  issuer      text,
  identifier  text,
  verdict     text        not null check (verdict in ('valid', 'not-verified', 'broken')),
  reason      text,
  signer      text,
  authority   text,
  sha256      bytea       not null
);
