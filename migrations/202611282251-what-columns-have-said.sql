-- Looks whether the rows that are there say what they may (202611282250): nobody who reads or writes waits for it.
alter table ticket           validate constraint ticket_reply_kind_check;
alter table message          validate constraint message_channel_check;
alter table call             validate constraint call_phase_check;
alter table call_turn        validate constraint call_turn_outcome_check;
alter table assignment       validate constraint assignment_role_check;
alter table section_routing  validate constraint section_routing_settings_check;
alter table callback_setting validate constraint callback_setting_settings_check;
