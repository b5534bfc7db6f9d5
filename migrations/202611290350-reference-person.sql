-- The reference person of a case: whoever goes on with it. Null in cases of before, where who knows them is read from their ticket and conversations.
alter table "case" add column reference_id uuid;
alter table "case" add column reference_name text;

-- How often somebody who knows the case was asked for, by section and month of office time; kept by the follower of the journal.
create table continuity_sum (
  month      date    not null,
  section_id text    not null,
  medium     text    not null check (medium in ('call', 'written')),
  asked      integer not null default 0,
  honoured   integer not null default 0,
  given_up   integer not null default 0,
  primary key (month, section_id, medium)
);
