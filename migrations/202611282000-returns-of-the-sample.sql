-- Returns of directorates are only ever added. Those of the sample institute go with it: their identifiers are its own (sample/living/story.ts).
drop trigger ticket_return_is_append_only on ticket_return;
create trigger ticket_return_is_append_only before update on ticket_return for each row execute function refuse_change();
create trigger ticket_return_stays before delete on ticket_return for each row
when (not (old.id >= '00000000-0000-7000-8100-000000000000' and old.id < '00000000-0000-7000-9000-000000000000'))
execute function refuse_change();
