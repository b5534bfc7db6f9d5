import { expect, test } from 'vitest'
import { spansIn, spansText } from './hours.ts'

test('hours are read as people type them, and written back in one form', () => {
  expect(spansIn('9-13, 14.30–16:00')).toEqual([
    { opens: 540, closes: 780 },
    { opens: 870, closes: 960 },
  ])
  expect(spansText(spansIn('14:30-16 ; 9:05-13') ?? [])).toBe('9:05–13:00, 14:30–16:00')
  expect(spansIn('  ')).toEqual([])
  expect(spansIn('22:00-24:00')).toEqual([{ opens: 1_320, closes: 1_440 }])
})

test('what is no span, ends before it begins or lies over another is none', () => {
  for (const text of ['9', '9-', '13-9', '9-9', '25-26', '9:70-10', '9-12, 11-13', '9-10-11', 'mattina'])
    expect(spansIn(text), text).toBeUndefined()
})
