/**
 * The token of the link by which a citizen confirms or cancels one appointment, without signing in. It opens nothing else, and ends with the appointment: who
 * asks by it is told no more once that has begun.
 */
import { readTokenFor, tokenFor } from '../../platform/index.ts'

const purpose = 'link of appointment'

/** The token of an appointment. @param secret the key of everything that the program signs */
export const linkToken = (secret: Buffer, appointmentId: string): string => tokenFor(secret, purpose, appointmentId)

/** Returns the appointment that a token names; undefined when it is none of ours. */
export const readLinkToken = (secret: Buffer, token: string): string | undefined => readTokenFor(secret, purpose, token)
