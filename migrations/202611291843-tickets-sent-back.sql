-- No matter for the second level: why it went back to whoever had sent it.
alter table ticket add column sent_back_reason text;
alter table ticket add column sent_back_by_name text;
