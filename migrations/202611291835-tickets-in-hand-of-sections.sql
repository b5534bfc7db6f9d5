-- concurrently
create index concurrently if not exists ticket_in_hand_of_section on ticket (unit_id, claimed_by, due_at, id) where state in ('claimed', 'forwarded', 'returned');
