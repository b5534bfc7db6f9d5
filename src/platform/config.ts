/**
 * Configuration by environment, checked once at start. A wrong value stops the start with a sentence that names it.
 */
import { z } from 'zod'
import { readTrustedProxies } from './http/addresses.ts'

const port = z.coerce.number().int().min(0).max(65535)
const yes = z.enum(['true', 'false']).transform(value => value === 'true')
const roleNames = ['web', 'voice', 'router', 'worker'] as const
export type RoleName = (typeof roleNames)[number]

const Environment = z.object({
  HOST: z.string().default('127.0.0.1').describe('address to listen on'),
  PORT: port.default(8080).describe('port to listen on; 0 takes a free one'),
  PUBLIC_URL: z.url().optional().describe('address under which browsers reach the program; https switches secure cookies on'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres:// or postgresql://')
    .optional()
    .describe('PostgreSQL 15 or later; without it the embedded database in DATA_DIR is used'),
  DATABASE_POOL: z.coerce
    .number()
    .int()
    .min(2)
    .max(200)
    .default(20)
    .describe('connections to PostgreSQL, shared out among the roles of this process'),
  DATA_DIR: z.string().min(1).default('data').describe('folder of the embedded database and of recordings'),
  ROLES: z
    .string()
    .default(roleNames.join(','))
    .transform(value => value.split(',').map(name => name.trim()))
    .pipe(z.array(z.enum(roleNames)).min(1))
    .describe('roles that this process plays: web, voice, router, worker'),
  SAMPLE: z
    .enum(['if-empty', 'small', 'yes', 'never'])
    .default('if-empty')
    .describe(
      'load the sample institute into an empty database: if-empty (only into an embedded one of a program that nobody else reaches), small (likewise, but without its six weeks of work), yes (anywhere, and its password is good from anywhere), never',
    ),
  SAMPLE_HISTORY: yes.default(true).describe('whether the sample institute has been at work for six weeks: true, false'),
  ASTERISK_URL: z.url().optional().describe('ARI of an Asterisk 22.11 or later, e.g. http://127.0.0.1:8088'),
  ASTERISK_USER: z.string().default('filodiretto').describe('ARI user'),
  ASTERISK_PASSWORD: z.string().optional().describe('ARI password'),
  ASTERISK_SOUNDS_DIR: z.string().optional().describe('folder that the program writes prompts to and Asterisk reads them from'),
  ASTERISK_SOUNDS_PATH: z.string().optional().describe('the same folder as Asterisk names it, when it differs'),
  SPEECH_URL: z.url().optional().describe('HTTP speech service; without it SVOX Pico or espeak-ng speak'),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'must begin with smtp:// or smtps://')
    .optional()
    .describe('server that sends our mail; without it mail waits in the outbox'),
  CLAMAV_URL: z
    .string()
    .regex(/^tcp:\/\//, 'must begin with tcp://')
    .optional()
    .describe('daemon of ClamAV that checks attachments, e.g. tcp://127.0.0.1:3310; without it they are shown as not checked'),
  BLOBS_URL: z
    .string()
    .regex(
      /^https?:\/\/[^/?#@]+\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      'must be the address of a bucket, e.g. https://s3.ente.example/filo-diretto',
    )
    .optional()
    .describe('bucket of an S3-compatible server for mails and files that come from now on; without it they lie in the database'),
  BLOBS_REGION: z.string().min(1).max(64).default('us-east-1').describe('region of the bucket, as its server calls it'),
  BLOBS_ACCESS_KEY: z.string().min(1).optional().describe('name of the key that may read, write and delete in the bucket'),
  BLOBS_SECRET_KEY: z.string().min(1).optional().describe('the key itself'),
  API_CONTACT_NAME: z.string().min(1).max(200).default('Filo Diretto').describe('who answers for the API, in its description'),
  API_CONTACT_EMAIL: z.email().optional().describe('address of who answers for the API'),
  API_TERMS_URL: z.url().optional().describe('terms under which the API may be used; without it the page of its documentation'),
  MAIL_FROM: z.email().default('risposte@filodiretto.example').describe('sender of answers to citizens'),
  PEC_SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'must begin with smtp:// or smtps://')
    .optional()
    .describe('access point of the PEC provider, with user and password; without it answers by PEC wait in the outbox'),
  PEC_FROM: z.email().toLowerCase().optional().describe('our PEC address, from which answers by PEC leave'),
  SMS_URL: z
    .string()
    .regex(/^(https?:\/\/|log:$)/, 'must begin with http:// or https://, or be log:')
    .optional()
    .describe('gateway for text messages; log: only writes to the log that there was one; without it none are written'),
  SMS_TOKEN: z.string().min(1).optional().describe('token for the gateway of text messages'),
  SMS_FROM: z.string().min(1).max(20).optional().describe('sender that citizens see on text messages'),
  PEC_TRUST: z
    .string()
    .optional()
    .describe(
      'file with the authorities in PEM that vouch for PEC providers; without it no signature is valid, and no receipt counts',
    ),
  SECRET: z
    .string()
    .min(32)
    .optional()
    .describe('key for signed tokens, at least 32 characters; made and kept in the database when missing'),
  TRUST_PROXY: z
    .string()
    .default('false')
    .transform((text, context) => {
      const proxies = readTrustedProxies(text.trim())
      if (proxies) return proxies
      context.addIssue(
        text.trim() === 'true'
          ? 'does not say whom to trust: write the number of reverse proxies in a row, e.g. 1, or their networks, e.g. 10.0.0.0/8,fd00::/8'
          : 'must be false, the number of reverse proxies in a row (at most 10), or their networks, e.g. 10.0.0.0/8,fd00::/8',
      )
      return z.NEVER
    })
    .describe('the reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed'),
  MAX_CONNECTIONS: z.coerce.number().int().min(10).max(1_000_000).default(10_000).describe('connections to the web role in all'),
  MAX_CONNECTIONS_PER_ADDRESS: z.coerce
    .number()
    .int()
    .min(10)
    .max(1_000_000)
    .default(2_000)
    .describe('connections from one address; a whole contact centre may sit behind one, and a trusted proxy is not counted'),
  METRICS_PORT: port.optional().describe('port of /metrics and of the details of /readyz, apart from the public one'),
  METRICS_HOST: z.string().default('127.0.0.1').describe('address on which METRICS_PORT listens'),
  METRICS_TOKEN: z
    .string()
    .min(16)
    .optional()
    .describe('with it as a bearer token /metrics and the details of /readyz are also told on the public port'),
  PUBLIC_API_DOCS: yes.default(false).describe('true shows /api/docs and /api/openapi.json to whoever is not signed in'),
  PUBLIC_TELEPHONES_PER_ADDRESS: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(20)
    .describe('pages /telephone that one address may have open; three times as many calls a minute'),
  PUBLIC_TELEPHONES: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(200)
    .describe('pages /telephone that may be open in all; three times as many calls a minute'),
  PUBLIC_TELEPHONE: z
    .enum(['true', 'false', 'with-sample'])
    .default('with-sample')
    .describe('whether anybody may call from the page /telephone: true, false, or only while the sample institute is loaded'),
  SECOND_CONTACT_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(90)
    .default(7)
    .describe(
      'who comes again about the same within so many days after it was closed makes a second contact; a mail opens the case again',
    ),
  ACCESS_LOG_DAYS: z.coerce
    .number()
    .int()
    .min(30)
    .max(3_650)
    .default(730)
    .describe('for how many days it is kept who has looked at data of citizens'),
  JOURNAL_KEEP_MONTHS: z.coerce
    .number()
    .int()
    .min(2)
    .max(1_200)
    .optional()
    .describe(
      'months that the journal keeps beside the current one; older ones are closed and archived. Without it all are kept',
    ),
  TIME_ZONE: z
    .string()
    .default('Europe/Rome')
    .refine(zone => Intl.supportedValuesOf('timeZone').includes(zone), 'must be an IANA time zone such as Europe/Rome')
    .describe('office time'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info').describe('detail of the log'),
})

export type Config = z.output<typeof Environment>

/** What is wrong with the configuration, one sentence a line, each naming the variable. */
export class WrongConfig extends Error {
  override readonly name = 'WrongConfig'
}

/**
 * Reads the configuration. Empty variables count as not set.
 * @throws WrongConfig with one sentence for each wrong value.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''))
  const read = Environment.safeParse(set)
  if (read.success) {
    const { BLOBS_URL, BLOBS_ACCESS_KEY, BLOBS_SECRET_KEY } = read.data
    if (BLOBS_URL !== undefined && (BLOBS_ACCESS_KEY === undefined || BLOBS_SECRET_KEY === undefined))
      throw new WrongConfig('BLOBS_URL is set and needs BLOBS_ACCESS_KEY and BLOBS_SECRET_KEY.')
    return read.data
  }
  throw new WrongConfig(
    read.error.issues
      .map(issue => {
        const name = String(issue.path[0])
        const field = Object.entries(Environment.shape).find(([key]) => key === name)?.[1]
        return `${name} is "${set[name] ?? ''}": ${issue.message} (${field?.description ?? 'unknown'}).`
      })
      .join('\n'),
  )
}

/** One row for each variable, for the documentation and `--help`. */
export function configTable(): { name: string; meaning: string }[] {
  return Object.entries(Environment.shape).map(([name, field]) => ({ name, meaning: field.description ?? '' }))
}
