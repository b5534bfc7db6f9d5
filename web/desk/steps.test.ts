import { expect, test } from 'vitest'
import { nextStep } from './steps.ts'

test('the next step is the first that is not done, in the order of a conversation', () => {
  const nothing = { contactId: null, typologyId: null, question: '', ending: null }
  expect(nextStep(nothing)).toBe('person')
  expect(nextStep({ ...nothing, typologyId: 'naspi' })).toBe('person')
  expect(nextStep({ ...nothing, contactId: 'c' })).toBe('typology')
  expect(nextStep({ ...nothing, contactId: 'c', typologyId: 'naspi' })).toBe('question')
  const asked = { ...nothing, contactId: 'c', typologyId: 'naspi', question: 'Quando arriva?' }
  expect(nextStep(asked)).toBe('endings')
  expect(nextStep({ ...asked, ending: 'linea' })).toBe('reply-to')
  expect(nextStep({ ...asked, question: ' ', ending: 'linea' })).toBe('question')
})
