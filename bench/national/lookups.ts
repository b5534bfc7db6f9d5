/**
 * The small tables that the large ones are drawn from, in a schema of their own (`national`) that is dropped at the end: names, days of birth,
 * towns by population, working days, matters, the sample institute's people and calendars.
 *
 * Everything is drawn by hashing a number with the seed (`national.draw`), so that the same seed and size make the same rows.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type pg from 'pg'
import { z } from 'zod'
import { readTerritory } from '../../sample/territory.ts'
import { holidays } from '../../src/organisation/index.ts'
import { addDays, dayAt, foldName, instantOf, weekdayOf } from '../../src/platform/index.ts'
import { families, familyWeight, givenOfMen, givenOfWomen, givenWeight, inhabitants, trades } from './names.ts'

/** How finely names are weighted. */
const nameSlots = 10_000
/** A contact lives in the town of its number modulo this. */
export const placeSlots = 5_000
export const timeZone = 'Europe/Rome'
/** Office day of the contact centre: from eight, for ten hours. */
const opensAt = 8 * 60
export const dayHours = 10
/** Working days with appointments to come. */
const daysToCome = 40

/** Makes the schema and its tables. Returns how many working days there are until `now`, and how much of the last one is over. */
export async function makeLookups(
  client: pg.Client,
  seed: number,
  now: Date,
  years: number,
): Promise<{ days: number; part: number }> {
  await client.query('drop schema if exists national cascade; create schema national')
  await client.query(`
    create function national.draw(n bigint, salt int) returns float8 language sql immutable parallel safe as
    $$ select (hashint8extended(n, ${seed}::bigint * 1000 + salt) & 9007199254740991)::float8 / 9007199254740992 $$;
    -- An identifier of version 7: the instant, what it is of, and a number.
    create function national.key(kind int, at timestamptz, n bigint) returns uuid language sql immutable parallel safe as
    $$ select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(kind), 3, '0') || '8' || lpad(to_hex(n), 15, '0'))::uuid $$;
    create function national.code(n bigint) returns text language plpgsql immutable parallel safe as $$
    declare
      damm   constant text := '0317598642709215486342068713591750983426612304597836742095815869720134894536201794386172052581436790';
      digits constant text := (100000000 + (n * 472882027 + 77777777) % 900000000)::text;
      state  int := 0;
    begin
      for i in 1..9 loop
        state := substr(damm, state * 10 + substr(digits, i, 1)::int + 1, 1)::int;
      end loop;
      return digits || state;
    end $$`)
  await insert(
    client,
    'family',
    'slot int, name text, folded text, code text, sum int',
    weighted(families, familyWeight, familyCode, 1),
  )
  await insert(client, 'given', 'slot int, sex text, name text, folded text, code text, sum int', [
    ...weighted(givenOfMen, givenWeight, givenCode, 4).map(row => ({ ...row, sex: 'M' })),
    ...weighted(givenOfWomen, givenWeight, givenCode, 4).map(row => ({ ...row, sex: 'F' })),
  ])
  await insert(
    client,
    'trade',
    'slot int, name text, folded text',
    trades.map((name, slot) => ({ slot, name, folded: foldName(name) })),
  )
  await insert(client, 'birthday', 'slot int, date date, men text, men_sum int, women text, women_sum int', birthdays())
  await insert(
    client,
    'place',
    'slot int, municipality text, name text, province text, region text, belfiore text, sum int, area_code text',
    places(),
  )
  const days = workDays(now, years)
  await insert(client, 'work_day', 'i int, opens timestamptz', days.rows)
  await client.query(`
    create table national.province as
    select province, min(slot) as first, count(*)::int as slots from national.place group by province;
    create table national.matter as
    select (row_number() over (order by place))::int - 1 as slot, id, label, ccm_section_id, cric_section, central_directorate_id, it_matter
    from   typology where leaf;
    create table national.staff as
    select person.id, person.name, assignment.role, assignment.unit_id, unit.name as unit_name, assignment.unit_path,
           (row_number() over (partition by assignment.role, assignment.unit_id order by person.id))::int - 1 as j,
           (count(*) over (partition by assignment.role, assignment.unit_id))::int as colleagues,
           string_to_array(rtrim(unit.path, '/'), '/') as units,
           jsonb_build_object('kind', 'person', 'personId', person.id, 'name', person.name, 'role', assignment.role,
             'unitId', assignment.unit_id, 'unitPath', assignment.unit_path, 'assignmentId', assignment.id) as actor
    from   person join assignment on assignment.person_id = person.id join unit on unit.id = assignment.unit_id;
    update national.staff set role = 'operator' where role = 'switchboard';
    create table national.section as
    select unit.id, unit.name, unit.path, unit.region_code, unit.cric_section,
           coalesce(centre.id, unit.id) as centre_id, coalesce(centre.name, unit.name) as centre_name,
           string_to_array(rtrim(unit.path, '/'), '/') as units
    from   unit left join unit centre on centre.id = unit.parent_id and unit.kind = 'cric-section'
    where  unit.kind in ('cric-section', 'gai');
    create table national.calendar as
    select (row_number() over (order by agenda_calendar.no))::int - 1 as c, agenda_calendar.id, agenda_calendar.no, agenda_calendar.unit_id,
           agenda_calendar.officer_id, agenda_calendar.officer_name, agenda_calendar.services, unit.name as unit_name, unit.path as unit_path,
           unit.province_code, string_to_array(rtrim(unit.path, '/'), '/') as units, officer.actor
    from   agenda_calendar join unit on unit.id = agenda_calendar.unit_id
    cross  join lateral (select actor from national.staff where unit_id = unit.id and role = 'agency_officer' order by j limit 1) officer
    where  agenda_calendar.active;
    create table national.office as
    select distinct on (unit.province_code) unit.province_code, unit.id, unit.name, string_to_array(rtrim(unit.path, '/'), '/') as units, office_number.number
    from   office_number join unit on unit.id = office_number.unit_id where unit.kind = 'agency' order by unit.province_code, unit.id;
    create table national.directorate as
    select distinct on (unit_id) unit_id, unit_name, unit_path, units, actor from national.staff where role = 'central_member' order by unit_id, j;
    alter table national.place       add primary key (slot);
    alter table national.province    add primary key (province);
    alter table national.work_day    add primary key (i);
    alter table national.matter      add primary key (slot);
    alter table national.staff       add primary key (id);
    alter table national.section     add primary key (id);
    alter table national.calendar    add primary key (c);
    alter table national.office      add primary key (province_code);
    alter table national.directorate add primary key (unit_id);
    analyze national.province, national.work_day, national.matter, national.section, national.office, national.directorate, national.trade;
    analyze national.family, national.given, national.birthday, national.place, national.staff, national.calendar`)
  return { days: days.past, part: days.part }
}

