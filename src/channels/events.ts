/** What the channels write to the journal. Never the text of a mail, never the address: they are with the case. */
import { z } from 'zod'
import { about, defineEvent } from '../platform/index.ts'

const ofMail = about('matter')

const Mail = { mailId: z.uuid(), purpose: z.string() }

export const mailQueued = defineEvent('mail.queued', ofMail, z.object(Mail))
export const mailSent = defineEvent('mail.sent', ofMail, z.object({ ...Mail, attempts: z.number().int() }))
/** The server could not be reached or asked to come again. */
export const mailDelayed = defineEvent(
  'mail.delayed',
  ofMail,
  z.object({ ...Mail, attempts: z.number().int(), problem: z.string(), nextAt: z.iso.datetime() }),
)
/** Given up: the server refused it for good, or it was tried for too long. */
export const mailFailed = defineEvent(
  'mail.failed',
  ofMail,
  z.object({ ...Mail, attempts: z.number().int(), problem: z.string() }),
)
/** Somebody gave a mail that waits another address, to which it leaves at once. */
export const mailReaddressed = defineEvent('mail.readdressed', ofMail, z.object(Mail))
/** Somebody took back a mail that had not left: it never will. */
export const mailWithdrawn = defineEvent('mail.withdrawn', ofMail, z.object(Mail))
