-- A draft of an answer has a version: which of two texts is the newer one is told by it, and by no clock.
alter table answer_draft add column version integer not null default 1;
