-- concurrently
create index concurrently if not exists case_joined_into on "case" (joined_into) where joined_into is not null;
