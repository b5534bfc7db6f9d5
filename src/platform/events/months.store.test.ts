/** The journal in months: parts made ahead, numbers that move on, reads that touch only what they need. */
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { eachDatabase, onPostgres } from '../../../test/support/database.ts'
import {
  beginning,
  type Database,
  defineEvent,
  type Entry,
  keepMonths,
  type Position,
  readJournal,
  sealJournal,
  type Tables,
  verifyJournal,
} from '../index.ts'
import { parseSnapshot } from './position.ts'

const filed = defineEvent('test.filed', z.object({ name: z.string() }))
const insert = `insert into event (at, type, actor, payload) values (now(), '${filed.type}', '{}', json_build_object('name', $1::text))`
const nameOf = (entry: Entry) => String(entry.payload.name)
/** A position without the transactions that began before another one: those of neighbours in the cluster, which have nothing to write here. */
function begunFrom(first: bigint, { snapshot, ...rest }: Position): Position {
  const { xmax, running } = parseSnapshot(snapshot)
  const since = running.filter(xid => xid >= first)
  return { ...rest, snapshot: `${since[0] ?? xmax}:${xmax}:${since.join(',')}` }
}

/** 30,000 entries in 300 transactions: for one that wrote all of them the planner would take another way. */
async function writeMany(database: Pick<Database, 'query'>): Promise<void> {
  const hundred = `insert into event (at, type, actor, payload) select now(), '${filed.type}', '{}', '{"name": "many"}' from generate_series(1, 100)`
  for (let i = 0; i < 300; i++) await database.query(hundred, [])
}

const november = Date.UTC(2026, 10, 28)
const december = Date.UTC(2026, 11, 1)

eachDatabase(open => {
  test('a month begins its block of numbers once, never goes back, and rows lie in its part', async () => {
    const { database } = (await open()).house
    await database.query(insert, ['before'])
    expect(await keepMonths(database, november)).toBe(true)
    expect(await keepMonths(database, november)).toBe(false)
    await database.query(insert, ['november'])
    expect(await keepMonths(database, december)).toBe(true)
    expect(await keepMonths(database, november)).toBe(false)
    await database.query(insert, ['december'])
    const { rows } = await database.query(
      `select id, tableoid::regclass::text as part, payload ->> 'name' as name from event order by id`,
      [],
    )
    expect(rows).toEqual([
      { id: 1, part: 'event_before_months', name: 'before' },
      { id: 820_000_000_000, part: 'event_2026_11', name: 'november' },
      { id: 830_000_000_000, part: 'event_2026_12', name: 'december' },
    ])
    expect((await readJournal(database, beginning)).entries.map(nameOf)).toEqual(['before', 'november', 'december'])
    await expect(database.query('delete from event where id = $1', [820_000_000_000])).rejects.toThrow('only ever added')
    await expect(database.query('update event_2026_12 set type = $1', ['other'])).rejects.toThrow('only ever added')
    await sealJournal(database, 0)
    expect(await verifyJournal(database)).toMatchObject({ sound: true, rows: 3, unsealed: 0 })
  })
})

onPostgres(open => {
  test('two processes at once and writers beside them: begun once, no number twice, what was open comes late all the same', async () => {
    const { house, another, url = '' } = await open()
    const second = await another()
    await keepMonths(house.database, november)
    const late = new pg.Client(url)
    await late.connect()
    await late.query('begin')
    await late.query(insert, ['open over the end of the month'])
    const writes = Array.from({ length: 100 }, (_, i) => house.database.query(insert, [`${i}`]))
    const begun = await Promise.all([keepMonths(house.database, december), keepMonths(second.database, december)])
    await Promise.all(writes)
    expect(begun.filter(Boolean)).toHaveLength(1)
    const first = await readJournal(house.database, beginning)
    expect(first.entries).toHaveLength(100)
    await house.database.query(insert, ['december'])
    const next = await readJournal(house.database, first.position)
    expect(next.entries.map(nameOf)).toEqual(['december'])
    await late.query('commit')
    await late.end()
    expect((await readJournal(house.database, next.position)).entries.map(nameOf)).toEqual(['open over the end of the month'])
  })

  test('a look goes by index, into no month that is over, however long somebody else has a transaction open', async () => {
    const { house, url = '' } = await open()
    await keepMonths(house.database, november)
    await writeMany(house.database)
    await keepMonths(house.database, december)
    const stranger = new pg.Client(url)
    await stranger.connect()
    await stranger.query('begin')
    const { rows: strangers } = await stranger.query<{ xid: string }>('select pg_current_xact_id()::text as xid')
    await writeMany(house.database)
    await house.database.script('analyze event')
    const { position: read } = await readJournal(house.database, beginning, undefined, 100_000)
    const position = begunFrom(BigInt(strangers[0]?.xid ?? 0), read)
    await house.database.query(insert, ['new'])
    const plans: string[] = []
    const settings = {
      'auto_explain.log_min_duration': '0',
      'auto_explain.log_analyze': 'on',
      plan_cache_mode: 'force_generic_plan',
    }
    const pool = new pg.Pool({
      connectionString: url,
      max: 1,
      options: `-c session_preload_libraries=auto_explain -c client_min_messages=log ${Object.entries(settings)
        .map(([name, value]) => `-c ${name}=${value}`)
        .join(' ')}`,
    })
    pool.on('connect', client => client.on('notice', notice => plans.push(String(notice.message))))
    const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
    const look = await readJournal({ kysely }, position)
    expect(look.entries.map(nameOf)).toEqual(['new'])
    const plan = plans.find(each => each.includes('journal.read')) ?? ''
    const scans = plan.split('\n').filter(line => /Scan .*on event_/.test(line) && !/never executed/.test(line))
    expect(scans.filter(line => /event_2026_11|before_months/.test(line))).toEqual([])
    const here = scans.filter(line => line.includes('event_2026_12'))
    expect(here).toHaveLength(3)
    for (const scan of here) expect(scan).toMatch(/Index Scan using event_2026_12_(xid_id_idx|pkey)/)
    // No row is read to be left out.
    expect(plan).not.toMatch(/Rows Removed by Filter: \d{2,}/)
    await stranger.query('rollback')
    await stranger.end()
    await kysely.destroy()
  })
})
