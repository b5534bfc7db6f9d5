/**
 * How often somebody may try to sign in. Counted in the database, so that a restart or another node does not begin anew.
 *
 * Each limit lets so many attempts through at once and then one each so often; nothing is ever locked, and a right password soon after a few
 * wrong ones always gets through. Three limits work together:
 *
 *   one user from one address   the usual case of a forgotten password, and of guessing
 *   one user from anywhere      guessing from many addresses (NIST SP 800-63B §3.2.2 asks for a bound per account)
 *   one address, any user       trying one password on many users; wide, because an office shares one address
 *
 * An attacker can use up all three, and keep a user out for as long as he goes on. So a browser in which the user has signed in before
 * (known-browser.ts) is counted by itself, and by none of the three.
 */
import { createHash } from 'node:crypto'
import { type Db, networkOf, Refused } from '../platform/index.ts'
import { forgetAttempts, giveBackAttempt, takeAttempt } from './store.ts'

export const limits = {
  userAtAddress: { atOnce: 5, everyMs: 60_000 },
  user: { atOnce: 20, everyMs: 30_000 },
  address: { atOnce: 50, everyMs: 2_000 },
  knownBrowser: { atOnce: 5, everyMs: 60_000 },
} as const

interface Who {
  user: string
  address: string
  /** The known browser of this user; undefined for any other. */
  browser: string | undefined
}

/** Under a hash: what is typed as a user name may be a password. */
const keyOf = (...parts: string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex')

type Limit = keyof typeof limits

/** What an attempt is counted under. */
const keysOf = ({ user, address, browser }: Who): [Limit, string][] =>
  browser === undefined
    ? [
        ['userAtAddress', keyOf('user-at-address', user, networkOf(address))],
        ['user', keyOf('user', user)],
        ['address', keyOf('address', networkOf(address))],
      ]
    : [['knownBrowser', keyOf('known-browser', user, browser)]]

/**
 * Takes an attempt of every limit that counts, in the transaction `db`, which must be over before the password is looked at.
 * @throws Refused 429 with the seconds to wait; then none is taken.
 */
export async function takeAttempts(db: Db, who: Who, now: Date): Promise<void> {
  for (const [limit, key] of keysOf(who)) {
    const until = await takeAttempt(db, key, limits[limit], now)
    if (until) {
      const retryAfterSeconds = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000))
      throw new Refused('identity.tooManyAttempts', { retryAfterSeconds }, 429)
    }
  }
}

/** The password was right: the user's attempts are forgotten, and the address gets this one back. */
export async function settleAttempts(db: Db, who: Who): Promise<void> {
  for (const [limit, key] of keysOf(who))
    if (limit === 'address') await giveBackAttempt(db, key, limits.address.everyMs)
    else await forgetAttempts(db, [key])
}
