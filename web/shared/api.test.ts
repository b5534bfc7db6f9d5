import { expect, test } from 'vitest'
import { fieldErrors } from './api.ts'
import { keyText, nameOf } from './shortcuts.ts'

test('what is wrong with a field is found under the name that the form knows', () => {
  const detail = 'Alcuni dati non vanno bene.'
  expect(
    fieldErrors({
      detail,
      errors: [
        { field: 'body.replyTo.email', message: 'Not an address' },
        { field: 'body.answer', message: 'Too short' },
        { field: 'body.answer', message: 'A second complaint' },
      ],
    }),
  ).toEqual({ 'replyTo.email': 'Not an address', answer: 'Too short' })
  expect(fieldErrors({ detail: 'Manca la tipologia.', values: { field: 'typologyId' } })).toEqual({
    typologyId: 'Manca la tipologia.',
  })
})

test('a key is the same under any keyboard: command counts as control, shift does not count', () => {
  const press = { ctrlKey: false, metaKey: false, altKey: false }
  expect(nameOf({ ...press, key: 'P' })).toBe('p')
  expect(nameOf({ ...press, key: 'k', metaKey: true })).toBe('Control+k')
  expect(nameOf({ ...press, key: 'F9' })).toBe('F9')
  expect(keyText('Control+Enter')).toBe('⌃↵')
  expect(keyText('p')).toBe('P')
})
