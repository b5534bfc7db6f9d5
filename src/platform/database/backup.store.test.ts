/** Backups of the embedded database: made while it is used, whole or not at all, and put back however often the machine fails meanwhile. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { until } from '../../../test/support/asterisk.ts'
import { chunksOf, lastBackup, restoreBackup, usualBackup, writeBackup } from './backup.ts'
import { findRunning, openControl } from './control.ts'
import { type Database, openEmbedded } from './database.ts'
import { migrate } from './migrate.ts'
import { finishRestore } from './restore.ts'

/** A folder with 1 and 2 on the shelf, and `one.tar.gz` that was made of it before there was a 2: each test has a copy. */
const prepared = mkdtempSync(join(tmpdir(), 'filo-backup-prepared-'))
beforeAll(async () => {
  const database = await openEmbedded(prepared)
  await migrate(database)
  await database.script('create table shelf (n int primary key)')
  await database.script('insert into shelf values (1)')
  const dump = await database.dump?.()
  await writeBackup(join(prepared, 'one.tar.gz'), chunksOf(dump ?? new Blob([])))
  await database.script('insert into shelf values (2)')
  await database.close()
})
afterAll(() => rmSync(prepared, { recursive: true, force: true }))

let data: string
const closing: (() => unknown)[] = []
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'filo-backup-'))
  closing.push(() => rmSync(data, { recursive: true, force: true }))
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const log = { warn: () => {} } as never
const note = { at: '2026-11-28T10:00:00.000Z', by: 'test' }

const shelf = async (database: Database) => (await database.script('select n from shelf order by n')).map(row => Number(row.n))

/** A backup with 1 on the shelf, and the folder it was made from with 1 and 2. */
function backupOfOne(): string {
  cpSync(prepared, data, { recursive: true })
  return join(data, 'one.tar.gz')
}

async function shelfIn(folder: string): Promise<number[]> {
  const database = await openEmbedded(folder)
  try {
    return await shelf(database)
  } finally {
    await database.close()
  }
}

test('a backup of the running program holds what had been committed, also beside an open transaction, and is noted', async () => {
  backupOfOne()
  const database = await openEmbedded(data)
  closing.push(() => database.close())
  const control = await openControl({ config: { DATA_DIR: data } as never, database, log })
  const opened = Promise.withResolvers<void>()
  const finish = Promise.withResolvers<void>()
  const transaction = database.kysely.transaction().execute(async tx => {
    await tx.insertInto('setting').values({ name: 'half', value: '1' }).execute()
    opened.resolve()
    await finish.promise
  })
  await opened.promise
  const running = await findRunning(data)
  const file = usualBackup(data, new Date('2026-11-28T09:00:00Z'))
  mkdirSync(join(data, 'backups'))
  expect(await writeBackup(file, (await running?.backup()) ?? (async function* () {})())).toMatchObject({ entries: 0 })
  finish.resolve()
  await transaction
  await running?.noteBackup(note)
  expect(await lastBackup(database)).toEqual(note)
  await control.close()
  expect(await findRunning(data)).toBeUndefined()
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(data, 'backups'))).toEqual(['2026-11-28T090000.tar.gz'])
  const elsewhere = mkdtempSync(join(tmpdir(), 'filo-elsewhere-'))
  closing.push(() => rmSync(elsewhere, { recursive: true, force: true }))
  await restoreBackup(elsewhere, file)
  const restored = await openEmbedded(elsewhere)
  expect(await shelf(restored)).toEqual([1, 2])
  expect(await restored.script("select name from setting where name = 'half'")).toEqual([])
  await restored.close()
})

