alter table contact validate constraint contact_in_full_check;