async function insert(client: pg.Client, table: string, columns: string, rows: readonly object[]): Promise<void> {
  await client.query(`create table national.${table} (${columns})`)
  await client.query(`insert into national.${table} select * from json_to_recordset($1::json) as row (${columns})`, [
    JSON.stringify(rows),
  ])
}

/** Names spread over the slots by their weights, the common ones over many. */
function weighted(names: readonly string[], weight: (n: number) => number, code: (name: string) => string, position: number) {
  const total = names.reduce((sum, _, n) => sum + weight(n), 0)
  let upTo = 0
  return names.flatMap((name, n) => {
    const from = Math.round((upTo / total) * nameSlots)
    upTo += weight(n)
    const to = Math.round((upTo / total) * nameSlots)
    const row = { name, folded: foldName(name), code: code(name), sum: checkSum(code(name), position) }
    return Array.from({ length: to - from }, (_, i) => ({ slot: from + i, ...row }))
  })
}

// --- fiscal codes (their form is explained in src/contacts/fiscal-code.ts) ------------------------------------------

const oddValues = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]

/** What some characters add to the check character, beginning at a position from 1. */
function checkSum(text: string, position: number): number {
  let sum = 0
  for (const [i, character] of [...text].entries()) {
    const value = /\d/.test(character) ? Number(character) : character.charCodeAt(0) - 65
    sum += (position + i) % 2 === 1 ? (oddValues[value] ?? 0) : value
  }
  return sum
}

