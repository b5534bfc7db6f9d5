/** The contacts: nine persons to one business, where people live, with what each is found by. */
import type pg from 'pg'
import { birthdayCount, dayHours, placeSlots } from './lookups.ts'

export const contactTables = [
  'contact',
  'contact_phone',
  'contact_email',
  'contact_key',
  'contact_unit',
  'contact_unit_key',
] as const

/** Fractions of a run of working days as instants, the contacts of the first few thousandths at its beginning. */
export async function makeContacts(client: pg.Client, contacts: number, time: { days: number; part: number }): Promise<void> {
  const span = time.days - 1 + time.part
  await client.query(`
    create unlogged table national.contact as
    select n, national.key(1, day.opens + moment % 1 * interval '${dayHours} hours', n) as id,
           day.opens + moment % 1 * interval '${dayHours} hours' as at,
           place.slot, place.municipality, place.name as town, place.province, place.region, place.area_code,
           drawn.kind, case when kind = 'person' then given.name || coalesce(' ' || second.name, '') end as given_name,
           case when kind = 'person' then family.name end as family_name,
           case when kind = 'business' then trade.name || ' ' || family.name end as business_name,
           case when kind = 'person' then family.folded || ' ' || given.folded || coalesce(' ' || second.folded, '')
                else trade.folded || ' ' || family.folded end as folded,
           case when kind = 'person' then birthday.date end as birth_date,
           case when national.draw(n, 12) < 0.7 then mobile else town_line end as phone,
           case when national.draw(n, 17) >= 0.3 then null when national.draw(n, 12) < 0.7 then town_line else mobile end as second_phone,
           case when national.draw(n, 18) < 0.45
                then replace(family.folded || coalesce(given.folded, ''), ' ', '') || (n % 997) || '@example.org' end as email,
           case when kind = 'person'
                then family.code || given.code || case given.sex when 'M' then birthday.men else birthday.women end || born.belfiore
                     || chr(65 + (family.sum + given.sum + case given.sex when 'M' then birthday.men_sum else birthday.women_sum end + born.sum) % 26)
                else business.digits || ((10 - (
                       select sum(case when i % 2 = 1 then d when d < 5 then 2 * d else 2 * d - 9 end)
                       from   (select i, substr(business.digits, i, 1)::int as d from generate_series(1, 10) i) each) % 10) % 10)::text end as fiscal_code
    from   (select n::bigint,
                   greatest(0, n - ${placeSlots})::numeric / ${contacts} * ${span} as moment,
                   case when national.draw(n, 1) < 0.9 then 'person' else 'business' end as kind,
                   floor(national.draw(n, 2) * 10000)::int as family_slot, floor(national.draw(n, 3) * 10000)::int as given_slot,
                   case when national.draw(n, 4) < 0.5 then 'M' else 'F' end as sex,
                   floor(national.draw(n, 5) * ${birthdayCount})::int as birthday_slot,
                   case when national.draw(n, 6) < 0.7 then n % ${placeSlots} else floor(national.draw(n, 7) * ${placeSlots})::int end as born_slot,
                   case when national.draw(n, 8) < 0.08 then floor(national.draw(n, 9) * 10000)::int end as second_slot,
                   floor(national.draw(n, 10) * 20)::int as trade_slot
            from generate_series(0, ${contacts - 1}) n) drawn
    join   national.work_day day        on day.i = floor(moment)
    join   national.place place         on place.slot = n % ${placeSlots}
    join   national.place born          on born.slot = born_slot
    join   national.family              on family.slot = family_slot
    join   national.given given         on given.slot = given_slot and given.sex = drawn.sex
    join   national.birthday            on birthday.slot = birthday_slot
    join   national.trade               on trade.slot = trade_slot
    left join national.given second     on second.slot = second_slot and second.sex = drawn.sex and second.name <> given.name
    cross  join lateral (select '+393' || lpad(floor(national.draw(n, 13) * 1000000000)::text, 9, '0') as mobile,
                                '+39' || place.area_code || lpad(floor(national.draw(n, 15) * power(10, 10 - length(place.area_code)))::text,
                                                                 10 - length(place.area_code), '0') as town_line) lines
    cross  join lateral (select lpad(((n * 7 + 13) % 10000000)::text, 7, '0') || lpad((n % 120 + 1)::text, 3, '0') as digits) business`)
  await client.query('alter table national.contact add primary key (n); analyze national.contact')
  // Two people of one name who were born in one town on one day: the second has no code here.
  await client.query(`
    update national.contact set fiscal_code = null
    where  n in (select n from (select n, row_number() over (partition by fiscal_code order by n) as nth from national.contact) twice where nth > 1)`)
  await client.query(`
    insert into contact (id, kind, given_name, family_name, business_name, fiscal_code, birth_date, municipality_code, province_code,
                         region_code, language, created_at, updated_at)
    select id, kind, given_name, family_name, business_name, fiscal_code, birth_date, municipality, province, region,
           case when province = 'BZ' and national.draw(n, 11) < 0.6 then 'de' else 'it' end, at, at
    from   national.contact
    order  by n`)
  // A mobile number first for most; a line of the town for the others, and for some as the second.
  await client.query(`
    insert into contact_phone (contact_id, number, position)
    select id, number, position
    from   national.contact cross join lateral (values (phone, 0), (second_phone, 1)) line (number, position)
    where  number is not null`)
  await client.query(
    'insert into contact_email (contact_id, address, position) select id, email, 0 from national.contact where email is not null',
  )
}

