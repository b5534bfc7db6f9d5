/** Retention: what is archived, when it is not, and what can be said of it afterwards. */
import pg from 'pg'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { eachDatabase, onPostgres } from '../../../test/support/database.ts'
import {
  about,
  archivedBefore,
  archiveMonths,
  beginning,
  type Database,
  defineEvent,
  type Entry,
  journalEnd,
  keepMonths,
  readJournal,
  sealJournal,
  verifyJournal,
  verifyMonth,
} from '../index.ts'

const noted = defineEvent('test.archived', about('program'), z.object({ name: z.string() }))
const insert = `insert into event (at, type, actor, payload) values (now(), '${noted.type}', '{}', json_build_object('name', $1::text))`
const nameOf = (entry: Entry) => String(entry.payload.name)
const [november, december, january, february] = [
  Date.UTC(2026, 10, 28),
  Date.UTC(2026, 11, 2),
  Date.UTC(2027, 0, 2),
  Date.UTC(2027, 1, 2),
] as const

/** A journal with one entry before all months and two in each of November to February, sealed after the first of each. */
async function fourMonths(database: Database): Promise<void> {
  await database.query(insert, ['before'])
  for (const [i, now] of [november, december, january, february].entries()) {
    await keepMonths(database, now)
    await database.query(insert, [`${i}-a`])
    await sealJournal(database, now)
    await database.query(insert, [`${i}-b`])
  }
  await sealJournal(database, february)
}

const reader = async (database: Database) => [{ reader: 'reader', position: await journalEnd(database) }]

eachDatabase(open => {
  test('what is older than is kept is archived: the journal ends there, the table is readable and sound, and nothing can be written to it', async () => {
    const { database } = (await open()).house
    await fourMonths(database)
    expect(await archivedBefore(database)).toBeUndefined()
    expect(await archiveMonths(database, february, 2, await reader(database))).toEqual({ months: ['2026-11'] })
    expect(await archiveMonths(database, february, 2, await reader(database))).toEqual({ months: [] })
    expect(await archivedBefore(database)).toBeInstanceOf(Date)
    const { entries } = await readJournal(database, beginning)
    expect(entries.map(entry => (entry.type === noted.type ? nameOf(entry) : entry.type))).toEqual([
      ...['before', '1-a', '1-b', '2-a', '2-b', '3-a', '3-b', 'journal.month-closed'],
    ])
    const { rows } = await database.query("select payload ->> 'name' as name from journal_archive.event_2026_11 order by id", [])
    expect(rows.map(({ name }) => name)).toEqual(['0-a', '0-b'])
    for (const change of ["update journal_archive.event_2026_11 set type = 'x'", 'delete from journal_archive.event_2026_11'])
      await expect(database.query(change, [])).rejects.toThrow('is archived')
    await sealJournal(database, february)
    expect(await verifyJournal(database)).toEqual({ sound: true, seals: 6, rows: 10, unsealed: 0 })
    expect(await verifyMonth(database, '2026-11')).toMatchObject({ sound: true, rows: 2 })
    expect(await verifyMonth(database, '2026-12')).toMatchObject({ sound: false, sentence: '2026-12 is not archived.' })
  })

  test('a month of which something is unsealed or unread, and all after it, stay', async () => {
    const { database } = (await open()).house
    const start = await journalEnd(database)
    await keepMonths(database, november)
    await database.query(insert, ['november'])
    await keepMonths(database, december)
    await keepMonths(database, february)
    expect(await archiveMonths(database, february, 2, [])).toEqual({ months: [], held: '2026-11: is not sealed whole' })
    await sealJournal(database, february)
    const slow = [{ reader: 'slow', position: start }]
    expect(await archiveMonths(database, february, 2, slow)).toEqual({ months: [], held: '2026-11: slow has not read it' })
    expect(await archiveMonths(database, february, 2, await reader(database))).toEqual({ months: ['2026-11'] })
  })

  test('whatever is done to an archived month is found, also when its table is elsewhere', async () => {
    const { database } = (await open()).house
    await fourMonths(database)
    await archiveMonths(database, february, 2, await reader(database))
    await sealJournal(database, february)
    const change = (name: string) =>
      database.script(`alter table journal_archive.event_2026_11 disable trigger event_is_archived;
        update journal_archive.event_2026_11 set payload = '{"name": "${name}"}' where payload ->> 'name' <> '0-a'`)
    await change('changed')
    expect(await verifyJournal(database)).toMatchObject({ sound: false, seq: 2 })
    expect(await verifyMonth(database, '2026-11')).toMatchObject({ sound: false })
    await change('0-b')
    expect(await verifyJournal(database)).toMatchObject({ sound: true })
    await database.script('drop table journal_archive.event_2026_11')
    expect(await verifyJournal(database)).toMatchObject({ sound: true, believed: ['2026-11'] })
    expect(await verifyMonth(database, '2026-11')).toMatchObject({ sound: false })
    await database.script('update journal_month set rows = rows + 1 where archived_at is not null')
    expect(await verifyJournal(database)).toMatchObject({ sound: false })
  })

  test('a run that dies in the middle has done nothing, and the next one does it once', async () => {
    const { database } = (await open()).house
    await fourMonths(database)
    const refuse = `create function refuse_it() returns trigger language plpgsql as $$ begin raise exception 'cut off'; end $$;
      create trigger cuts_off before insert on event for each row when (new.type = 'journal.month-closed') execute function refuse_it()`
    await database.script(refuse)
    await expect(archiveMonths(database, february, 2, await reader(database))).rejects.toThrow('cut off')
    await database.script('drop trigger cuts_off on event')
    expect(await verifyJournal(database)).toMatchObject({ sound: true, rows: 9 })
    expect(await archiveMonths(database, february, 2, await reader(database))).toEqual({ months: ['2026-11'] })
    const { rows } = await database.query("select id from event where type = 'journal.month-closed'", [])
    expect(rows).toHaveLength(1)
    await sealJournal(database, february)
    expect(await verifyJournal(database)).toMatchObject({ sound: true })
  })
})

onPostgres(open => {
  test('a month in which somebody still writes, or that somebody reads at this moment, stays; nobody waits long', async () => {
    const { house, url = '' } = await open()
    const { database } = house
    await keepMonths(database, november)
    await using late = await session(url)
    await late.query('begin')
    await late.query(insert, ['late'])
    for (const now of [december, january, february]) await keepMonths(database, now)
    await database.query(insert, ['february'])
    await sealJournal(database, february)
    const archive = async () => archiveMonths(database, february, 2, await reader(database))
    expect(await archive()).toEqual({ months: [], held: '2026-11: is in use' })
    await late.query('commit')
    expect(await archive()).toEqual({ months: [], held: '2026-11: is not sealed whole' })
    await sealJournal(database, february)
    await late.query('begin')
    await late.query('select count(*) from event')
    expect(await archive()).toEqual({ months: [], held: '2026-11: is in use' })
    await database.query(insert, ['meanwhile'])
    await late.query('commit')
    expect(await archive()).toEqual({ months: ['2026-11'] })
    await sealJournal(database, february)
    expect(await verifyJournal(database)).toMatchObject({ sound: true, unsealed: 0 })
  })
})

async function session(url: string): Promise<pg.Client & AsyncDisposable> {
  const client = new pg.Client(url)
  await client.connect()
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() })
}
