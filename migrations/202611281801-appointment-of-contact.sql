-- A citizen is not expected at two offices at once: asked at each booking, and for the card.
create index appointment_of_contact on appointment (contact_id, starts_at);
