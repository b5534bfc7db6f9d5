/**
 * How a conversation ends, and what is still missing for it. Pure.
 */

export type Ending = 'answer' | 'linea' | 'appointment'

/** The keys 1 2 3, in the order in which the endings stand side by side. */
export const endings: readonly Ending[] = ['answer', 'linea', 'appointment']

export interface EndingFields {
  contactId: string | null
  typologyId: string | null
  question: string
  answer: string
  replyTo: string
  /** The derived section was changed; then a reason is needed. */
  corrected: boolean
  correctionReason: string
  holdId: string | null
  reason: string
}

/** Each is the name of a sentence, `desk.missing.<name>`. */
export type Missing = 'contact' | 'typology' | 'question' | 'answer' | 'replyTo' | 'correctionReason' | 'slot' | 'reason'

const minReasonLength = 3

/** What is missing to end so; in the order in which it stands on the screen, so that the first is where to go. */
export function missingFor(ending: Ending, sheet: EndingFields): Missing[] {
  const missing: Missing[] = []
  if (!sheet.contactId) missing.push('contact')
  if (!sheet.typologyId) missing.push('typology')
  if (ending === 'linea' && isBlank(sheet.question)) missing.push('question')
  if (ending === 'answer' && isBlank(sheet.answer)) missing.push('answer')
  if (ending === 'linea') {
    if (isBlank(sheet.replyTo)) missing.push('replyTo')
    if (sheet.corrected && sheet.correctionReason.trim().length < minReasonLength) missing.push('correctionReason')
  }
  if (ending === 'appointment') {
    if (!sheet.holdId) missing.push('slot')
    if (sheet.reason.trim().length < minReasonLength) missing.push('reason')
  }
  return missing
}

const isBlank = (text: string): boolean => text.trim() === ''
