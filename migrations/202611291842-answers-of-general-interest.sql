-- A directorate says that what it has answered serves others, too: proposed to whoever keeps what the institute knows.
alter table ticket_return add column general_interest boolean not null default false;
create index ticket_return_of_general_interest on ticket_return (at desc, id) where general_interest;
