-- Who has a case, a mail or a ticket open on the screen, and who is writing an answer: one row for each page of the browser, which ends by itself. It warns and
-- never locks. Nobody misses it after a crash, so it is kept out of the log of the database.
-- It takes the place of ticket_viewer, into which nobody writes any more; processes of the release before this one may still read that.
create unlogged table page_viewer (
  person_id     uuid        not null,
  page_id       uuid        not null,
  name          text        not null,
  kind          text        not null check (kind in ('case', 'mail', 'ticket')),
  subject_id    uuid        not null,
  since         timestamptz not null,
  writing_since timestamptz,
  expires_at    timestamptz not null,
  primary key (person_id, page_id)
);
create index page_viewer_of_subject on page_viewer (subject_id);
create index page_viewer_expiring   on page_viewer (expires_at);
