import { expect, it } from 'vitest'
import { askedFor, type Knower, referenceOf, type Whereabouts } from './reference.ts'

const [paola, luca, anna] = ['paola', 'luca', 'anna'].map(id => ({ id, name: `${id} N.` })) as [Knower, Knower, Knower]
const at =
  (places: Record<string, Whereabouts>) =>
  (id: string): Whereabouts =>
    places[id] ?? 'away'

it('names the first who knows the case, and who goes on with it only while that person is not here', () => {
  const knowers = [paola, luca, anna]
  expect(referenceOf([], at({}))).toBe(null)
  expect(referenceOf(knowers, at({ paola: 'busy', luca: 'here' }))).toEqual({ ...paola, state: 'busy', takesOver: null })
  expect(referenceOf(knowers, at({ luca: 'left', anna: 'busy' }))).toEqual({ ...paola, state: 'away', takesOver: anna })
  expect(referenceOf([paola, luca], at({ paola: 'left' }))).toEqual({ ...paola, state: 'left', takesOver: null })
})

it('asks, of each case, for the first who has a telephone and works here still', () => {
  const telephones = new Set(['luca', 'anna'])
  const ask = (gone: string[], ...cases: Knower[][]) =>
    askedFor(
      cases,
      id => telephones.has(id),
      id => gone.includes(id),
    )
  expect(ask([], [paola, luca, anna], [luca])).toEqual(['luca'])
  expect(ask(['luca'], [paola, luca, anna], [luca])).toEqual(['anna'])
  expect(ask([], [paola], [])).toEqual([])
})
