/** The fields of the sheet of a conversation: what the program keeps, and what stays in this browser. Pure. */
import type { Ending } from './ending.ts'

/** What the program keeps with the interaction. */
export interface Saved {
  contactId: string | null
  caseId: string | null
  typologyId: string | null
  question: string
  notes: string
}

/** What is kept in this browser until the conversation has its end. */
export interface Local {
  ending: Ending | null
  answer: string
  replyTo: string
  cricUnitId: string | null
  correctionReason: string
  /** What helps to solve an IT matter. */
  procedureId: string | null
  browser: string
  errorText: string
  filingNumber: string
  reason: string
  /** Label of the typology that was chosen and is not saved yet. */
  typologyLabel: string
}

export type SheetFields = Saved & Local

export const nothing: Local = {
  ending: null,
  answer: '',
  replyTo: '',
  cricUnitId: null,
  correctionReason: '',
  procedureId: null,
  browser: '',
  errorText: '',
  filingNumber: '',
  reason: '',
  typologyLabel: '',
}

export const savedOf = ({ contactId, caseId, typologyId, question, notes }: Saved): Saved => ({
  contactId,
  caseId,
  typologyId,
  question,
  notes,
})
