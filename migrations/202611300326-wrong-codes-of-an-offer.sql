-- Wrong request codes that were keyed by who calls from the number of a citizen to whom something is offered: after some the number is no hint any more.
alter table agenda_waiting add column wrong_codes integer not null default 0;
