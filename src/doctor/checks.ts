/**
 * The checks: each looks at the facts and says in sentences what is so and how it is mended. Pure, so that each is tried on a bad and on a good
 * installation.
 */
import type { Check } from './check.ts'
import { contentChecks } from './content-checks.ts'
import { databaseChecks } from './database-checks.ts'
import { machineChecks } from './machine-checks.ts'
import type { Finding, InstallationFacts } from './model.ts'
import { serviceChecks } from './service-checks.ts'

const checks: Readonly<Record<string, Check>> = { ...machineChecks, ...databaseChecks, ...contentChecks, ...serviceChecks }

/** Returns what every check says, in the order of the checks. */
export function examine(facts: InstallationFacts): Finding[] {
  return Object.entries(checks).flatMap(([check, look]) => {
    const said = look(facts)
    return [said ?? []].flat().map(({ status, says, mend = '' }) => ({ check, status, says, mend }))
  })
}

/** Whether an installation is to be mended: exit code 1. */
export const isUnwell = (findings: readonly Finding[]): boolean => findings.some(finding => finding.status === 'wrong')
