/**
 * The token of the link by which a citizen confirms or cancels one appointment, without signing in. It names the appointment and is signed, so that
 * nobody makes one for another; it opens nothing else. It ends with the appointment: who asks by it is told no more once that has begun.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'

const nameBytes = 16
/** 128 bits of HMAC-SHA-256. */
const signatureBytes = 16

/** The token of an appointment. @param secret the key of everything that the program signs */
export function linkToken(secret: Buffer, appointmentId: string): string {
  const name = Buffer.from(appointmentId.replaceAll('-', ''), 'hex')
  return Buffer.concat([name, signature(secret, name)]).toString('base64url')
}

/** Returns the appointment that a token names; undefined when it is none of ours. */
export function readLinkToken(secret: Buffer, token: string): string | undefined {
  const bytes = Buffer.from(token, 'base64url')
  if (bytes.length !== nameBytes + signatureBytes || bytes.toString('base64url') !== token) return undefined
  const name = bytes.subarray(0, nameBytes)
  if (!timingSafeEqual(bytes.subarray(nameBytes), signature(secret, name))) return undefined
  const hex = name.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

const signature = (secret: Buffer, name: Buffer): Buffer =>
  createHmac('sha256', secret).update('link of appointment\0').update(name).digest().subarray(0, signatureBytes)
