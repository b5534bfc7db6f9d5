-- Reads every row, while others go on writing.
alter table mail validate constraint mail_state_check;
