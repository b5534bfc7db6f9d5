/** What a display tells, and what it leaves out. */
import { expect, test } from 'vitest'
import { newCalls } from './ringing.ts'

const at = (second: number) => new Date(Date.UTC(2026, 10, 24, 9, 0, second)).toISOString()
const call = (id: string, second: number) => ({ id, at: at(second) })

test('two calls within one look are both told, the earlier one first', () => {
  expect(newCalls(new Set(['a']), [call('c', 9), call('b', 8), call('a', 1)], at(10))).toEqual(['b', 'c'])
})

test('what stood there when the page was opened is not told, and nothing is told twice', () => {
  expect(newCalls(undefined, [call('a', 9)], at(10))).toEqual([])
  expect(newCalls(new Set(['a']), [call('a', 9)], at(10))).toEqual([])
})

test('after a lost network only the newest is told of what is long past', () => {
  expect(newCalls(new Set(), [call('c', 20), call('b', 12), call('a', 5)], at(59))).toEqual(['c'])
})

test('a call that is taken back tells nothing of those before it', () => {
  expect(newCalls(new Set(['b', 'a']), [call('a', 1)], at(10))).toEqual([])
})
