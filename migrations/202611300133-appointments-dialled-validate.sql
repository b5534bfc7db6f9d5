alter table call validate constraint call_phase_check;
