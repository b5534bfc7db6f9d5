/**
 * The search for free times at national size.
 *
 *   npm run bench -- slots [--seed 1] [--questions 400]
 *
 * 500 offices in as many towns, six officers each, open in the mornings; of their places of the next 60 days 70 % are taken, the nearer the
 * more: a fifth of the offices has nothing for three weeks. Beside it, 50 such offices on a database of their own. On a PostgreSQL with fsync on,
 * citizens look around their towns and book or cancel meanwhile; then the first time of each region is asked for.
 */
import { cpus, loadavg } from 'node:os'
import pg from 'pg'
import { z } from 'zod'
import { cancelAppointment } from '../src/agenda/appointments.ts'
import { confirmHold, takeHold } from '../src/agenda/index.ts'
import { SearchQuery } from '../src/agenda/search/model.ts'
import { searchTimes } from '../src/agenda/search/service.ts'
import { municipalities } from '../src/organisation/index.ts'
import { type Actor, type House, inTransaction, openPostgres, Refused, readConfig, virtualClock } from '../src/platform/index.ts'
import { openMatter } from '../test/support/agenda.ts'
import { openHouse } from '../test/support/house.ts'
import { startCluster } from '../test/support/postgres.ts'
import { staff } from '../test/support/staff.ts'
import { percentile } from './lists/reading.ts'
import { loadInstitute } from './national/kept.ts'

const Options = z.object({
  seed: z.coerce.number().int().default(1),
  questions: z.coerce.number().int().min(20).max(5_000).default(400),
})

const settings = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on', shared_buffers: '512MB', max_wal_size: '4GB' }
/** A Tuesday at ten in the office. */
const now = Date.UTC(2026, 10, 24, 9)
const serviceId = 'bench'
const [large, small] = [500, 50]
const officers = 6
const nations = 40
/** Each so many questions, somebody books the first time that was found; of these, each second one cancels. */
const bookEach = 5
const targets = { near: 25, nation: 100, growth: 2 }

export default async function bench(): Promise<void> {
  const given: Record<string, string> = {}
  for (let i = 3; i < process.argv.length; i += 2) given[(process.argv[i] ?? '').replace(/^--/, '')] = process.argv[i + 1] ?? ''
  const options = Options.parse(given)
  const cluster = await startCluster(settings)
  try {
    await loadInstitute(cluster.url('postgres'))
    const admin = new pg.Client(cluster.url('postgres'))
    await admin.connect()
    await admin.query('create database small template template0')
    await admin.end()
    await loadInstitute(cluster.url('small'))
    const ofSmall = await measure(cluster.url('small'), small, options)
    const ofLarge = await measure(cluster.url('postgres'), large, options)
    print(ofSmall, ofLarge)
  } finally {
    await cluster.stop()
  }
}

interface Measured {
  offices: number
  places: number
  share: number
  nearMs: number[]
  coldMs: number
  nationMs: number[]
  found: number
  booked: number
}

async function measure(url: string, offices: number, { seed, questions }: z.infer<typeof Options>): Promise<Measured> {
  const filled = await fill(url, offices, seed)
  const database = await openPostgres(url, 4)
  const config = readConfig({ DATABASE_URL: url, LOG_LEVEL: 'error', SAMPLE: 'yes' })
  const house = await openHouse(database, config, virtualClock(now))
  try {
    // Each office has been looked at once: what nobody has asked since a start is not what is measured.
    const begun = performance.now()
    await ask(house, {})
    const coldMs = performance.now() - begun
    const towns = filled.towns
    await around(house, towns, Math.min(questions, towns.length), 1)
    const near = await around(house, towns, questions, seed)
    const nationMs: number[] = []
    for (let i = 0; i < nations; i++) nationMs.push((await timed(() => ask(house, {}))).ms)
    return { offices, ...filled, ...near, coldMs, nationMs }
  } finally {
    await house.tail.close()
    await database.close()
  }
}

