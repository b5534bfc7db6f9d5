/**
 * Keeps the mailboxes of all units read (the role `worker`).
 *
 *   waiting ──held──▶ connecting ──signed in──▶ listening: looks at once, after each word of the server, and every few minutes all the same
 *                        │  ▲                      │
 *                        │  └── pause, longer each time ◀── connection or database lost
 *                        └──▶ trouble, with its reason
 *
 * Each mailbox is read by one process at a time: it holds it by a row that it renews, and whose term another one waits for when it dies. That two
 * believe to hold it does no harm (`intake.ts`). A change of the settings ends the connection, and begins with the new ones.
 */
import { type BackOff, backOffMs, type House, inTransaction, system, unitsIn } from '../../platform/index.ts'
import { mailboxListening, mailboxTroubled } from '../events.ts'
import { connectMailbox, type MailboxConnection, troubleWith } from '../mailboxes/imap.ts'
import { secretOf } from '../mailboxes/service.ts'
import { enabledMailboxes, holdMailbox, letGoOfMailboxes, type MailboxRow, writeMailboxState } from '../mailboxes/store.ts'
import { compareDaily, fetchNew } from './intake.ts'

export interface IntakePace {
  /** Between two looks at which mailboxes there are. */
  lookMs: number
  /** Beside IDLE, which some servers forget. */
  pollMs: number
  /** A process that has said nothing for so long is taken for dead. */
  termMs: number
  backOff: BackOff
}

export const usualPace: IntakePace = {
  lookMs: 5_000,
  pollMs: 120_000,
  termMs: 30_000,
  backOff: { minRetryMs: 2_000, maxRetryMs: 300_000 },
}

interface Keeper {
  readonly version: number
  end(): Promise<void>
}

/** @param stored hears of each batch of mails that has been committed */
export function superviseMailboxes(house: House, stored: () => void, pace: IntakePace = usualPace): { close(): Promise<void> } {
  const holder = house.ids()
  const keepers = new Map<string, Keeper>()
  let closed = false
  let cancel = () => {}

  async function look(): Promise<void> {
    const rows = await enabledMailboxes(house.database.kysely)
    const wanted = new Map(rows.map(row => [row.id, row]))
    for (const [id, keeper] of keepers)
      if (wanted.get(id)?.version !== keeper.version) {
        keepers.delete(id)
        await keeper.end()
      }
    const now = house.clock.now()
    for (const row of rows)
      if (await holdMailbox(house.database.kysely, row.id, holder, new Date(now), new Date(now + pace.termMs))) {
        if (!closed && !keepers.has(row.id)) keepers.set(row.id, keepMailbox(house, row, stored, pace))
      } else {
        await keepers.get(row.id)?.end()
        keepers.delete(row.id)
      }
  }

  let looking = Promise.resolve()
  const lookAgain = () => {
    looking = look()
      .catch((error: unknown) => house.log.warn({ err: error }, 'mailboxes could not be looked at; it will be tried again'))
      .then(() => {
        if (!closed) cancel = house.clock.after(pace.lookMs, lookAgain)
      })
  }
  lookAgain()
  return {
    async close() {
      closed = true
      cancel()
      await looking
      await Promise.all([...keepers.values()].map(keeper => keeper.end()))
      await letGoOfMailboxes(house.database.kysely, holder).catch(() => {})
    },
  }
}

/** Reads one mailbox until it is ended. */
function keepMailbox(house: House, mailbox: MailboxRow, stored: () => void, pace: IntakePace): Keeper {
  const stop = new AbortController()
  const running = keepOn(house, mailbox, stored, pace, stop.signal)
  return {
    version: mailbox.version,
    async end() {
      stop.abort()
      await running
    },
  }
}

async function keepOn(house: House, mailbox: MailboxRow, stored: () => void, pace: IntakePace, stop: AbortSignal): Promise<void> {
  let attempt = 0
  let known: 'listening' | 'trouble' | undefined
  while (!stop.aborted) {
    let connection: MailboxConnection | undefined
    try {
      const server = serverOf(mailbox, await secretOf(house.config, house.database.kysely, mailbox))
      connection = await connectMailbox(server)
      await listen(house, mailbox, connection, { stored, pace, stop }, async () => {
        attempt = 0
        if (known !== 'listening') await say(house, mailbox, { state: 'listening' })
        known = 'listening'
      })
    } catch (error) {
      if (stop.aborted) break
      const { reason, message } = troubleWith(connection?.closed.aborted ? connection.closed.reason : error)
      house.log.warn({ mailbox: mailbox.address, reason, problem: message }, 'a mailbox cannot be read; it will be tried again')
      // A connection that broke is opened again without a word; what goes on is said.
      if (known !== 'trouble' && attempt > 0) {
        await say(house, mailbox, { state: 'trouble', reason, problem: message }).catch(() => {})
        known = 'trouble'
      }
      await resting(house, backOffMs(pace.backOff, attempt++, Math.random()), stop)
    } finally {
      await connection?.close()
    }
  }
}

const serverOf = ({ host, port, security, user_name }: MailboxRow, secret: string) => ({
  host,
  port,
  security,
  userName: user_name,
  secret,
})

interface Listening {
  stored: () => void
  pace: IntakePace
  stop: AbortSignal
}

/** Looks into a mailbox whenever there may be something new. Returns when it is stopped. @throws when the connection is lost */
async function listen(
  house: House,
  mailbox: MailboxRow,
  connection: MailboxConnection,
  { stored, pace, stop }: Listening,
  looked: () => Promise<void>,
): Promise<void> {
  const { client, closed } = connection
  let wake = () => {}
  let isNew = false
  client.on('exists', () => {
    isNew = true
    wake()
  })
  while (!stop.aborted) {
    isNew = false
    await fetchNew(house, mailbox, connection, stored)
    await compareDaily(house, mailbox, connection, stored)
    await looked()
    if (closed.aborted) throw closed.reason
    if (isNew) continue
    const { promise, resolve } = Promise.withResolvers<void>()
    wake = resolve
    const cancel = house.clock.after(pace.pollMs, resolve)
    stop.addEventListener('abort', wake, { once: true })
    closed.addEventListener('abort', wake, { once: true })
    // Ends with the next command; what is wrong with the connection is told by `closed`.
    client.idle().catch(() => {})
    await promise
    cancel()
    stop.removeEventListener('abort', wake)
    closed.removeEventListener('abort', wake)
    if (closed.aborted) throw closed.reason
  }
}

/** Rests, unless it is stopped. */
function resting(house: House, ms: number, stop: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const cancel = house.clock.after(ms, resolve)
  if (stop.aborted) resolve()
  stop.addEventListener('abort', () => resolve(), { once: true })
  return promise.finally(cancel)
}

type Standing = { state: 'listening' } | { state: 'trouble'; reason: string; problem: string }

async function say(house: House, mailbox: MailboxRow, standing: Standing): Promise<void> {
  const subjects = { units: unitsIn(mailbox.unit_path) }
  await inTransaction(house, system('mail'), async work => {
    const isTroubled = standing.state === 'trouble'
    await writeMailboxState(work.tx, mailbox.id, {
      state: standing.state,
      since: work.now,
      reason: isTroubled ? standing.reason : null,
      problem: isTroubled ? standing.problem : null,
    })
    if (isTroubled) await work.journal(mailboxTroubled, { mailboxId: mailbox.id, reason: standing.reason }, subjects)
    else await work.journal(mailboxListening, { mailboxId: mailbox.id }, subjects)
  })
}
