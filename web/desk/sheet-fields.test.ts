import { describe, expect, it } from 'vitest'
import type { Interaction } from '../../src/cases/model.ts'
import { unsaved, withoutSaved } from './sheet-fields.ts'

const interaction: Interaction = {
  id: '00000000-0000-7000-8000-000000000001',
  channel: 'telephone',
  callId: null,
  from: null,
  contact: null,
  contactId: null,
  caseId: null,
  code: null,
  typologyId: 'vecchiaia',
  typology: 'Pensione di vecchiaia',
  question: 'Quando arriva?',
  notes: '',
  answer: null,
  state: 'open',
  office: null,
  linea: null,
  provinceCode: null,
  regionCode: null,
  operator: { id: '00000000-0000-7000-8000-000000000010', name: 'Anna Bianchi' },
  openedAt: '2026-11-24T10:00:00.000Z',
  closedAt: null,
  version: 3,
}

describe('the sheet of a conversation', () => {
  it('sends only what differs from what the program has', () => {
    expect(unsaved({ question: 'Quando arriva?', notes: 'Sente poco', answer: 'Presto' }, interaction)).toEqual({
      notes: 'Sente poco',
    })
    expect(unsaved({ typologyId: null }, interaction)).toEqual({ typologyId: null })
  })

  it('keeps what was typed on while it was being saved, and what belongs to this browser', () => {
    const kept = { question: 'Quando arriva? E quanto?', notes: 'Sente poco', answer: 'Presto' }
    expect(withoutSaved(kept, { ...interaction, notes: 'Sente poco' })).toEqual({
      question: 'Quando arriva? E quanto?',
      answer: 'Presto',
    })
  })
})
