/**
 * How many cases a second the program makes, beside the database alone, and whether a case costs more in a national register.
 *
 *   npm run bench -- cases [--size 0.02] [--seconds 12] [--connections 8]
 *
 * A case is made as the desk makes it: over HTTP a conversation is opened and its question sent to the second level; both are checked, allowed by the
 * policies, written to the journal and answered with what the page shows. The statements that this takes are logged once and run by pgbench: the same
 * statements, on the same server and database, over as many connections, in turns with the program. Then one desk makes cases in turns on an empty
 * database and on a register of 2,000,000 cases.
 *
 * The machine is shared: while the program is measured, it, its client and PostgreSQL have the processors that pgbench and PostgreSQL have alone.
 */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { z } from 'zod'
import { type Cluster, postgresPrograms } from '../test/support/postgres.ts'
import { startProgramProcess } from '../test/support/program.ts'
import { createFor, createSome, type Desk, deskAt } from './cases/creating.ts'
import { loggedStatements, scriptOf, writing } from './cases/statements.ts'
import { percentile } from './lists/reading.ts'
import { loadInstitute, startNational } from './national/kept.ts'

const Options = z.object({
  size: z.coerce.number().min(0.005).max(2).default(1),
  seed: z.coerce.number().int().default(1),
  seconds: z.coerce.number().int().min(2).max(120).default(12),
  connections: z.coerce.number().int().min(1).max(32).default(8),
})
type Options = z.infer<typeof Options>

