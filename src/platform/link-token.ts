/**
 * Tokens of links that are opened without signing in. A token names one thing and is signed for one purpose, so that nobody makes one for another thing or uses
 * it elsewhere. Nothing is stored.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'

const nameBytes = 16
/** 128 bits of HMAC-SHA-256. */
const signatureBytes = 16

/** The token of a thing. @param secret the key of everything that the program signs @param purpose what it opens, in words @param id a UUID */
export function tokenFor(secret: Buffer, purpose: string, id: string): string {
  const name = Buffer.from(id.replaceAll('-', ''), 'hex')
  return Buffer.concat([name, signature(secret, purpose, name)]).toString('base64url')
}

/** Returns the thing that a token of this purpose names; undefined when it is none of ours. */
export function readTokenFor(secret: Buffer, purpose: string, token: string): string | undefined {
  const bytes = Buffer.from(token, 'base64url')
  if (bytes.length !== nameBytes + signatureBytes || bytes.toString('base64url') !== token) return undefined
  const name = bytes.subarray(0, nameBytes)
  if (!timingSafeEqual(bytes.subarray(nameBytes), signature(secret, purpose, name))) return undefined
  const hex = name.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

const signature = (secret: Buffer, purpose: string, name: Buffer): Buffer =>
  createHmac('sha256', secret).update(`${purpose}\0`).update(name).digest().subarray(0, signatureBytes)
