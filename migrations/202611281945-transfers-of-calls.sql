-- Who handed a call to another section, and what whoever takes it should know: shown on the call's card from the ring on.
create table call_transfer (
  call_id         uuid        not null references call (id),
  at              timestamptz not null,
  by_person       uuid        not null,
  by_name         text        not null,
  from_section_id text,
  section_id      text        not null,
  note            text        not null,
  primary key (call_id, at)
);
