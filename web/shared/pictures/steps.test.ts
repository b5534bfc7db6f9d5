import { expect, test } from 'vitest'
import { classesOf, classOf } from './steps.ts'

test('counts fall into four steps of about as many each; nothing is in none', () => {
  const steps = classesOf([0, 1, 2, 3, 5, 8, 13, 21, 900, 900])
  expect(steps).toEqual([
    { from: 1, to: 2 },
    { from: 3, to: 5 },
    { from: 8, to: 13 },
    { from: 21, to: 900 },
  ])
  expect([0, 1, 3, 12, 900].map(count => classOf(count, steps))).toEqual([-1, 0, 1, 2, 3])
})

test('where few differ there are fewer steps', () => {
  expect(classesOf([4, 4, 7])).toEqual([
    { from: 4, to: 4 },
    { from: 7, to: 7 },
  ])
  expect(classesOf([])).toEqual([])
})
