-- Holds that became an appointment stay with it: whoever forgets old holds each hour does not look at all of them again.
update agenda_hold set ended = 'released'
where  ended = 'confirmed' and not exists (select 1 from agenda_taken where agenda_taken.id = agenda_hold.id);
drop index hold_by_age;
create index hold_to_forget on agenda_hold (until) where ended is distinct from 'confirmed';
