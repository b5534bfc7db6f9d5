/** A check: it looks at the facts and says in sentences what is so and how it is mended. */
import type { DatabaseFacts, InstallationFacts, Status } from './model.ts'

const dayS = 86_400
const hourS = 3_600

/** A check's own words for one finding. */
export type CheckOutcome = { status: Status; says: string; mend?: string }
export type Check = (facts: InstallationFacts) => CheckOutcome | CheckOutcome[] | undefined

export const ok = (says: string): CheckOutcome => ({ status: 'ok', says })
export const warning = (says: string, mend: string): CheckOutcome => ({ status: 'warning', says, mend })
export const wrong = (says: string, mend: string): CheckOutcome => ({ status: 'wrong', says, mend })
export const unknown = (says: string): CheckOutcome => ({ status: 'unknown', says })

/** A check of the database, which is left out when the database could not be asked. */
export const ofDatabase =
  (check: (database: DatabaseFacts, facts: InstallationFacts) => CheckOutcome | CheckOutcome[] | undefined): Check =>
  facts =>
    'error' in facts.database ? undefined : check(facts.database, facts)

/** A check of a PostgreSQL server. */
export const ofServer = (
  check: (server: NonNullable<DatabaseFacts['server']>, facts: InstallationFacts) => CheckOutcome | CheckOutcome[] | undefined,
): Check => ofDatabase(({ kind, server }, facts) => (kind === 'postgres' && server !== null ? check(server, facts) : undefined))

/** A length of time in the unit in which people say it. */
export function spell(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} seconds`
  if (seconds < 2 * hourS) return `${Math.round(seconds / 60)} minutes`
  if (seconds < 2 * dayS) return `${Math.round(seconds / hourS)} hours`
  return `${Math.round(seconds / dayS)} days`
}
