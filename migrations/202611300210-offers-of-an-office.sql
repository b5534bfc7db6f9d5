-- For how long a freed time is offered, and how often: as the service says, or the office otherwise.
alter table agenda_service_of_unit
  add column offer_minutes  integer  check (offer_minutes between 30 and 2880),
  add column offers_at_most smallint check (offers_at_most between 1 and 20);