const ask = (house: House, query: Record<string, string>) =>
  searchTimes(house, staff.anna, SearchQuery.parse({ serviceId, ...query }))

async function timed<T>(work: () => Promise<T>): Promise<{ answer: T; ms: number }> {
  const begun = performance.now()
  const answer = await work()
  return { answer, ms: performance.now() - begun }
}

/** Asks around towns, and books and cancels between the questions. */
async function around(house: House, towns: readonly string[], questions: number, seed: number) {
  const nearMs: number[] = []
  let [found, booked] = [0, 0]
  for (let i = 0; i < questions; i++) {
    const near = towns[(i * 7 + seed) % towns.length] ?? ''
    const part: Record<string, string> = i % 4 === 0 ? { part: 'morning' } : {}
    const { answer, ms } = await timed(() => ask(house, { near, ...part }))
    nearMs.push(ms)
    found += answer.items.length
    const first = answer.items[0]
    if (i % bookEach === 0 && first && (await book(house, first.unit.id, first.start, booked % 2 === 1))) booked++
  }
  return { nearMs, found: found / questions, booked }
}

const citizen: Actor = { kind: 'citizen', channel: 'web' }

async function book(house: House, unitId: string, start: string, cancels: boolean): Promise<boolean> {
  const matter = await openMatter(house, { email: null })
  const session = matter.code
  try {
    const hold = await takeHold(house, citizen, { unitId, serviceId, start, session })
    const { id } = await inTransaction(house, citizen, work =>
      confirmHold(work, { holdId: hold.id, session, reason: 'x', despiteOther: true, ...matter }),
    )
    if (cancels)
      await cancelAppointment(house, { kind: 'system', name: 'worker' }, { appointmentId: id, reason: 'Non può', by: 'citizen' })
    return true
  } catch (error) {
    if (error instanceof Refused) return false
    throw error
  }
}

