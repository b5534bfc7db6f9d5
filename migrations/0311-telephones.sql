-- The operators' telephones in Asterisk: one for each session, with a random name and password. Asterisk keeps them in memory, so this is what
-- they are made from again when it has restarted. The row goes, and the telephone with it, when the session ends.
create table telephone (
  name                text        primary key,
  session_id          uuid        not null unique,
  person_id           uuid        not null,
  password            text        not null,
  made_at             timestamptz not null,
  -- Start of the Asterisk that has it; null while none has.
  asterisk_started_at timestamptz
);
create index telephone_by_person on telephone (person_id, made_at);
