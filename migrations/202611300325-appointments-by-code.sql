-- concurrently
-- A citizen who calls names the appointment by the request code.
create index concurrently if not exists appointment_by_code on appointment (code);
