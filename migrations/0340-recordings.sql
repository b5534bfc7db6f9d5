-- Who wrote and who published each version of a flow. At most one version is a draft; `edit` grows with each time it is saved, so that two
-- who write at once notice it.
alter table flow add column edit         integer     not null default 1;
alter table flow add column copy_of      integer;
alter table flow add column note         text        not null default '';
alter table flow add column changed_at   timestamptz;
alter table flow add column changed_by   text;
alter table flow add column published_by text;
alter table flow drop constraint flow_status_check;
alter table flow add constraint flow_status_check check (status in ('draft', 'published', 'superseded', 'discarded'));
update flow set changed_at = created_at;
alter table flow alter column changed_at set not null;
update flow set status = 'discarded'
where status = 'draft' and version < (select max(newer.version) from flow newer where newer.id = flow.id and newer.status = 'draft');
create unique index flow_draft on flow (id) where status = 'draft';

-- What was recorded for the prompts, and what was taken away again: rows are only added, the newest of a prompt counts.
-- A recording belongs to the text that it speaks: who changes the text hears the new one spoken, who goes back to it hears the recording.
create table recording (
  key         text        not null,
  language    text        not null,
  text_hash   text        not null,
  version     integer     not null,
  text        text        not null,
  -- WAV as it is played: 8000 Hz, 16 bit, one channel. Null: from here on the text is spoken again.
  sound       bytea,
  sha256      text,
  duration_ms integer,
  -- What was uploaded, in words: 48000 Hz, 16 bit, 2 channels.
  made_from   text,
  -- The version whose sound was taken again.
  copy_of     integer,
  at          timestamptz not null,
  person_id   uuid,
  person_name text,
  primary key (key, language, text_hash, version),
  check ((sound is null) = (sha256 is null) and (sound is null) = (duration_ms is null))
);
create index recording_by_sound on recording (sha256) where sha256 is not null;
