/** Names as people mistype them. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readQuery } from './names.ts'
import { isOneMistakeApart, maxSimilarRanges, mistakable, restsOf, similarRanges } from './similar.ts'

describe('one mistake', () => {
  test.each([
    ['rossi', 'rosi'],
    ['rossi', 'rosssi'],
    ['rossi', 'rassi'],
    ['rossi', 'rosis'],
    ['rossi', 'orssi'],
    ['rossi', 'ross'],
    ['rossi', 'erossi'],
  ])('%s and %s', (a, b) => {
    expect([isOneMistakeApart(a, b), isOneMistakeApart(b, a)]).toEqual([true, true])
  })
  test.each([
    ['rossi', 'rossi'],
    ['rossi', 'ross1e'],
    ['rossi', 'rasso'],
    ['rossi', 'sorsi'],
    ['rossi', 'ro'],
  ])('%s and %s are not', (a, b) => {
    expect([isOneMistakeApart(a, b), isOneMistakeApart(b, a)]).toEqual([false, false])
  })

  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 3, maxLength: 7 })
  test('two words that are one mistake apart share a rest, so that one finds the other', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        if (isOneMistakeApart(a, b)) expect(restsOf(a).some(rest => restsOf(b).includes(rest))).toBe(true)
      }),
      { numRuns: 3_000 },
    )
  })
})

describe('where a mistyped name is looked for', () => {
  const names = (text: string, near: [string, string[]][] = []) => similarRanges(text, new Map(near)).map(range => range.from)

  test('in other orders, then with one word replaced by a near one, the same first letter first', () => {
    expect(names('giuseppe rossi')).toEqual(['rossi giuseppe'])
    expect(names('rosi giu', [['rosi', ['bosi', 'rossi']]])).toEqual([
      'giu rosi',
      'rossi giu',
      'giu rossi',
      'bosi giu',
      'giu bosi',
    ])
    expect(names('anna maria rossi')).toContain('maria anna rossi')
    expect(names('rosi')).toEqual([])
  })

  test('short words are typed without mistakes, and there is an end', () => {
    expect(mistakable("Li D'Angelo Rosi")).toEqual(['angelo', 'rosi'])
    const many = Array.from({ length: 200 }, (_, n) => `rosi${n}`)
    expect(
      names('rosi bosi', [
        ['rosi', many],
        ['bosi', many],
      ]).length,
    ).toBeLessThanOrEqual(maxSimilarRanges)
  })
})

test('a number or an address is read out of what it was pasted with', () => {
  const first = (text: string) => readQuery(text)[0]
  const number = { kind: 'phone', from: '+390659594321' }
  for (const text of ['tel. 06 5959-4321', 'Tel: +39 (06) 5959.4321', 'tel:+390659594321', '0039 06/59594321', 'cell 0659594321'])
    expect(first(text), text).toMatchObject(number)
  for (const text of ['Giulia Ferri <G.Ferri@example.org>', 'mailto:g.ferri@example.org'])
    expect(first(text), text).toMatchObject({ kind: 'email', from: 'g.ferri@example.org' })
  expect(readQuery('Tel Aviv')).toContainEqual(expect.objectContaining({ kind: 'name', from: 'tel aviv' }))
})
