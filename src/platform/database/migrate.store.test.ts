/**
 * Migrations beside people who work, beside each other, and killed at any instant.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, describe, expect, inject, test } from 'vitest'
import { eachDatabase } from '../../../test/support/database.ts'
import { msAtRest } from '../../../test/support/pace.ts'
import { type Database, openEmbedded, openPostgres } from './database.ts'
import { appliedMigrations, migrate, needCurrentDatabase } from './migrate.ts'

const program = join(import.meta.dirname, '../../../test/support/migrating-process.ts')
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A folder of migrations: name without time, in their order, and text. */
function folderOf(files: readonly (readonly [name: string, text: string])[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'filo-migrations-'))
  closing.push(() => rmSync(folder, { recursive: true, force: true }))
  for (const [i, [name, text]] of files.entries())
    writeFileSync(join(folder, `2026110109${String(i).padStart(2, '0')}-${name}.sql`), text)
  return folder
}

let made = 0
async function emptyPostgres(): Promise<{ url: string; database: Database; client(): Promise<pg.Client> }> {
  const cluster = inject('postgres')
  const name = `migrate_${process.pid}_${++made}`
  const admin = new pg.Client(`${cluster}postgres`)
  await admin.connect()
  await admin.query(`create database ${name}`)
  await admin.end()
  const url = `${cluster}${name}`
  const database = await openPostgres(url, 3)
  closing.push(() => database.close())
  return {
    url,
    database,
    async client() {
      const client = new pg.Client(url)
      await client.connect()
      closing.push(() => client.end())
      return client
    },
  }
}

/** What a migration said, and a promise of the first line that has the words in it. */
function hearing() {
  const lines: string[] = []
  const waiting: { words: string; heard: () => void }[] = []
  const say = (_about: unknown, text: string) => {
    lines.push(text)
    for (const each of waiting) if (text.includes(each.words)) each.heard()
  }
  return {
    lines,
    log: { info: say, warn: say },
    hears: (words: string) => new Promise<void>(heard => waiting.push({ words, heard })),
  }
}

function start(url: string, folder: string): { child: ChildProcess; lines: string[]; ended: Promise<unknown> } {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, url, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  child.stdout?.on('data', (text: Buffer) => lines.push(...text.toString().trim().split('\n')))
  return { child, lines, ended: once(child, 'close') }
}

const catalogue = `
  select c.relname as name, i.indisvalid as valid from pg_class c left join pg_index i on i.indexrelid = c.oid
  where c.relnamespace = 'public'::regnamespace order by 1`

eachDatabase(open => {
  test('commands say in a sentence that a database is empty, or older than the program', async () => {
    const { house } = await open()
    await expect(needCurrentDatabase(house.database)).resolves.toBeUndefined()
    await house.database.query("delete from migration where name = '0355-line-version.sql'", [])
    await expect(needCurrentDatabase(house.database)).rejects.toThrow(/older than this program.*0355-line-version\.sql/)
    await house.database.script('drop table migration')
    await expect(needCurrentDatabase(house.database)).rejects.toThrow('The database is empty.')
  })

  test('a file that fails leaves nothing of itself, and what came before stays', async () => {
    const { house } = await open()
    await house.database.script('drop table migration')
    const folder = folderOf([
      ['one', 'create table one (x int);'],
      ['two', 'create table two (x int); create table one (y int);'],
    ])
    await expect(migrate(house.database, { folder })).rejects.toThrow('already exists')
    expect([...(await appliedMigrations(house.database)).keys()]).toEqual(['202611010900-one.sql'])
    expect(await house.database.script("select to_regclass('two') as two")).toEqual([{ two: null }])
  })
})

test('the embedded database builds what is to be built concurrently, in its one session', async () => {
  const database = await openEmbedded()
  closing.push(() => database.close())
  const folder = folderOf([
    ['table', 'create table big (x int); insert into big select generate_series(1, 100);'],
    ['index', '-- concurrently\ncreate index concurrently if not exists big_x on big (x);'],
  ])
  expect(await migrate(database, { folder })).toHaveLength(2)
  expect(await database.script("select indisvalid as valid from pg_index where indexrelid = 'big_x'::regclass")).toEqual([
    { valid: true },
  ])
  expect(await migrate(database, { folder })).toEqual([])
})

