-- What a central directorate wrote back to a regional centre: a row for each return, and rows are only ever added.
create table ticket_return (
  id               uuid        primary key,
  ticket_id        uuid        not null references ticket (id),
  directorate_id   text        not null,
  directorate_name text        not null,
  text             text        not null,
  -- Null where it was written before returns were kept one by one.
  by_name          text,
  at               timestamptz not null
);
create index ticket_return_of_ticket on ticket_return (ticket_id, at, id);

-- The last answer is all that there was until now; the journal knows when it came.
insert into ticket_return (id, ticket_id, directorate_id, directorate_name, text, by_name, at)
select   gen_random_uuid(), ticket.id, ticket.directorate_id, ticket.directorate_name, ticket.directorate_answer,
         returned.actor ->> 'name', coalesce(returned.at, ticket.opened_at)
from     ticket
         left join lateral (
           select actor, at from event
           where  event.case_id = ticket.case_id and type = 'ticket.returned'
           order  by id desc
           limit  1
         ) returned on true
where    ticket.directorate_answer is not null and ticket.directorate_id is not null;

create trigger ticket_return_is_append_only before update or delete on ticket_return
for each row execute function refuse_change();
