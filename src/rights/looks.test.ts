import { expect, test } from 'vitest'
import { lookOf } from './looks.ts'

const id = '019a8f3e-7c1e-7b2a-9f6d-3c2b1a0f9e8d'

test('a thing is named by the path, a citizen where the path names one', () => {
  expect(lookOf('contact', { contactId: id }, {})).toEqual({ subjectId: id, contactId: id, found: null })
  expect(lookOf('ticket', { ticketId: id }, {})).toEqual({ subjectId: id, contactId: null, found: null })
})

test('a search is a look when it found people; offices are nobody, and what found nothing showed nothing', () => {
  expect(lookOf('search', {}, { items: [{ kind: 'contact' }, { kind: 'unit' }, { kind: 'person' }] })?.found).toBe(2)
  for (const items of [[], [{ kind: 'unit' }]]) expect(lookOf('search', {}, { items })).toBeUndefined()
})

test('a desk without a call shows nobody; with one, whoever has the number', () => {
  expect(lookOf('call', undefined, { call: null })).toBeUndefined()
  const call = { callId: id, contacts: [{ id }] }
  expect(lookOf('call', undefined, { call })).toEqual({ subjectId: id, contactId: id, found: 1 })
})
