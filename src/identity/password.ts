/**
 * Passwords, kept as argon2id (RFC 9106) in the PHC string format:
 *
 *   $argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>
 *
 * The work runs on Node's thread pool, beside the loop. Two at a time, 2 × 19 MiB: half of the pool stays free for files and names of hosts, which
 * would otherwise wait behind a wave of sign-ins. Beyond a wave that is served in some seconds, people are asked to come again.
 */
import { argon2, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import { Counter } from 'prom-client'
import { openTurnstile, registry } from '../platform/index.ts'

/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB of memory, 2 passes, 1 lane. */
export const parameters = { memory: 19_456, passes: 2, parallelism: 1 } as const
/** 200 are served within about four seconds. */
const inTurn = openTurnstile({ atOnce: 2, waiting: 200 })

const saltBytes = 16
const hashBytes = 32

export interface Parameters {
  /** KiB. */
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
}

/** How often a password was hashed: the work that a sign-in costs, which must not tell whether the user exists. */
export const passwordWork = new Counter({
  name: 'filodiretto_password_hashes_total',
  help: 'Passwords hashed, to check or to keep them',
  registers: [registry],
})

/** What to keep of a password. Takes about 30 ms and 19 MiB. */
export async function hashPassword(password: string, strength: Parameters = parameters): Promise<string> {
  const salt = randomBytes(saltBytes)
  const hash = await derive(password, salt, strength, hashBytes)
  const { memory, passes, parallelism } = strength
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(hash)}`
}

/**
 * Whether the password is the one that was kept. Without one (unknown user, no password yet) it does the same work and answers false.
 */
export async function verifyPassword(kept: string | null, password: string): Promise<boolean> {
  const read = kept === null ? undefined : readPhc(kept)
  const { salt, hash, strength } = read ?? nobody
  const derived = await derive(password, salt, strength, hash.length)
  return timingSafeEqual(derived, hash) && read !== undefined
}

/** Whether the hash was made with less work than we ask for today. */
export function needsRehash(kept: string): boolean {
  const strength = readPhc(kept)?.strength
  return !strength || strength.memory < parameters.memory || strength.passes < parameters.passes
}

/** A password that somebody reads to somebody else: 4 groups of 4, without letters and digits that look alike; 77 bits. */
export function oneTimePassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
  const group = () => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('')
  return Array.from({ length: 4 }, group).join('-')
}

/** Stands in for a user who is not there: what is derived never equals it, the work is the same. */
const nobody = { salt: randomBytes(saltBytes), hash: randomBytes(hashBytes), strength: parameters }

function derive(password: string, salt: Buffer, strength: Parameters, length: number): Promise<Buffer> {
  passwordWork.inc()
  // NIST SP 800-63B §3.1.1.2: Unicode is brought into one form, so that a password fits whatever keyboard typed it.
  const message = password.normalize('NFKC')
  const hash = () =>
    new Promise<Buffer>((resolve, reject) =>
      argon2('argon2id', { message, nonce: salt, tagLength: length, ...strength }, (error, derived) =>
        error ? reject(error) : resolve(derived),
      ),
    )
  return inTurn(hash)
}

const phc = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,})\$([A-Za-z0-9+/]{16,})$/

function readPhc(kept: string): { salt: Buffer; hash: Buffer; strength: Parameters } | undefined {
  const [, memory, passes, parallelism, salt, hash] = phc.exec(kept) ?? []
  if (salt === undefined || hash === undefined) return undefined
  return {
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
    strength: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
  }
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')
