/**
 * Messages of every kind that the mailboxes of a public body get, built here: charsets, nesting, receipts, bounces, auto-replies, quoting, and what
 * broken programs make of all that. Each says what must be read in it; what is not said is only held against a second parser.
 */

import { attachments, outlook } from './attachments.ts'
import { broken } from './broken.ts'
import type { MailMessage } from './build.ts'
import { charsets } from './charsets.ts'
import { heads } from './heads.ts'
import { autoReplies, bounces, quoting } from './programs.ts'
import { registered } from './registered.ts'
import { structures } from './structures.ts'

export type { MailMessage } from './build.ts'

/** All of them. The building takes some tenths of a second. */
export const allMessages = (): MailMessage[] => [
  ...charsets(),
  ...heads(),
  ...structures(),
  ...attachments(),
  ...outlook(),
  ...bounces(),
  ...autoReplies(),
  ...quoting(),
  ...registered(),
  ...broken(),
]
