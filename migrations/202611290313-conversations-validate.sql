-- Reads every row, while others go on writing.
alter table interaction validate constraint interaction_has_operator;
