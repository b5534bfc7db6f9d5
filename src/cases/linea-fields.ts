/**
 * What the operator writes on a Linea ticket for whoever answers it. Each field is declared here and nowhere else on the server: how it is checked
 * when the ticket is sent, how it is answered, in which column it is kept. Pure.
 */
import { z } from 'zod'
import { ReplyKind, ReplyTo, readReplyTo } from '../channels/index.ts'
import { ProcedureId } from '../classification/index.ts'
import { Text, TextLine } from '../platform/index.ts'
import { causeKeyOf } from './causes/cause-key.ts'

/** A field as it is sent. One that may be left out is `optional`, and kept as null. */
export const sentFields = {
  question: Text.pipe(z.string().min(1).max(10_000)).describe('the question, clear to somebody who did not hear it'),
  replyTo: ReplyTo,
  correctionReason: Text.pipe(z.string().min(3).max(500)).optional().describe('needed with another section'),
  procedureId: ProcedureId.optional().describe('of an IT matter: the procedure that does not work'),
  browser: TextLine.pipe(z.string().min(1).max(200)).optional().describe('of an IT matter: with which program, and on what'),
  errorText: Text.pipe(z.string().min(1).max(2_000)).optional().describe('of an IT matter: what stood on the screen'),
  filingNumber: TextLine.pipe(z.string().min(1).max(80))
    .optional()
    .describe('of an IT matter: the protocol number of the filing'),
}
const SentFields = z.object(sentFields)

/** A field as the ticket shows it. */
export const shownFields = {
  question: z.string(),
  replyTo: z.object({ kind: ReplyKind, address: z.string() }),
  correctionReason: z.string().nullable(),
  procedureId: z.string().nullable(),
  browser: z.string().nullable(),
  errorText: z.string().nullable(),
  filingNumber: z.string().nullable(),
}
const ShownFields = z.object(shownFields)

/** The columns that keep what was sent. */
export interface LineaColumns {
  question: string
  reply_kind: ReplyKind
  reply_address: string
  correction_reason: string | null
  procedure_id: string | null
  browser: string | null
  error_text: string | null
  filing_number: string | null
  /** By what tickets of one cause are counted together: `causes/cause-key.ts`. */
  cause_key: string | null
}

/** The columns of a question that is no IT matter. */
export const noItFields = { procedure_id: null, browser: null, error_text: null, filing_number: null, cause_key: null } as const

/**
 * Returns the columns of what was sent. What helps to solve an IT matter is kept of IT matters alone.
 * @throws Refused 422 for an address to which no channel leads
 */
export function keptFields(sent: z.output<typeof SentFields>, isItMatter: boolean): LineaColumns {
  const { kind, address } = readReplyTo(sent.replyTo)
  const asked = { question: sent.question, reply_kind: kind, reply_address: address }
  const { procedureId = null, browser = null, errorText = null, filingNumber = null } = sent
  const itFields = {
    ...{ procedure_id: procedureId, browser, error_text: errorText, filing_number: filingNumber },
    cause_key: causeKeyOf({ procedureId, errorText }),
  }
  return { ...asked, correction_reason: sent.correctionReason ?? null, ...(isItMatter ? itFields : noItFields) }
}

/** Returns what the ticket shows of its columns. */
export const fieldsShown = (row: LineaColumns): z.output<typeof ShownFields> => ({
  question: row.question,
  replyTo: { kind: row.reply_kind, address: row.reply_address },
  correctionReason: row.correction_reason,
  procedureId: row.procedure_id,
  browser: row.browser,
  errorText: row.error_text,
  filingNumber: row.filing_number,
})
