/**
 * Many who want the same times at once.
 *
 *   npm run bench -- booking [--rounds 50] [--bookers 200] [--pool 20]
 *
 * An office has half as many places on a day as there are bookers, ten desks at each time. All of them ask at the same moment for a time of that
 * day; who finds it taken asks for the next free one that the refusal names, until there is none; who has a time confirms it. On a
 * PostgreSQL with fsync on. In each round as many are booked as there are places, nobody twice in one place, and nobody is told that nothing is
 * free while something is.
 */
import { cpus, loadavg } from 'node:os'
import { sql } from 'kysely'
import { z } from 'zod'
import { confirmHold, insertAgenda, takeHold } from '../src/agenda/index.ts'
import { holidays } from '../src/organisation/index.ts'
import {
  type Actor,
  addDays,
  dayAt,
  type House,
  instantOf,
  inTransaction,
  openPostgres,
  Refused,
  readConfig,
  virtualClock,
} from '../src/platform/index.ts'
import { calendarIds, openMatter, service, smallAgenda } from '../test/support/agenda.ts'
import { openHouse } from '../test/support/house.ts'
import { startCluster } from '../test/support/postgres.ts'
import { loadInstitute } from './national/kept.ts'

const Options = z.object({
  rounds: z.coerce.number().int().min(1).max(200).default(50),
  bookers: z.coerce.number().int().min(20).max(400).default(200),
  pool: z.coerce.number().int().min(2).max(100).default(20),
})

const settings = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on', shared_buffers: '256MB' }
const zone = 'Europe/Rome'
const office = 'ag-roma-eur'
const desks = 10
const opens = 480
/** A Tuesday at ten in the office; each round is one of the following days, without holidays. */
const now = Date.UTC(2026, 10, 24, 9)
const citizen: Actor = { kind: 'citizen', channel: 'web' }

export default async function bench(): Promise<void> {
  const given: Record<string, string> = {}
  for (let i = 3; i < process.argv.length; i += 2) given[(process.argv[i] ?? '').replace(/^--/, '')] = process.argv[i + 1] ?? ''
  const options = Options.parse(given)
  const cluster = await startCluster(settings)
  try {
    const url = cluster.url('postgres')
    await loadInstitute(url)
    const database = await openPostgres(url, options.pool)
    const config = readConfig({ DATABASE_URL: url, LOG_LEVEL: 'error', SAMPLE: 'yes' })
    const house = await openHouse(database, config, virtualClock(now))
    try {
      await measure(house, options)
    } finally {
      await house.tail.close()
      await database.close()
    }
  } finally {
    await cluster.stop()
  }
}

async function measure(house: House, { rounds, bookers, pool }: z.infer<typeof Options>): Promise<void> {
  const places = Math.floor(bookers / 2 / desks) * desks
  await setUp(house, places)
  const matters: Awaited<ReturnType<typeof openMatter>>[] = []
  for (let i = 0; i < bookers; i++) matters.push(await openMatter(house, { email: null }))
  const ms: number[] = []
  let booked = 0
  let lost = 0
  for (const [round, day] of openDays(rounds).entries()) {
    const outcomes = await Promise.all(
      matters.map((matter, i) => book(house, matter, start(day, i % (places / desks)), `${round}-${i}`, ms)),
    )
    booked += outcomes.filter(outcome => outcome === day).length
    // A place that is left although somebody was told that there is none is lost.
    lost += places - outcomes.filter(outcome => outcome === day).length
    // The next round begins with an empty agenda behind it.
    await sql`delete from agenda_taken where starts_at >= ${new Date(instantOf(zone, addDays(day, 1), 0))}`.execute(
      house.database.kysely,
    )
  }
  const { rows } = await sql<{ double: number }>`
    select count(*)::int as double from agenda_taken a join agenda_taken b
    on a.calendar_id = b.calendar_id and a.lane = b.lane and a.id < b.id and a.starts_at < b.ends_at and b.starts_at < a.ends_at`.execute(
    house.database.kysely,
  )
  const p95 = ms.toSorted((a, b) => a - b)[Math.floor(ms.length * 0.95)] ?? 0
  console.log(
    `${bookers} at once for ${places} places, ${rounds} rounds, ${pool} connections; ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, load ${loadavg()[0]?.toFixed(1)}; Node ${process.version}`,
  )
  const perRound = (booked / rounds).toFixed(2)
  console.log(`bench booking booked=${perRound} lost=${lost} double=${rows[0]?.double ?? 0} p95_ms=${Math.round(p95)}`)
}

/** The first days on which the office is open, from the day after `now`. */
function openDays(count: number): string[] {
  const days: string[] = []
  for (let day = dayAt(zone, now + 86_400_000); days.length < count; day = addDays(day, 1))
    if (!holidays(Number(day.slice(0, 4)), 'RM', '058091').includes(day)) days.push(day)
  return days
}

const start = (day: string, n: number): string =>
  new Date(instantOf(zone, day, opens + n * service.durationMinutes)).toISOString()

/** The office with its ten desks, open each day for as long as the places take. */
async function setUp(house: House, places: number): Promise<void> {
  await smallAgenda(house)
  const db = house.database.kysely
  await sql`delete from agenda_opening`.execute(db)
  await sql`delete from agenda_calendar`.execute(db)
  const closes = opens + (places / desks) * service.durationMinutes
  await insertAgenda(db, {
    services: [],
    offered: [],
    calendars: [
      {
        ...{ id: calendarIds.desks, unitId: office, officer: null, label: 'Sportelli', capacity: desks, services: [service.id] },
        openings: [1, 2, 3, 4, 5, 6, 7].map(weekday => ({ weekday, opens, closes })),
      },
    ],
  })
  await sql`update agenda_service set horizon_days = 366`.execute(db)
}

/** Takes a time and confirms it, or the next free one of the same day. Returns the day; undefined when nothing of it is left. */
async function book(
  house: House,
  matter: Awaited<ReturnType<typeof openMatter>>,
  first: string,
  session: string,
  ms: number[],
): Promise<string | undefined> {
  const day = first.slice(0, 10)
  for (let wanted = first; wanted.slice(0, 10) === day; ) {
    const begun = performance.now()
    try {
      const hold = await takeHold(house, citizen, { unitId: office, serviceId: service.id, start: wanted, session })
      ms.push(performance.now() - begun)
      await inTransaction(house, citizen, work =>
        confirmHold(work, { holdId: hold.id, session, reason: 'x', despiteOther: true, ...matter }),
      )
      return day
    } catch (error) {
      ms.push(performance.now() - begun)
      if (!(error instanceof Refused) || typeof error.values.nextFree !== 'string') throw error
      wanted = error.values.nextFree
    }
  }
  return undefined
}
