import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isDeeper, maxDepth } from './json.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0

test('depth is counted as a parser would find it, whatever stands in strings', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6, noUnicodeString: false }), value => {
      const text = bytes(JSON.stringify(value))
      const depth = depthOf(value)
      expect(isDeeper(text, depth)).toBe(false)
      if (depth > 0) expect(isDeeper(text, depth - 1)).toBe(true)
    }),
  )
  expect(isDeeper(bytes('{"a":"[[[[\\"[[[","b":[1]}'), 2)).toBe(false)
  expect(isDeeper(bytes('"\\\\"[[['), 2)).toBe(true)
})

test('a megabyte of brackets is refused at once, a megabyte of anything else is soon read', () => {
  // Of this thread's processor: others may have theirs.
  const began = process.threadCpuUsage()
  expect(isDeeper(bytes('['.repeat(1_000_000)), maxDepth)).toBe(true)
  expect(isDeeper(bytes(`"${'[\\"'.repeat(333_000)}"`), maxDepth)).toBe(false)
  expect(isDeeper(bytes('[],'.repeat(333_000)), maxDepth)).toBe(false)
  const { user, system } = process.threadCpuUsage(began)
  expect((user + system) / 1_000 / 3).toBeLessThan(500)
})
