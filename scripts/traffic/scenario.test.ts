/** A scenario for training: what a file may say, and what becomes of it. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { randomOf } from '../../src/simulation/index.ts'
import { callsPerMinuteOf, keyOf, mostCallsPerMinute, operatorsOf, readScenario, scenarioOf } from './scenario.ts'

const partsOf = (parts: unknown) => JSON.stringify({ name: 'x', parts })

test('the one that comes with the sample can be followed', () => {
  const { name, parts } = readScenario(join(import.meta.dirname, '../../sample/scenarios/payment-day.json'))
  expect(name).toBe('Il giorno del pagamento')
  expect(parts.map(part => [callsPerMinuteOf(part, 12), operatorsOf(part, 10)])).toEqual([
    [12, 10],
    [36, 10],
    [30, 8],
    [14.399999999999999, 10],
  ])
})

describe('what cannot be followed is said', () => {
  test.each([
    ['not JSON', '{', 'is no JSON'],
    ['no parts', partsOf([]), 'parts'],
    ['a part without minutes', partsOf([{ name: 'a' }]), 'parts.0.minutes'],
    [
      'longer than an hour',
      partsOf([
        { name: 'a', minutes: 40 },
        { name: 'b', minutes: 40 },
      ]),
      'lasts more than 60 minutes',
    ],
    ['a key that is none', partsOf([{ name: 'a', minutes: 1, keys: { '#': 1 } }]), 'parts.0.keys'],
    ['no weight', partsOf([{ name: 'a', minutes: 1, keys: { 1: 0 } }]), 'names no key with a weight'],
    ['a word that means nothing', partsOf([{ name: 'a', minutes: 1, call: 3 }]), 'call'],
  ])('%s', (_, text, said) => expect(() => scenarioOf(text, 'storm.json')).toThrow(said))

  test('a file that is not there', () => expect(() => readScenario('/nowhere/storm.json')).toThrow('cannot be read'))
})

test('callers choose keys by their weight, and never more calls come than are borne', () => {
  const random = randomOf(7, 1)
  const chosen = Array.from({ length: 4_000 }, () => keyOf({ keys: { 1: 3, 2: 1, 3: 0 } }, random))
  const share = chosen.filter(key => key === '1').length / chosen.length
  expect(new Set(chosen)).toEqual(new Set(['1', '2']))
  expect(share).toBeGreaterThan(0.72)
  expect(share).toBeLessThan(0.78)
  expect(callsPerMinuteOf({ calls: 20 }, 60)).toBe(mostCallsPerMinute)
})
