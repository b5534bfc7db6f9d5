import { expect, test } from 'vitest'
import { callable } from './callable.ts'

test.each([
  ['3331234567', '+393331234567'],
  ['0612345678', '+390612345678'],
  ['00390612345678', '+390612345678'],
  ['+393331234567', '+393331234567'],
  ['0033612345678', null],
  ['899123456', null],
  ['112', null],
  ['33312', null],
  ['', null],
])('%s is called at %s', (given, number) => expect(callable(given)).toBe(number))
