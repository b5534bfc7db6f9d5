/**
 * What the operator writes on a Linea ticket for whoever answers it. Each field is declared here and nowhere else on the server: how it is checked
 * when the ticket is sent, how it is answered, in which column it is kept. Pure.
 */
import { z } from 'zod'
import { ReplyKind, ReplyTo, readReplyTo } from '../channels/index.ts'
import { Text } from '../platform/index.ts'

/** A field as it is sent. One that may be left out is `optional`, and kept as null. */
export const sentFields = {
  question: Text.pipe(z.string().min(1).max(10_000)).describe('the question, clear to somebody who did not hear it'),
  replyTo: ReplyTo,
  correctionReason: Text.pipe(z.string().min(3).max(500)).optional().describe('needed with another section'),
}
const SentFields = z.object(sentFields)

/** A field as the ticket shows it. */
export const shownFields = {
  question: z.string(),
  replyTo: z.object({ kind: ReplyKind, address: z.string() }),
  correctionReason: z.string().nullable(),
}
const ShownFields = z.object(shownFields)

/** The columns that keep what was sent. */
export interface LineaColumns {
  question: string
  reply_kind: ReplyKind
  reply_address: string
  correction_reason: string | null
}

/** Returns the columns of what was sent. @throws Refused 422 for an address to which no channel leads */
export function keptFields({ question, replyTo, correctionReason }: z.output<typeof SentFields>): LineaColumns {
  const { kind, address } = readReplyTo(replyTo)
  return { question, reply_kind: kind, reply_address: address, correction_reason: correctionReason ?? null }
}

/** Returns what the ticket shows of its columns. */
export const fieldsShown = (row: LineaColumns): z.output<typeof ShownFields> => ({
  question: row.question,
  replyTo: { kind: row.reply_kind, address: row.reply_address },
  correctionReason: row.correction_reason,
})
