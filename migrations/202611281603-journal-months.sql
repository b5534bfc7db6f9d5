-- The journal in parts by month. A month is a block of numbers: the month m, counted from January 2020, has those from m * 10^10 on
-- (src/platform/events/months.ts). What was written before is the part below November 2026. Nothing is copied.
alter table event rename to event_before_months;
alter index event_pkey       rename to event_before_months_pkey;
alter index event_in_order   rename to event_before_months_in_order;
alter index event_of_call    rename to event_before_months_of_call;
alter index event_of_case    rename to event_before_months_of_case;
alter index event_of_contact rename to event_before_months_of_contact;
alter index event_by_type    rename to event_before_months_by_type;
drop trigger event_is_append_only on event_before_months;

create table event (like event_before_months including defaults) partition by range (id);
alter table event add primary key (id);
create index event_in_order   on event (xid, id);
create index event_of_call    on event (call_id, id)    where call_id is not null;
create index event_of_case    on event (case_id, id)    where case_id is not null;
create index event_of_contact on event (contact_id, id) where contact_id is not null;
create index event_by_type    on event (type, at);
create trigger event_is_append_only before update or delete on event for each row execute function refuse_change();
alter table event attach partition event_before_months for values from (minvalue) to (820000000000);
alter sequence event_number owned by event.id;

-- When the numbers of a month began. Every transaction that drew one below `from_id` had a smaller number of its own than `begun_xid`: where a
-- snapshot sees all those as ended, nothing below `from_id` comes late any more, and readers need not look there.
create table journal_month (
  month     integer     primary key,
  from_id   bigint      not null,
  era       integer     not null,
  begun_xid xid8        not null,
  begun_at  timestamptz not null
);
