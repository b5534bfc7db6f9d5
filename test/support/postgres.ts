/**
 * A real PostgreSQL for the tests: a cluster in a temporary folder on a free port of the loopback, with one database that has been
 * migrated and holds the sample institute, from which each test gets its own copy. It is prepared once for a tree of sources and kept under
 * `.cache/prepared`; each run works on a copy.
 *
 * Vitest runs this file before the tests of the projects that need it (`globalSetup`) and hands the address to them.
 */
import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join, relative } from 'node:path'
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

const root = join(import.meta.dirname, '../..')
const cache = join(root, '.cache/prepared')
/** Everything that has a say in what is prepared. */
const sources = ['migrations', 'sample', 'src', 'languages', 'test/support', 'package-lock.json']
/** Since it was last used: another tree of sources, or another day, takes its place. */
const keptForMs = 3_600_000

/**
 * Returns the folder of what a run begins with: a cluster with the template in it, and an embedded database. Makes it when it is not there.
 * They are moved into their place whole, so that of two
 * runs that begin at once each finds all of them.
 */
export async function preparedDatabases(): Promise<string> {
  const place = join(cache, fingerprint())
  if (!existsSync(place)) {
    mkdirSync(cache, { recursive: true })
    forgetOlder()
    // The cluster's own user need not get into the folder of the sources: it works among the temporary files.
    const making = folderToPassThrough('filo-preparing-')
    const kept = mkdtempSync(`${place}-`)
    await Promise.all([prepareCluster(join(making, 'cluster')), prepareEmbedded(join(making, 'embedded'))])
    await copyFolders(making, kept)
    rmSync(making, { recursive: true })
    try {
      renameSync(kept, place)
    } catch (error) {
      // Another run was quicker.
      if (!existsSync(place)) throw error
      rmSync(kept, { recursive: true })
    }
  }
  utimesSync(place, new Date(), new Date())
  return place
}

function folderToPassThrough(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix))
  chmodSync(folder, 0o755)
  return folder
}

/**
 * Starts a cluster of a test's own, with `template` in it: a database of the newest shape with the sample institute.
 * @param prepared the folder of what was prepared
 * @param folder where its data lies; without it, a new folder. Removed when the cluster stops
 */
export async function startPreparedCluster(
  prepared: string,
  settings: Record<string, string>,
  folder = folderToPassThrough('filo-postgres-'),
): Promise<Cluster> {
  await run('cp', ['-a', join(prepared, 'cluster', 'data'), folder])
  const cluster = await startCluster(settings, folder)
  return {
    ...cluster,
    async stop() {
      await cluster.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Owners stay who they are: the cluster may belong to a user of its own. */
const copyFolders = (from: string, to: string): Promise<unknown> =>
  run('cp', ['-a', join(from, 'cluster'), join(from, 'embedded'), to])

async function prepareCluster(folder: string): Promise<void> {
  const cluster = await startCluster({}, folder)
  const admin = new pg.Client(cluster.url('postgres'))
  await admin.connect()
  await admin.query(`create database ${template}`)
  await admin.end()
  const database = await openPostgres(cluster.url(template), 2)
  await prepare(database)
  await database.close()
  await cluster.stop()
}

async function prepareEmbedded(folder: string): Promise<void> {
  const database = await openEmbedded(folder)
  await prepare(database)
  await database.close()
}

/** The day belongs to it: months of the journal and appointments of the sample are counted from today. */
function fingerprint(): string {
  const hash = createHash('sha256').update(postgresPrograms()).update(new Date().toISOString().slice(0, 10))
  for (const source of sources) {
    const path = join(root, source)
    const files = statSync(path).isDirectory()
      ? readdirSync(path, { recursive: true, withFileTypes: true })
          .filter(entry => entry.isFile() && !entry.name.includes('.test.'))
          .map(entry => join(entry.parentPath, entry.name))
          .sort()
      : [path]
    for (const file of files) hash.update(relative(root, file)).update(readFileSync(file))
  }
  return hash.digest('hex').slice(0, 16)
}

function forgetOlder(): void {
  for (const name of readdirSync(cache)) {
    const folder = join(cache, name)
    if (Date.now() - statSync(folder).mtimeMs > keptForMs) rmSync(folder, { recursive: true, force: true })
  }
}

/** Vitest's hook: one cluster for the whole run, and one embedded database to copy from. */
export default async function setup(project: {
  provide(key: 'postgres' | 'embedded' | 'prepared', value: string): void
}): Promise<() => Promise<void>> {
  const folder = folderToPassThrough('filo-databases-')
  const prepared = await preparedDatabases()
  await copyFolders(prepared, folder)
  const cluster = await startCluster({}, join(folder, 'cluster'))
  project.provide('postgres', cluster.url(''))
  project.provide('embedded', join(folder, 'embedded'))
  project.provide('prepared', prepared)
  return async () => {
    await cluster.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the cluster; add the name of a database. */
    postgres: string
    /** Data folder of an embedded database that was migrated and holds the sample institute. */
    embedded: string
    /** Folder of what was prepared, from which a test copies the cluster that it stops or changes (`startPreparedCluster`). */
    prepared: string
  }
}
