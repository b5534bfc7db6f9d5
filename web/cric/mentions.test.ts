import { expect, test } from 'vitest'
import { mentionsIn, namesLike, typedName, withName } from './mentions.ts'

const people = ['Marco Sala', 'Marco Salani', 'Niccolò D’Amico', 'Elena Riva'].map((name, n) => ({ id: String(n), name }))
const names = (found: readonly { name: string }[]) => found.map(each => each.name)

test('a name is being typed after an @ that begins a word', () => {
  expect(typedName('Chiedi a @mar', 13)).toEqual({ at: 9, typed: 'mar' })
  expect(typedName('@', 1)).toEqual({ at: 0, typed: '' })
  expect(typedName('(@elena r', 9)).toEqual({ at: 1, typed: 'elena r' })
  for (const text of ['giulia@example', 'nessuno', '@marco, poi']) expect(typedName(text, text.length), text).toBeUndefined()
})

test('whoever has a word that begins so is offered, with or without accents', () => {
  expect(names(namesLike(people, 'sal'))).toEqual(['Marco Sala', 'Marco Salani'])
  expect(names(namesLike(people, 'niccolo'))).toEqual(['Niccolò D’Amico'])
  expect(namesLike(people, 'ala')).toEqual([])
  expect(namesLike(people, '')).toHaveLength(4)
})

test('the name stands in the place of what was typed', () => {
  expect(withName('Chiedi a @mar domani', { at: 9, typed: 'mar' }, 'Marco Sala')).toEqual({
    text: 'Chiedi a @Marco Sala domani',
    caret: 21,
  })
})

test('named is who stands there by the whole name, and not who has a shorter one', () => {
  expect(names(mentionsIn('@Marco Salani e @elena riva: guardate', people))).toEqual(['Marco Salani', 'Elena Riva'])
  expect(names(mentionsIn('@Marco Sala e @Marco Salani', people))).toEqual(['Marco Sala', 'Marco Salani'])
  expect(mentionsIn('@Marco guarda', people)).toEqual([])
})
