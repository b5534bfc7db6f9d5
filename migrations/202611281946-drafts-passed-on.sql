-- A ticket that goes to somebody else takes along what was being written: whose text it was.
alter table answer_draft add column passed_from uuid, add column passed_from_name text;
