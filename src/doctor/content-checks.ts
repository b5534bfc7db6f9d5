/** What is in the database: who administers, the sample, the journal and its readers. */
import { type Check, ofDatabase, ok, spell, unknown, warning, wrong } from './check.ts'

export const contentChecks: Readonly<Record<string, Check>> = {
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
}
