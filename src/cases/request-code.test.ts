import fc from 'fast-check'
import { expect, test } from 'vitest'
import { uuids, virtualClock } from '../platform/index.ts'
import { isRequestCode, randomPartOf, readRequestCode, requestCode, spokenCode } from './request-code.ts'

const code = fc.bigInt({ min: 0n, max: 2n ** 60n - 1n }).map(requestCode)

test('a code has ten digits, begins with none that gets lost, and checks', () => {
  fc.assert(fc.property(code, each => /^[1-9]\d{9}$/.test(each) && isRequestCode(each)))
})
test('every single wrong digit is noticed', () => {
  fc.assert(
    fc.property(code, fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 9 }), (right, at, add) => {
      const wrong = right.slice(0, at) + ((Number(right[at]) + add) % 10) + right.slice(at + 1)
      return !isRequestCode(wrong)
    }),
    { numRuns: 2_000 },
  )
})
test('every two neighbours changed over are noticed', () => {
  fc.assert(
    fc.property(code, fc.integer({ min: 0, max: 8 }), (right, at) => {
      const [a = '', b = ''] = [right[at], right[at + 1]]
      fc.pre(a !== b)
      return !isRequestCode(right.slice(0, at) + b + a + right.slice(at + 2))
    }),
    { numRuns: 2_000 },
  )
})
test('the worked example of the thesis: 572 has check digit 4', () => {
  expect(isRequestCode('0000005724')).toBe(true)
})
test('it is read as people say it, and only when it checks', () => {
  const right = requestCode(381_719_305n)
  expect(spokenCode(right)).toMatch(/^\d{3} \d{3} \d{4}$/)
  expect(readRequestCode(spokenCode(right))).toBe(right)
  expect(readRequestCode(` ${right.slice(0, 3)}-${right.slice(3)} `)).toBe(right)
  expect(readRequestCode('123')).toBeUndefined()
  expect(readRequestCode('not a code')).toBeUndefined()
})
test('codes of identifiers that were made together do not follow each other', () => {
  const ids = uuids(virtualClock())
  const codes = Array.from({ length: 200 }, () => Number(requestCode(randomPartOf(ids()))))
  expect(new Set(codes).size).toBe(200)
  expect(codes.filter((each, i) => i > 0 && each > (codes[i - 1] ?? 0)).length).toBeLessThan(150)
})
