/**
 * Identifiers are passed in, like time. Each is a UUID of version 7 (RFC 9562 §5.7): it begins with the time, so rows
 * that were made together lie together in an index.
 */
import { randomBytes } from 'node:crypto'
import type { Clock } from './clock.ts'

/** Returns a new identifier at each call. */
export type Ids = () => string

export function uuids(clock: Clock): Ids {
  return () => {
    const bytes = randomBytes(16)
    bytes.writeUIntBE(clock.now(), 0, 6)
    bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f)
    bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
    const hex = bytes.toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }
}
