-- Contacts in full: intermediaries beside persons and businesses, where somebody lives, how they wish to be reached and what has to be known when one
-- talks to them; the codes that a person had before; mandates, and who spoke for whom in a conversation. Rows that are there are not looked at here, which
-- would keep everybody out: the next file does it.
alter table contact drop constraint contact_kind_check;
alter table contact drop constraint contact_check;
alter table contact add constraint contact_kind_check check (kind in ('person', 'business', 'intermediary')) not valid;
alter table contact add constraint contact_name_check
  check ((kind = 'person' and family_name is not null) or (kind <> 'person' and business_name is not null)) not valid;
alter table contact add column intermediary_kind text;
alter table contact add column address           text;
alter table contact add column postal_code       text;
alter table contact add column preferred_channel text;
alter table contact add column needs             text[] not null default '{}';
alter table contact add column do_not_call       text;
alter table contact add constraint contact_in_full_check
  check ((intermediary_kind is null or intermediary_kind in ('patronato', 'caf', 'consultant', 'lawyer', 'association', 'other'))
         and (preferred_channel is null or preferred_channel in ('telephone', 'email', 'pec', 'post'))
         and needs <@ array['deaf', 'blind', 'speaks-slowly', 'interpreter']) not valid;

-- Null: as the number itself says it (mobile, landline), as an address is by default.
alter table contact_phone add column kind text;
alter table contact_phone add constraint contact_phone_kind_check
  check (kind is null or kind in ('mobile', 'landline', 'work', 'of-another')) not valid;
alter table contact_email add column kind text;
alter table contact_email add constraint contact_email_kind_check check (kind is null or kind in ('email', 'pec')) not valid;

-- Codes that a contact had before: after omocodia the old one stays in letters and in other people's registers.
create table former_fiscal_code (
  contact_id  uuid        not null references contact (id),
  fiscal_code text        not null,
  replaced_at timestamptz not null,
  replaced_by text        not null,
  primary key (contact_id, fiscal_code)
);

-- Who may speak for whom, from when until when (null: until it is withdrawn).
create table mandate (
  id              uuid        primary key,
  intermediary_id uuid        not null references contact (id),
  principal_id    uuid        not null references contact (id),
  kind            text        not null check (kind in ('patronage', 'delegation', 'power-of-attorney', 'legal-representative')),
  valid_from      date        not null,
  valid_until     date,
  evidence        text        not null default '',
  noted_at        timestamptz not null,
  noted_by        uuid,
  noted_by_name   text        not null,
  ended_at        timestamptz,
  ended_by_name   text,
  check (valid_until is null or valid_until >= valid_from),
  check (intermediary_id <> principal_id)
);
create index mandate_of_principal    on mandate (principal_id, noted_at, id);
create index mandate_of_intermediary on mandate (intermediary_id, noted_at, id);

-- Who speaks for a contact in a conversation: the newest row holds. Without a mandate: the contact speaks for themselves again.
create table speaker (
  id           uuid        primary key,
  principal_id uuid        not null references contact (id),
  mandate_id   uuid        references mandate (id),
  call_id      uuid,
  at           timestamptz not null,
  by_person    uuid,
  by_name      text        not null
);
create index speaker_of_principal on speaker (principal_id, at);
