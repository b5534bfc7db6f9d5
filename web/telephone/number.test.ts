import { expect, it } from 'vitest'
import { numberOf } from './number.ts'

it('reads a number as people type it', () => {
  expect(numberOf('06 0000 0001')).toBe('+390600000001')
  expect(numberOf('+39 06-0000.0001')).toBe('+390600000001')
  expect(numberOf('0041 91 1234567')).toBe('+41911234567')
  expect(numberOf('')).toBeNull()
  expect(numberOf('pronto')).toBeNull()
  expect(numberOf('06')).toBeNull()
})
