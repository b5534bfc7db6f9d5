/**
 * Secrets at rest: encrypted by a key that is derived from the secret of the house, each for one owner alone, so that a row that was copied to
 * another mailbox opens nothing. AES-256-GCM; the nonce stands before the text, the tag behind it.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const nonceBytes = 12
const tagBytes = 16

const keyOf = (house: Buffer): Buffer => Buffer.from(hkdfSync('sha256', house, '', 'secrets of mailboxes', 32))

/** @param house the secret of the house; `owner` who the text belongs to, without whom it cannot be opened */
export function seal(house: Buffer, owner: string, text: string): Buffer {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', keyOf(house), nonce).setAAD(Buffer.from(owner))
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
}

/** Opens what `seal` has made; undefined when the secret of the house is another one, or the row is not the owner's. */
export function unseal(house: Buffer, owner: string, sealed: Buffer): string | undefined {
  if (sealed.length < nonceBytes + tagBytes) return undefined
  const decipher = createDecipheriv('aes-256-gcm', keyOf(house), sealed.subarray(0, nonceBytes))
    .setAAD(Buffer.from(owner))
    .setAuthTag(sealed.subarray(-tagBytes))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()]).toString('utf8')
  } catch {
    return undefined
  }
}
