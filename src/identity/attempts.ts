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
 * An attacker who uses up the second can delay a user by half a minute at a time, and the first keeps a single address from doing so.
 */
import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { Refused } from '../platform/index.ts'
import { type Db, forgetAttempts, giveBackAttempt, takeAttempt } from './store.ts'

export const limits = {
  userAtAddress: { atOnce: 5, everyMs: 60_000 },
  user: { atOnce: 20, everyMs: 30_000 },
  address: { atOnce: 50, everyMs: 2_000 },
} as const

interface Who {
  user: string
  address: string
}

/** Under a hash: what is typed as a user name may be a password. */
const keyOf = (...parts: string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex')

const keysOf = ({ user, address }: Who) => ({
  userAtAddress: keyOf('user-at-address', user, networkOf(address)),
  user: keyOf('user', user),
  address: keyOf('address', networkOf(address)),
})

/** An IPv6 customer has a whole /64 to change addresses in; an IPv4 address in IPv6 clothes is the IPv4 address. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (!isIPv6(plain)) return plain
  const [left = '', right] = plain.split('::')
  const head = left === '' ? [] : left.split(':')
  const tail = right === undefined || right === '' ? [] : right.split(':')
  const groups = [...head, ...Array(Math.max(0, 8 - head.length - tail.length)).fill('0'), ...tail]
  return `${groups
    .slice(0, 4)
    .map(group => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}

/**
 * Takes an attempt of all three limits, in the transaction `db`, which must be over before the password is looked at.
 * @throws Refused 429 with the seconds to wait; then none is taken.
 */
export async function takeAttempts(db: Db, who: Who, now: Date): Promise<void> {
  const keys = keysOf(who)
  for (const limit of ['userAtAddress', 'user', 'address'] as const) {
    const until = await takeAttempt(db, keys[limit], limits[limit], now)
    if (until) {
      const retryAfterSeconds = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000))
      throw new Refused('identity.tooManyAttempts', { retryAfterSeconds }, 429)
    }
  }
}

/** The password was right: the user's attempts are forgotten, and the address gets this one back. */
export async function settleAttempts(db: Db, who: Who): Promise<void> {
  const keys = keysOf(who)
  await forgetAttempts(db, [keys.userAtAddress, keys.user])
  await giveBackAttempt(db, keys.address, limits.address.everyMs)
}
