-- concurrently
-- Who wants to look at a case again: taken away when its texts are erased.
create index concurrently if not exists case_follow_up_of_case on case_follow_up (case_id);
