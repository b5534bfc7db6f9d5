-- Why a call ended, which is asked for years after its state has been emptied. Of calls that ended before, it moves here when theirs is.
alter table call add column ended_because text;
