/** What the channels write to the journal. Never the text of a mail, never the address of a citizen: they are with the case. */
import { z } from 'zod'
import { about, Changes, defineEvent } from '../platform/index.ts'

const ofMail = about('matter')
const ofMailbox = about('organisation', 'units')
const ofIncoming = about('matter', 'units')

const Mail = { mailId: z.uuid(), purpose: z.string() }

export const mailQueued = defineEvent('mail.queued', ofMail, z.object(Mail))
export const mailSent = defineEvent('mail.sent', ofMail, z.object({ ...Mail, attempts: z.number().int() }))
/** The server could not be reached or asked to come again. */
export const mailDelayed = defineEvent(
  'mail.delayed',
  ofMail,
  z.object({ ...Mail, attempts: z.number().int(), problem: z.string(), nextAt: z.iso.datetime() }),
  { problem: '' },
)
/** Given up: the server refused it for good, it was tried for too long, or it came back after it had left. */
export const mailFailed = defineEvent(
  'mail.failed',
  ofMail,
  z.object({ ...Mail, attempts: z.number().int(), problem: z.string() }),
  { problem: '' },
)
/** Somebody gave a mail that waits another address, to which it leaves at once. */
export const mailReaddressed = defineEvent('mail.readdressed', ofMail, z.object(Mail))
/** Somebody took back a mail that had not left: it never will. */
export const mailWithdrawn = defineEvent('mail.withdrawn', ofMail, z.object(Mail))

// --- mailboxes ------------------------------------------------------------------------------------------------------

export const mailboxCreated = defineEvent('mailbox.created', ofMailbox, z.object({ mailboxId: z.uuid(), address: z.string() }))
/** Of the secret it is only told that it was changed. */
export const mailboxChanged = defineEvent(
  'mailbox.changed',
  ofMailbox,
  z.object({ mailboxId: z.uuid(), changes: Changes, secretChanged: z.boolean() }),
)
/** Its mails cannot be fetched. */
export const mailboxTroubled = defineEvent('mailbox.troubled', ofMailbox, z.object({ mailboxId: z.uuid(), reason: z.string() }))
/** Its mails can be fetched: for the first time, or again. */
export const mailboxListening = defineEvent('mailbox.listening', ofMailbox, z.object({ mailboxId: z.uuid() }))

// --- mail that comes in ---------------------------------------------------------------------------------------------

const Incoming = { rawMailId: z.uuid() }

/** A mail has been read, and is an interaction. */
export const mailReceived = defineEvent('mail.received', ofIncoming, z.object({ ...Incoming, interactionId: z.uuid() }))
/** A mail that a program has written about one of ours, kept with its case: `bounce`, `delayed`, `auto-reply`. */
export const mailNoted = defineEvent('mail.noted', ofIncoming, z.object({ ...Incoming, as: z.string() }))
/** A mail that somebody has to look at: it cannot be read, is too large, or seems to go round in circles. */
export const mailToExamine = defineEvent('mail.to-examine', ofIncoming, z.object({ ...Incoming, reason: z.string() }))
/** Somebody has looked at it, and it is no request. */
export const mailPutAside = defineEvent('mail.put-aside', ofIncoming, z.object(Incoming))
