-- concurrently
create index concurrently if not exists blob_elsewhere on blob (bucket) where bucket is not null;
