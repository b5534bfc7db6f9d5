/** `npm run doctor` as it is started, on installations that are really there: one that is well, and one that is not. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, describe, expect, test } from 'vitest'
import type { Finding } from '../src/doctor/index.ts'
import { createFirstAdministrator } from '../src/identity/index.ts'
import { startProgram } from '../src/main.ts'
import { noteBackup, readConfig, system } from '../src/platform/index.ts'
import { startMailServer } from './support/mail-server.ts'
import { type Cluster, startCluster } from './support/postgres.ts'

const script = join(import.meta.dirname, '../scripts/doctor.ts')
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function doctor(
  environment: Record<string, string>,
): Promise<{ code: number | null; findings: Finding[]; tookMs: number }> {
  const since = performance.now()
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, '--json'], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (text: Buffer) => {
    said += text.toString()
  })
  const code = await new Promise<number | null>(resolve => child.on('close', resolve))
  return { code, findings: JSON.parse(said).findings, tookMs: performance.now() - since }
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'filo-doctor-'))
  closing.push(() => rmSync(made, { recursive: true, force: true }))
  return made
}

async function clusterWith(settings: Record<string, string>, statements: readonly string[]): Promise<Cluster> {
  const cluster = await startCluster(settings)
  closing.push(() => cluster.stop())
  const admin = new pg.Client(cluster.url('postgres'))
  await admin.connect()
  for (const statement of statements) await admin.query(statement)
  await admin.end()
  return cluster
}

const of = (findings: readonly Finding[], check: string) => findings.filter(finding => finding.check === check)

describe.runIf(process.env.UNIT_ONLY !== 'true')('the doctor', () => {
  test('has nothing to mend on a good installation', async () => {
    const durable = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' }
    const cluster = await clusterWith(durable, ['create role filo login', 'create database filo owner filo'])
    const mail = await startMailServer()
    closing.push(() => mail.close())
    const environment = {
      DATABASE_URL: cluster.url('filo').replace('postgres@', 'filo@'),
      DATA_DIR: folder(),
      SMTP_URL: mail.url,
      MAIL_FROM: 'risposte@ente.it',
      SECRET: 'qUu0vXr9Tn2mKp5sWb8yEd1fGh4jLz7c',
    }
    const program = await startProgram(readConfig({ ...environment, PORT: '0', LOG_LEVEL: 'silent' }))
    closing.push(() => program.close())
    const first = { user: 'vera.prima', name: 'Vera Prima', password: 'cavallo batteria graffetta', institute: 'Ente' }
    await createFirstAdministrator(program.house, system('test'), first)
    await noteBackup(program.house.database, { at: new Date().toISOString(), by: 'test' })
    const { code, findings } = await doctor({ ...environment, PORT: new URL(program.url ?? '').port })
    expect(findings.filter(finding => finding.status === 'wrong')).toEqual([])
    expect(code).toBe(0)
    for (const check of [
      'database durability',
      'database role',
      'migrations',
      'neighbours',
      'time',
      'mail server',
      'backup',
      'program',
      'sample',
    ])
      expect(of(findings, check), check).toMatchObject([{ status: 'ok' }])
  })

  test('finds what is bad, in bounded time although nobody answers', async () => {
    const cluster = await clusterWith({ max_prepared_transactions: '4', wal_level: 'logical' }, [
      'create database filo',
      'create database neighbour',
      "select pg_create_physical_replication_slot('forgotten', true)",
    ])
    const neighbour = new pg.Client(cluster.url('neighbour'))
    await neighbour.connect()
    closing.push(() => neighbour.end())
    await neighbour.query('create table t (x int)')
    await neighbour.query("begin; insert into t values (1); prepare transaction 'half'")
    const { code, findings, tookMs } = await doctor({
      DATABASE_URL: cluster.url('filo'),
      DATA_DIR: folder(),
      PUBLIC_URL: 'https://127.0.0.1:9',
      HOST: '0.0.0.0',
      PORT: '9',
      // Documentation addresses (RFC 5737): nobody answers there.
      SMTP_URL: 'smtp://192.0.2.1',
      ASTERISK_URL: 'http://192.0.2.1:8088',
      ASTERISK_PASSWORD: 'asterisk',
      SECRET: 'x'.repeat(32),
    })
    await neighbour.query("rollback prepared 'half'")
    expect(code).toBe(1)
    expect(tookMs).toBeLessThan(60_000)
    expect(of(findings, 'configuration').map(each => each.status)).toContain('wrong')
    for (const check of ['database durability', 'mail server', 'asterisk', 'public address'])
      expect(of(findings, check), check).toMatchObject([{ status: 'wrong' }])
    expect(of(findings, 'database durability')[0]?.says).toContain('fsync, full_page_writes, synchronous_commit are off')
    expect(of(findings, 'database role')).toMatchObject([{ status: 'warning' }])
    expect(of(findings, 'migrations')).toMatchObject([{ status: 'warning', says: 'The database is empty.' }])
    expect(of(findings, 'neighbours')).toMatchObject([{ status: 'warning', says: expect.stringContaining('forgotten') }])
  })

  test('asks the running program about its embedded database, and opens it itself when none runs', async () => {
    const data = folder()
    const program = await startProgram(readConfig({ DATA_DIR: data, PORT: '0', LOG_LEVEL: 'silent' }))
    const environment = { DATA_DIR: data, PORT: new URL(program.url ?? '').port }
    const running = await doctor(environment)
    expect(of(running.findings, 'migrations')).toMatchObject([{ status: 'ok' }])
    expect(of(running.findings, 'sample')).toMatchObject([{ status: 'ok', says: expect.stringContaining('is loaded') }])
    expect(of(running.findings, 'program')).toMatchObject([{ status: 'ok' }])
    await program.close()
    const stopped = await doctor(environment)
    expect(of(stopped.findings, 'migrations')).toMatchObject([{ status: 'ok' }])
    expect(of(stopped.findings, 'program')).toMatchObject([{ status: 'warning' }])
    expect(stopped.findings.filter(each => each.status === 'wrong')).toEqual([])
    expect(stopped.code).toBe(0)
  })
})
