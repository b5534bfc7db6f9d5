/** What the channels write to the journal. Never the text of a mail, never the address: they are with the case. */
import { z } from 'zod'
import { defineEvent } from '../platform/index.ts'

const about = { mailId: z.uuid(), purpose: z.string() }

export const mailQueued = defineEvent('mail.queued', z.object(about))
export const mailSent = defineEvent('mail.sent', z.object({ ...about, attempts: z.number().int() }))
/** The server could not be reached or asked to come again. */
export const mailDelayed = defineEvent(
  'mail.delayed',
  z.object({ ...about, attempts: z.number().int(), problem: z.string(), nextAt: z.iso.datetime() }),
)
/** Given up: the server refused it for good, or it was tried for too long. */
export const mailFailed = defineEvent('mail.failed', z.object({ ...about, attempts: z.number().int(), problem: z.string() }))
/** Somebody gave a mail that waits another address, to which it leaves at once. */
export const mailReaddressed = defineEvent('mail.readdressed', z.object(about))
/** Somebody took back a mail that had not left: it never will. */
export const mailWithdrawn = defineEvent('mail.withdrawn', z.object(about))
