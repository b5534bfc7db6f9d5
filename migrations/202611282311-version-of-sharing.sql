-- Two who say at once how a section shares its tickets are told of each other.
alter table section_sharing add column version integer not null default 1;