/** What contacts are found by, and who may see them: after the cases, which say who had to do with whom. */
export async function makeKeys(client: pg.Client): Promise<void> {
  await client.query(`
    insert into contact_key (kind, key, contact_id)
    select distinct 'name', array_to_string(words[start:] || words[:start - 1], ' '), id
    from   (select id, string_to_array(folded, ' ') as words from national.contact) named
    cross  join lateral generate_series(1, cardinality(words)) start
    union all
    -- The order of its words that comes first, with the day of birth: as doubleKey in src/contacts/names.ts.
    select 'double', first || '|' || case when fiscal_code is null then '-' else '+' end || coalesce(birth_date::text, ''), id
    from   (select *, string_to_array(folded, ' ') as words from national.contact) named
    cross  join lateral (select min(array_to_string(words[start:] || words[:start - 1], ' ') collate "C") as first
                         from generate_series(1, cardinality(words)) start) ordered
    union all
    select 'fiscal-code', lower(fiscal_code), id from national.contact where fiscal_code is not null
    union all
    select 'phone', number, contact_id from contact_phone
    union all
    select 'email', address, contact_id from contact_email`)
  await client.query(`
    insert into contact_unit_key (unit_path, kind, key, contact_id)
    select unit_path, kind, key, contact_id from contact_unit join contact_key using (contact_id)`)
  // As the trigger of migrations/202611290322-words-of-names.sql, which is off while the register is loaded.
  await client.query(`
    insert into name_near (near, word)
    select distinct near, word
    from   (select distinct unnest(string_to_array(folded, ' ')) as word from national.contact) named
    cross  join lateral (select word as near
                         union
                         select overlay(word placing '' from place for 1) from generate_series(1, length(word)) place) rest
    where  length(word) between 3 and 24
    on     conflict do nothing`)
}

export async function makeUnits(client: pg.Client): Promise<void> {
  await client.query(`
    insert into contact_unit (contact_id, unit_path)
    select contact_id, operator_path from national.story where by_operator
    union
    select contact_id, section_path from national.story where kind = 'linea'
    union
    select contact_id, directorate_path from national.story where forwarded_at <= now_at
    union
    select contact_id, office_path from national.story where kind = 'appointment'
    union
    -- Those who were written down at a counter.
    select contact.id, offices[1 + floor(national.draw(contact.n, 40) * cardinality(offices))::int]
    from   national.contact
    join   (select province_code, array_agg(distinct unit_path order by unit_path) as offices from national.calendar group by province_code) near
           on near.province_code = contact.province
    where  national.draw(contact.n, 41) < 0.1`)
}
