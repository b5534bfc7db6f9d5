/** Where whoever has just taken a mail goes on: to say which case it belongs to, then what it is about, then to the answer. */
import type { IncomingMail } from '../../../src/cases/mails/model.ts'
import { goToStep } from '../focus.ts'

export function goToAnswer({ caseId, typologyId, proposed }: Pick<IncomingMail, 'caseId' | 'typologyId' | 'proposed'>): void {
  if (proposed.length > 0) goToStep('which-case')
  else goToStep(caseId === null && typologyId === null ? 'typology' : 'answer')
}
