/**
 * Who leads a routing domain: whoever holds an advisory lock of PostgreSQL, on a connection of its own.
 *
 *   standby ──lock won──▶ leading ──connection lost, no answer, superseded──▶ standby
 *
 * The lock only elects; that two believe to lead at once does no harm, see `router_domain.epoch`. What matters here is speed:
 *   the leader dies            its connection is closed by its machine, the server lets go of the lock at once
 *   it is paused, or its wire  the server ends a session that has been idle for `leaseMs` (idle_session_timeout): the leader speaks
 *   is cut (half-open)         every `beatIntervalMs`, so silence means that it is gone; TCP's own keep-alives would take minutes
 * A standby asks for the lock every `askMs`, and the question is also how it knows that its own connection is alive.
 *
 * On the embedded database there is one process, which leads.
 */
import type { QueryResultRow } from 'pg'
import { Counter } from 'prom-client'
import { type Clock, type House, registry, systemClock } from '../../platform/index.ts'
import { connectClient, within } from './connection.ts'

const leaseMs = 1_000
const beatIntervalMs = 250
const answerMs = 800
const askMs = 100
const retryMs = 250
/** A leader that made room for another stands for election again after this time: longer than a take-over, shorter than callers bear. */
const roomMs = 3_000

/** A time in office. `ended` is aborted when the lock is lost or the program stops; its reason is a sentence. */
export interface Term {
  readonly ended: AbortSignal
}

export interface Campaign {
  isLeader(): boolean
  /** Leaves office, after the work of the term has ended. */
  close(): Promise<void>
}

export interface Candidate {
  /** Leads for a term, and should end soon after it has; when it ends by itself, the office is given up and stood for anew. */
  lead(term: Term): Promise<'over' | 'makes-room'>
  /** Hears when a term begins and when it is over. */
  changed?: (() => void) | undefined
}

const lockSettings = {
  application_name: 'filo-diretto election',
  idle_session_timeout: `${leaseMs}ms`,
  statement_timeout: `${answerMs}ms`,
  tcp_keepalives_idle: '1',
  tcp_keepalives_interval: '1',
  tcp_keepalives_count: '2',
}

const officesLost = new Counter({
  name: 'filodiretto_router_offices_lost_total',
  help: 'How often this process led and lost the office, other than by its own stop',
  registers: [registry],
})

const stopped = 'this process stops'

type Premises = Pick<House, 'database' | 'log'>

/** Stands for election until closed. */
export function campaign(house: Premises, domain: string, { lead, changed = () => {} }: Candidate): Campaign {
  const stop = new AbortController()
  let leading = false
  let restMs = retryMs
  const { log } = house
  const set = (is: boolean) => {
    leading = is
    changed()
  }
  const serve = async (term: Term) => {
    const begun = performance.now()
    let leaving = 'another process has been elected'
    set(true)
    log.info({ domain }, 'this process distributes the calls')
    try {
      if ((await lead(term)) === 'makes-room') {
        restMs = roomMs
        leaving = 'it makes room for a node of a newer release'
      }
    } finally {
      set(false)
      const reason: unknown = term.ended.aborted ? term.ended.reason : leaving
      const office = { domain, reason, seconds: Math.round((performance.now() - begun) / 1000) }
      if (reason === stopped) log.info(office, 'this process hands over')
      else {
        officesLost.inc()
        log.warn(office, 'this process no longer distributes the calls; it stands for election again')
      }
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
      await sleep(restMs, stop.signal)
      restMs = retryMs
    }
  })()
  return {
    isLeader: () => leading,
    async close() {
      stop.abort(stopped)
      await running
    },
  }
}

/** Asks for the lock until it has it, then leads until the connection that holds it is lost. */
async function oneCandidacy(
  house: Premises,
  domain: string,
  stop: AbortSignal,
  serve: (term: Term) => Promise<void>,
): Promise<void> {
  const client = house.database.direct?.()
  if (client === undefined) return
  const close = await connectClient(client, lockSettings)
  const term = new AbortController()
  let heardAt = performance.now()
  const silence = () => `the database last heard of it ${Math.round(performance.now() - heardAt)} ms before`
  // What a server says before it closes a connection is the reason: "terminating connection due to idle-session timeout".
  let said = 'the connection that holds the lock was closed'
  client.on('error', error => {
    said = error.message
  })
  client.once('end', () => term.abort(`${said}; ${silence()}`))
  const end = () => term.abort(stop.reason)
  stop.addEventListener('abort', end)
  const ask = <R extends QueryResultRow>(text: string, values: unknown[] = []) =>
    within(answerMs, 'the election', client.query<R>(text, values)).then(answer => {
      heardAt = performance.now()
      return answer
    })
  try {
    const asking = "select pg_try_advisory_lock(hashtext('filo-diretto router'), hashtext($1)) as won"
    for (;;) {
      const { rows } = await ask<{ won: boolean }>(asking, [domain])
      if (rows[0]?.won === true) break
      await sleep(askMs, term.signal)
      if (term.signal.aborted) return
    }
    const serving = serve({ ended: term.signal }).finally(() => term.abort('the work of the office has ended'))
    while (!term.signal.aborted) {
      await sleep(beatIntervalMs, term.signal)
      if (!term.signal.aborted) await ask('select 1').catch((error: Error) => term.abort(`${error.message} ${silence()}`))
    }
    await serving
  } finally {
    stop.removeEventListener('abort', end)
    close()
  }
}

/** Waits so long, or until aborted. */
export function sleep(ms: number, until: AbortSignal, wires: Clock = systemClock): Promise<void> {
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
