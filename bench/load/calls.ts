/**
 * Calls for the benches of the router: they come at an even pace, and agents answer at once and talk so shortly that somebody is always free. What
 * is measured is the way through the journal, the leader and the database, not the waiting for people.
 */
import pg from 'pg'
import { callQueued, conversationEnded, offerAccepted, offerAnswered, offerMade } from '../../src/distribution/index.ts'
import { type Entry, type House, inTransaction, payloadOf, system } from '../../src/platform/index.ts'
import { pensions } from '../../test/support/routing.ts'

const telephony = system('telephony')
/** A call that has not been offered by then is not waited for: a bench always ends. */
const patienceMs = 30_000

export const passes = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
export const complain = (error: unknown) => console.error(`The bench could not write: ${String(error)}`)

/**
 * Plays telephony: answers every offer at once and ends the conversation as soon as it has begun. Returns how to stop, when all is written.
 * @param offered hears of each call that is offered
 */
export async function playTelephony(house: House, offered: (call: string) => void = () => {}): Promise<() => Promise<void>> {
  const writing = new Set<Promise<void>>()
  const write = (entry: Entry) => {
    const { call, person } = entry.subjects
    const made = payloadOf(offerMade, entry)
    const accepted = payloadOf(offerAccepted, entry)
    if (call === undefined || person === undefined || (!made && !accepted)) return
    if (made) offered(call)
    const written = inTransaction(house, telephony, work =>
      made
        ? work.journal(offerAnswered, { offer: made.offer, agent: made.agent }, { call, person })
        : work.journal(conversationEnded, { agent: person }, { call, person }),
    ).catch(complain)
    writing.add(written)
    void written.then(() => writing.delete(written))
  }
  const unfollow = await house.tail.follow(entries => entries.forEach(write))
  return async () => {
    unfollow()
    await Promise.all(writing)
  }
}

/** Puts a call into the queue of pensions. */
export const queueCall = (house: House, call: string): Promise<void> =>
  inTransaction(house, telephony, work =>
    work.journal(
      callQueued,
      { sectionId: pensions, priority: 0, waitingSince: work.now.toISOString() },
      { channel: 'telephone', call },
    ),
  )

/** Sends calls at an even pace. Returns their identifiers, in order, when the last has been sent. */
export async function sendCalls(house: House, count: number, callsPerSecond: number): Promise<string[]> {
  const started = performance.now()
  const calls: string[] = []
  for (let n = 0; n < count; n++) {
    const pause = started + (n * 1000) / callsPerSecond - performance.now()
    if (pause > 0) await passes(pause)
    const call = house.ids()
    calls.push(call)
    queueCall(house, call).catch(complain)
  }
  return calls
}

/**
 * Milliseconds from the commit of each call to the commit of its offer, in the order in which they were offered: by the server's own record of
 * commit times (`track_commit_timestamp`), so no wire is in the figure.
 */
export async function waitsOf(database: string, calls: readonly string[]): Promise<number[]> {
  const client = new pg.Client(database)
  await client.connect()
  const until = performance.now() + patienceMs
  try {
    for (;;) {
      const { rows } = await client.query<{ ms: number }>(
        `select (extract(epoch from pg_xact_commit_timestamp(offered.xid::text::bigint::text::xid)
                                    - pg_xact_commit_timestamp(queued.xid::text::bigint::text::xid)) * 1000)::float8 as ms
         from   event queued join event offered on offered.call_id = queued.call_id and offered.type = 'offer.made'
         where  queued.type = 'call.queued' and queued.call_id = any ($1::uuid[])
         order  by offered.id`,
        [calls],
      )
      if (rows.length >= calls.length || performance.now() > until) return rows.map(({ ms }) => ms)
      await passes(200)
    }
  } finally {
    await client.end()
  }
}

/** The value below which this share of the values lies. */
export const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN
