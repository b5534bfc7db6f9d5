/**
 * A PostgreSQL that holds a national register, made once and kept in the system's folder for temporary files: a second run with the same seed,
 * size, migrations and generator finds it. What a run adds to it (some contacts and calls) stays.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { loadSample } from '../../sample/index.ts'
import { migrate, openPostgres, readConfig, systemClock } from '../../src/platform/index.ts'
import { openHouse } from '../../test/support/house.ts'
import { type Cluster, startCluster } from '../../test/support/postgres.ts'
import { makeNational, type National } from './index.ts'

const root = join(import.meta.dirname, '../..')
/** For loading: whatever happens meanwhile, it is begun anew. */
const whileLoading = {
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '8GB',
  shared_buffers: '1GB',
  checkpoint_timeout: '30min',
}

/** Starts the kept cluster, with the register in the database `postgres`. `settings` are the server's, for measuring. */
export async function startNational(national: National, settings: Record<string, string>): Promise<Cluster> {
  const { size, seed, now, said = () => {} } = national
  const prefix = `filo-national-${size}-`
  const name = `${prefix}${keyOf(seed, now)}`
  const folder = join(tmpdir(), name)
  const ready = join(folder, 'ready')
  // One of each size: those of an older generator are of no use.
  for (const other of readdirSync(tmpdir()))
    if (other.startsWith(prefix) && other !== name) rmSync(join(tmpdir(), other), { recursive: true, force: true })
  if (!existsSync(ready)) {
    rmSync(folder, { recursive: true, force: true })
    said(`Making the register in ${folder}`)
    const cluster = await startCluster(whileLoading, folder)
    try {
      await loadInstitute(cluster.url('postgres'))
      const rows = await makeNational(cluster.url('postgres'), national)
      writeFileSync(ready, JSON.stringify(rows))
    } finally {
      await cluster.stop()
    }
  }
  said(`Register: ${readFileSync(ready, 'utf8')}`)
  return startCluster(settings, folder)
}

/** Brings an empty database to the newest shape and loads the sample institute. */
export async function loadInstitute(url: string): Promise<void> {
  const database = await openPostgres(url, 4)
  try {
    await migrate(database)
    const house = await openHouse(database, readConfig({ LOG_LEVEL: 'silent' }), systemClock)
    await loadSample(house)
    await house.tail.close()
  } finally {
    await database.close()
  }
}

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(each => each.isFile())
    .map(each => relative(folder, join(each.parentPath, each.name)))
    .sort()

function keyOf(seed: number, now: Date): string {
  const hash = createHash('sha256').update(`${seed} ${now.toISOString()}`)
  for (const folder of ['migrations', 'bench/national', 'sample'])
    for (const file of filesUnder(join(root, folder))) hash.update(file).update(readFileSync(join(root, folder, file)))
  return hash.digest('hex').slice(0, 16)
}
