/**
 * What `npm run bench -- lists` measures in milliseconds, seen here in pages of the database, which do not depend on the machine: two registers, one of
 * a fiftieth of the country and one of half of that, with the whole program on each.
 *
 *   no list is read without its index        plans of every statement that the program sends (auto_explain)
 *   nothing grows with all data              pages read for each question on the one and on the other (pg_stat_statements)
 *   a foreign unit costs nothing             every route with every kind of unit out of the reader's path
 */
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { z } from 'zod'
import { type Question, questionsFor, type Reader } from '../bench/lists/questions.ts'
import { describe as describeTables } from '../bench/national/catalogue.ts'
import { makeNational } from '../bench/national/index.ts'
import { openPostgres, readConfig, sealJournal, virtualClock } from '../src/platform/index.ts'
import { routes } from '../src/routes.ts'
import { askBeside, fillBeside, growingBeside } from './support/beside-register.ts'
import { openHouse } from './support/house.ts'
import { type Cluster, startPreparedCluster, template } from './support/postgres.ts'
import { type RunningProgram, startProgramProcess } from './support/program.ts'

const now = new Date('2026-11-25T10:00:00Z')
const sizes = { whole: 1 / 50, half: 1 / 100 } as const
type Register = keyof typeof sizes

/** Tables that grow with the years. */
const growing = [
  ...['contact', 'contact_phone', 'contact_email', 'contact_key', 'contact_unit', 'contact_unit_key'],
  ...['case', 'case_unit', 'interaction', 'ticket', 'case_note', 'message', 'event', 'case_index'],
]

const folder = mkdtempSync(join(tmpdir(), 'filo-national-test-'))
let cluster: Cluster
let admin: pg.Client
const programs = new Map<Register, RunningProgram>()
const asked = new Map<Register, { questions: Question[]; readers: Reader[] }>()
const catalogues: string[][] = []

beforeAll(async () => {
  cluster = await startPreparedCluster(
    inject('prepared'),
    {
      shared_preload_libraries: 'pg_stat_statements,auto_explain',
      'auto_explain.log_format': 'json',
      'auto_explain.log_nested_statements': 'on',
      log_destination: 'jsonlog',
      logging_collector: 'on',
      shared_buffers: '256MB',
      max_wal_size: '4GB',
    },
    folder,
  )
  admin = new pg.Client(cluster.url('postgres'))
  await admin.connect()
  await admin.query('create extension pg_stat_statements')
  for (const [name, size] of Object.entries(sizes)) {
    await admin.query(`create database ${name} template ${template} strategy file_copy`)
    catalogues.push(await catalogueOf(name))
    await makeNational(cluster.url(name), { size, seed: 1, now })
    catalogues.push(await catalogueOf(name))
    await admin.query(`alter database ${name} set auto_explain.log_min_duration = 0`)
  }
  // Before anybody works on it.
  await admin.query('create database beside template half strategy file_copy')
  await fillBeside(cluster.url('beside'))
  await admin.query('alter database beside set auto_explain.log_min_duration = 0')
  // At this size some tables are read whole sooner than by an index: here it is asked whether one serves at all.
  await admin.query('alter database beside set enable_seqscan = off')
  for (const name of ['whole', 'half'] as const) {
    const program = await startProgramProcess({
      databaseUrl: cluster.url(name),
      environment: { CLOCK_OFFSET_MS: String(now.getTime() - Date.now()), DATABASE_POOL: '4' },
    })
    programs.set(name, program)
    asked.set(name, await questionsFor(program.url, cluster.url(name), 5))
  }
}, 1_200_000)

afterAll(async () => {
  for (const program of programs.values()) await program.stop()
  await admin?.end()
  await cluster?.stop()
})

