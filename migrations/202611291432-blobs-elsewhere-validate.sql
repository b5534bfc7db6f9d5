alter table mail validate constraint mail_last_reason_check;
