/** Where an answer goes, as people type and read it. What channels there are, and which addresses exist, the server says. Pure. */
import type { ReplyKind } from '../../src/channels/model.ts'
import { phoneText } from './ui/index.ts'

/** By which channel a typed address is: with an @ it is e-mail, what is left is a telephone number. */
export const kindOfReply = (typed: string): ReplyKind => (typed.includes('@') ? 'email' : 'phone')

export function replyToOf(typed: string): { email: string } | { phone: string } {
  const text = typed.trim()
  return kindOfReply(text) === 'email' ? { email: text } : { phone: text }
}

/** An address for reading: a number as one says it. */
export const addressText = (address: string): string => (address.startsWith('+') ? phoneText(address) : address)
