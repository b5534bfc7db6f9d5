/**
 * Lists, searches and figures at national size, over HTTP, as every role.
 *
 *   npm run bench -- lists [--size 0.02] [--seed 1] [--rounds 12]
 *
 * The register is made once (bench/national) and kept; the program runs as a process of its own on a PostgreSQL with fsync on. One reader asks
 * everything, then sixteen at once; afterwards the same conversations are written on the register and on an empty database.
 */
import { cpus, loadavg } from 'node:os'
import { setTimeout as passes } from 'node:timers/promises'
import pg from 'pg'
import { z } from 'zod'
import type { Cluster } from '../test/support/postgres.ts'
import { startProgramProcess } from '../test/support/program.ts'
import { type Created, create } from './lists/creating.ts'
import { type Group, questionsFor, targets } from './lists/questions.ts'
import { percentile, read, type Timed } from './lists/reading.ts'
import { type Rebuilt, rebuildAtTheWorst } from './lists/rebuilding.ts'
import { loadInstitute, startNational } from './national/kept.ts'

const Options = z.object({
  size: z.coerce.number().min(0.005).max(2).default(1),
  seed: z.coerce.number().int().default(1),
  rounds: z.coerce.number().int().min(1).max(200).default(12),
})

/** A Wednesday at eleven in the office: the story of the register ends here, and the program's clock says so. */
const now = new Date('2026-11-25T10:00:00Z')
const manyReaders = 16
/** Sixteen readers may take so many times as long as one. */
const manyFactor = 4
const withinMs = 240_000
const creations = 40
const growthTarget = 1.2
const startTargetS = 4
const rebuildTargetS = 1

/** As a small server of one's own is set up; everything else is PostgreSQL's default. */
const settings = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on', shared_buffers: '1GB' }

export default async function bench(): Promise<void> {
  const options = optionsOf(process.argv.slice(3))
  const cluster = await startNational({ ...options, now, said: line => console.error(line) }, settings)
  try {
    await measure(cluster, options)
  } finally {
    await cluster.stop()
  }
}

async function measure(cluster: Cluster, { size, rounds }: z.infer<typeof Options>): Promise<void> {
  const url = cluster.url('postgres')
  const { version, fsync } = await serverOf(url)
  const begun = performance.now()
  const program = await startProgramProcess(programOn(url))
  const startSeconds = (performance.now() - begun) / 1000
  let one: Timed[] = []
  let many: Timed[] = []
  let onRegister: Created[] = []
  try {
    const { questions } = await questionsFor(program.url, url)
    await read(program.url, questions, 1, 1, withinMs)
    one = await read(program.url, questions, rounds, 1, withinMs)
    many = await read(program.url, questions, rounds, manyReaders, withinMs)
    await create(program.url, 3)
    onRegister = await create(program.url, creations)
  } finally {
    await program.stop()
  }
  const { created: onEmpty, rebuilt } = await onEmptyDatabase(cluster)
  console.log(
    `Register of size ${size}; ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, load ${loadavg()[0]?.toFixed(1)}; ${version}, fsync ${fsync}; Node ${process.version}`,
  )
  printReading(one, many)
  const growth = printCreating(onRegister, onEmpty)
  console.log(row('start', `${startSeconds.toFixed(1)} s`, '', `<= ${startTargetS} s`, verdict(startSeconds, startTargetS)))
  const rebuildSeconds = printRebuilding(rebuilt)
  const p99 = (...groups: Group[]) =>
    percentile(
      one.filter(each => groups.includes(each.question.group)).map(each => each.ms),
      0.99,
    ).toFixed(0)
  const keys = {
    list_p99_ms: p99('list'),
    search_p99_ms: p99('search', 'everything'),
    words_p99_ms: p99('words'),
    counts_p99_ms: p99('counts'),
    history_p99_ms: p99('one'),
    sums_p99_ms: p99('live', 'day'),
    creation_growth: growth.toFixed(2),
    start_s: startSeconds.toFixed(1),
    rebuild_s: rebuildSeconds.toFixed(2),
  }
  console.log(
    `bench lists ${Object.entries(keys)
      .map(([key, value]) => `${key}=${value}`)
      .join(' ')}`,
  )
}

/** The program at eleven o'clock of the register's last day, without a telephone switch. */
const programOn = (databaseUrl: string) => ({
  databaseUrl,
  environment: { CLOCK_OFFSET_MS: String(now.getTime() - Date.now()), DATABASE_POOL: '16' },
})

