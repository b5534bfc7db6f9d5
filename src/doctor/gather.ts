/**
 * Gathers the facts of an installation. Each question has its own few seconds and its own answer for when it cannot be had, so that one broken
 * part hides nothing of the others.
 */
import { constants, existsSync } from 'node:fs'
import { access, readdir, readFile, stat, statfs } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import nodemailer from 'nodemailer'
import pg from 'pg'
import { openTrustStore } from '../channels/index.ts'
import { rolesWhich } from '../identity/capabilities.ts'
import {
  appliedMigrations,
  type Config,
  type Database,
  DatabaseUnavailable,
  findRunning,
  lastBackup,
  openBucket,
  openEmbedded,
  pendingMigrations,
  readMigrations,
} from '../platform/index.ts'
import { DatabaseFacts, type InstallationFacts } from './model.ts'

const withinMs = 5_000
const dayMs = 86_400_000
/** A folder of recordings is counted so far, and then "more than". */
const maxFiles = 200_000

/** The answer, or `otherwise` when there is none in time. */
async function inTime<T, O>(question: Promise<T>, otherwise: (error: unknown) => O): Promise<T | O> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${withinMs / 1_000} s`)), withinMs)
  })
  try {
    return await Promise.race([question, late])
  } catch (error) {
    return otherwise(error)
  } finally {
    clearTimeout(timer)
  }
}

const none = () => null
const sentenceOf = (error: unknown): string => {
  // `fetch` says only that it failed; why stands in the cause, and of several addresses each has its own.
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const said: unknown = inner instanceof AggregateError ? inner.errors[0] : inner
  const text = said instanceof Error ? said.message || String('code' in said ? said.code : said.name) : String(said)
  return text.replace(/\.$/, '')
}
const problem = (error: unknown): { error: string } => ({ error: sentenceOf(error) })

/** Gathers everything, side by side. */
export async function gatherFacts(config: Config): Promise<InstallationFacts> {
  const [machine, database, program, publicUrl, asterisk, mailServer, pecTrust, bucket] = await Promise.all([
    gatherMachine(config),
    gatherDatabase(config),
    inTime(askProgram(config), none),
    config.PUBLIC_URL === undefined ? null : inTime(askPublicUrl(config.PUBLIC_URL), problem),
    config.ASTERISK_URL === undefined ? null : inTime(askAsterisk(config, config.ASTERISK_URL), problem),
    config.SMTP_URL === undefined ? null : inTime(askMailServer(config.SMTP_URL), problem),
    config.PEC_TRUST === undefined ? null : inTime(countAuthorities(config.PEC_TRUST), problem),
    inTime(askBucket(config), problem),
  ])
  return { config, machine, database, program, publicUrl, asterisk, mailServer, pecTrust, bucket }
}

// --- machine --------------------------------------------------------------------------------------------------------

async function gatherMachine({ DATA_DIR }: Config): Promise<InstallationFacts['machine']> {
  return {
    isRoot: process.getuid?.() === 0,
    nodeMajor: Number(process.versions.node.split('.')[0]),
    disk: await inTime(
      statfs(existsSync(DATA_DIR) ? DATA_DIR : '.').then(({ bavail, blocks, bsize }) => ({
        freeBytes: bavail * bsize,
        totalBytes: blocks * bsize,
      })),
      none,
    ),
    recordings: await inTime(sizeOf(join(DATA_DIR, 'recordings')), none),
    openFiles: await inTime(openFilesLimit(), none),
  }
}

async function sizeOf(folder: string): Promise<InstallationFacts['machine']['recordings']> {
  if (!existsSync(folder)) return null
  let bytes = 0
  let files = 0
  const until = Date.now() + withinMs / 2
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue
    if (++files > maxFiles || Date.now() > until) return { bytes, isComplete: false }
    bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size
  }
  return { bytes, isComplete: true }
}

async function openFilesLimit(): Promise<number | null> {
  const limits = await readFile('/proc/self/limits', 'utf8')
  const soft = /^Max open files\s+(\d+|unlimited)/m.exec(limits)?.[1]
  return soft === undefined || soft === 'unlimited' ? null : Number(soft)
}

// --- database -------------------------------------------------------------------------------------------------------

type Asked = Pick<Database, 'query'>

async function gatherDatabase(config: Config): Promise<InstallationFacts['database']> {
  if (config.DATABASE_URL !== undefined) return gatherPostgres(config.DATABASE_URL)
  const running = await inTime(findRunning(config.DATA_DIR), none)
  if (running)
    return inTime(
      running.facts().then(facts => DatabaseFacts.parse(facts)),
      problem,
    )
  if (!existsSync(join(config.DATA_DIR, 'database', 'PG_VERSION')))
    return { error: `There is no embedded database in ${config.DATA_DIR} yet.` }
  try {
    const database = await openEmbedded(config.DATA_DIR)
    try {
      return await factsOfDatabase(database)
    } finally {
      await database.close()
    }
  } catch (error) {
    return { error: `${sentenceOf(error)}.` }
  }
}

async function gatherPostgres(url: string): Promise<InstallationFacts['database']> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'filo-diretto doctor',
    connectionTimeoutMillis: withinMs,
    statement_timeout: withinMs,
    query_timeout: withinMs,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    return await factsOfDatabase({ kind: 'postgres', query: (text, values) => client.query(text, [...values]) })
  } catch (error) {
    return { error: `PostgreSQL at DATABASE_URL does not answer: ${sentenceOf(error)}.` }
  } finally {
    await client.end().catch(() => {})
  }
}

/** Asks a database that is open. Used by the command, and by the running program for it when the database is embedded. */
export async function factsOfDatabase(database: Pick<Database, 'kind' | 'query'>): Promise<DatabaseFacts> {
  const ask = <T>(question: (db: Asked) => Promise<T>): Promise<T | null> => inTime(question(database), none)
  // One after the other: the embedded database has one session, and a client keeps the order anyway.
  const isServer = database.kind === 'postgres'
  const backup = await ask(lastBackup)
  return {
    kind: database.kind,
    server: isServer ? await ask(askServer) : null,
    missingExtensions: await ask(askExtensions),
    neighbours: isServer ? await ask(askNeighbours) : null,
    migrations: await ask(askMigrations),
    administrators: await ask(askAdministrators),
    isSampleLoaded: await ask(db => isThere(db, "select 1 from setting where name = 'sample'")),
    sealAgeSeconds: await ask(db => number(db, 'select extract(epoch from now() - at) as n from seal order by seq desc limit 1')),
    unsealedSince: await ask(askUnsealed),
    setAside: await ask(askSetAside),
    mail: await ask(askMail),
    blobsIn: await ask(askBlobs),
    backupAgeSeconds: backup ? (Date.now() - Date.parse(backup.at)) / 1_000 : null,
    backupBy: backup?.by ?? null,
    isSecretInDatabase: await ask(db => isThere(db, "select 1 from setting where name = 'secret'")),
  }
}

async function number({ query }: Asked, text: string): Promise<number | null> {
  const { rows } = await query(text, [])
  return rows[0]?.n === undefined || rows[0].n === null ? null : Number(rows[0].n)
}

const isThere = async ({ query }: Asked, text: string): Promise<boolean> => (await query(text, [])).rows.length > 0

const settingsAsked = [
  'fsync',
  'full_page_writes',
  'synchronous_commit',
  'max_connections',
  'superuser_reserved_connections',
  'autovacuum',
  'track_counts',
  'idle_session_timeout',
  'transaction_timeout',
]

async function askServer({ query }: Asked): Promise<DatabaseFacts['server']> {
  const { rows: settings } = await query('select name, setting from pg_settings where name = any($1)', [settingsAsked])
  const before = Date.now()
  const { rows } = await query(
    `select current_setting('server_version_num')::int as version, pg_encoding_to_char(d.encoding) as encoding, d.datctype as ctype,
            (select rolsuper from pg_roles where rolname = current_user) as superuser,
            (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as connections,
            extract(epoch from clock_timestamp()) * 1000 as now
     from   pg_database d where d.datname = current_database()`,
    [],
  )
  const [row] = rows
  return {
    version: Number(row?.version),
    encoding: String(row?.encoding),
    ctype: String(row?.ctype),
    isSuperuser: row?.superuser === true,
    settings: Object.fromEntries(settings.map(({ name, setting }) => [String(name), String(setting)])),
    connectionsInUse: Number(row?.connections),
    // Half of the way there and back is how long the answer took to come.
    clockAheadMs: Number(row?.now) - (before + Date.now()) / 2,
  }
}

async function askExtensions({ query }: Asked): Promise<string[]> {
  const needed = new Set(
    readMigrations().flatMap(({ text }) =>
      [...text.matchAll(/create\s+extension\s+(?:if\s+not\s+exists\s+)?"?([a-z_-]+)"?/gi)].map(found => found[1] ?? ''),
    ),
  )
  const { rows } = await query('select name from pg_available_extensions', [])
  const there = new Set(rows.map(row => String(row.name)))
  return [...needed].filter(name => !there.has(name))
}

async function askNeighbours({ query }: Asked): Promise<DatabaseFacts['neighbours']> {
  const { rows: transactions } = await query(
    `select pid, coalesce(datname, '') as database, application_name as name, extract(epoch from clock_timestamp() - xact_start) as seconds
     from   pg_stat_activity
     where  xact_start < clock_timestamp() - interval '10 seconds' and backend_type <> 'autovacuum worker' and pid <> pg_backend_pid()
     order  by xact_start limit 20`,
    [],
  )
  const { rows: slots } = await query(
    `select slot_name as name, active, coalesce(pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end, restart_lsn), 0) as bytes
     from   pg_replication_slots limit 50`,
    [],
  )
  const { rows: prepared } = await query(
    `select gid as name, database, extract(epoch from now() - prepared) as seconds from pg_prepared_xacts order by prepared limit 20`,
    [],
  )
  return {
    transactions: transactions.map(row => ({
      pid: Number(row.pid),
      database: String(row.database),
      name: String(row.name),
      seconds: Number(row.seconds),
    })),
    slots: slots.map(row => ({ name: String(row.name), active: row.active === true, retainedBytes: Number(row.bytes) })),
    prepared: prepared.map(row => ({ name: String(row.name), database: String(row.database), seconds: Number(row.seconds) })),
  }
}

async function askMigrations(db: Asked): Promise<DatabaseFacts['migrations']> {
  const applied = await appliedMigrations(db)
  try {
    const pending = pendingMigrations(readMigrations(), applied)
    return { applied: applied.size, pending: pending.map(file => file.name), problem: null }
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable)) throw error
    return { applied: applied.size, pending: [], problem: error.message }
  }
}

const askAdministrators = (db: Asked): Promise<number | null> =>
  number(
    db,
    `select count(distinct p.id) as n from person p join assignment a on a.person_id = p.id
     where  a.role in (${rolesWhich('accounts.keep')
       .map(role => `'${role}'`)
       .join(', ')}) and p.disabled_at is null and a.starts_at <= now() and (a.ends_at is null or a.ends_at > now())`,
  )

/** Seconds since the oldest entry that is younger than the last seal, if sealing lags by more than its minute. */
const askUnsealed = (db: Asked): Promise<number | null> =>
  number(
    db,
    `select extract(epoch from now() - min(e.at)) as n
     from   (select at from event where at > coalesce((select at from seal order by seq desc limit 1), '-infinity') order by id desc limit 10000) e`,
  )

/** Index: unreadable_entry_by_age. */
async function askSetAside({ query }: Asked): Promise<DatabaseFacts['setAside']> {
  const { rows } = await query(
    `select   reader, type, why, count(*)::int as entries
     from     (select reader, type, why from unreadable_entry where set_aside_at > now() - interval '7 days' limit 10000) lately
     group by reader, type, why
     order by entries desc
     limit    20`,
    [],
  )
  return DatabaseFacts.shape.setAside.parse(rows)
}

/** Index: blob_elsewhere. */
async function askBlobs({ query }: Asked): Promise<string | null> {
  const { rows } = await query('select bucket from blob where bucket is not null limit 1', [])
  return rows[0] ? String(rows[0].bucket) : null
}

async function askMail({ query }: Asked): Promise<DatabaseFacts['mail']> {
  const { rows } = await query(
    `select count(*) as waiting, coalesce(extract(epoch from now() - min(queued_at)), 0) as oldest from mail where state in ('queued', 'sending')`,
    [],
  )
  return { waiting: Number(rows[0]?.waiting), oldestSeconds: Number(rows[0]?.oldest) }
}

// --- over the network -----------------------------------------------------------------------------------------------

async function askProgram({ HOST, PORT }: Config): Promise<InstallationFacts['program']> {
  const host = HOST === '0.0.0.0' ? '127.0.0.1' : HOST === '::' ? '[::1]' : HOST.includes(':') ? `[${HOST}]` : HOST
  const answer = await fetch(`http://${host}:${PORT}/readyz`, { signal: AbortSignal.timeout(withinMs) })
  const details: unknown = await answer.json()
  return typeof details === 'object' && details !== null ? { status: answer.status, details: { ...details } } : null
}

