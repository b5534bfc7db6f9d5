/** The fields of the sheet of a conversation, and which of them still have to be saved. Pure. */
import type { Interaction } from '../../src/cases/model.ts'
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
  reason: '',
  typologyLabel: '',
}
const savedFields = ['contactId', 'caseId', 'typologyId', 'question', 'notes'] as const

export const savedOf = ({ contactId, caseId, typologyId, question, notes }: Interaction): Saved => ({
  contactId,
  caseId,
  typologyId,
  question,
  notes,
})

/** The fields that differ from what the program has. Pure. */
export function unsaved(kept: Partial<SheetFields>, interaction: Interaction): Partial<Saved> {
  const entries = savedFields.flatMap(field => {
    const value = kept[field]
    return value !== undefined && value !== interaction[field] ? [[field, value] as const] : []
  })
  return Object.fromEntries(entries)
}

/** What remains to be kept after a save: what was typed on in the meantime, and what belongs to this browser. Pure. */
export function withoutSaved(kept: Partial<SheetFields>, after: Interaction): Partial<SheetFields> {
  const entries = Object.entries(kept).filter(([field, value]) => {
    const saved = savedFields.find(each => each === field)
    return saved === undefined || after[saved] !== value
  })
  return Object.fromEntries(entries)
}

export function keptOf(text: string): Partial<SheetFields> {
  if (text === '') return {}
  try {
    const kept: unknown = JSON.parse(text)
    return typeof kept === 'object' && kept !== null ? kept : {}
  } catch {
    return {}
  }
}
