import { expect, test } from 'vitest'
import { addressOf, api, fieldErrors } from './api.ts'
import { keyText, nameOf } from './shortcuts.ts'

test('an address has its parameters in their places, and of its query what was given', () => {
  const path = { key: 'a/b c', language: 'it' } as const
  expect(addressOf('/api/prompts/:key/:language/recording', { path, query: { of: 'draft', version: 3 } })).toBe(
    '/api/prompts/a%2Fb%20c/it/recording?of=draft&version=3',
  )
  expect(addressOf('/api/contacts', { query: { q: 'ferri & co', phone: null, cursor: undefined } })).toBe(
    '/api/contacts?q=ferri+%26+co',
  )
  expect(addressOf('/api/session')).toBe('/api/session')
})

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
  const press = { code: '', ctrlKey: false, metaKey: false, altKey: false }
  expect(nameOf({ ...press, key: 'P' })).toBe('p')
  expect(nameOf({ ...press, key: 'k', metaKey: true })).toBe('Control+k')
  expect(nameOf({ ...press, key: 'F9' })).toBe('F9')
  // With Alt a Mac writes another sign; an Italian keyboard writes @ and # with AltGr, which is no shortcut of ours.
  expect(nameOf({ ...press, key: 'µ', code: 'KeyM', altKey: true })).toBe('Alt+m')
  expect(nameOf({ ...press, key: '¡', code: 'Digit1', altKey: true })).toBe('Alt+1')
  expect(nameOf({ ...press, key: 'm', code: 'Semicolon', altKey: true })).toBe('Alt+m')
})

test('a key is written as it stands on the reader’s keyboard', () => {
  const keys = ['Control+Enter', 'Control+k', 'Alt+m', 'p', 'F9']
  expect(keys.map(each => keyText(each, false))).toEqual(['Ctrl+↵', 'Ctrl+K', 'Alt+M', 'P', 'F9'])
  expect(keys.map(each => keyText(each, true))).toEqual(['⌘↵', '⌘K', '⌥M', 'P', 'F9'])
})

test('what no route takes or answers is refused by the compiler, when the types are checked', () => {
  const path = { ticketId: '019a8f3e-7c1e-7b2a-9f6d-3c2b1a0f9e8d' }
  const refused = [
    // @ts-expect-error: no route has this address
    () => api.get('/api/ticket'),
    // @ts-expect-error: which ticket?
    () => api.get('/api/tickets/:ticketId'),
    // @ts-expect-error: there is no such list
    () => api.get('/api/tickets', { query: { view: 'everything' } }),
    // @ts-expect-error: an edit needs the version that was read
    () => api.put('/api/tickets/:ticketId/draft', { path, body: { text: '' } }),
    // @ts-expect-error: the body has another field
    () => api.post('/api/tickets/:ticketId/notes', { path, body: { note: '' } }),
    // @ts-expect-error: the answer has no such field
    async () => (await api.get('/api/tickets/:ticketId', { path })).titel,
  ]
  expect(refused).toHaveLength(6)
})