/** As a browser meets it; a certificate that it would not accept is described, not refused. */
function askPublicUrl(publicUrl: string): Promise<Exclude<InstallationFacts['publicUrl'], null | { error: string }>> {
  const url = new URL('/healthz', publicUrl)
  const isTls = url.protocol === 'https:'
  return new Promise((resolve, reject) => {
    const request = (isTls ? httpsRequest : httpRequest)(url, {
      timeout: withinMs,
      ...(isTls ? { rejectUnauthorized: false } : {}),
    })
    request.on('timeout', () => request.destroy(new Error('no answer in time')))
    request.on('error', reject)
    request.on('response', response => {
      response.resume()
      const socket = response.socket
      const certificate = socket instanceof TLSSocket ? socket.getPeerCertificate() : undefined
      resolve({
        status: response.statusCode ?? 0,
        isSecureKnown: response.headers['strict-transport-security'] !== undefined,
        certificateDaysLeft: certificate?.valid_to ? Math.floor((Date.parse(certificate.valid_to) - Date.now()) / dayMs) : null,
        certificateProblem: socket instanceof TLSSocket && !socket.authorized ? String(socket.authorizationError) : null,
      })
    })
    request.end()
  })
}

/** What the program needs of Asterisk beside what every Asterisk has: telephony/asterisk/modules.conf is the whole list. */
const neededModules = [
  'app_stasis.so',
  'bridge_holding.so',
  'bridge_softmix.so',
  'codec_alaw.so',
  'codec_ulaw.so',
  'res_ari_bridges.so',
  'res_ari_channels.so',
  'res_ari_events.so',
  'res_ari_playbacks.so',
  'res_ari_recordings.so',
  'res_http_websocket.so',
  'res_musiconhold.so',
  'res_pjsip.so',
  'res_rtp_asterisk.so',
  'res_srtp.so',
]

