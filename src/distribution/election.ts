/**
 * Who leads a routing domain: whoever holds an advisory lock of PostgreSQL, on a connection of its own.
 *
 *   standby ──lock won──▶ leading ──connection lost, no answer, superseded──▶ standby
 *
 * The lock only elects; that two believe to lead at once does no harm, see `router_domain.epoch`. What matters here is speed:
 *   the leader dies            its connection is closed by its machine, the server lets go of the lock at once
 *   it is paused, or its wire  the server ends a session that has been idle for `leaseMs` (idle_session_timeout): the leader speaks
 *   is cut (half-open)         every `beatMs`, so silence means that it is gone; TCP's own keep-alives would take minutes
 * A standby asks for the lock every `askMs`, and the question is also how it knows that its own connection is alive.
 *
 * On the embedded database there is one process, which leads.
 */
import { type Clock, type House, systemClock } from '../platform/index.ts'
import { connect, within } from './connection.ts'

const leaseMs = 1_000
const beatMs = 250
const answerMs = 800
const askMs = 100
const againMs = 250
/** Who makes room for another stands again after this time: longer than a take-over takes, shorter than callers bear. */
const roomMs = 3_000

/** A time in office. `ended` is aborted when the lock is lost or the program stops. */
export interface Term {
  readonly ended: AbortSignal
}

export interface Campaign {
  isLeader(): boolean
  /** Leaves office, after the work of the term has ended. */
  close(): Promise<void>
}

const lockSettings = {
  application_name: 'filo-diretto election',
  idle_session_timeout: `${leaseMs}ms`,
  statement_timeout: `${answerMs}ms`,
  tcp_keepalives_idle: '1',
  tcp_keepalives_interval: '1',
  tcp_keepalives_count: '2',
}

/**
 * Stands for election until closed. `lead` is called for each term and should end soon after its term has; when it ends by itself, the
 * office is given up and stood for anew.
 */
export function campaign(house: House, domain: string, lead: (term: Term) => Promise<'over' | 'makes-room'>): Campaign {
  const stop = new AbortController()
  let leading = false
  let restMs = againMs
  const { log } = house
  const serve = async (term: Term) => {
    leading = true
    log.info({ domain }, 'this process distributes the calls')
    try {
      if ((await lead(term)) === 'makes-room') restMs = roomMs
    } finally {
      leading = false
    }
  }
  const running = (async () => {
    while (!stop.signal.aborted) {
      try {
        if (house.database.direct) await oneCandidacy(house, domain, stop.signal, serve)
        else await serve({ ended: stop.signal })
      } catch (error) {
        log.warn({ domain, error: String(error) }, 'election: trying again')
      }
      await pause(restMs, stop.signal)
      restMs = againMs
    }
  })()
  return {
    isLeader: () => leading,
    async close() {
      stop.abort()
      await running
    },
  }
}

/** Asks for the lock until it has it, then leads until the connection that holds it is lost. */
async function oneCandidacy(
  house: House,
  domain: string,
  stop: AbortSignal,
  serve: (term: Term) => Promise<void>,
): Promise<void> {
  const client = house.database.direct?.()
  if (client === undefined) return
  const close = await connect(client, lockSettings)
  const term = new AbortController()
  const end = () => term.abort()
  client.once('end', end)
  stop.addEventListener('abort', end)
  try {
    const asking = "select pg_try_advisory_lock(hashtext('filo-diretto router'), hashtext($1)) as won"
    for (;;) {
      const { rows } = await within(answerMs, 'the election', client.query<{ won: boolean }>(asking, [domain]))
      if (rows[0]?.won === true) break
      await pause(askMs, term.signal)
      if (term.signal.aborted) return
    }
    const serving = serve({ ended: term.signal }).finally(end)
    while (!term.signal.aborted) {
      await pause(beatMs, term.signal)
      if (!term.signal.aborted) await within(answerMs, 'the lock', client.query('select 1')).catch(end)
    }
    await serving
  } finally {
    stop.removeEventListener('abort', end)
    close()
  }
}

/** Waits so long, or until aborted. */
export function pause(ms: number, until: AbortSignal, wires: Clock = systemClock): Promise<void> {
  if (until.aborted) return Promise.resolve()
  return new Promise(resolve => {
    const done = () => {
      cancel()
      until.removeEventListener('abort', done)
      resolve()
    }
    const cancel = wires.after(ms, done)
    until.addEventListener('abort', done)
  })
}