async function onEmptyDatabase(cluster: Cluster): Promise<{ created: Created[]; rebuilt: Rebuilt }> {
  const admin = new pg.Client(cluster.url('postgres'))
  await admin.connect()
  await admin.query('drop database if exists empty')
  await admin.query('create database empty template template0')
  try {
    await loadInstitute(cluster.url('empty'))
    const program = await startProgramProcess(programOn(cluster.url('empty')))
    let created: Created[] = []
    try {
      await create(program.url, 3)
      created = await create(program.url, creations)
    } finally {
      await program.stop()
    }
    return { created, rebuilt: await rebuildAtTheWorst(cluster.url('empty')) }
  } finally {
    await passes(0)
    await admin.query('drop database empty with (force)')
    await admin.end()
  }
}

async function serverOf(url: string): Promise<{ version: string; fsync: string }> {
  const client = new pg.Client(url)
  await client.connect()
  const { rows } = await client.query<{ version: string; fsync: string }>(
    `select 'PostgreSQL ' || current_setting('server_version') as version, current_setting('fsync') as fsync`,
  )
  await client.end()
  return rows[0] ?? { version: 'PostgreSQL', fsync: 'unknown' }
}

// --- the table ------------------------------------------------------------------------------------------------------

function printReading(one: readonly Timed[], many: readonly Timed[]): void {
  console.log(row('', 'one p50', 'p99', 'target', '', '16 p50', 'p99', 'target', '', 'slowest reader'))
  const lines = Map.groupBy(one, each => each.question.name)
  for (const [name, timed] of lines) {
    const [first] = timed
    if (!first) continue
    const target = targets[first.question.group]
    const alone = timed.map(each => each.ms)
    const together = many.filter(each => each.question.name === name).map(each => each.ms)
    const [p99, p99Many] = [percentile(alone, 0.99), percentile(together, 0.99)]
    const slowest = [...Map.groupBy(timed, each => `${each.question.reader.role} ${each.question.reader.user}`)]
      .map(([reader, own]) => ({
        reader,
        ms: percentile(
          own.map(each => each.ms),
          0.5,
        ),
      }))
      .sort((a, b) => b.ms - a.ms)[0]
    console.log(
      row(
        name,
        percentile(alone, 0.5).toFixed(1),
        p99.toFixed(1),
        `<= ${target}`,
        verdict(p99, target),
        percentile(together, 0.5).toFixed(1),
        p99Many.toFixed(1),
        `<= ${target * manyFactor}`,
        verdict(p99Many, target * manyFactor),
        slowest ? `${slowest.reader} ${slowest.ms.toFixed(1)}` : '',
      ),
    )
  }
}

/** Returns the largest growth of the medians, because a few dozen creations have no 99th percentile worth comparing. */
function printCreating(onRegister: readonly Created[], onEmpty: readonly Created[]): number {
  console.log(row('creating', 'p50', 'p99', 'on empty', 'p99', 'growth', '', `<= ${growthTarget}`))
  const growths = [...Map.groupBy(onRegister, each => each.what)].map(([what, created]) => {
    const full = created.map(each => each.ms)
    const empty = onEmpty.filter(each => each.what === what).map(each => each.ms)
    const growth = percentile(full, 0.5) / percentile(empty, 0.5)
    console.log(
      row(
        what,
        percentile(full, 0.5).toFixed(1),
        percentile(full, 0.99).toFixed(1),
        percentile(empty, 0.5).toFixed(1),
        percentile(empty, 0.99).toFixed(1),
        growth.toFixed(2),
        '',
        verdict(growth, growthTarget),
      ),
    )
    return growth
  })
  return Math.max(...growths)
}

function printRebuilding({ ms, steps, agents, waiting }: Rebuilt): number {
  const seconds = percentile(ms, 0.5) / 1000
  const said = `rebuilding: ${agents} agents, ${waiting} wait`
  console.log(
    row(said, `${seconds.toFixed(2)} s`, '', `<= ${rebuildTargetS} s`, verdict(seconds, rebuildTargetS), `${steps} steps`),
  )
  return seconds
}

const verdict = (value: number, target: number): string => (value <= target ? 'ok' : 'short')
const row = (name: string, ...cells: string[]): string =>
  `${name.padEnd(34)}${cells.map(cell => cell.padStart(9)).join(' ')}`.trimEnd()

function optionsOf(argv: readonly string[]): z.infer<typeof Options> {
  const given = Object.fromEntries(argv.flatMap((word, i) => (word.startsWith('--') ? [[word.slice(2), argv[i + 1]]] : [])))
  return Options.parse(given)
}
