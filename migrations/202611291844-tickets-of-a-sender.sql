-- concurrently
-- What somebody has sent to the second level, the newest first; and what came back, by the day on which it did.
create index concurrently if not exists ticket_of_sender on ticket (sent_by, opened_at desc, id desc);
create index concurrently if not exists ticket_sent_back on ticket (closed_at) where sent_back_reason is not null;
