-- Whoever receives several citizens receives them one by one, at as many desks, or together, as at a meeting that informs.
alter table agenda_calendar add column is_group boolean not null default false;
-- An officer receives one citizen at a time, or a group; a group is two or more.
alter table agenda_calendar drop constraint agenda_calendar_check1;
alter table agenda_calendar add constraint officer_or_group check (officer_id is null or capacity = 1 or is_group) not valid;
alter table agenda_calendar add constraint group_of_several check (not is_group or capacity > 1) not valid;
