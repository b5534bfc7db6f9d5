-- Looks whether the rows that are there say what they may (202611290320): nobody who reads or writes waits for it.
alter table contact       validate constraint contact_kind_check;
alter table contact       validate constraint contact_name_check;
alter table contact       validate constraint contact_in_full_check;
alter table contact_phone validate constraint contact_phone_kind_check;
alter table contact_email validate constraint contact_email_kind_check;
