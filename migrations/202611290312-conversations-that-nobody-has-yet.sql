-- A mail is an interaction before anybody has taken it.
alter table interaction
  alter column operator_id   drop not null,
  alter column operator_name drop not null,
  add  constraint interaction_has_operator check (operator_id is not null or channel in ('email', 'pec')) not valid;
