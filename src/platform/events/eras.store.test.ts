/** A used journal in another cluster, on a counter that went back, and from the release before there were eras. */
import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { expect, inject, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { eachDatabase, onPostgres } from '../../../test/support/database.ts'
import { restoredElsewhere, useNumbers } from '../../../test/support/move.ts'
import { statements } from '../database/statements.ts'
import {
  about,
  beginning,
  type Database,
  defineEvent,
  type Entry,
  migrate,
  openEra,
  openPostgres,
  type Position,
  readJournal,
  readPosition,
  sealJournal,
  verifyJournal,
} from '../index.ts'

const kept = defineEvent('test.kept', about('program'), z.object({ name: z.string() }))
const insert = `insert into event (at, type, actor, payload) values (now(), '${kept.type}', '{}', json_build_object('name', $1::text))`
const nameOf = (entry: Entry) => String(entry.payload.name)

async function readOn(database: Database, from: Position, limit?: number): Promise<{ names: string[]; position: Position }> {
  const names: string[] = []
  for (let position = from; ; ) {
    const look = await readJournal(database, position, undefined, limit)
    names.push(...look.entries.map(nameOf))
    position = look.position
    if (!look.more) return { names, position }
  }
}

async function moved(url: string): Promise<{ database: Database; there: string }> {
  const there = await restoredElsewhere(url)
  const database = await openPostgres(there, 4)
  onTestFinished(() => database.close())
  return { database, there }
}

eachDatabase(open => {
  test('the same database, started again, stays in its era', async () => {
    const { database } = (await open()).house
    expect(await openEra(database)).toBeUndefined()
    await database.query(insert, ['one'])
    expect(await openEra(database)).toBeUndefined()
    const { rows } = await database.query('select era, after_id, system_identifier is null as unknown from journal_era', [])
    expect(rows).toEqual([{ era: 1, after_id: 0, unknown: false }])
  })

  test('a counter that went back begins an era; readers and seals go on where they stood', async () => {
    const { database } = (await open()).house
    await openEra(database)
    await database.query(insert, ['read'])
    const { position } = await readOn(database, beginning)
    await sealJournal(database, 0)
    // Entries as another counter, far ahead, has numbered them.
    await database.query(insert.replace('(at,', '(xid, at,').replace('(now()', "('900000000', now()"), ['of the old counter'])
    expect(await openEra(database)).toMatchObject({ era: 2, reason: 'counter' })
    expect(await openEra(database)).toBeUndefined()
    await database.query(insert, ['new'])
    const rest = await readOn(database, position)
    expect(rest.names).toEqual(['of the old counter', 'new'])
    expect(rest.position.era).toBe(2)
    await database.query(insert, ['newer'])
    expect((await readOn(database, rest.position)).names).toEqual(['newer'])
    expect((await readOn(database, beginning, 1)).names).toEqual(['read', 'of the old counter', 'new', 'newer'])
    await sealJournal(database, 60_000)
    expect(await verifyJournal(database)).toEqual({ sound: true, seals: 2, rows: 4, unsealed: 0 })
  })
})

onPostgres(open => {
  test('a dump restored into a new cluster with a low counter: entries flow, positions go on, the journal is sound', async () => {
    const { house, url = '' } = await open()
    await openEra(house.database)
    await house.database.script(useNumbers(20_000))
    const running = new pg.Client(url)
    await running.connect()
    await running.query('begin')
    await running.query(insert, ['open at the dump'])
    for (const name of ['a', 'b']) await house.database.query(insert, [name])
    await sealJournal(house.database, 0)
    const atDump = (await readOn(house.database, beginning)).position
    await house.database.query(insert, ['unread'])
    await sealJournal(house.database, 0)
    const { database, there } = await moved(url)
    await running.query('rollback')
    await running.end()
    expect(await migrate(database)).toEqual([])
    const { rows } = await database.query(
      'select pg_snapshot_xmax(pg_current_snapshot()) < (select min(xid) from event) as low from (select) one',
      [],
    )
    expect(rows).toEqual([{ low: true }])
    expect(await openEra(database)).toMatchObject({ era: 2, reason: 'cluster' })
    await database.query(insert, ['here'])
    // Beside a transaction of the new cluster that is still open.
    const late = new pg.Client(there)
    await late.connect()
    await late.query('begin')
    await late.query(insert, ['late'])
    await database.query(insert, ['after'])
    const rest = await readOn(database, atDump)
    expect(rest.names).toEqual(['unread', 'here', 'after'])
    await late.query('commit')
    await late.end()
    expect((await readOn(database, rest.position)).names).toEqual(['late'])
    expect(await sealJournal(database, 0)).toBe(3)
    expect(await verifyJournal(database)).toEqual({ sound: true, seals: 3, rows: 6, unsealed: 0 })
    expect(await openEra(database)).toBeUndefined()
  })

  test('a used database of the release before: migrated in place, every reader goes on exactly where it stood', async () => {
    const admin = new pg.Client(`${inject('postgres')}postgres`)
    await admin.connect()
    const name = `before_eras_${randomUUID().replaceAll('-', '')}`
    await admin.query(`create database ${name}`)
    await admin.end()
    const url = `${inject('postgres')}${name}`
    const database = await openPostgres(url, 4)
    onTestFinished(() => database.close())
    const folder = join(import.meta.dirname, '../../../migrations')
    const files = readdirSync(folder).filter(file => file < '2026' && file.endsWith('.sql'))
    await database.script(
      'create table migration (name text primary key, sha256 text not null, applied_at timestamptz not null default now())',
    )
    for (const file of files.sort()) {
      const text = readFileSync(join(folder, file), 'utf8')
      for (const statement of statements(text)) await database.script(statement)
      await database.query('insert into migration (name, sha256) values ($1, $2)', [
        file,
        createHash('sha256').update(text).digest('hex'),
      ])
    }
    // Two transactions of which the one with the lower number has the greater entries, and a third beyond.
    const [low, high] = [new pg.Client(url), new pg.Client(url)]
    for (const client of [low, high]) {
      await client.connect()
      await client.query('begin')
      await client.query('select pg_current_xact_id()')
    }
    for (const each of ['h1', 'h2', 'h3']) await high.query(insert, [each])
    for (const each of ['l1', 'l2']) await low.query(insert, [each])
    for (const client of [low, high]) {
      await client.query('commit')
      await client.end()
    }
    await database.query(insert, ['third'])
    // The leader stood in the middle of the second transaction; another reader, and a seal, after the first.
    const place = async (entry: string) =>
      (await database.query("select xid::text as xid, id from event where payload ->> 'name' = $1", [entry])).rows[0] ?? {}
    const [h1, l2] = [await place('h1'), await place('l2')]
    await database.query(
      `insert into router_domain (domain, epoch, seq, position_xid, position_id, leader, elected_at) values ('d', 1, 0, $1, $2, 'me', now())`,
      [h1.xid, h1.id],
    )
    await database.query('insert into case_follower values ($1, $2, $3)', ['f', l2.xid, l2.id])
    expect(await migrate(database)).toContain('202611281600-journal-order.sql')
    expect(await openEra(database)).toBeUndefined()
    await database.query(insert, ['new'])
    const positionIn = async (table: string) =>
      readPosition(String((await database.query(`select position from ${table}`, [])).rows[0]?.position)) ?? beginning
    for (const limit of [1, 2, 3, 500]) {
      expect((await readOn(database, await positionIn('router_place'), limit)).names).toEqual(['h2', 'h3', 'third', 'new'])
      expect((await readOn(database, await positionIn('case_follower'), limit)).names).toEqual(['h1', 'h2', 'h3', 'third', 'new'])
      expect((await readOn(database, beginning, limit)).names).toEqual(['l1', 'l2', 'h1', 'h2', 'h3', 'third', 'new'])
    }
    await sealJournal(database, 0)
    expect(await verifyJournal(database)).toMatchObject({ sound: true, rows: 7, unsealed: 0 })
  })
})