async function askAsterisk(
  config: Config,
  url: string,
): Promise<Exclude<InstallationFacts['asterisk'], null | { error: string }>> {
  const authorization = `Basic ${Buffer.from(`${config.ASTERISK_USER}:${config.ASTERISK_PASSWORD ?? ''}`).toString('base64')}`
  const ask = (path: string, method = 'GET') =>
    fetch(`${url.replace(/\/$/, '')}/ari${path}`, { method, headers: { authorization }, signal: AbortSignal.timeout(withinMs) })
  const info = await ask('/asterisk/info')
  if (info.status === 401) throw new Error('it refuses ASTERISK_USER and ASTERISK_PASSWORD')
  if (!info.ok) throw new Error(`it answers ${info.status}`)
  const { system } = (await info.json()) as { system?: { version?: string } }
  const answered = await ask('/asterisk/modules')
  const modules = answered.ok ? ((await answered.json()) as { name: string; status: string }[]) : undefined
  const running = new Set(modules?.filter(each => each.status === 'Running').map(each => each.name))
  // A channel that does not exist: who may write is told that, who may only read is refused first.
  const written = await ask('/channels/filo-diretto-doctor/ring', 'POST')
  return {
    version: system?.version ?? '',
    missingModules: modules ? neededModules.filter(name => !running.has(name)) : [],
    mayWrite: written.status !== 403,
    soundsWritable:
      config.ASTERISK_SOUNDS_DIR === undefined
        ? null
        : await access(config.ASTERISK_SOUNDS_DIR, constants.W_OK).then(
            () => true,
            () => false,
          ),
    writeTimeoutMs: await writeTimeout(),
  }
}

/** From the configuration of an Asterisk on this machine; null where it cannot be read. Not said there means Asterisk's default. */
async function writeTimeout(): Promise<number | null> {
  const text = await readFile('/etc/asterisk/ari.conf', 'utf8').catch(() => undefined)
  const asterisksDefaultMs = 100
  return text === undefined ? null : Number(/^\s*websocket_write_timeout\s*=\s*(\d+)/m.exec(text)?.[1] ?? asterisksDefaultMs)
}

const countAuthorities = async (path: string): Promise<{ authorities: number }> => ({
  authorities: (await openTrustStore(path)).length,
})

async function askBucket(config: Config): Promise<InstallationFacts['bucket']> {
  const bucket = openBucket(config)
  await bucket?.look(withinMs)
  return bucket ? { ok: true } : null
}

async function askMailServer(url: string): Promise<{ ok: true }> {
  const transport = nodemailer.createTransport({
    url,
    connectionTimeout: withinMs,
    greetingTimeout: withinMs,
    socketTimeout: withinMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  try {
    await transport.verify()
    return { ok: true }
  } finally {
    transport.close()
  }
}