/** The register's last day, in office hours. */
const now = new Date('2026-11-25T10:00:00Z')
const settings = {
  ...{ fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on', shared_buffers: '1GB' },
  ...{ logging_collector: 'on', log_destination: 'jsonlog', log_directory: 'log', log_min_messages: 'log' },
}
const ratioTarget = 0.4
const growthTarget = 1.2
/** So many people are written about, so that no two desks wait for one card. */
const people = 24
const turns = 2
const growthTurns = 8
const casesInTurn = 25
const warmUp = 20
const users = ['anna.bianchi', 'luca.donati'] as const

export default async function bench(): Promise<void> {
  const options = optionsOf(process.argv.slice(3))
  const folder = mkdtempSync(join(tmpdir(), 'filo-cases-'))
  const { size, seed } = options
  const cluster = await startNational({ size, seed, now, said: line => console.error(line) }, settings)
  try {
    await measure(cluster, options, folder)
  } finally {
    await cluster.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measure(cluster: Cluster, options: Options, folder: string): Promise<void> {
  const admin = new pg.Client(cluster.url('postgres'))
  await admin.connect()
  await admin.query('drop database if exists empty')
  await admin.query('create database empty template template0')
  const pool = String(Math.ceil(options.connections / 0.45))
  const programOn = (databaseUrl: string) => ({
    databaseUrl,
    environment: { CLOCK_OFFSET_MS: String(now.getTime() - Date.now()), DATABASE_POOL: pool, ROLES: 'web' },
  })
  try {
    await loadInstitute(cluster.url('empty'))
    const onEmpty = await startProgramProcess(programOn(cluster.url('empty')))
    const onRegister = await startProgramProcess(programOn(cluster.url('postgres')))
    try {
      const desks = await Promise.all(
        Array.from({ length: options.connections }, (_, n) => deskAt(onEmpty.url, users[n % users.length] ?? users[0])),
      )
      const [desk] = desks
      if (!desk) return
      const contacts = await peopleAt(desk)
      await createSome(desk, contacts, warmUp)
      const far = await deskAt(onRegister.url, users[0])
      const farContacts = await peopleAt(far)
      await createSome(far, farContacts, warmUp)
      const growth = await growthOf({ desk, contacts }, { desk: far, contacts: farContacts })
      const script = await statementsOf(admin, desk, contacts, folder)
      const rates = await inTurns(cluster.url('empty'), { desks, contacts }, script, options)
      print(options, growth, script, rates)
      for (const each of [...desks, far]) each.close()
    } finally {
      await onEmpty.stop()
      await onRegister.stop()
    }
  } finally {
    await admin.query('drop database if exists empty with (force)')
    await admin.end()
  }
}

async function peopleAt(desk: Desk): Promise<string[]> {
  const contacts: string[] = []
  for (let n = 0; n < people; n++) contacts.push(await desk.contact(`Rossi ${String.fromCharCode(65 + n)}`))
  return contacts
}

interface Side {
  desk: Desk
  contacts: readonly string[]
}

interface Growth {
  emptyMs: number
  registerMs: number
}

/** The middle of what a case costs on each side, in turns, so that what else the machine does falls on both. */
async function growthOf(empty: Side, register: Side): Promise<Growth> {
  const onEmpty: number[] = []
  const onRegister: number[] = []
  for (let turn = 0; turn < growthTurns; turn++) {
    onEmpty.push(...(await createSome(empty.desk, empty.contacts, casesInTurn)))
    onRegister.push(...(await createSome(register.desk, register.contacts, casesInTurn)))
  }
  return { emptyMs: percentile(onEmpty, 0.5), registerMs: percentile(onRegister, 0.5) }
}

interface Scripts {
  all: string
  writing: string
  statements: number
  written: number
}

/** Logs one creation, and writes it down for pgbench. */
async function statementsOf(admin: pg.Client, desk: Desk, contacts: readonly string[], folder: string): Promise<Scripts> {
  const log = async (what: 'all' | 'none') => {
    await admin.query(`alter system set log_statement = '${what}'`)
    await admin.query('select pg_reload_conf()')
    const { rows } = await admin.query<{ is: string }>(`select current_setting('log_statement') as is`)
    return rows[0]?.is === what
  }
  while (!(await log('all')));
  // By now every connection has heard of it.
  await desk.create(contacts[0] ?? '')
  const mark = `one case ${randomUUID()}`
  await admin.query(`select '${mark}'`)
  const made = await desk.create(contacts[1] ?? '')
  while (!(await log('none')));
  const { rows } = await admin.query<{ folder: string }>(`select current_setting('data_directory') || '/log' as folder`)
  const statements = loggedStatements(rows[0]?.folder ?? '', 'empty', mark)
  const ids = [made.interactionId, made.caseId, made.ticketId]
  const written = writing(statements)
  const keep = (name: string, of: typeof statements) => {
    const file = join(folder, name)
    writeFileSync(file, scriptOf(of, ids, made.code))
    return file
  }
  return {
    ...{ all: keep('all.sql', statements), writing: keep('writing.sql', written) },
    ...{ statements: statements.length, written: written.length },
  }
}

interface Rates {
  ours: number
  pgbench: number
  pgbenchWriting: number
}

async function inTurns(
  databaseUrl: string,
  { desks, contacts }: { desks: readonly Desk[]; contacts: readonly string[] },
  scripts: Scripts,
  { seconds, connections }: Options,
): Promise<Rates> {
  const rates: Rates = { ours: 0, pgbench: 0, pgbenchWriting: 0 }
  for (let turn = 0; turn < turns; turn++) {
    rates.ours += (await createFor(desks, contacts, seconds * 1000)).perSecond / turns
    const from = (turn * 2 + 1) * 100_000_000
    rates.pgbench += (await pgbench(databaseUrl, scripts.all, { seconds, connections, from })) / turns
    rates.pgbenchWriting +=
      (await pgbench(databaseUrl, scripts.writing, { seconds, connections, from: from + 100_000_000 })) / turns
  }
  return rates
}

/** Runs a script over so many connections. Returns how often a second. @throws when a run of it fails */
async function pgbench(
  databaseUrl: string,
  script: string,
  { seconds, connections, from }: { seconds: number; connections: number; from: number },
): Promise<number> {
  const { stdout, stderr } = await promisify(execFile)(
    join(postgresPrograms(), 'pgbench'),
    [
      ...['--no-vacuum', '--protocol', 'extended', '--client', String(connections), '--jobs', String(Math.min(2, connections))],
      ...['--time', String(seconds), '--define', `n=${from}`, '--max-tries', '3', '--file', script, databaseUrl],
    ],
    { maxBuffer: 4_000_000 },
  )
  const [, rate] = /tps = ([\d.]+)/.exec(stdout) ?? []
  if (rate === undefined || /aborted/.test(stderr)) throw new Error(`pgbench did not run to its end:\n${stderr}\n${stdout}`)
  return Number(rate)
}

function print(options: Options, growth: Growth, scripts: Scripts, rates: Rates): void {
  const row = (name: string, value: string, target = '') =>
    console.log(`${name.padEnd(58)}${value.padStart(10)}  ${target}`.trimEnd())
  console.log(
    `Register of size ${options.size}, ${options.connections} connections; ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, load ${loadavg()[0]?.toFixed(1)}; Node ${process.version}; PostgreSQL with fsync on`,
  )
  const ratio = rates.ours / rates.pgbench
  const times = growth.registerMs / growth.emptyMs
  row('cases a second over HTTP', rates.ours.toFixed(1))
  row(`the same ${scripts.statements} statements by pgbench, a second`, rates.pgbench.toFixed(1))
  row('ratio', ratio.toFixed(2), `>= ${ratioTarget}`)
  row(`only the ${scripts.written} of the transactions by pgbench, a second`, rates.pgbenchWriting.toFixed(1))
  row('one case on an empty database, half of them within', `${growth.emptyMs.toFixed(1)} ms`)
  row('one case on the register, half of them within', `${growth.registerMs.toFixed(1)} ms`)
  row('growth', times.toFixed(2), `<= ${growthTarget}`)
  const keys = {
    ours_per_s: rates.ours.toFixed(1),
    pgbench_per_s: rates.pgbench.toFixed(1),
    ratio: ratio.toFixed(2),
    growth: times.toFixed(2),
  }
  console.log(
    `bench cases ${Object.entries(keys)
      .map(([key, value]) => `${key}=${value}`)
      .join(' ')}`,
  )
}

function optionsOf(words: readonly string[]): Options {
  const given: Record<string, string> = {}
  for (let i = 0; i < words.length; i += 2) given[(words[i] ?? '').replace(/^--/, '')] = words[i + 1] ?? ''
  return Options.parse(given)
}