test('the door of the running program opens to nobody without its token, and the token is nobody else’s to read', async () => {
  backupOfOne()
  const database = await openEmbedded(data)
  closing.push(() => database.close())
  const control = await openControl({ config: { DATA_DIR: data } as never, database, log })
  closing.push(() => control.close())
  const file = join(data, 'running.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const { port } = JSON.parse(readFileSync(file, 'utf8'))
  for (const authorization of ['', 'Bearer', `Bearer ${'A'.repeat(43)}`])
    expect((await fetch(`http://127.0.0.1:${port}/backup`, { headers: { authorization } })).status).toBe(403)
  writeFileSync(file, JSON.stringify({ port, token: 'another' }))
  expect(await findRunning(data)).toBeUndefined()
})

test('a restore puts the backup in place and keeps the old database beside it', async () => {
  const file = backupOfOne()
  const { aside, entries } = await restoreBackup(data, file)
  expect(entries).toBe(0)
  expect(await shelfIn(data)).toEqual([1])
  expect(existsSync(join(aside, 'PG_VERSION'))).toBe(true)
  expect(readdirSync(data).filter(name => name.startsWith('restor'))).toEqual([])
})

test('a restore is refused while the program runs, of a broken file, of something else, of a newer database; nothing changes', async () => {
  const file = backupOfOne()
  const database = await openEmbedded(data)
  await expect(restoreBackup(data, file)).rejects.toThrow('in use by another running program')
  await database.query("insert into migration (name, sha256) values ('299912312359-tomorrow.sql', 'x')", [])
  const newer = join(data, 'newer.tar.gz')
  await writeBackup(newer, chunksOf((await database.dump?.()) ?? new Blob([])))
  await database.query("delete from migration where name like '2999%'", [])
  await database.close()
  await expect(restoreBackup(data, newer)).rejects.toThrow('newer than this program')
  const whole = readFileSync(file)
  const broken = join(data, 'broken.tar.gz')
  for (const content of [whole.subarray(0, whole.length / 2), Buffer.from('not a backup'), Buffer.alloc(0)]) {
    writeFileSync(broken, content)
    await expect(restoreBackup(data, broken)).rejects.toThrow()
  }
  await expect(restoreBackup(data, join(data, 'missing.tar.gz'))).rejects.toThrow('There is no file')
  await expect(writeBackup(file, chunksOf(new Blob([])))).rejects.toThrow('is there already')
  expect(await shelfIn(data)).toEqual([1, 2])
})

test('a dump that breaks off leaves no file', async () => {
  const file = join(data, 'broken-off.tar.gz')
  const breaking = (async function* () {
    yield Buffer.alloc(1_000)
    throw new Error('the wire is gone')
  })()
  await expect(writeBackup(file, breaking)).rejects.toThrow('the wire is gone')
  expect(readdirSync(data)).toEqual([])
})

test('a restore that was decided is finished from each of its steps by whoever opens the folder next', async () => {
  const file = backupOfOne()
  const decided = JSON.stringify({ aside: 'database.before-then' })
  const unpacked = await openEmbedded(join(data, 'restoring'), new Blob([await gunzipped(file)]))
  await unpacked.close()
  const steps: Record<string, (folder: string) => void> = {
    decided: () => {},
    'the old one is aside': folder => renameSync(join(folder, 'database'), join(folder, 'database.before-then')),
    'somebody locked the empty place': folder => {
      renameSync(join(folder, 'database'), join(folder, 'database.before-then'))
      mkdirSync(join(folder, 'database'))
    },
    'in place': folder => {
      renameSync(join(folder, 'database'), join(folder, 'database.before-then'))
      renameSync(join(folder, 'restoring', 'database'), join(folder, 'database'))
    },
  }
  for (const [step, reach] of Object.entries(steps)) {
    const copy = mkdtempSync(join(tmpdir(), 'filo-step-'))
    closing.push(() => rmSync(copy, { recursive: true, force: true }))
    cpSync(data, copy, { recursive: true })
    writeFileSync(join(copy, 'restore.json'), decided)
    reach(copy)
    expect(await shelfIn(copy), step).toEqual([1])
    expect(await shelfIn(copy), `${step}, again`).toEqual([1])
    expect(existsSync(join(copy, 'database.before-then', 'PG_VERSION')), step).toBe(true)
    await finishRestore(copy)
  }
})

async function gunzipped(file: string): Promise<Uint8Array<ArrayBuffer>> {
  const { gunzipSync } = await import('node:zlib')
  return new Uint8Array(gunzipSync(readFileSync(file)))
}

const program = `
  import { restoreBackup, openEmbedded, chunksOf, writeBackup } from '${join(import.meta.dirname, '../index.ts')}'
  const [what, data, file] = process.argv.slice(1)
  process.stdout.write('begins')
  if (what === 'restore') await restoreBackup(data, file)
  else {
    const database = await openEmbedded(data)
    await writeBackup(file, chunksOf(await database.dump()))
  }`

interface Working {
  child: ChildProcess
  begins: Promise<unknown>
  ended: Promise<unknown>
}

function start(what: 'backup' | 'restore', file: string): Working {
  const args = ['--input-type=module', '--eval', program, what, data, file]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  return { child, begins: new Promise(resolve => child.stdout?.once('data', resolve)), ended: once(child, 'exit') }
}

/** Kills it as soon as a file is there, or lets it end when it is quicker. */
async function killAt({ child, begins, ended }: Working, file: string | null): Promise<void> {
  await Promise.race([begins, ended])
  const isThere = () => file === null || existsSync(file) || child.exitCode !== null
  await until(isThere, 60_000, `${file} or the end`)
  child.kill('SIGKILL')
  await ended
}

test('killed in the middle, a restore leaves the old database or the new one, a backup a file that can be opened or none', async () => {
  const file = backupOfOne()
  const seen = new Set<string>()
  for (const moment of [
    null,
    'restoring',
    'restoring/database/PG_VERSION',
    'restoring/database/postmaster.pid',
    'restore.json',
    'never',
  ]) {
    await killAt(start('restore', file), moment === null ? null : join(data, moment))
    const held = await shelfIn(data)
    expect([[1], [1, 2]], `killed at ${moment}`).toContainEqual(held)
    seen.add(held.join())
    if (held.length === 1) {
      const database = await openEmbedded(data)
      await database.script('insert into shelf values (2)')
      await database.close()
    }
  }
  expect([...seen].sort()).toEqual(['1', '1,2'])
  for (const [i, moment] of [null, '.part', '', '.never'].entries()) {
    const made = join(data, `killed-${i}.tar.gz`)
    await killAt(start('backup', made), moment === null ? null : `${made}${moment}`)
    if (moment === '.never') expect(existsSync(made)).toBe(true)
    if (existsSync(made)) await restoreBackup(data, made)
    expect(await shelfIn(data)).toEqual([1, 2])
  }
})
