-- Which version of the engine decided a step. What was written before there were versions was decided by version 1.
alter table router_step add column engine integer not null default 1;
