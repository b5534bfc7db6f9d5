-- What columns with a closed list of words may say, which until now only the program looked at. Not looked at for the rows that are there: that
-- would keep everybody out while it is read. The next file looks, beside people who work.

-- Channels are folders of the program (`src/channels/`), so that a new one needs no change here: only the form of a name is looked at.
alter table mail add column channel text not null default 'email';
alter table ticket drop constraint ticket_reply_kind_check;
alter table ticket add constraint ticket_reply_kind_check check (reply_kind ~ '^[a-z][a-z-]{1,30}$') not valid;
alter table message drop constraint message_channel_check;
alter table message add constraint message_channel_check check (channel ~ '^[a-z][a-z-]{1,30}$') not valid;

alter table call add constraint call_phase_check
  check (phase in ('menu', 'office', 'waiting', 'callback', 'dialling', 'talking', 'farewell', 'ended')) not valid;
alter table call_turn add constraint call_turn_outcome_check
  check (outcome in ('ringing', 'talking', 'answered', 'unreached', 'interrupted', 'transferred', 'no-answer', 'declined', 'failed',
                     'withdrawn')) not valid;
-- What a role may do stands in src/identity/capabilities.ts; that it is a role of ours is looked at here, because it opens doors.
alter table assignment add constraint assignment_role_check
  check (role in ('operator', 'switchboard', 'supervisor', 'cric_member', 'cric_coordinator', 'gai_member', 'central_member', 'agency_officer',
                  'agency_manager', 'regional_director', 'headquarters', 'administrator')) not valid;

-- Settings are objects. What lies in them, the program reads with a schema; a length of time that is no number it could not read at all.
alter table section_routing add constraint section_routing_settings_check
  check (jsonb_typeof(settings) = 'object'
         and not jsonb_path_exists(settings, '$.keyvalue() ? (@.key like_regex "Ms$" && @.value.type() != "number")', '{}', true)) not valid;
alter table callback_setting add constraint callback_setting_settings_check check (jsonb_typeof(settings) = 'object') not valid;
