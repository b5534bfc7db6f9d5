/**
 * The address to which a citizen answers: `risposte+<token>@…`. The token names the case and is signed, so that a number which
 * somebody saw or guessed never opens a stranger's case. Lower case only: some mail programs change the case of addresses.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
const caseBytes = 16
/** 120 bits of HMAC-SHA-256: shorter than the whole so that the address stays below 64 characters (RFC 5321 §4.5.3.1.1). */
const signatureBytes = 15

/** The token for answers about a case. */
export function replyToken(secret: Buffer, caseId: string): string {
  const name = Buffer.from(caseId.replaceAll('-', ''), 'hex')
  return base32(name) + base32(signature(secret, name))
}

/** The case that a token names; undefined when it is none of ours. */
export function readReplyToken(secret: Buffer, token: string): string | undefined {
  const bytes = fromBase32(token.toLowerCase().slice(0, 26), caseBytes)
  const signed = fromBase32(token.toLowerCase().slice(26), signatureBytes)
  if (token.length !== 50 || !bytes || !signed || !timingSafeEqual(signed, signature(secret, bytes))) return undefined
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** `risposte@ente.example` with the token behind a plus sign (RFC 5233). */
export function replyAddress(from: string, token: string): string {
  const at = from.lastIndexOf('@')
  return `${from.slice(0, at)}+${token}${from.slice(at)}`
}

const signature = (secret: Buffer, name: Buffer): Buffer =>
  createHmac('sha256', secret).update('reply to case\0').update(name).digest().subarray(0, signatureBytes)

function base32(bytes: Buffer): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet.charAt((value >> bits) & 31)
    }
  }
  return bits > 0 ? text + alphabet.charAt((value << (5 - bits)) & 31) : text
}

function fromBase32(text: string, length: number): Buffer | undefined {
  const bytes: number[] = []
  let bits = 0
  let value = 0
  for (const character of text) {
    const index = alphabet.indexOf(character)
    if (index < 0) return undefined
    value = ((value << 5) | index) & 0xffff
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes.push((value >> bits) & 0xff)
    }
  }
  return bytes.length === length ? Buffer.from(bytes) : undefined
}
