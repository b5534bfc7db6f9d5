import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bodyText } from './api.ts'
import { numberFrom } from './numbers.ts'

test.each([
  ['7', 7],
  [' 7 ', 7],
  ['7,5', 7.5],
  ['7.5', 7.5],
  ['−2', -2],
  ['+3', 3],
])('%j is the number %d', (text, number) => expect(numberFrom(text)).toBe(number))

test.each(['', ' ', 'abc', '7,5,1', '1.000,5', '0x10', '1e3', 'Infinity', '5 min', ','])('%j is no number', text =>
  expect(numberFrom(text)).toBeUndefined(),
)

test('whatever is typed, it is a number or none, never something between', () => {
  fc.assert(
    fc.property(fc.string(), text => {
      const number = numberFrom(text)
      return number === undefined || Number.isFinite(number)
    }),
  )
})

test('a body with a number that is none is not sent: JSON would make null of it, and null may mean "no limit"', () => {
  for (const none of [Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => bodyText({ limits: { maxWaiting: none } })).toThrow('maxWaiting')
  expect(bodyText({ limits: { maxWaiting: null, rest: [1.5] } })).toBe('{"limits":{"maxWaiting":null,"rest":[1.5]}}')
})
