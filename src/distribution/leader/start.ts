/** Distribution in a running program. */

import { contactCentreSections, isOpen } from '../../organisation/index.ts'
import { type House, systemClock } from '../../platform/index.ts'
import { mailSections } from '../mail-queues.ts'
import { domain } from '../model.ts'
import { writtenSections } from '../sharing.ts'
import type { Centre } from './centre.ts'
import { openLedger } from './database-ledger.ts'
import { type Campaign, campaign } from './election.ts'
import { type LeaderContext, type LeaderPace, lead } from './leader.ts'
import { answerLeaderQuestions } from './questions.ts'

/** The contact centre as the organisation knows it. */
export const ownCentre: Centre = {
  sections: contactCentreSections,
  isOpen,
  written: async (db, at) => [...(await writtenSections(db, at)), ...(await mailSections(db))],
}

export interface Distribution {
  /** Whether this process distributes the calls at the moment. */
  isLeader(): boolean
  /** Hands over: what is under way is written, and another node takes over. */
  close(): Promise<void>
}

/** What of a house distribution stands in. */
export type Premises = Pick<House, 'config' | 'database' | 'tail' | 'clock' | 'ids' | 'log'>

/**
 * Starts to stand for election when this process has the role `router`; otherwise does nothing. The leader also watches over the pages of
 * agents. Returns at once: being elected takes a moment, and a database that is away only delays it.
 * @param changed hears when this process begins to lead, and when it no longer does
 */
export function startDistribution(house: Premises, centre: Centre = ownCentre, changed?: () => void): Distribution {
  if (!house.config.ROLES.includes('router')) return { isLeader: () => false, close: async () => {} }
  const makesRoom = room(house)
  const ground = { ...groundOf(house, centre), makesRoom }
  const standing: Campaign = campaign(house, domain, { lead: term => lead(ground, term), changed })
  return { isLeader: standing.isLeader, close: standing.close }
}

/** So long this process does not make room again: where no newer node came, there is none, and callers have waited once. */
const roomIntervalMs = 5 * 60_000

/**
 * Whether to make room for a node of a newer release: on PostgreSQL, where there may be one, and not again soon. Where none came, this process
 * leads on, and what it cannot read is set aside.
 */
function room({ database }: Pick<House, 'database'>): () => boolean {
  let lastAt = Number.NEGATIVE_INFINITY
  return () => {
    const now = systemClock.now()
    if (database.kind === 'embedded' || now < lastAt + roomIntervalMs) return false
    lastAt = now
    return true
  }
}

/** What the leader needs of the house. */
export function groundOf({ clock, database, ids, log, tail }: Premises, centre: Centre): LeaderContext {
  return {
    name: `${process.pid}@${ids().slice(0, 8)}`,
    domain,
    clock,
    wires: systemClock,
    log,
    tail,
    pace: database.kind === 'embedded' ? { ...pace, ...embeddedPoll } : pace,
    open: () => openLedger(database, domain, centre, clock),
    answer: engine => answerLeaderQuestions(database, domain, engine),
  }
}

/** Replaying so many steps takes well under a second. */
const pace: LeaderPace = {
  pollIntervalMs: 40,
  quietPollIntervalMs: 250,
  restMs: 2,
  sweepIntervalMs: 1_000,
  stepsPerSnapshot: 10_000,
}
/** One process has the embedded database, and hears of all that is written. */
const embeddedPoll = { pollIntervalMs: 1_000, quietPollIntervalMs: 1_000 }
