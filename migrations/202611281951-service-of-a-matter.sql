-- What an office can be visited for follows from what the question is about: the sections of the regional centre that deal with it.
alter table agenda_service add column sections text[] not null default '{}';
