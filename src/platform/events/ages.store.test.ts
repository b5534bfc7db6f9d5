/** How far readers lag, and who writes for long. */
import pg from 'pg'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { eachDatabase, onPostgres } from '../../../test/support/database.ts'
import { about, beginning, defineEvent, journalEnd, longestWriter, readerAges, sealJournal, unreadSeconds } from '../index.ts'

const aged = defineEvent('test.aged', about('program'), z.object({}))
const insert = `insert into event (at, type, actor, payload) values ($1, '${aged.type}', '{}', '{}')`
const now = Date.UTC(2026, 10, 28, 12)
const before = (seconds: number) => new Date(now - seconds * 1_000)

eachDatabase(open => {
  test('a reader is as far behind as the oldest entry that it has not read; who has read all is not behind', async () => {
    const { database, tail } = (await open()).house
    expect(await readerAges(database, tail, now)).toEqual([{ reader: 'sealing', ageSeconds: 0 }])
    for (const seconds of [70, 30]) await database.query(insert, [before(seconds)])
    expect(await unreadSeconds(database, beginning, now)).toBe(70)
    expect(await unreadSeconds(database, await journalEnd(database), now)).toBe(0)
    await sealJournal(database, now)
    await database.query(insert, [before(5)])
    const stop = await tail.follow(() => {})
    expect(await readerAges(database, tail, now)).toContainEqual({ reader: 'sealing', ageSeconds: 5 })
    stop()
  })
})

onPostgres(open => {
  test('whoever has been writing for longest is told by name; who only reads is not', async () => {
    const { house, url = '' } = await open()
    const clients = ['reads', 'writes'].map(name => new pg.Client({ connectionString: url, application_name: name }))
    for (const client of clients) {
      await client.connect()
      await client.query('begin')
      await client.query(client === clients[0] ? 'select 1' : 'select pg_current_xact_id()')
    }
    expect(await longestWriter(house.database)).toMatchObject({ application: 'writes' })
    for (const client of clients) await client.end()
  })
})
