import { describe, expect, it } from 'vitest'
import { replyToOf } from '../shared/reply.ts'
import { type EndingFields, missingFor } from './ending.ts'

const empty: EndingFields = {
  contactId: null,
  typologyId: null,
  question: '',
  answer: '',
  replyTo: '',
  corrected: false,
  correctionReason: '',
  holdId: null,
  reason: '',
}
const known: EndingFields = { ...empty, contactId: 'giulia', typologyId: 'vecchiaia' }

describe('what is missing for an end', () => {
  it('is always a contact and a typology', () => {
    expect(missingFor('answer', { ...empty, answer: 'Arriva il 1° dicembre.' })).toEqual(['contact', 'typology'])
  })

  it('is the answer, for answering', () => {
    expect(missingFor('answer', known)).toEqual(['answer'])
    expect(missingFor('answer', { ...known, answer: '  ' })).toEqual(['answer'])
    expect(missingFor('answer', { ...known, answer: 'Arriva il 1° dicembre.' })).toEqual([])
  })

  it('is a question and where to answer, for the second level; and a reason when the section was changed', () => {
    expect(missingFor('linea', known)).toEqual(['question', 'replyTo'])
    const ready = { ...known, question: 'Quando arriva?', replyTo: 'giulia@example.org' }
    expect(missingFor('linea', ready)).toEqual([])
    expect(missingFor('linea', { ...ready, corrected: true })).toEqual(['correctionReason'])
    expect(missingFor('linea', { ...ready, corrected: true, correctionReason: 'Lavora a Milano' })).toEqual([])
  })

  it('is a place that is held and what for, for an appointment', () => {
    expect(missingFor('appointment', known)).toEqual(['slot', 'reason'])
    expect(missingFor('appointment', { ...known, holdId: 'h', reason: 'Estratto conto' })).toEqual([])
  })
})

describe('where to answer', () => {
  it('tells an address from a number', () => {
    expect(replyToOf(' giulia@example.org ')).toEqual({ email: 'giulia@example.org' })
    expect(replyToOf('06 5555 0147')).toEqual({ phone: '06 5555 0147' })
  })
})