describe.runIf(process.env.UNIT_ONLY !== 'true')('on PostgreSQL', () => {
  test('a migration may take as long as it needs, and waits for a lock no longer than a moment', async () => {
    const { database } = await emptyPostgres()
    const folder = folderOf([
      [
        'seen',
        "create table seen as select current_setting('statement_timeout') as whole, current_setting('lock_timeout') as lock;",
      ],
    ])
    await migrate(database, { folder })
    expect(await database.script('select * from seen')).toEqual([{ whole: '0', lock: '1s' }])
    expect(await database.script('show statement_timeout')).toEqual([{ statement_timeout: '30s' }])
  })

  test('a statement that waits for a lock lets others through, and is tried again until it has it', async () => {
    const { database, client } = await emptyPostgres()
    await database.script('create table shelf (name text)')
    const folder = folderOf([['shelf', "alter table shelf add column place text not null default 'left';"]])
    const holder = await client()
    await holder.query('begin')
    await holder.query('select * from shelf')
    const { log, hears, lines } = hearing()
    const refused = hears('others hold its tables')
    const migrating = migrate(database, { folder, log })
    await refused
    // Between two tries nobody queues behind it.
    const inserting = async () => (await client()).query('insert into shelf (name) values ($1)', ['meanwhile'])
    expect(await msAtRest(inserting)).toBeLessThan(2_500)
    await holder.query('commit')
    expect(await migrating).toHaveLength(1)
    expect(await database.script('select * from shelf')).toEqual([{ name: 'meanwhile', place: 'left' }])
    expect(lines.join('\n')).toMatch(/process \d+/)
  })

  test('who holds a table for ever stops the start with a sentence that names the process', async () => {
    const { database, client } = await emptyPostgres()
    await database.script('create table shelf (name text)')
    const folder = folderOf([['shelf', 'alter table shelf add column place text;']])
    const holder = await client()
    await holder.query("set application_name = 'a report'")
    await holder.query('begin')
    await holder.query('select * from shelf')
    await expect(migrate(database, { folder, patienceMs: 1 })).rejects.toThrow(/open transactions: process \d+ of a report/)
    await holder.query('rollback')
    expect(await migrate(database, { folder })).toHaveLength(1)
  })

  test('of many processes that start at once one migrates, the others wait and say so', async () => {
    const { url, client } = await emptyPostgres()
    const folder = folderOf([
      ['one', 'create table one as select pg_sleep(3)::text as x;'],
      ['two', 'create table two (x int);'],
      ['three', '-- concurrently\ncreate index concurrently if not exists one_x on one (x);'],
    ])
    const all = Array.from({ length: 4 }, () => start(url, folder))
    await Promise.all(all.map(each => each.ended))
    const lasts = all.map(({ lines }) => lines.at(-1)).sort()
    expect(lasts).toEqual(['done 0', 'done 0', 'done 0', 'done 3'])
    expect(
      all.filter(({ lines }) => lines.some(line => line.includes('another process is migrating'))).length,
    ).toBeGreaterThanOrEqual(1)
    const { rows } = await (await client()).query(catalogue)
    expect(rows).toContainEqual({ name: 'one_x', valid: true })
  })

  test('an index is built while people write, and what holds it up is said', async () => {
    const { database, client } = await emptyPostgres()
    await database.script('create table big (x int)')
    const folder = folderOf([['index', '-- concurrently\ncreate index concurrently if not exists big_x on big (x);']])
    const writer = await client()
    const { rows } = await writer.query('select pg_backend_pid() as pid')
    await writer.query('begin')
    await writer.query('insert into big values (1)')
    const { log, hears } = hearing()
    const said = hears(`waiting for the transaction of process ${rows[0].pid}`)
    const migrating = migrate(database, { folder, log })
    await said
    await (await client()).query('insert into big values (2)')
    await writer.query('commit')
    expect(await migrating).toHaveLength(1)
    expect(await database.script('select count(*)::int as n from big')).toEqual([{ n: 2 }])
  })

  test('an index that was left unfinished is built anew', async () => {
    const { database, client } = await emptyPostgres()
    await database.script('create table big (x int); insert into big values (1), (1)')
    const session = await client()
    await expect(session.query('create unique index concurrently big_x on big (x)')).rejects.toThrow(
      'could not create unique index',
    )
    await session.query('delete from big')
    const folder = folderOf([['index', '-- concurrently\ncreate unique index concurrently if not exists big_x on big (x);']])
    const { log, lines } = hearing()
    await migrate(database, { folder, log })
    expect(lines[0]).toContain('left unfinished')
    expect((await session.query(catalogue)).rows).toContainEqual({ name: 'big_x', valid: true })
  })

  test('killed at any instant, it can be started again and ends where one that was never killed ends', async () => {
    const folder = folderOf([
      ['table', 'create table big as select x, md5(x::text) as name from generate_series(1, 60000) x;'],
      [
        'index',
        '-- concurrently\ncreate index concurrently if not exists big_name on big (name);\ncreate index concurrently if not exists big_x on big (x);',
      ],
      ['column', 'alter table big add column place text; update big set place = name; create index big_place on big (place);'],
      ['other', 'create table other (x int primary key);'],
    ])
    const whole = await emptyPostgres()
    await migrate(whole.database, { folder })
    const wanted = (await (await whole.client()).query(catalogue)).rows
    const kinds = new Set<string>()
    // The last one when its first file is done, however long that takes.
    for (const afterMs of [0, 20, 50, 100, 170, 270, 400, 570, null]) {
      const { url, database, client } = await emptyPostgres()
      const watcher = await client()
      const { child, ended } = start(url, folder)
      // The instant counts from when it has its own connection: before, there is nothing to interrupt.
      for (let there = false; !there; )
        there =
          ((
            await watcher.query(
              "select 1 from pg_stat_activity where application_name = 'filo-diretto migrations' and datname = current_database()",
            )
          ).rowCount ?? 0) > 0
      if (afterMs === null) while ((await appliedMigrations(watcher)).size === 0);
      else await watcher.query('select pg_sleep($1)', [afterMs / 1_000])
      child.kill('SIGKILL')
      await ended
      kinds.add(String((await appliedMigrations(watcher)).size))
      await migrate(database, { folder })
      expect((await watcher.query(catalogue)).rows, `killed after ${afterMs ?? 'its first file, and so many'} ms`).toEqual(wanted)
      expect((await appliedMigrations(watcher)).size).toBe(4)
    }
    expect(kinds.size, 'the instants lie in different files').toBeGreaterThan(1)
  })
})
