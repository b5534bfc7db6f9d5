/** A database that moves: dumped, and restored into a cluster of its own, of which the counter of transactions is lower. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { postgresPrograms, startCluster } from './postgres.ts'

const run = promisify(execFile)

/** Uses up so many transaction numbers: restoring uses up some as well, and the cluster before has used many more. */
export const useNumbers = (count: number): string =>
  `do $$ begin for i in 1..${count} loop perform pg_current_xact_id(); commit; end loop; end $$`

/** Dumps a database and restores it into a new cluster, which ends with the test. Returns its address there. */
export async function restoredElsewhere(url: string): Promise<string> {
  const cluster = await startCluster()
  onTestFinished(() => cluster.stop())
  const folder = mkdtempSync(join(tmpdir(), 'filo-dump-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'dump.sql')
  await run(join(postgresPrograms(), 'pg_dump'), ['-d', url, '-f', file])
  const admin = new pg.Client(cluster.url('postgres'))
  await admin.connect()
  await admin.query('create database restored')
  await admin.end()
  const there = cluster.url('restored')
  await run('psql', ['-q', '-v', 'ON_ERROR_STOP=1', '-d', there, '-f', file])
  return there
}
