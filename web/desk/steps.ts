/**
 * The way through a conversation: who it is, what it is about, what is asked, how it ends. Each is the name of a place on the screen to which
 * the focus goes (`goToStep`). Pure.
 *
 *   person ──▶ typology ──▶ question ──▶ endings ──▶ the ending's first field ──▶ finished ──▶ ready
 */
import type { Ending, Missing } from './ending.ts'
import type { SheetFields } from './sheet-fields.ts'

export type DeskStep =
  | 'person'
  | 'typology'
  | 'question'
  | 'endings'
  | 'answer'
  | 'reply-to'
  | 'correction'
  | 'slot'
  | 'reason'
  | 'finished'
  | 'ready'

/** The first field of each ending. */
export const stepOfEnding: Readonly<Record<Ending, DeskStep>> = { answer: 'answer', linea: 'reply-to', appointment: 'slot' }

/** Where what is missing is written. */
export const stepOfMissing: Readonly<Record<Missing, DeskStep>> = {
  contact: 'person',
  typology: 'typology',
  question: 'question',
  answer: 'answer',
  replyTo: 'reply-to',
  correctionReason: 'correction',
  slot: 'slot',
  reason: 'reason',
}

/** The first step that is not done. */
export function nextStep(fields: Pick<SheetFields, 'contactId' | 'typologyId' | 'question' | 'ending'>): DeskStep {
  if (fields.contactId === null) return 'person'
  if (fields.typologyId === null) return 'typology'
  if (fields.question.trim() === '') return 'question'
  return fields.ending === null ? 'endings' : stepOfEnding[fields.ending]
}
