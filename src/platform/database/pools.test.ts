import { expect, test } from 'vitest'
import { sharesOf } from './pools.ts'

test('each kind of work has connections of its own, and the sum is what was set', () => {
  const all = ['web', 'voice', 'router', 'worker'] as const
  expect(sharesOf(20, all)).toEqual({ house: 4, web: 9, voice: 7 })
  expect(sharesOf(10, ['web'])).toEqual({ house: 6, web: 4 })
  expect(sharesOf(10, ['router'])).toEqual({ house: 10 })
  expect(sharesOf(2, all)).toEqual({ house: 2 })
  for (let connections = 2; connections <= 200; connections++) {
    const { house, web = 0, voice = 0 } = sharesOf(connections, all)
    expect(house + web + voice).toBe(connections)
    expect(house).toBeGreaterThanOrEqual(2)
  }
})
