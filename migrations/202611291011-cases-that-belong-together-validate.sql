alter table "case" validate constraint case_joined_into_fkey;
