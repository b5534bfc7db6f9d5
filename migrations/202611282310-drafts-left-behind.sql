-- A ticket that goes back among those to be taken, or to another section, leaves with nobody: the text that was being written waits with it.
-- Whoever takes the ticket next has it.
alter table answer_draft add column left_by_name text;
