/**
 * Why an offer of the past was not for somebody: what the journal says of that agent up to the offer. The engine itself remembers it no longer.
 */
import { type Db, type EventType, payloadOf, writtenOf } from '../../platform/index.ts'
import type { AgentState } from '../../routing/index.ts'
import { agentSkillsSet, agentState } from '../events.ts'
import { wordsOfAgent } from './store.ts'

/** What an agent was doing when somebody else got the offer. */
export type NotThen =
  | { why: 'never-here' | 'unreachable' | 'let-go' | 'no-skill' }
  | { why: Exclude<AgentState, 'available'>; since: Date }
  /** Could have had it: the rule chose the other. */
  | { why: 'free'; since: Date; level: number }

interface Offer {
  /** Of the entry that tells of it. */
  id: number
  /** The section through which it was made; null when it was made to somebody by name, or is of written work: then skills say nothing. */
  through: string | null
}

/** For each of some offers to others of what is about this call or case, by entry, why it was not for this person; nothing where no reason is known. */
export async function notThen(
  db: Db,
  personId: string,
  about: string,
  offers: readonly Offer[],
): Promise<ReadonlyMap<number, NotThen>> {
  if (offers.length === 0) return new Map()
  const rows = await wordsOfAgent(
    db,
    personId,
    offers.map(({ id }) => id),
  )
  const throughs = new Map(offers.map(({ id, through }) => [id, through]))
  const answers = new Map<number, NotThen>()
  for (const row of rows) {
    const state = said(agentState, row.state, row.state_version)
    const skills = said(agentSkillsSet, row.skills, row.skills_version)
    const through = throughs.get(row.id) ?? null
    const served = skills?.skills ?? []
    const level = served.find(skill => skill.sectionId === through)?.level ?? null
    if (!state) answers.set(row.id, { why: 'never-here' })
    else {
      const { state: doing, since } = state
      // The agent's next state comes after the offer to the other.
      if (doing === 'offered' && row.about === about) answers.set(row.id, { why: 'let-go' })
      else if (doing !== 'available') answers.set(row.id, { why: doing, since: new Date(since) })
      else if (row.silent) answers.set(row.id, { why: 'unreachable' })
      else if (through !== null && level === null) answers.set(row.id, { why: 'no-skill' })
      else if (level !== null) answers.set(row.id, { why: 'free', since: new Date(since), level })
    }
  }
  return answers
}

const said = <P extends Record<string, unknown>>(type: EventType<P>, payload: unknown, version: number | null): P | undefined =>
  version === null ? undefined : payloadOf(type, writtenOf({ type: type.type, version, payload }))
