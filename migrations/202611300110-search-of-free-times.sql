-- Before this instant the office has no free time of the service, whoever asks and whatever is only held: where a search begins to look.
alter table agenda_service_of_unit add column none_before timestamptz not null default '1970-01-01 00:00:00+00';
create index offices_of_service on agenda_service_of_unit (service_id, unit_id);
create index agency_by_latitude on unit (latitude) where kind = 'agency';
