/**
 * The operators' telephones: random credentials for each session, void when it ends.
 *
 *   POST /api/telephone ──▶ row, then Asterisk's memory ──session.ended──▶ gone from both, and its socket is closed
 *                                    ▲
 *                 Asterisk restarted ┘ made again from the rows
 *
 * Each call of `credentials` gives a new name and a new password: the page that asked last is the one that rings, and a page that was left
 * open elsewhere cannot take the line back.
 */
import { randomBytes } from 'node:crypto'
import { sessionEnded } from '../../../identity/index.ts'
import { eachEntry, type House, payloadOf } from '../../../platform/index.ts'
import { type AriClient, AriError } from '../ari/index.ts'
import {
  markMade,
  newestTelephone,
  ownerOf,
  removeOldTelephones,
  removeTelephone,
  replaceTelephone,
  telephoneOfSession,
  telephonesToMake,
} from './store.ts'

/** Longer than any session. What is older was left by a program that died between two steps. */
const oldestMs = 24 * 3_600_000
const madeAtOnce = 8

export interface Credentials {
  /** Address of record, `sip:name@host`. */
  readonly uri: string
  readonly user: string
  readonly password: string
}

export interface Telephones {
  /**
   * A new telephone for a session, in place of the one that it had.
   * @throws AriError when Asterisk does not take it; it is made when Asterisk is back, so the page may ask again then.
   */
  credentials(session: { sessionId: string; personId: string }): Promise<Credentials>
  /** The name under which a person is rung; undefined when the person has no telephone. */
  telephoneOf(personId: string): Promise<string | undefined>
  /** Whether a telephone is a person's own. */
  belongsTo(name: string, personId: string): Promise<boolean>
  /** Takes the telephone of a session away, at once. */
  revoke(sessionId: string): Promise<void>
  /** Runs when a telephone is void. */
  onRevoked(listener: (name: string) => void): () => void
  close(): void
}

/** Begins to follow sessions and the starts of Asterisk. */
export async function openTelephones(house: House, ari: AriClient): Promise<Telephones> {
  const { clock, log } = house
  const db = house.database.kysely
  const listeners = new Set<(name: string) => void>()
  let startedAt: Date | undefined

  async function take(name: string): Promise<void> {
    for (const listener of listeners) listener(name)
    try {
      await ari.telephones.remove(name)
    } catch (error) {
      if (!(error instanceof AriError)) throw error
      // Its password is known to a page that has ended. Asterisk may be away, and has then forgotten it when it comes back.
      log.warn({ error: error.message }, 'telephony: a telephone could not be taken away')
    }
  }

  async function revoke(sessionId: string): Promise<void> {
    const row = await telephoneOfSession(db, sessionId)
    if (!row) return
    await removeTelephone(db, row.name)
    await take(row.name)
  }

  async function make({ name, password }: { name: string; password: string }): Promise<void> {
    const start = startedAt
    await ari.telephones.create({ id: name, password })
    if (start) await markMade(db, name, start)
  }

  async function makeAgain(start: Date): Promise<void> {
    for (const name of await removeOldTelephones(db, new Date(clock.now() - oldestMs))) await take(name)
    const missing = await telephonesToMake(db, start)
    for (let at = 0; at < missing.length && startedAt === start; at += madeAtOnce)
      await Promise.all(missing.slice(at, at + madeAtOnce).map(make))
  }

  const forgetHook = ari.onConnected(found => {
    startedAt = found.startedAt
    // No call waits for it.
    makeAgain(found.startedAt).catch((error: unknown) =>
      log.warn({ error: String(error) }, 'telephony: telephones could not be made again; the next connection tries again'),
    )
  })
  const stopFollowing = await house.tail.follow(
    eachEntry(house, 'telephones', [sessionEnded], async entry => {
      const ended = payloadOf(sessionEnded, entry)
      if (ended) await revoke(ended.sessionId)
    }),
  )

  return {
    async credentials({ sessionId, personId }) {
      // Letters and digits only, and nothing of the person: the name travels in clear through logs.
      const name = `t${randomBytes(9).toString('hex')}`
      const password = randomBytes(24).toString('base64url')
      const earlier = await replaceTelephone(db, { name, password, sessionId, personId, madeAt: new Date(clock.now()) })
      if (earlier !== undefined) await take(earlier)
      await make({ name, password })
      return { uri: `sip:${name}@asterisk.invalid`, user: name, password }
    },
    telephoneOf: personId => newestTelephone(db, personId),
    belongsTo: async (name, personId) => (await ownerOf(db, name)) === personId,
    revoke,
    onRevoked(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      forgetHook()
      stopFollowing()
    },
  }
}
