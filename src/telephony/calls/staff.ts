/**
 * Whether anybody is at work in the section that a caller waits for, and how long it answers: looked up before a step of the call's life that
 * tells the caller so. Kept for some seconds, because everybody in a queue asks at once.
 */
import type { Kysely } from 'kysely'
import { agentsAtWork } from '../../distribution/index.ts'
import { isOpen, unitOf } from '../../organisation/index.ts'
import type { Tables, Tx } from '../../platform/index.ts'
import type { Input, LifeState } from './life/life.ts'
import { spokenTime } from './life/reachable.ts'
import type { StaffTerms } from './life/state.ts'

type Db = Kysely<Tables> | Tx

const keepMs = 3_000

export interface StaffBook {
  /** What holds at a step of this call; null when it has no part in it. */
  forStep(db: Db, state: LifeState, input: Input, now: number): Promise<StaffTerms | null>
}

/** @param officeTimeZone of units that have none of their own */
export function openStaffBook(officeTimeZone: string): StaffBook {
  const sections = new Map<string, { terms: Promise<StaffTerms>; until: number }>()

  async function look(db: Db, sectionId: string, now: number): Promise<StaffTerms> {
    const [atWork, unit] = await Promise.all([agentsAtWork(db, sectionId), unitOf(db, sectionId)])
    const hours = unit && (await isOpen(db, sectionId, new Date(now)))
    const until = hours?.open && hours.nextChange ? hours.nextChange.getTime() : null
    return { atWork, until: until === null ? null : spokenTime(unit?.timeZone ?? officeTimeZone, until, now) }
  }

  return {
    async forStep(db, state, input, now) {
      if (state.phase !== 'waiting') return null
      const { section } = state
      if (input.type !== 'position' && !(input.type === 'due' && (state.due.reminder ?? now + 1) <= now)) return null
      const kept = sections.get(section)
      if (kept && kept.until > now) return kept.terms
      const terms = look(db, section, now)
      sections.set(section, { terms, until: now + keepMs })
      terms.catch(() => sections.delete(section))
      return terms
    },
  }
}
