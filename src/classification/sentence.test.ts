import { expect, test } from 'vitest'
import { readAsked, slipsOf, stemOf } from './sentence.ts'

test('a sentence is read by the words that say something, without articles and endings', () => {
  const words = (text: string) => readAsked(text).words.map(each => each.word)
  expect(words('Mi hanno licenziata: cosa devo fare per l’assegno di disoccupazione?')).toEqual([
    'licenziata',
    'assegno',
    'disoccupazione',
  ])
  expect(words("Quando arriva l'indennità dell'Inps?")).toEqual(['indennita', 'inps'])
  expect(words('che cosa')).toEqual(['che', 'cosa'])
  expect(words('parola '.repeat(3) + 'x'.repeat(200))).toEqual(['parola', 'x'.repeat(40)])
  expect(readAsked(Array.from({ length: 60 }, (_, n) => `parola${n}`).join(' ')).words).toHaveLength(12)
  expect(readAsked('pensione vecch').needed).toBe(2)
  expect(readAsked('Sono vedova, quando mi pagano?')).toMatchObject({
    words: [{ word: 'vedova' }, { word: 'pagano' }],
    needed: 1,
  })
})

test('endings do not matter, and two spellings one letter apart share what is left of them', () => {
  expect(stemOf('pensioni')).toBe(stemOf('pensione'))
  expect(stemOf('domestiche')).toBe(stemOf('domestica'))
  expect(stemOf('isee')).toBe('isee')
  const near = (a: string, b: string) => slipsOf(stemOf(a)).some(slip => slipsOf(stemOf(b)).includes(slip))
  const slips = [
    ['reversbilita', 'reversibilita'],
    ['reverssibilita', 'reversibilita'],
    ['reversabilita', 'reversibilita'],
    ['pensoine', 'pensione'],
    ['dissoccupazione', 'disoccupazione'],
  ] as const
  for (const [typed, meant] of slips) expect(near(typed, meant), typed).toBe(true)
  expect(near('malattia', 'maternita')).toBe(false)
  expect(slipsOf('pin')).toEqual([])
})
