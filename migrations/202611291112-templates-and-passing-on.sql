-- Texts that a unit keeps for its answers. Those of a unit are there for all units under it.
create table answer_template (
  id          uuid        primary key,
  unit_id     text        not null,
  unit_path   text        not null collate "C",
  -- What it is about, with everything under it; null where it serves any question.
  typology_id text,
  language    text        not null check (language in ('it', 'en')),
  name        text        not null,
  body        text        not null,
  changed_at  timestamptz not null,
  changed_by  text        not null,
  version     integer     not null default 1
);
create index answer_template_of_unit on answer_template (unit_path, name, id);

-- Mails that one unit has passed on to another, and why.
create table mail_passing (
  id             uuid        primary key,
  interaction_id uuid        not null references interaction (id),
  from_unit_id   text        not null,
  from_unit_name text        not null,
  to_unit_id     text        not null,
  to_unit_name   text        not null,
  note           text        not null,
  by_name        text        not null,
  at             timestamptz not null
);
create index mail_passing_of_mail on mail_passing (interaction_id, at, id);
