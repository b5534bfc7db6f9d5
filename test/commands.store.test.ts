/** Commands as they are started: what they say to an empty, an older and a newer database; a backup of PostgreSQL. */
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { copyOfTemplate } from './support/database.ts'
import { postgresPrograms } from './support/postgres.ts'

const scripts = join(import.meta.dirname, '../scripts')
const id = '01998c5e-0000-7000-8000-000000000001'
const commands = [
  ['why.ts', '--call', id, '--agent', 'anna.bianchi'],
  ['verify-journal.ts'],
  ['simulate.ts', '--day', '2026-11-24'],
  ['remove-sample.ts'],
] as const

interface Ended {
  code: number | null
  said: string
}

function run(url: string, [script, ...args]: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(scripts, script ?? ''), ...args], {
      env: { ...process.env, DATABASE_URL: url, LANG: 'en_GB.UTF-8', LC_ALL: 'en_GB.UTF-8' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    const hear = (text: Buffer) => {
      said += text.toString()
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('error', reject)
    child.on('close', code => resolve({ code, said: said.trim() }))
  })
}

async function asked(url: string, statement: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(statement)
  await client.end()
}

describe.runIf(process.env.UNIT_ONLY !== 'true')('a database that is not as new as the program', () => {
  let empty: string
  let older: string
  let newer: string
  beforeAll(async () => {
    const name = `commands_${process.pid}`
    await asked(`${inject('postgres')}postgres`, `create database ${name}`)
    empty = `${inject('postgres')}${name}`
    older = await copyOfTemplate()
    await asked(older, 'delete from migration where name = (select max(name) from migration)')
    newer = await copyOfTemplate()
    await asked(newer, "insert into migration (name, sha256) values ('299912312359-tomorrow.sql', 'x')")
  })

  test.each(commands.map(command => ({ name: command[0], command })))('$name', async ({ command }) => {
    const [onEmpty, onOlder, onNewer] = await Promise.all([empty, older, newer].map(url => run(url, command)))
    expect(onEmpty).toEqual({ code: 1, said: expect.stringMatching(/^The database is empty\. [^\n]*$/) })
    expect(onOlder).toEqual({ code: 1, said: expect.stringMatching(/^The database is older than this program: [^\n]*$/) })
    expect(onNewer).toEqual({ code: 1, said: expect.stringMatching(/^The database is newer than this program: [^\n]*$/) })
  })
})

describe.runIf(process.env.UNIT_ONLY !== 'true')('a backup of PostgreSQL', () => {
  test('is dumped whole, can be restored, is noted, and is never written over another', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'filo-dump-'))
    const url = await copyOfTemplate()
    const file = join(folder, 'filo.dump')
    expect(await run(url, ['backup.ts', file])).toMatchObject({ code: 0, said: expect.stringContaining('listed by pg_restore') })
    expect(readdirSync(folder)).toEqual(['filo.dump'])
    expect(statSync(file).mode & 0o077).toBe(0)
    expect(await run(url, ['backup.ts', file])).toMatchObject({
      code: 1,
      said: expect.stringMatching(/is there already\. Choose another name\.$/),
    })
    const name = `restored_${process.pid}`
    await asked(`${inject('postgres')}postgres`, `create database ${name}`)
    execFileSync(join(postgresPrograms(), 'pg_restore'), [
      '--no-owner',
      '--exit-on-error',
      `--dbname=${inject('postgres')}${name}`,
      file,
    ])
    const client = new pg.Client(url)
    await client.connect()
    const { rows } = await client.query("select value->>'by' as by from setting where name = 'backup'")
    await client.end()
    expect(rows).toEqual([{ by: 'npm run backup' }])
    expect(await run(url, ['backup.ts', '--noted', 'pgbackrest'])).toEqual({ code: 0, said: '' })
    expect(await run(url, ['restore.ts', file])).toMatchObject({
      code: 1,
      said: expect.stringContaining('pg_restore --no-owner'),
    })
    rmSync(folder, { recursive: true })
  })
})
