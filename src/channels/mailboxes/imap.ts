/**
 * The way to an IMAP server. imapflow never reconnects by itself, and an error that nobody listens to ends the process: the listener is there
 * before the first byte is sent. Whoever uses a connection hears of its end by `closed`, and opens another one.
 */
import { ImapFlow } from 'imapflow'
import { BucketAway } from '../../platform/index.ts'
import type { MailboxReason, MailboxSecurity } from './model.ts'

export interface ServerSettings {
  host: string
  port: number
  security: MailboxSecurity
  userName: string
  secret: string
}

export interface MailboxConnection {
  readonly client: ImapFlow
  /** Aborted when the connection is over, whoever ended it. */
  readonly closed: AbortSignal
  /** Ends it, in good order where the server answers. */
  close(): Promise<void>
}

/** Why a mailbox could not be reached: a reason for a sentence, and the server's words. */
export class MailboxTrouble extends Error {
  override readonly name = 'MailboxTrouble'
  readonly reason: MailboxReason

  constructor(reason: MailboxReason, problem: string) {
    super(problem.replace(/\s+/g, ' ').slice(0, 300))
    this.reason = reason
  }
}

const connectionTimeoutMs = 20_000
/** Longer than an IDLE lasts before it is renewed. */
const socketTimeoutMs = 330_000
/** Servers end a connection that has been idle for half an hour (RFC 2177 §3); many routers forget it sooner. */
const idleMs = 240_000
const goodbyeMs = 2_000

/** Opens a connection and signs in. @throws MailboxTrouble */
export async function connectMailbox({ host, port, security, userName, secret }: ServerSettings): Promise<MailboxConnection> {
  const client = new ImapFlow({
    host,
    port,
    secure: security === 'tls',
    doSTARTTLS: security === 'starttls',
    auth: { user: userName, pass: secret },
    logger: false,
    connectionTimeout: connectionTimeoutMs,
    greetingTimeout: connectionTimeoutMs,
    socketTimeout: socketTimeoutMs,
    maxIdleTime: idleMs,
    disableAutoIdle: true,
  })
  const over = new AbortController()
  client.on('error', error => over.abort(error))
  client.on('close', () => over.abort(new MailboxTrouble('unreachable', 'the server closed the connection')))
  try {
    await client.connect()
  } catch (error) {
    client.close()
    throw troubleWith(error)
  }
  return {
    client,
    closed: over.signal,
    async close() {
      if (!over.signal.aborted) await Promise.race([client.logout().catch(() => {}), wait(goodbyeMs)])
      client.close()
    },
  }
}

const wait = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms).unref())

/** Opens the folder. @throws MailboxTrouble */
export async function openFolder({ client }: MailboxConnection, folder: string) {
  try {
    return await client.mailboxOpen(folder)
  } catch (error) {
    const { text, code } = fieldsOf(error)
    if (code !== undefined) throw troubleWith(error)
    throw new MailboxTrouble('folder', text)
  }
}

/** What is wrong, from what the socket, TLS or the server said. */
export function troubleWith(error: unknown): MailboxTrouble {
  if (error instanceof MailboxTrouble) return error
  if (error instanceof BucketAway) return new MailboxTrouble('storage', error.message)
  const { text, code, isSignIn } = fieldsOf(error)
  return new MailboxTrouble(isSignIn ? 'sign-in' : reasonOf(code ?? '', text), text)
}

function reasonOf(code: string, text: string): MailboxReason {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'unknown-host'
  if (/^(ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|EPIPE|NoConnection|EConnectionClosed)$/.test(code)) return 'unreachable'
  if (code === 'ETIMEDOUT' || /timeout|timed out/i.test(`${code} ${text}`)) return 'no-answer'
  if (/CERT|SELF_SIGNED|ALTNAME|UNABLE_TO_VERIFY/.test(code)) return 'certificate'
  if (/starttls|wrong version number|ssl|tls/i.test(`${code} ${text}`)) return 'no-tls'
  return 'server'
}

interface Fields {
  text: string
  code: string | undefined
  isSignIn: boolean
}

function fieldsOf(error: unknown): Fields {
  if (!(error instanceof Error)) return { text: String(error), code: undefined, isSignIn: false }
  const said = 'responseText' in error && typeof error.responseText === 'string' ? error.responseText : error.message
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return { text: said, code, isSignIn: 'authenticationFailed' in error && error.authenticationFailed === true }
}
