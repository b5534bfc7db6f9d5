/**
 * What an instance of Asterisk is set to, and the templates of `telephony/asterisk` filled with it. Pure, but for reading the templates.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const templates = join(import.meta.dirname, '../../telephony/asterisk')

export interface Settings {
  /** Name of the instance; instances run side by side. */
  readonly instance: string
  readonly bindAddress: string
  readonly sipPort: number
  /** ARI and SIP over WebSocket. */
  readonly httpPort: number
  readonly rtpStart: number
  readonly rtpEnd: number
  /** Where the carrier, its border controller or a test's SIP program is. */
  readonly trunkAddress: string
  readonly trunkPort: number
  /** A header that marks the trunk's requests, `Name: value`; for a trunk that shares its address with telephones. */
  readonly trunkHeader: string | undefined
  readonly countryCode: string
  /** E.164 digits without +, or empty. */
  readonly fallbackDefault: string
  readonly ariUser: string
  readonly ariPassword: string
  readonly application: string
  /** A line that was lost is noticed after half of it and half a minute. At least 90 (RFC 4028 §5). */
  readonly sessionExpiresSeconds: number
  readonly maxCalls: number
  /** Adds Asterisk's own queue in three sizes, for the benchmark. */
  readonly yardstick: boolean
  /** The members of the yardstick are called at `sip:yardNNN@127.0.0.1:<port>`. */
  readonly yardstickPort: number
}

export const defaults = {
  instance: 'main',
  bindAddress: '127.0.0.1',
  sipPort: 15060,
  httpPort: 18088,
  rtpStart: 20000,
  rtpEnd: 24000,
  trunkAddress: '127.0.0.1',
  trunkPort: 15070,
  trunkHeader: 'X-Trunk: 1',
  countryCode: '39',
  fallbackDefault: '',
  ariUser: 'filodiretto',
  application: 'filodiretto',
  sessionExpiresSeconds: 90,
  maxCalls: 2_000,
  yardstick: false,
  yardstickPort: 15080,
} as const

/** How many members the queues of the yardstick have. */
export const yardstickSizes = [20, 100, 300] as const
export const yardstickMembers = Array.from(
  { length: Math.max(...yardstickSizes) },
  (_, index) => `yard${String(index + 1).padStart(3, '0')}`,
)
/** The number that leads to the yardstick's queue of so many members. */
export const yardstickNumber = (size: number): string => `999${String(size).padStart(4, '0')}`

/** Folders of an instance as Asterisk names them, inside the unpacked tree. */
export const foldersOf = (instance: string) => ({
  etc: `/etc/filodiretto/${instance}`,
  state: `/var/lib/filodiretto/${instance}`,
  sounds: `/var/lib/filodiretto/${instance}/sounds`,
})

/**
 * Fills the templates. Returns the text of each file by its name.
 * @throws Error naming the file and the value when a template asks for one that nobody gives.
 */
export function render(settings: Settings, modules: string): Map<string, string> {
  const folders = foldersOf(settings.instance)
  const values: Record<string, string | number> = {
    ...folders,
    modules,
    bindAddress: settings.bindAddress,
    sipPort: settings.sipPort,
    httpPort: settings.httpPort,
    // A browser telephone holds one session as long as it is registered.
    httpSessions: 4_096,
    rtpStart: settings.rtpStart,
    rtpEnd: settings.rtpEnd,
    trunkAddress: settings.trunkAddress,
    trunkPort: settings.trunkPort,
    trunkIdentity: settings.trunkHeader ? `match_header = ${settings.trunkHeader}` : `match = ${settings.trunkAddress}`,
    countryCode: settings.countryCode,
    fallbackDefault: settings.fallbackDefault,
    ariUser: settings.ariUser,
    ariPassword: settings.ariPassword,
    application: settings.application,
    sessionExpiresSeconds: settings.sessionExpiresSeconds,
    maxCalls: settings.maxCalls,
    yardstickNumbers: yardstickSizes
      .map(size => `exten => ${yardstickNumber(size)},1,Answer()\n same => n,Queue(yardstick${size})\n same => n,Hangup()`)
      .join('\n'),
    yardstickQueues: yardstickSizes
      .map(size => {
        const members = yardstickMembers.slice(0, size).map(name => `member => PJSIP/${name}`)
        return [`[yardstick${size}](yardstick)`, ...members].join('\n')
      })
      .join('\n\n'),
    yardstickEndpoints: yardstickMembers.map(name => yardstickEndpoint(name, settings.yardstickPort)).join('\n'),
  }
  const files = new Map<string, string>()
  for (const name of readdirSync(templates).filter(each => each.endsWith('.conf'))) {
    files.set(name, fill(name, readFileSync(join(templates, name), 'utf8'), values))
  }
  if (!settings.yardstick) return files
  const additions = join(templates, 'yardstick')
  for (const name of readdirSync(additions)) {
    if (!existsSync(join(additions, name))) continue
    files.set(name, (files.get(name) ?? '') + fill(name, readFileSync(join(additions, name), 'utf8'), values))
  }
  return files
}

function fill(name: string, text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (_, key: string) => {
    const value = values[key]
    if (value === undefined) throw new Error(`telephony/asterisk/${name} asks for {{${key}}}, which is not given.`)
    const written = String(value)
    // A value stands on a line of its own: one with a line break or a comment would become configuration.
    if (!key.startsWith('yardstick') && /[\n\r;]/.test(written))
      throw new Error(`{{${key}}} holds a character that would change the configuration.`)
    return written
  })
}

const yardstickEndpoint = (name: string, port: number): string =>
  [`[${name}](yardstick)`, `aors = ${name}`, `[${name}]`, 'type = aor', `contact = sip:${name}@127.0.0.1:${port}`, ''].join('\n')
