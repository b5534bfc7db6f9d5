-- When what lies on the server was last compared with what is here, mail by mail; how many lay there, and how many of them had been missed.
alter table mailbox_state
  add column compared_at    timestamptz,
  add column compared_count integer not null default 0,
  add column missed_count   integer not null default 0;

-- The places of a mail: what of a day is still to be done on the server.
create index raw_mail_place_of_mail on raw_mail_place (raw_mail_id);
