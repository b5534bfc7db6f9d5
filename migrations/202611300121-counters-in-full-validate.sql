alter table visit validate constraint visit_origin_check;