async function catalogueOf(name: string): Promise<string[]> {
  const client = new pg.Client(cluster.url(name))
  await client.connect()
  try {
    const { rows } = await client.query<{ name: string }>(
      `select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
    )
    return await describeTables(
      client,
      rows.map(row => row.name),
    )
  } finally {
    await client.end()
  }
}

/** Pages of 8 kB that a piece of work had the database read, from memory or from disk. */
async function pagesRead(register: Register, work: () => Promise<unknown>): Promise<number> {
  const before = await pagesSoFar(register)
  await work()
  return (await pagesSoFar(register)) - before
}

async function pagesSoFar(register: Register): Promise<number> {
  const { rows } = await admin.query<{ pages: string }>(
    `select coalesce(sum(shared_blks_hit + shared_blks_read), 0) as pages
     from   pg_stat_statements(false) where dbid = (select oid from pg_database where datname = $1)`,
    [register],
  )
  return Number(rows[0]?.pages ?? 0)
}

async function ask(register: Register, reader: Reader, path: string, method = 'GET'): Promise<number> {
  const answer = await fetch(`${programs.get(register)?.url}${path}`, {
    method,
    headers: { cookie: reader.cookie, ...(method === 'GET' ? {} : { 'content-type': 'application/json' }) },
    ...(method === 'GET' ? {} : { body: '{}' }),
  })
  await answer.arrayBuffer()
  return answer.status
}

interface Line {
  message: string
  application_name?: string
  dbname?: string
}

interface PlanNode {
  'Node Type': string
  'Relation Name'?: string
  'Index Cond'?: string
  'Index Name'?: string
  Plans?: PlanNode[]
}

/** Indexes of what is open or waits now, which does not grow with the years. */
const ofOpenWork = ['interaction_open', 'raw_mail_to_examine', 'mail_due', 'call_by_leg', 'call_of_agent', 'call_in_course']

/** Whether an index is read from its first entry to its last. */
const isIndexScan = (node: PlanNode): boolean =>
  ['Index Scan', 'Index Only Scan', 'Bitmap Index Scan'].includes(node['Node Type']) &&
  node['Index Cond'] === undefined &&
  !ofOpenWork.includes(node['Index Name'] ?? '')

/** Statements of the program that read a growing table from one end to the other. */
function scans(database: 'institute' | 'beside', tables: readonly string[]): string[] {
  const logs = join(folder, 'data', 'log')
  const found = new Set<string>()
  for (const file of readdirSync(logs).filter(name => name.endsWith('.json')))
    for (const line of readFileSync(join(logs, file), 'utf8').split('\n')) {
      if (!line.includes('Seq Scan') && !line.includes('Index')) continue
      const { message, application_name: program, dbname } = JSON.parse(line) as Line
      if (!program?.startsWith('filo-diretto') || (dbname === 'beside') !== (database === 'beside')) continue
      const { 'Query Text': text, Plan: plan } = JSON.parse(message.slice(message.indexOf('{'))) as {
        'Query Text': string
        Plan: PlanNode
      }
      const walk = (node: PlanNode, isLimited: boolean) => {
        const isWhole = node['Node Type'] === 'Seq Scan' || (isIndexScan(node) && !isLimited)
        if (isWhole && tables.includes(node['Relation Name'] ?? ''))
          found.add(`${node['Relation Name']}: ${text.replace(/\s+/g, ' ')}`)
        for (const below of node.Plans ?? []) walk(below, isLimited || node['Node Type'] === 'Limit')
      }
      walk(plan, false)
    }
  return [...found]
}

/** The questions of one reader of each role. */
function questionsOfRoles(register: Register): Question[] {
  const { questions = [], readers = [] } = asked.get(register) ?? {}
  const chosen = new Set([...Map.groupBy(readers, reader => reader.role).values()].map(same => same.at(-1)?.user))
  return questions.filter(question => chosen.has(question.reader.user))
}

/** What is of one day grows with the day, and a day of the larger register has twice the calls. */
const ofOneDay = [
  'own interactions',
  'calls of today',
  'live page',
  'its day',
  'forecast',
  'first free of ten offices',
  'day of an agency',
]

describe.runIf(process.env.UNIT_ONLY !== 'true')('at a fiftieth of national size', () => {
  test('the generator leaves the catalogue that the migrations made', () => {
    const [before, after, ...others] = catalogues
    expect(after).toEqual(before)
    for (const other of others) expect(other).toEqual(before)
  })

  test('the generator puts each case into the index as the program does', async () => {
    const client = new pg.Client(cluster.url('half'))
    await client.connect()
    try {
      const { rows } = await client.query(
        `select count(*)::int as cases, (count(*) filter (where kept.words is distinct from made.words))::int as different
         from   "case" left join case_index kept on kept.case_id = "case".id join case_index_source made on made.case_id = "case".id
         where  "case".id::text like '%7'`,
      )
      expect(rows).toEqual([{ cases: expect.any(Number), different: 0 }])
      expect(rows[0]?.cases).toBeGreaterThan(500)
    } finally {
      await client.end()
    }
  })

  test('no answer reads more of a register that is twice as large', { timeout: 600_000 }, async () => {
    const pagesOf = async (register: Register) => {
      const pages = new Map<string, number>()
      for (const [name, same] of Map.groupBy(questionsOfRoles(register), question => question.name)) {
        if (ofOneDay.includes(name)) continue
        const askAll = () => Promise.all(same.map(({ reader, path }) => ask(register, reader, path)))
        // The program goes on with its own work meanwhile, which only adds: the least of some counts is what the answers cost.
        const counts = [await pagesRead(register, askAll), await pagesRead(register, askAll), await pagesRead(register, askAll)]
        pages.set(name, Math.min(...counts) / same.length)
      }
      return pages
    }
    const [half, whole] = [await pagesOf('half'), await pagesOf('whole')]
    // Trees grow by a level now and then. A later page costs what the first does, and what a filter passes over on the way: more on some days of the week.
    const slack = (name: string) => (name.endsWith('later page') ? 300 : 150)
    const expected = (name: string) => (name.endsWith('later page') ? whole.get(name.replace('later', 'first')) : half.get(name))
    const grown = [...whole].filter(([name, pages]) => pages > 1.4 * (expected(name) ?? maxPagesOfAnswer) + slack(name))
    expect(grown.map(([name, pages]) => `${name}: ${expected(name)} → ${pages} pages`)).toEqual([])
    const heavy = [...whole].filter(([, pages]) => pages > maxPagesOfAnswer)
    expect(heavy.map(([name, pages]) => `${name}: ${pages} pages`)).toEqual([])
  })

  test('a unit out of the path of the reader costs nothing, whatever is asked of it', { timeout: 600_000 }, async () => {
    const { readers = [] } = asked.get('whole') ?? {}
    const scoped = [
      'cric_member',
      'cric_coordinator',
      'gai_member',
      'agency_officer',
      'agency_manager',
      'regional_director',
      'central_member',
    ]
    const asking = [...Map.groupBy(readers, reader => reader.role).values()]
      .flatMap(same => same[0] ?? [])
      .filter(reader => scoped.includes(reader.role))
    expect(asking.map(reader => reader.role).sort()).toEqual([...scoped].sort())
    const dear: string[] = []
    for (const { method, path } of routesOfUnits())
      for (const reader of asking) {
        let statuses: number[] = []
        const askAll = async () => {
          statuses = await Promise.all(foreignUnits.map(unit => ask('whole', reader, path(unit), method)))
        }
        // What the program does of its own accord meanwhile only adds.
        const pages = Math.min(await pagesRead('whole', askAll), await pagesRead('whole', askAll))
        const seen = statuses.filter(status => status < 400).length
        const most = seen * maxPagesOfAnswer + (statuses.length - seen) * maxPagesOfRefusal
        if (pages > most || statuses.some(status => status >= 500))
          dear.push(`${method} ${path('…')} as ${reader.role}: ${pages} pages for ${statuses.join(', ')}`)
      }
    expect(dear).toEqual([])
    for (const reader of asking.filter(each => each.role !== 'central_member'))
      for (const section of ['cric-molise-pensioni', 'gai-molise', 'cric-molise'])
        expect(await ask('whole', reader, `/api/tickets?view=closed&sectionId=${section}`), `${section} as ${reader.role}`).toBe(
          404,
        )
  })

  test('no statement of the program, in those answers or by a timer, reads a growing table from end to end', {
    timeout: 600_000,
  }, async () => {
    const database = await openPostgres(cluster.url('whole'), 2)
    await sealJournal(database, now.getTime())
    await database.close()
    for (const { name, reader, path } of questionsOfRoles('whole')) if (ofOneDay.includes(name)) await ask('whole', reader, path)
    expect(scans('institute', growing)).toEqual([])
  })

  test('nor does what is asked of links, results, templates, mails that did not leave, and of people to be forgotten', {
    timeout: 600_000,
  }, async () => {
    const config = readConfig({ DATABASE_URL: cluster.url('beside'), LOG_LEVEL: 'silent' })
    const database = await openPostgres(cluster.url('beside'), 4)
    const house = await openHouse(database, config, virtualClock(now.getTime()))
    try {
      await askBeside(house)
    } finally {
      await house.tail.close()
      await database.close()
    }
    expect(scans('beside', [...growing, ...growingBeside])).toEqual([])
  })
})

const maxPagesOfRefusal = 120
const maxPagesOfAnswer = 3_000

/** One of each kind, none of them in the path of a reader: readers with the fewest and the most contacts work elsewhere. */
const foreignUnits = [
  'dr-molise',
  'cric-molise',
  'cric-molise-pensioni',
  'gai-molise',
  'dp-campobasso',
  'ag-termoli',
  'dc-formazione',
  'ccm',
  'ccm-pensioni',
]

/** Every route that names a unit, with everything else that it needs. */
function routesOfUnits(): { method: string; path: (unit: string) => string }[] {
  const given: Record<string, string> = {
    serviceId: 'consulenza-pensioni',
    day: '2026-12-02',
    date: '2026-11-20',
    from: '2026-12-02',
  }
  const ofUnit = ['unitId', 'sectionId', 'near', 'under', 'officeId']
  return routes.flatMap(({ method, url, query }) => {
    const fields = query instanceof z.ZodObject ? Object.keys(query.shape) : []
    const inPath = ofUnit.find(name => url.includes(`:${name}`))
    const inQuery = fields.find(name => ofUnit.includes(name))
    if (inPath === undefined && inQuery === undefined) return []
    // Who plans, plans for all sections of the contact centre: none of them is foreign.
    if (url.startsWith('/api/planner/')) return []
    if (/:\w+/.test(inPath === undefined ? url : url.replace(`:${inPath}`, ''))) return []
    const rest = Object.entries(given).filter(([name]) => fields.includes(name))
    const views = url === '/api/tickets' ? ['pool', 'closed'] : [undefined]
    return views.map(view => ({
      method,
      path: (unit: string) => {
        const search = new URLSearchParams(rest)
        if (view !== undefined) search.set('view', view)
        if (inQuery !== undefined) search.set(inQuery, unit)
        return `${inPath === undefined ? url : url.replace(`:${inPath}`, unit)}?${search}`
      },
    }))
  })
}
