/**
 * Whether anybody is at work in the section that a caller waits for, and how long it answers: looked up before a step of the call's life that
 * tells the caller so. Kept for some seconds, because a whole line asks at once.
 */
import type { Kysely } from 'kysely'
import { agentsAtWork } from '../distribution/index.ts'
import { isOpen, unitOf } from '../organisation/index.ts'
import type { Tables, Tx } from '../platform/index.ts'
import { spokenTime } from './callbacks/policy.ts'
import type { LineTerms } from './life/state.ts'
import type { Input, LifeState } from './life.ts'

type Db = Kysely<Tables> | Tx

const keepMs = 3_000

export interface StaffBook {
  /** What holds at a step of this call; null when it has no part in it. */
  forStep(db: Db, state: LifeState, input: Input, now: number): Promise<LineTerms | null>
}

/** @param officeTimeZone of units that have none of their own */
export function openStaffBook(officeTimeZone: string): StaffBook {
  const sections = new Map<string, { terms: Promise<LineTerms>; until: number }>()

  async function look(db: Db, sectionId: string, now: number): Promise<LineTerms> {
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