const letters = (name: string): string => foldName(name).replaceAll(' ', '').toUpperCase()
const consonantsOf = (name: string): string => letters(name).replace(/[AEIOU]/g, '')
const vowelsOf = (name: string): string => letters(name).replace(/[^AEIOU]/g, '')
const familyCode = (name: string): string => `${consonantsOf(name)}${vowelsOf(name)}XXX`.slice(0, 3)
function givenCode(name: string): string {
  const consonants = consonantsOf(name)
  return consonants.length > 3 ? `${consonants[0]}${consonants[2]}${consonants[3]}` : familyCode(name)
}

function birthdays() {
  const rows: object[] = []
  for (let day = '1930-01-01', slot = 0; day < '2007-01-01'; day = addDays(day, 1), slot++) {
    const [year = '', month = '', date = ''] = day.split('-')
    const begin = `${year.slice(2)}${'ABCDEHLMPRST'[Number(month) - 1]}`
    const men = `${begin}${date}`
    const women = `${begin}${Number(date) + 40}`
    rows.push({ slot, date: day, men, men_sum: checkSum(men, 7), women, women_sum: checkSum(women, 7) })
  }
  return rows
}
export const birthdayCount = 28_124

// --- places ---------------------------------------------------------------------------------------------------------

const Row = z.object({
  codice_istat: z.string(),
  denominazione_ita: z.string(),
  sigla_provincia: z.string(),
  codice_regione: z.string(),
  codice_belfiore: z.string(),
})

/**
 * Towns over the slots: provinces by their inhabitants, one after the other; in a province a third lives at its seat, a third in the other
 * towns with an agency, the rest anywhere.
 */
function places() {
  const folder = dirname(createRequire(import.meta.url).resolve('italian-locations'))
  const file = readdirSync(folder).find(name => /^gi_comuni_cap.*\.json$/.test(name)) ?? ''
  const towns = new Map(
    z
      .array(Row)
      .parse(JSON.parse(readFileSync(join(folder, file), 'utf8')))
      .map(row => [row.codice_istat, row]),
  )
  const byProvince = Map.groupBy(towns.values(), row => row.sigla_provincia)
  const provinces = readTerritory()
  const total = provinces.reduce((sum, each) => sum + (inhabitants[each.code] ?? 0), 0)
  let upTo = 0
  return provinces.flatMap(province => {
    const first = Math.round((upTo / total) * placeSlots)
    upTo += inhabitants[province.code] ?? 0
    const end = Math.round((upTo / total) * placeSlots)
    const anywhere = byProvince.get(province.code) ?? []
    const withAgency = province.agencies.map(agency => agency.municipality.code)
    return Array.from({ length: end - first }, (_, i) => {
      const code =
        i % 3 === 0
          ? province.seat.municipality.code
          : i % 3 === 1
            ? (withAgency[i % withAgency.length] ?? '')
            : (anywhere[(i * 7919) % anywhere.length]?.codice_istat ?? '')
      const town = towns.get(code)
      return {
        slot: first + i,
        municipality: code,
        name: town?.denominazione_ita,
        province: province.code,
        region: province.region.code,
        belfiore: town?.codice_belfiore,
        sum: checkSum(town?.codice_belfiore ?? '', 12),
        area_code: province.seat.areaCode,
      }
    })
  })
}

// --- time -----------------------------------------------------------------------------------------------------------

function workDays(now: Date, years: number) {
  const today = dayAt(timeZone, now.getTime())
  const isWorkDay = (day: string) => weekdayOf(day) < 6 && !holidays(Number(day.slice(0, 4)), 'RM').includes(day)
  const until = (first: string, days: number) => {
    const found: string[] = []
    for (let day = first; found.length < days; day = addDays(day, 1)) if (isWorkDay(day)) found.push(day)
    return found
  }
  const past: string[] = []
  for (let day = addDays(today, -Math.round(365 * years)); day <= today; day = addDays(day, 1)) if (isWorkDay(day)) past.push(day)
  const all = [...past, ...until(addDays(today, 1), daysToCome)]
  const opens = (day: string) => instantOf(timeZone, day, opensAt)
  const over = (now.getTime() - opens(past.at(-1) ?? today)) / (dayHours * 3_600_000)
  return {
    rows: all.map((day, i) => ({ i, opens: new Date(opens(day)).toISOString() })),
    past: past.length,
    part: Math.min(Math.max(over, 0), 1),
  }
}
