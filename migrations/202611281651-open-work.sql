-- What is open, apart from what is closed: a register grows by what is closed.
create index interaction_open      on interaction (operator_id, opened_at) where state = 'open';
create index case_open_of_contact  on "case" (contact_id, opened_at, id)   where status = 'open';
