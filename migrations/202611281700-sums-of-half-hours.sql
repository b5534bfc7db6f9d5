-- Sums of half hours, written once by a follower of the journal: see docs/indicators.md for each figure.
--
-- All tables here belong to a generation. Readers go by the current one; a rebuilding writes the next beside it and takes its place in one
-- transaction. Half hours are instants, so both nights on which the clock is changed are like all others.

-- How far each generation has read. The row is locked by who reads on, so that many nodes may try.
create table sum_follower (
  generation       integer     primary key,
  is_current       boolean     not null,
  position         text        not null,
  entries          bigint      not null default 0,
  -- The latest instant of an entry that was read; what subjects came to before the other is no longer kept.
  read_through     timestamptz,
  forgotten_before timestamptz
) with (fillfactor = 50);
create unique index sum_follower_current on sum_follower (is_current) where is_current;

-- What a section had in a half hour. Times are whole milliseconds, logarithms whole billionths: sums of whole numbers do not depend on their order.
create table half_hour_sum (
  generation         integer     not null,
  half_hour          timestamptz not null,
  section_id         text        not null,
  joined             bigint      not null default 0,
  waited_ms          bigint      not null default 0,
  gave_up            bigint      not null default 0,
  answered           bigint      not null default 0,
  answered_in_target bigint      not null default 0,
  abandoned          bigint      not null default 0,
  abandoned_early    bigint      not null default 0,
  not_answered       bigint      not null default 0,
  answer_wait_ms     bigint      not null default 0,
  abandon_wait_ms    bigint      not null default 0,
  conversations      bigint      not null default 0,
  talk_ms            bigint      not null default 0,
  talk_logs          bigint      not null default 0,
  talk_log_squares   bigint      not null default 0,
  wrap_ups           bigint      not null default 0,
  wrap_up_ms         bigint      not null default 0,
  callbacks_wished   bigint      not null default 0,
  callbacks_reached  bigint      not null default 0,
  primary key (generation, half_hour, section_id)
) with (fillfactor = 70);

-- How long waits were that ended in a half hour: so many of at most so many seconds, and longer than the bound before.
create table half_hour_wait (
  generation      integer     not null,
  half_hour       timestamptz not null,
  section_id      text        not null,
  how             text        not null check (how in ('answered', 'abandoned', 'not-answered')),
  at_most_seconds integer     not null,
  calls           bigint      not null default 0,
  primary key (generation, half_hour, section_id, how, at_most_seconds)
) with (fillfactor = 70);

-- Calls that joined lines in a half hour, by the sections that they joined in it: a call in two lines counts once for who watches both.
create table half_hour_arrival (
  generation  integer     not null,
  half_hour   timestamptz not null,
  section_ids text[]      not null,
  calls       bigint      not null default 0,
  primary key (generation, half_hour, section_ids)
) with (fillfactor = 70);

-- Calls to a number of the plan, by the section that they joined first; '' for those that joined none.
create table half_hour_number (
  generation integer     not null,
  half_hour  timestamptz not null,
  number     text        not null,
  mode       text        not null check (mode in ('channelled', 'direct')),
  section_id text        not null,
  calls      bigint      not null default 0,
  primary key (generation, half_hour, number, mode, section_id)
) with (fillfactor = 70);

-- Waits that ended lately, for figures that look back to the second. Kept for two hours.
create table ended_wait (
  generation integer     not null,
  call_id    uuid        not null,
  no         smallint    not null,
  at         timestamptz not null,
  section_id text        not null,
  how        text        not null check (how in ('answered', 'abandoned', 'not-answered')),
  waited_ms  integer     not null,
  primary key (generation, call_id, no)
);
create index ended_wait_in_time on ended_wait (generation, at);

-- What each call and each wrap-up has put into the sums: a further entry takes that out and puts in what it comes to now.
create table summed (
  generation integer     not null,
  subject    text        not null,
  counted    jsonb       not null,
  at         timestamptz not null,
  primary key (generation, subject)
);
create index summed_in_time on summed (generation, at);

insert into sum_follower (generation, is_current, position) values (1, true, '');
