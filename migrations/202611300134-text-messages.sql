-- Reminders may go as text messages: where the service says so, to citizens who wish to be written to by them.
alter table agenda_service add column text_reminders boolean not null default false;
alter table agenda_service_of_unit add column text_reminders boolean;
alter table contact drop constraint contact_in_full_check;
alter table contact add constraint contact_in_full_check
  check ((intermediary_kind is null or intermediary_kind in ('patronato', 'caf', 'consultant', 'lawyer', 'association', 'other'))
         and (preferred_channel is null or preferred_channel in ('telephone', 'email', 'pec', 'post', 'text-message'))
         and needs <@ array['deaf', 'blind', 'speaks-slowly', 'interpreter']) not valid;
