-- concurrently
-- No two appointments of an office have one number on a day.
create unique index concurrently if not exists appointment_code_of_day on appointment (unit_id, code_day, day_code) where day_code is not null;
