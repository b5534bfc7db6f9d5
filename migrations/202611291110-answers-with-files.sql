-- Who gets a copy of a mail of ours: others who took part in the conversation.
alter table mail add column cc_addresses text[] not null default '{}';

-- What a person attaches to an answer. It lies with the conversation that is answered until a mail takes it along; a mail that comes back leaves it
-- there again, as a row of its own on the same bytes.
create table outgoing_file (
  id          uuid        primary key,
  subject_id  uuid        not null,
  mail_id     uuid        references mail (id),
  name        text        not null,
  type        text        not null,
  size_bytes  bigint      not null,
  blob_id     uuid        not null references blob (id),
  scan        text        not null check (scan in ('unchecked', 'clean')),
  added_by    uuid        not null,
  added_at    timestamptz not null
);
create index outgoing_file_of_subject on outgoing_file (subject_id, id);
create index outgoing_file_of_mail    on outgoing_file (mail_id, id) where mail_id is not null;
create index outgoing_file_of_blob    on outgoing_file (blob_id);
