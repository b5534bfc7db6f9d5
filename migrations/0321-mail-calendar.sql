-- A mail may carry an entry for the reader's calendar.
alter table mail
  add column calendar_method text check (calendar_method in ('REQUEST', 'CANCEL')),
  add column calendar        text,
  add check ((calendar_method is null) = (calendar is null));
