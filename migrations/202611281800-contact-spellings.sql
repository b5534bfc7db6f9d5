-- Names are found by every spelling that means the same (src/platform/spelling.ts). `keys_version` says by which rules the keys of a contact
-- were made: those of older rules are made anew in the background, and are found by their old keys until then.
alter table contact add column keys_version smallint not null default 1;
alter table contact alter column keys_version set default 2;
create index contact_with_old_keys on contact (id) where keys_version < 2;
