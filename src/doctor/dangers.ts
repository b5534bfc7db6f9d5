/**
 * Settings that are dangerous together, found from the configuration alone: said at each start and by the doctor. Pure.
 */
import { type Config, isLoopback } from '../platform/index.ts'

export interface Danger {
  /** The setting that is to be changed. */
  setting: string
  says: string
  mend: string
}

/** Passwords that are tried first. Compared in lower case. */
const tried = ['asterisk', 'filodiretto', 'password', 'secret', 'changeme', 'admin', '1234', '12345678', 'ari', 'test']
const minPasswordLength = 12
/** A key drawn at random has more different signs. */
const minCharacters = 10

export function dangersOf(config: Config, { isSampleLoaded = false } = {}): Danger[] {
  const isOpen = !isLoopback(config.HOST)
  const publicUrl = config.PUBLIC_URL === undefined ? undefined : new URL(config.PUBLIC_URL)
  const isPublic = publicUrl !== undefined && !isLoopback(publicUrl.hostname)
  const found: (Danger | false | undefined)[] = [
    isSampleLoaded &&
      (isOpen || isPublic) && {
        setting: 'SAMPLE',
        says: 'The sample institute is loaded and others reach the program: everybody can sign in with its published password.',
        mend: 'Run "npm run remove-sample", or "npm run remove-sample -- --accounts" if people have worked with it.',
      },
    isSampleLoaded &&
      config.ASTERISK_URL !== undefined && {
        setting: 'SAMPLE',
        says: 'The sample institute is loaded and an Asterisk is connected: callbacks dial real numbers for an institute that is made up.',
        mend: 'Take the sample away, or leave the trunk of that Asterisk out.',
      },
    isPublic &&
      publicUrl.protocol === 'http:' && {
        setting: 'PUBLIC_URL',
        says: `PUBLIC_URL=${config.PUBLIC_URL} is not encrypted: passwords and what citizens tell can be read on the way, and browsers give no microphone.`,
        mend: 'Put a reverse proxy with a certificate before the program and let PUBLIC_URL begin with https.',
      },
    isOpen &&
      publicUrl === undefined && {
        setting: 'HOST',
        says: `HOST=${config.HOST} lets others reach the program without encryption, and without PUBLIC_URL cookies are not kept to encrypted lines.`,
        mend: 'Listen on 127.0.0.1 behind a reverse proxy, and set PUBLIC_URL=https://…',
      },
    'hops' in config.TRUST_PROXY &&
      config.TRUST_PROXY.hops > 0 &&
      isOpen && {
        setting: 'TRUST_PROXY',
        says: 'TRUST_PROXY counts proxies and HOST is reachable: whoever reaches the port directly can pretend to come from any address.',
        mend: 'Listen on 127.0.0.1, name the networks of the proxies instead, or let a firewall pass only the proxy.',
      },
    config.ASTERISK_PASSWORD !== undefined &&
      isWeak(config.ASTERISK_PASSWORD, config.ASTERISK_USER) && {
        setting: 'ASTERISK_PASSWORD',
        says: 'ASTERISK_PASSWORD is short or one that is tried first: whoever gets in can call anybody at your cost.',
        mend: 'Draw a new one ("openssl rand -base64 24") and set it here and in ari.conf.',
      },
    config.ASTERISK_URL?.startsWith('http:') &&
      !isLoopback(new URL(config.ASTERISK_URL).hostname) && {
        setting: 'ASTERISK_URL',
        says: `ASTERISK_URL=${config.ASTERISK_URL} leads to another machine without encryption: its password and all calls can be read on the way.`,
        mend: 'Use https, or a network of their own for the two.',
      },
    config.BLOBS_URL?.startsWith('http:') &&
      !isLoopback(new URL(config.BLOBS_URL).hostname) && {
        setting: 'BLOBS_URL',
        says: `BLOBS_URL=${config.BLOBS_URL} leads to another machine without encryption: what citizens send can be read on the way.`,
        mend: 'Use https, or a network of their own for the two.',
      },
    config.SECRET !== undefined &&
      new Set(config.SECRET).size < minCharacters && {
        setting: 'SECRET',
        says: 'SECRET has few different signs, like an example: tokens signed with it can be forged.',
        mend: 'Draw a new one: "openssl rand -base64 48". Tokens in mails that have left become void.',
      },
    config.SMTP_URL !== undefined &&
      config.MAIL_FROM.endsWith('.example') && {
        setting: 'MAIL_FROM',
        says: `MAIL_FROM is ${config.MAIL_FROM}, an address that cannot exist: answers to citizens are refused or end as spam.`,
        mend: 'Set MAIL_FROM to an address of yours that is read.',
      },
    config.DATABASE_URL !== undefined &&
      isUnencryptedDatabase(config.DATABASE_URL) && {
        setting: 'DATABASE_URL',
        says: 'DATABASE_URL leads to another machine without sslmode: what citizens tell can be read on the way.',
        mend: 'Add ?sslmode=verify-full to DATABASE_URL.',
      },
  ]
  return found.filter(danger => danger !== undefined && danger !== false)
}

const isWeak = (password: string, user: string): boolean =>
  password.length < minPasswordLength || password === user || tried.includes(password.toLowerCase())

function isUnencryptedDatabase(url: string): boolean {
  const { hostname, searchParams } = new URL(url)
  const mode = searchParams.get('sslmode')
  return (
    hostname !== '' && !isLoopback(hostname) && (mode === null || mode === 'disable' || mode === 'prefer' || mode === 'allow')
  )
}