/** Offices in towns all over the country, with their calendars and what is taken of them. */
async function fill(url: string, offices: number, seed: number) {
  const all = municipalities()
  const towns = Array.from({ length: offices }, (_, i) => all[Math.floor((i * all.length) / offices)]).flatMap(each => each ?? [])
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query('set session_replication_role = replica')
    await client.query(
      `insert into unit (id, parent_id, kind, agency_kind, name, path, region_code, province_code, municipality_code, address, latitude, longitude, time_zone)
       select 'bench-' || code, 'inps', 'agency', 'territorial', 'Agenzia di ' || name, 'inps/bench-' || code || '/', region, province, code, 'Via Roma 1',
              latitude, longitude, 'Europe/Rome'
       from   unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::float8[], $6::float8[]) town (code, name, region, province, latitude, longitude)`,
      [
        towns.map(({ code }) => code),
        towns.map(({ name }) => name),
        towns.map(({ regionCode }) => regionCode),
        towns.map(({ provinceCode }) => provinceCode),
        towns.map(({ latitude }) => latitude),
        towns.map(({ longitude }) => longitude),
      ],
    )
    await client.query(
      `insert into agenda_service (id, name, duration_minutes, notice_minutes, horizon_days, sections) values ($1, 'Consulenza', 30, 60, 60, '{}')`,
      [serviceId],
    )
    await client.query(
      `insert into agenda_service_of_unit (unit_id, service_id, position) select id, $1, 0 from unit where id like 'bench-%'`,
      [serviceId],
    )
    await client.query(
      `insert into agenda_calendar (id, unit_id, officer_id, officer_name, label, capacity, services)
       select gen_random_uuid(), id, gen_random_uuid(), 'Officer ' || n, 'Officer ' || n, 1, array[$1]
       from   unit, generate_series(1, ${officers}) n where id like 'bench-%'`,
      [serviceId],
    )
    await client.query(
      `insert into agenda_opening (calendar_id, weekday, opens, closes)
       select id, weekday, 510, 780 from agenda_calendar, generate_series(1, 5) weekday where unit_id like 'bench-%'`,
    )
    await client.query('alter table agenda_taken drop constraint taken_once')
    await client.query(
      `create temporary table place as
       select gen_random_uuid() as id, gen_random_uuid() as appointment_id, calendar.id as calendar_id, no, unit_id, officer_id, officer_name, day,
              (date '2026-11-24' + day + time '08:30' + step * interval '30 minutes') at time zone 'Europe/Rome' as starts_at,
              abs(hashtext(concat_ws(' ', unit_id, no, day, step, ${seed}))) % 1000 as dice, abs(hashtext(unit_id)) % 5 = 0 as is_full
       from   agenda_calendar calendar, generate_series(0, 60) day, generate_series(0, 8) step
       where  unit_id like 'bench-%' and extract(isodow from date '2026-11-24' + day) <= 5`,
    )
    // A fifth is full for three weeks; of all others the nearer days are the fuller.
    await client.query(
      `delete from place where not (case when is_full and day < 21 then true else dice < greatest(350, 960 - 10 * day) end)`,
    )
    await client.query(
      `insert into agenda_hold (id, owner, unit_id, service_id, calendar_id, starts_at, ends_at, until, ended)
       select id, 'bench', unit_id, $1, calendar_id, starts_at, starts_at + interval '30 minutes', starts_at, 'confirmed' from place`,
      [serviceId],
    )
    await client.query(
      `insert into agenda_taken (id, calendar_id, calendar_no, lane, starts_at, ends_at, appointment_id)
       select id, calendar_id, no, 0, starts_at, starts_at + interval '30 minutes', appointment_id from place`,
    )
    await client.query('alter table agenda_taken add constraint taken_once exclude using gist (stretch with &&)')
    const counted = await client.query<{ taken: number; weekdays: number }>(
      `select (select count(*) from place)::int as taken,
              (select count(*) from generate_series(0, 60) day where extract(isodow from date '2026-11-24' + day) <= 5)::int as weekdays`,
    )
    const { taken = 0, weekdays = 0 } = counted.rows[0] ?? {}
    const places = weekdays * 9 * officers * offices
    await client.query('vacuum (analyze) agenda_taken')
    await client.query('analyze')
    return { towns: towns.map(({ code }) => code), places, share: taken / places }
  } finally {
    await client.end()
  }
}

// --- the table ------------------------------------------------------------------------------------------------------

function print(ofSmall: Measured, ofLarge: Measured): void {
  console.log(
    `${officers * ofLarge.offices} officers, ${ofLarge.places} places in 60 days, ${Math.round(ofLarge.share * 100)} % taken; ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, load ${loadavg()[0]?.toFixed(1)}; Node ${process.version}`,
  )
  console.log(row('offices', 'near p50', 'p95', 'p99', 'times', 'booked', 'region p50', 'p99', 'at first'))
  for (const each of [ofSmall, ofLarge])
    console.log(
      row(
        String(each.offices),
        ...[0.5, 0.95, 0.99].map(share => percentile(each.nearMs, share).toFixed(1)),
        each.found.toFixed(1),
        String(each.booked),
        ...[0.5, 0.99].map(share => percentile(each.nationMs, share).toFixed(1)),
        each.coldMs.toFixed(0),
      ),
    )
  const near = percentile(ofLarge.nearMs, 0.99)
  const nation = percentile(ofLarge.nationMs, 0.99)
  const growth = near / percentile(ofSmall.nearMs, 0.99)
  console.log(row('target', '', '', `${targets.near}`, '', '', '', `${targets.nation}`, `growth ${targets.growth}`))
  console.log(`bench slots near_p99_ms=${near.toFixed(1)} nation_p99_ms=${nation.toFixed(1)} growth=${growth.toFixed(2)}`)
}

const row = (name: string, ...cells: string[]): string =>
  `${name.padEnd(10)}${cells.map(cell => cell.padStart(11)).join('')}`.trimEnd()
