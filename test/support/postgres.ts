/**
 * A real PostgreSQL for the tests: a cluster in a temporary folder on a free port of the loopback, with one database that has been
 * migrated and holds the sample institute, from which each test gets its own copy.
 *
 * Vitest runs this file before the tests of the projects that need it (`globalSetup`) and hands the address to them.
 */
import { execFile, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { loadSample } from '../../sample/index.ts'
import { type Database, migrate, openEmbedded, openPostgres, readConfig, systemClock } from '../../src/platform/index.ts'
import { openHouse } from './house.ts'

const run = promisify(execFile)

/** The template that every test database is a copy of. */
export const template = 'filo_template'

export interface Cluster {
  /** Address of a database of the cluster. */
  url(database: string): string
  /** The process above all of the server's. */
  pid(): number
  /** Stops the server, does something meanwhile, and starts it again on the same port. `SIGQUIT`: at once, as in a crash. */
  restart(meanwhile?: () => Promise<void>, how?: 'SIGINT' | 'SIGQUIT'): Promise<void>
  stop(): Promise<void>
}

/** The folder with `initdb` and `postgres`, 15 or later; Debian keeps them off the PATH. */
export function postgresPrograms(): string {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian)
    ? readdirSync(debian)
        .map(Number)
        .filter(version => version >= 15)
    : []
  const folders = [
    process.env.POSTGRES_BIN,
    ...versions.sort((a, b) => b - a).map(version => join(debian, String(version), 'bin')),
    '/usr/local/bin',
    '/usr/bin',
  ]
  const found = folders.find(folder => folder && existsSync(join(folder, 'initdb')))
  if (!found)
    throw new Error(
      'PostgreSQL 15 or later is missing: install Debian\'s package "postgresql", or set POSTGRES_BIN to the folder of initdb.',
    )
  return found
}

/**
 * Starts a cluster. PostgreSQL refuses to run as root: then it runs as the user `postgres`.
 * @param kept a folder that stays when the cluster stops, and is taken up again when it holds one; without it, a new folder that is removed
 */
export async function startCluster(settings: Record<string, string> = {}, kept?: string): Promise<Cluster> {
  const programs = postgresPrograms()
  if (kept !== undefined) mkdirSync(kept, { recursive: true })
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'filo-postgres-'))
  const user = userInfo().uid === 0 ? await idsOf('postgres') : {}
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  if (!existsSync(data))
    await run(
      join(programs, 'initdb'),
      ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C.UTF-8'],
      { ...user, cwd: folder },
    )
  const port = await freePort()
  const options = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '64MB',
    // The machine is not going to lose power in a test; durability has tests of its own, which pass other settings.
    fsync: 'off',
    full_page_writes: 'off',
    synchronous_commit: 'off',
    ...settings,
  }
  writeFileSync(
    join(data, 'postgresql.auto.conf'),
    Object.entries(options)
      .map(([name, value]) => `${name} = '${value}'\n`)
      .join(''),
  )
  let complaints = ''
  const start = () => {
    const server = spawn(join(programs, 'postgres'), ['-D', data], { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
    server.stderr.on('data', (text: Buffer) => {
      complaints = (complaints + text.toString()).slice(-4_000)
    })
    const ended = new Promise<void>(resolve => server.once('exit', () => resolve()))
    return { server, ended }
  }
  let running = start()
  const halt = async (how: 'SIGINT' | 'SIGQUIT' = 'SIGINT') => {
    running.server.kill(how)
    await running.ended
  }
  const url = (database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`
  await untilItAnswers(url('postgres'), () => complaints)
  return {
    url,
    pid: () => running.server.pid ?? 0,
    async restart(meanwhile = async () => {}, how = 'SIGINT') {
      await halt(how)
      await meanwhile()
      running = start()
      await untilItAnswers(url('postgres'), () => complaints)
    },
    async stop() {
      await halt()
      if (kept === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function idsOf(name: string): Promise<{ uid?: number; gid?: number }> {
  const [uid, gid] = await Promise.all(['-u', '-g'].map(async flag => Number((await run('id', [flag, name])).stdout)))
  return uid !== undefined && gid !== undefined ? { uid, gid } : {}
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no free port'))))
    })
  })
}

async function untilItAnswers(url: string, complaints: () => string): Promise<void> {
  const deadline = Date.now() + 20_000
  for (;;) {
    const client = new pg.Client(url)
    try {
      await client.connect()
      return
    } catch {
      if (Date.now() > deadline) throw new Error(`PostgreSQL did not start:\n${complaints()}`)
      await new Promise(resolve => setTimeout(resolve, 50))
    } finally {
      await client.end().catch(() => {})
    }
  }
}

/** Brings a database to what every test begins with: the newest shape, and the sample institute with its people. */
async function prepare(database: Database): Promise<void> {
  await migrate(database)
  const house = await openHouse(database, readConfig({ LOG_LEVEL: 'silent' }), systemClock)
  await loadSample(house)
  await house.tail.close()
  // Tests of the journal count what they wrote: they begin with an empty one.
  await database.script('truncate event restart identity')
}

/** Vitest's hook: one cluster for the whole run, and one embedded database to copy from. */
export default async function setup(project: {
  readonly name: string
  provide(key: 'postgres' | 'embedded', value: string): void
}): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'filo-embedded-'))
  // Only the tests of stores run on both databases.
  if (project.name === 'store') {
    const embedded = await openEmbedded(folder)
    await prepare(embedded)
    await embedded.close()
  }
  project.provide('embedded', folder)
  const cluster = await startCluster()
  const admin = new pg.Client(cluster.url('postgres'))
  await admin.connect()
  await admin.query(`create database ${template}`)
  await admin.end()
  const database = await openPostgres(cluster.url(template), 2)
  await prepare(database)
  await database.close()
  project.provide('postgres', cluster.url(''))
  return async () => {
    rmSync(folder, { recursive: true, force: true })
    await cluster.stop()
  }
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the cluster; add the name of a database. */
    postgres: string
    /** Data folder of an embedded database that was migrated and holds the sample institute. */
    embedded: string
  }
}
