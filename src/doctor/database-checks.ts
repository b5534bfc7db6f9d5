/** The database: its version, its settings, its form. */
import { type Check, type CheckOutcome, ofDatabase, ofServer, ok, spell, unknown, warning, wrong } from './check.ts'

const gigabyte = 1024 ** 3
const hourS = 3_600

export const databaseChecks: Readonly<Record<string, Check>> = {
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
    // Beside the pool: two that listen, leading, migrating, and an administrator who looks.
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
}
