/**
 * `npm run docs:policy`: draws the policy of the second level into docs/policy.md, from the same table that decides.
 * A test compares the file with what this would write.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { policyPage } from '../src/cases/policy-page.ts'

/** The file that is written. */
export const policyFile = join(import.meta.dirname, '../docs/policy.md')

if (import.meta.main) {
  writeFileSync(policyFile, policyPage())
  console.log('docs/policy.md is written.')
}
