/**
 * The checks: each looks at the facts and says in sentences what is so and how it is mended. Pure, so that each is tried on a bad and on a good
 * installation.
 */
import { isLoopback } from '../platform/index.ts'
import { dangersOf } from './dangers.ts'
import type { DatabaseFacts, Finding, InstallationFacts, Status } from './model.ts'

const gigabyte = 1024 ** 3
const dayS = 86_400
const hourS = 3_600

/** A check's own words for one finding. */
type CheckOutcome = { status: Status; says: string; mend?: string }
type Check = (facts: InstallationFacts) => CheckOutcome | CheckOutcome[] | undefined

const ok = (says: string): CheckOutcome => ({ status: 'ok', says })
const warning = (says: string, mend: string): CheckOutcome => ({ status: 'warning', says, mend })
const wrong = (says: string, mend: string): CheckOutcome => ({ status: 'wrong', says, mend })
const unknown = (says: string): CheckOutcome => ({ status: 'unknown', says })

/** Whether addresses that a proxy tells are believed. */
const trustsProxy = ({ TRUST_PROXY }: InstallationFacts['config']): boolean => 'networks' in TRUST_PROXY || TRUST_PROXY.hops > 0

/** A check of the database, which is left out when the database could not be asked. */
const ofDatabase =
  (check: (database: DatabaseFacts, facts: InstallationFacts) => CheckOutcome | CheckOutcome[] | undefined): Check =>
  facts =>
    'error' in facts.database ? undefined : check(facts.database, facts)

/** A check of a PostgreSQL server. */
const ofServer = (
  check: (server: NonNullable<DatabaseFacts['server']>, facts: InstallationFacts) => CheckOutcome | CheckOutcome[] | undefined,
): Check => ofDatabase(({ kind, server }, facts) => (kind === 'postgres' && server !== null ? check(server, facts) : undefined))

