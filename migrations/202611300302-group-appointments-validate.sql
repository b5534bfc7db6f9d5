alter table agenda_calendar validate constraint officer_or_group;
alter table agenda_calendar validate constraint group_of_several;
