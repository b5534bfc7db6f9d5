-- concurrently
create index concurrently if not exists ticket_closed_by_member on ticket (claimed_by, closed_at desc) where state = 'closed' and claimed_by is not null;