const checks: Readonly<Record<string, Check>> = {
  configuration: ({ config, database }) => {
    const isSampleLoaded = !('error' in database) && database.isSampleLoaded === true
    const dangers = dangersOf(config, { isSampleLoaded })
    return dangers.length === 0 ? ok('No setting is dangerous.') : dangers.map(({ says, mend }) => wrong(says, mend))
  },

  user: ({ machine }) =>
    machine.isRoot
      ? warning(
          'The command runs as root. If the program does too, a fault in it reaches the whole machine.',
          'Run it as a user of its own: see scripts/systemd/filo-diretto.service.',
        )
      : ok('The program’s user is not root.'),

  node: ({ machine }) =>
    machine.nodeMajor >= 24
      ? ok(`Node ${machine.nodeMajor}.`)
      : wrong(`Node ${machine.nodeMajor} is too old.`, 'Start by npm, which brings a newer one, or install Node 24.'),

  'open files': ({ machine: { openFiles } }) => {
    if (openFiles === null) return undefined
    return openFiles < 4_096
      ? warning(
          `${openFiles} files and sockets may be open at once: a few hundred pages and calls reach that.`,
          'Raise it: LimitNOFILE=65536 in the service file, or "ulimit -n 65536".',
        )
      : ok(`${openFiles} files and sockets may be open at once.`)
  },

  disk: ({ machine: { disk }, config }) => {
    if (disk === null) return unknown(`The disk of ${config.DATA_DIR} could not be looked at.`)
    const share = disk.freeBytes / disk.totalBytes
    const free = `${(disk.freeBytes / gigabyte).toFixed(1)} GB free (${Math.round(100 * share)} %) on the disk of DATA_DIR`
    if (disk.freeBytes < gigabyte || share < 0.02)
      return wrong(
        `Only ${free}: recordings and the embedded database soon cannot be written.`,
        'Free space, or move DATA_DIR to a larger disk.',
      )
    return disk.freeBytes < 10 * gigabyte || share < 0.1
      ? warning(`${free}.`, 'Plan for more before it runs out.')
      : ok(`${free}.`)
  },

  recordings: ({ machine: { recordings, disk } }) => {
    if (recordings === null) return undefined
    const size = `${recordings.isComplete ? '' : 'More than '}${(recordings.bytes / gigabyte).toFixed(1)} GB of recordings`
    return disk !== null && recordings.bytes > disk.freeBytes
      ? warning(`${size}: more than what is still free.`, 'Shorten how long recordings are kept, or move them to a larger disk.')
      : ok(`${size}.`)
  },

  database: ({ database, config }) => {
    if ('error' in database)
      return wrong(
        database.error,
        config.DATABASE_URL ? 'Look whether PostgreSQL runs, and at DATABASE_URL.' : 'Look at DATA_DIR.',
      )
    return database.kind === 'embedded'
      ? ok(
          'The embedded database answers. It is for trying and for small offices: it does not survive a loss of power for certain.',
        )
      : ok('PostgreSQL answers.')
  },

  'database version': ofServer(({ version }) =>
    version < 150_000
      ? wrong(`PostgreSQL ${Math.floor(version / 10_000)} is too old.`, 'Upgrade to 15 or later.')
      : ok(`PostgreSQL ${Math.floor(version / 10_000)}.${version % 10_000}.`),
  ),

  'database encoding': ofServer(({ encoding, ctype }) => {
    if (encoding !== 'UTF8')
      return wrong(
        `The database is encoded in ${encoding}: names of citizens cannot all be written.`,
        'Dump it, create it with "encoding UTF8 template template0", and restore.',
      )
    return ctype === 'C' || ctype === 'POSIX'
      ? warning(
          `The database takes letters by ${ctype}: it does not know small and capital letters with accents.`,
          'Create it with a UTF-8 locale, such as C.UTF-8 or it_IT.UTF-8.',
        )
      : ok(`Encoded in UTF8, letters by ${ctype}.`)
  }),

  'database durability': ofServer(({ settings }) => {
    const off = ['fsync', 'full_page_writes', 'synchronous_commit'].filter(name => settings[name] === 'off')
    return off.length > 0
      ? wrong(
          `${off.join(', ')} ${off.length > 1 ? 'are' : 'is'} off: after a loss of power what was promised is lost, or the whole database.`,
          `Put ${off.map(name => `${name}=on`).join(', ')} into postgresql.conf and restart it.`,
        )
      : ok('What is committed is on the disk.')
  }),

  'database connections': ofServer(({ settings, connectionsInUse }, { config }) => {
    const most = Number(settings.max_connections) - Number(settings.superuser_reserved_connections ?? 3)
    // Beside the pool: listening, leading, migrating, and an administrator who looks.
    const needed = config.DATABASE_POOL + 5
    if (needed > most)
      return wrong(
        `One process may open ${needed} connections; the server allows ${most}.`,
        'Lower DATABASE_POOL or raise max_connections.',
      )
    return connectionsInUse + needed > most
      ? warning(
          `${connectionsInUse} of ${most} connections are in use and another process would open up to ${needed}.`,
          'Raise max_connections: it has to bear all processes at once, also while they are renewed.',
        )
      : ok(`${connectionsInUse} of ${most} connections are in use; a process opens up to ${needed}.`)
  }),

  'database timeouts': ofServer(({ settings }) => {
    const found = ['idle_session_timeout', 'transaction_timeout'].filter(name => Number(settings[name] ?? 0) > 0)
    return found.length > 0
      ? warning(
          `${found.join(' and ')} ${found.length > 1 ? 'are' : 'is'} set on the server: listening connections and long migrations are cut.`,
          'Set it to 0 for the role of this program: alter role … set … = 0.',
        )
      : ok('The server cuts no idle session.')
  }),

  'database vacuum': ofServer(({ settings }) =>
    settings.autovacuum === 'off' || settings.track_counts === 'off'
      ? wrong(
          'Autovacuum is off: tables that are rewritten all the time swell until the router is slow.',
          'Switch autovacuum and track_counts on.',
        )
      : ok('Autovacuum is on.'),
  ),

  'database role': ofServer(({ isSuperuser }) =>
    isSuperuser
      ? warning(
          'The program connects as a superuser: it needs no more than to own its database.',
          'Make a role: create role filo login password …; alter database … owner to filo.',
        )
      : ok('The program connects as an ordinary role.'),
  ),

  extensions: ofDatabase(({ missingExtensions }) => {
    if (missingExtensions === null) return unknown('Which extensions there are could not be asked.')
    return missingExtensions.length > 0
      ? wrong(
          `Extensions are missing on the server: ${missingExtensions.join(', ')}.`,
          'Install PostgreSQL’s contrib modules (Debian has them in the package "postgresql").',
        )
      : ok('Every extension that is needed is there.')
  }),

  time: ofServer(({ clockAheadMs }) => {
    const off = `${(Math.abs(clockAheadMs) / 1_000).toFixed(1)} s ${clockAheadMs > 0 ? 'ahead of' : 'behind'} this machine`
    if (Math.abs(clockAheadMs) < 1_000) return ok('This machine and the database show the same time.')
    return Math.abs(clockAheadMs) < 10_000
      ? warning(`The clock of the database is ${off}.`, 'Let both follow the same time servers (chrony or systemd-timesyncd).')
      : wrong(
          `The clock of the database is ${off}: times in the log and in the journal do not fit.`,
          'Let both follow the same time servers (chrony or systemd-timesyncd).',
        )
  }),

  neighbours: ofDatabase(({ kind, neighbours }) => {
    if (kind === 'embedded') return undefined
    if (neighbours === null) return unknown('What else runs in the cluster could not be asked.')
    const { transactions, slots, prepared } = neighbours
    const found: CheckOutcome[] = [
      ...transactions
        .filter(each => each.seconds > 60)
        .map(({ pid, database, name, seconds }) =>
          (seconds > hourS ? wrong : warning)(
            `A transaction in the database ${database} (process ${pid}${name ? `, ${name}` : ''}) has been open for ${spell(seconds)}: what is rewritten cannot be tidied up meanwhile.`,
            `Find out whose it is; end it with select pg_terminate_backend(${pid}).`,
          ),
        ),
      ...slots
        .filter(slot => !slot.active)
        .map(({ name, retainedBytes }) =>
          (retainedBytes > 10 * gigabyte ? wrong : warning)(
            `The replication slot ${name} is used by nobody and keeps ${(retainedBytes / gigabyte).toFixed(1)} GB: it fills the disk in the end.`,
            `Connect its replica again, or: select pg_drop_replication_slot('${name}').`,
          ),
        ),
      ...prepared
        .filter(each => each.seconds > 300)
        .map(({ name, database, seconds }) =>
          wrong(
            `The prepared transaction ${name} in ${database} has waited for ${spell(seconds)} to be decided, and holds its locks.`,
            `commit prepared '${name}' or rollback prepared '${name}', whichever is right.`,
          ),
        ),
    ]
    return found.length === 0 ? ok('Nothing in the cluster has been open for long.') : found
  }),

  migrations: ofDatabase(({ migrations }) => {
    if (migrations === null) return unknown('Which migrations were applied could not be asked.')
    if (migrations.problem !== null) return wrong(migrations.problem, 'Start the program that fits this database.')
    if (migrations.applied === 0) return warning('The database is empty.', 'Start the program: it makes its tables.')
    return migrations.pending.length > 0
      ? warning(
          `${migrations.pending.length} migrations are still to be applied, the first is ${migrations.pending[0]}.`,
          'Make a backup and start the program, which applies them.',
        )
      : ok(`All ${migrations.applied} migrations are applied.`)
  }),

  administrator: ofDatabase(({ administrators, migrations }) => {
    if (administrators === null)
      return migrations?.applied === 0 ? undefined : unknown('Whether there is an administrator could not be asked.')
    if (administrators === 0) return wrong('There is no administrator.', 'Run "npm run first-administrator".')
    return administrators === 1
      ? warning(
          'There is one administrator only: whoever loses the password of the last one needs this machine.',
          'Give the role to a second person.',
        )
      : ok(`${administrators} administrators.`)
  }),

  sample: ofDatabase(({ isSampleLoaded, kind }) => {
    if (isSampleLoaded === null) return undefined
    if (!isSampleLoaded) return ok('The sample institute is not loaded.')
    return kind === 'postgres'
      ? warning(
          'The sample institute is loaded into a PostgreSQL.',
          'If this is to be a real installation: npm run remove-sample.',
        )
      : ok('The sample institute is loaded, into the embedded database.')
  }),

  secret: ofDatabase(({ isSecretInDatabase }, { config }) =>
    config.SECRET === undefined && isSecretInDatabase === true
      ? warning(
          'The key of signed tokens is kept in the database, and so in every dump of it.',
          'Set SECRET outside the database (openssl rand -base64 48), or guard dumps like the key.',
        )
      : ok('The key of signed tokens is not taken from the database.'),
  ),

  journal: ofDatabase(({ sealAgeSeconds, unsealedSince }) => {
    if (unsealedSince === null)
      return sealAgeSeconds === null ? undefined : ok(`The journal is sealed; the last seal is ${spell(sealAgeSeconds)} old.`)
    return unsealedSince > 15 * 60
      ? wrong(
          `Entries of the journal have waited for ${spell(unsealedSince)} to be sealed.`,
          'Look whether a process plays the role worker, and at its log.',
        )
      : ok('The journal is sealed as it grows.')
  }),

  'set aside': ofDatabase(({ setAside }) => {
    if (setAside === null) return undefined
    if (setAside.length === 0) return ok('No reader of the journal has set an entry aside in the last week.')
    return setAside.map(({ reader, type, why, entries }) =>
      why === 'newer'
        ? warning(
            `The reader ${reader} went on without ${entries} of ${type}, which a newer release wrote.`,
            'Put the newest release on all nodes. What they say stands in the journal; what this reader should have done with them was not done: GET /api/journal/set-aside lists them.',
          )
        : wrong(
            `The reader ${reader} went on without ${entries} of ${type}: ${why === 'failed' ? 'it failed over them' : 'they have not the shape of their version'}.`,
            'Read in GET /api/journal/set-aside why, and run "npm run verify:journal" to see whether somebody changed them. Then do by hand what they should have brought about, and report it with the reason.',
          ),
    )
  }),

  readers: ({ program }) => {
    const { journal, writer } = program?.details ?? {}
    if (typeof journal !== 'string') return undefined
    if (journal === 'ok') return ok('Every reader of the journal has read what is older than a minute and a half.')
    const says = `The slowest reader of the journal lags (${journal}): pages, figures or calls stand still for it.`
    return typeof writer === 'string'
      ? wrong(
          says,
          `End the transaction, if nobody needs it (${writer}): select pg_terminate_backend(PROCESS). Then look at the reader’s log.`,
        )
      : wrong(
          says,
          'Look at the log of the process that reads; restart it if it says nothing. Nothing is lost: it goes on where it stands.',
        )
  },

  mail: ofDatabase(({ mail }, { config }) => {
    if (mail === null) return undefined
    if (mail.waiting === 0) return ok('No mail waits.')
    const waits = `${mail.waiting} ${mail.waiting === 1 ? 'mail waits' : 'mails wait'}, the oldest for ${spell(mail.oldestSeconds)}`
    if (config.SMTP_URL === undefined)
      return warning(
        `${waits}, and there is no SMTP_URL: citizens do not get their answers.`,
        'Set SMTP_URL, or tell the staff that answers leave by other means.',
      )
    return mail.oldestSeconds > dayS
      ? wrong(`${waits}.`, 'Look at last_problem in the table mail, and at the mail server.')
      : mail.oldestSeconds > hourS
        ? warning(`${waits}.`, 'Look at the mail server if it does not go down.')
        : ok(`${waits}.`)
  }),

  'mail server': ({ mailServer, config }) => {
    if (mailServer === null) return warning('There is no SMTP_URL: mail waits in the outbox.', 'Set SMTP_URL and MAIL_FROM.')
    return 'error' in mailServer
      ? wrong(`The mail server at SMTP_URL does not take us: ${mailServer.error}.`, 'Look at address, password and firewall.')
      : ok(`The mail server answers; mail leaves as ${config.MAIL_FROM}.`)
  },

  backup: ofDatabase(({ backupAgeSeconds, backupBy, migrations, isSampleLoaded }) => {
    if (migrations?.applied === 0) return undefined
    const how = 'Make one with "npm run backup", daily by a timer; after one by other means: npm run backup -- --noted NAME.'
    if (backupAgeSeconds === null) return (isSampleLoaded ? warning : wrong)('No backup is known.', how)
    const age = `The last backup is ${spell(backupAgeSeconds)} old (${backupBy})`
    if (backupAgeSeconds > 7 * dayS) return wrong(`${age}.`, how)
    return backupAgeSeconds > 26 * hourS ? warning(`${age}.`, how) : ok(`${age}.`)
  }),

  program: ({ program }) => {
    if (program === null)
      return warning(
        'The program does not answer at HOST and PORT: it does not run, or another process plays the role web.',
        'Start it, or look at its log.',
      )
    const says = Object.entries(program.details)
      .filter(([name]) => name !== 'ready')
      .map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
      .join(', ')
    return program.status === 200
      ? ok(`The program is ready (${says}).`)
      : wrong(`The program answers ${program.status} (${says}).`, 'Look at its log.')
  },

  'public address': ({ publicUrl, config }) => {
    if (publicUrl === null) return isLoopback(config.HOST) ? ok('Only this machine reaches the program.') : undefined
    if ('error' in publicUrl)
      return wrong(
        `${config.PUBLIC_URL} does not answer from here: ${publicUrl.error}.`,
        'Look at DNS, the reverse proxy and the firewall. If only the outside reaches it, this may be so on purpose.',
      )
    const found: CheckOutcome[] = []
    if (publicUrl.status !== 200)
      found.push(
        wrong(`${config.PUBLIC_URL}/healthz answers ${publicUrl.status}.`, 'Look whether the proxy hands on to HOST and PORT.'),
      )
    if (publicUrl.certificateProblem !== null)
      found.push(
        wrong(
          `Browsers do not accept the certificate: ${publicUrl.certificateProblem}.`,
          'Install the whole chain of a certificate for this name.',
        ),
      )
    const days = publicUrl.certificateDaysLeft
    if (days !== null && days < 21)
      found.push(
        (days < 7 ? wrong : warning)(
          `The certificate ends in ${days} days.`,
          'Renew it; look why that did not happen by itself.',
        ),
      )
    if (publicUrl.status === 200 && config.PUBLIC_URL?.startsWith('https:') && !publicUrl.isSecureKnown)
      found.push(
        wrong(
          'Pages under PUBLIC_URL come without Strict-Transport-Security: the program that answers has another PUBLIC_URL, or the proxy takes the header away.',
          'Give all processes the same PUBLIC_URL, and let the proxy hand on all headers.',
        ),
      )
    return found.length > 0
      ? found
      : ok(`${config.PUBLIC_URL} answers${days === null ? '' : `; its certificate is good for ${days} days`}.`)
  },

  proxy: ({ config }) =>
    config.PUBLIC_URL !== undefined &&
    isLoopback(config.HOST) &&
    !isLoopback(new URL(config.PUBLIC_URL).hostname) &&
    !trustsProxy(config)
      ? wrong(
          'PUBLIC_URL leads through a proxy on this machine and TRUST_PROXY is false: all people seem to come from one address, and one who tries passwords holds up all.',
          'Set TRUST_PROXY, and let the proxy set X-Forwarded-For and X-Forwarded-Proto.',
        )
      : undefined,

  asterisk: ({ asterisk, config }) => {
    if (asterisk === null) return ok('No Asterisk is configured: calls come by the telephone page only.')
    if ('error' in asterisk)
      return wrong(
        `Asterisk at ${config.ASTERISK_URL} does not answer: ${asterisk.error}.`,
        'Look whether it runs, and at http.conf, ari.conf, ASTERISK_USER and ASTERISK_PASSWORD.',
      )
    const found: CheckOutcome[] = []
    if (!isAsteriskRecent(asterisk.version))
      found.push(wrong(`Asterisk ${asterisk.version} is too old.`, 'Upgrade to 22.11 or later: docs/telephony.md says why.'))
    if (asterisk.missingModules.length > 0)
      found.push(
        wrong(
          `Asterisk has not loaded ${asterisk.missingModules.join(', ')}.`,
          'Load them in modules.conf: telephony/asterisk/modules.conf is an example.',
        ),
      )
    if (!asterisk.mayWrite) found.push(wrong('The ARI user may only read.', 'Set read_only = no in ari.conf.'))
    if (asterisk.soundsWritable === false)
      found.push(
        wrong(
          `Prompts cannot be written to ASTERISK_SOUNDS_DIR=${config.ASTERISK_SOUNDS_DIR ?? ''}: callers hear silence.`,
          'Make the folder and give it to the program’s user; Asterisk must be able to read it.',
        ),
      )
    if (asterisk.writeTimeoutMs !== null && asterisk.writeTimeoutMs < 1_000)
      found.push(
        wrong(
          `websocket_write_timeout is ${asterisk.writeTimeoutMs} ms: Asterisk cuts our line at each burst of events.`,
          'Set websocket_write_timeout = 5000 in ari.conf.',
        ),
      )
    return found.length > 0 ? found : ok(`Asterisk ${asterisk.version} has what is needed.`)
  },
}

/** Returns what every check says, in the order of the checks. */
export function examine(facts: InstallationFacts): Finding[] {
  return Object.entries(checks).flatMap(([check, look]) => {
    const said = look(facts)
    return [said ?? []].flat().map(({ status, says, mend = '' }) => ({ check, status, says, mend }))
  })
}

/** Whether an installation is to be mended: exit code 1. */
export const isUnwell = (findings: readonly Finding[]): boolean => findings.some(finding => finding.status === 'wrong')

const oldestAsterisk = [22, 11] as const

function isAsteriskRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(part => Number.parseInt(part, 10))
  return major > oldestAsterisk[0] || (major === oldestAsterisk[0] && minor >= oldestAsterisk[1])
}

/** A length of time in the unit in which people say it. */
export function spell(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} seconds`
  if (seconds < 2 * hourS) return `${Math.round(seconds / 60)} minutes`
  if (seconds < 2 * dayS) return `${Math.round(seconds / hourS)} hours`
  return `${Math.round(seconds / dayS)} days`
}
