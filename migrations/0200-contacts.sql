-- Who calls, writes or comes: persons and businesses, and what is known about who they are.
-- Units, persons of the staff and typologies belong to other rooms: they are named here by identifier, without a foreign key.
create table contact (
  id                uuid        primary key,
  kind              text        not null check (kind in ('person', 'business')),
  given_name        text,
  family_name       text,
  business_name     text,
  fiscal_code       text,
  birth_date        date,
  municipality_code text,
  province_code     text,
  region_code       text,
  language          text        not null,
  notes             text        not null default '',
  created_at        timestamptz not null,
  updated_at        timestamptz not null,
  version           integer     not null default 1,
  check ((kind = 'person' and family_name is not null) or (kind = 'business' and business_name is not null))
);
create unique index contact_by_fiscal_code on contact (fiscal_code) where fiscal_code is not null;

create table contact_phone (
  contact_id  uuid        not null references contact (id),
  number      text        not null,
  position    integer     not null,
  verified_at timestamptz,
  primary key (contact_id, number)
);
create index contact_by_phone on contact_phone (number, contact_id);

create table contact_email (
  contact_id  uuid        not null references contact (id),
  address     text        not null,
  position    integer     not null,
  verified_at timestamptz,
  primary key (contact_id, address)
);

-- Everything by which a contact can be found, in one form: lower case, without accents and signs. A name has a row for each of
-- its words as the first ("rossi maria", "maria rossi"), so that a prefix search finds it from any word. The collation "C" orders
-- by bytes on every machine and lets `like 'ros%'` use the index.
create table contact_key (
  kind       text not null check (kind in ('name', 'fiscal-code', 'phone', 'email')),
  key        text not null collate "C",
  contact_id uuid not null references contact (id),
  primary key (kind, key, contact_id)
);
create index contact_key_of_contact on contact_key (contact_id, kind, key);

-- Units that have had to do with a contact: their members may see the card. Kept when a matter is passed on, never taken away.
create table contact_unit (
  contact_id uuid not null references contact (id),
  unit_path  text not null collate "C",
  primary key (contact_id, unit_path)
);

-- How somebody made known who they are, and to whom. The level follows from these rows (src/contacts/policy.ts).
create table identification (
  id         uuid        primary key,
  contact_id uuid        not null references contact (id),
  method     text        not null,
  evidence   text        not null default '',
  call_id    uuid,
  by_person  uuid,
  by_name    text        not null,
  at         timestamptz not null
);
create index identification_of_contact on identification (contact_id, at);
