import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { policyPage } from './policy-page.ts'

test('docs/policy.md is drawn from the table of today; if not, run npm run docs:policy', () => {
  expect(readFileSync(join(import.meta.dirname, '../../docs/policy.md'), 'utf8')).toBe(policyPage())
})
