-- Two supervisors may have the rules of one line open: whoever saves second is told, and overwrites nothing unread.
alter table section_routing add column version integer not null default 1;
