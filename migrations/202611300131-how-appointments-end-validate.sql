alter table appointment
  validate constraint appointment_state_check,
  validate constraint appointment_ended_check,
  validate constraint appointment_cancelled_by_check;
