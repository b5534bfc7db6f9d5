/** SQL of a day of the contact centre as it was, read from the journal. */
import { sql } from 'kysely'
import {
  agentSkillsSet,
  agentState,
  callDismissed,
  callDiverted,
  callLeftQueue,
  callQueued,
  conversationEnded,
} from '../distribution/events.ts'
import { contactCentreSections } from '../organisation/index.ts'
import { boundsOf, type Db, typeName, typeNames } from '../platform/index.ts'
import { defaultSection, type SectionSettings } from '../routing/index.ts'
import { callConnected } from '../telephony/events.ts'
import type { RealCall, RealDay } from './history.ts'
import type { SimulatedAgent } from './model.ts'

/** Reads a day. Index: event_by_type (type, at). */
export async function readDay(
  db: Db,
  day: string,
  timeZone: string,
  settings: ReadonlyMap<string, SectionSettings>,
): Promise<RealDay> {
  const [from, to] = boundsOf(timeZone, day)
  const during = sql`at >= ${new Date(from)} and at < ${new Date(to)}`
  // A transferred caller waits anew, in another section; one led back after a break is no new call.
  const { rows: calls } = await sql<{
    section: string
    queued: number
    connected: number | null
    ended: number | null
    left: number | null
    how: RealCall['how']
  }>`
    select payload ->> 'sectionId' as section,
           (extract(epoch from at) * 1000)::float8                                                       as queued,
           case when next_type = ${typeName(callConnected)} then (extract(epoch from next_at) * 1000)::float8 end   as connected,
           case when next_type = ${typeName(callConnected)} and third_type = ${typeName(conversationEnded)}
                then (extract(epoch from third_at) * 1000)::float8 end                                    as ended,
           case when next_type in ${typeNames(callLeftQueue, callDismissed, callDiverted)}
                then (extract(epoch from next_at) * 1000)::float8 end                                    as left,
           case next_type when ${typeName(callLeftQueue)} then 'abandoned' when ${typeName(callDismissed)} then 'dismissed'
                          when ${typeName(callDiverted)} then 'diverted' end                                       as how
    from   (select type, at, payload,
                   lead(type) over w as next_type, lead(at) over w as next_at,
                   lead(type, 2) over w as third_type, lead(at, 2) over w as third_at
            from   event
            where  type in ${typeNames(callQueued, callConnected, conversationEnded, callLeftQueue, callDismissed, callDiverted)}
            and    ${during} and call_id is not null
            window w as (partition by call_id order by at, id)) step
    where  type = ${typeName(callQueued)} and coalesce(payload -> 'preferred' ->> 'resume', 'false') <> 'true'
    order  by at`.execute(db)
  // The state at midnight is the last one of the day before.
  const { rows: states } = await sql<{ person: string; at: number; state: string }>`
    select person, (extract(epoch from at) * 1000)::float8 as at, state
    from   (select person_id as person, at, id, payload ->> 'state' as state from event
            where  type = ${typeName(agentState)} and ${during} and person_id is not null
            union  all
            (select distinct on (person_id) person_id, ${new Date(from)}::timestamptz, id, payload ->> 'state' from event
             where  type = ${typeName(agentState)} and at >= ${new Date(from - 86_400_000)} and at < ${new Date(from)} and person_id is not null
             order  by person_id, at desc, id desc)) states
    order  by at, id`.execute(db)
  const sections = await contactCentreSections(db)
  return {
    day,
    from,
    to,
    calls: calls.map(({ section, queued, connected, ended, left, how }) => ({
      sectionId: section,
      queuedAt: queued,
      connectedAt: connected,
      endedAt: ended,
      leftAt: left,
      how,
    })),
    states: states.map(({ person, at, state }) => ({ personId: person, at, state })),
    skills: await readSkills(db, new Date(to)),
    sections: sections.map(({ id }) => ({ id, settings: settings.get(id) ?? defaultSection })),
  }
}

/** What each agent served at an instant; of whom the journal says nothing so early, what they serve now. Index: event_by_type. */
async function readSkills(db: Db, at: Date): Promise<Map<string, SimulatedAgent['skills']>> {
  const now = await db.selectFrom('agent_skill').selectAll().orderBy('person_id').orderBy('level', 'desc').execute()
  const { rows: then } = await sql<{ person_id: string; section_id: string; level: number }>`
    select person_id, skill ->> 'sectionId' as section_id, (skill ->> 'level')::int as level
    from   (select distinct on (person_id) person_id, payload from event
            where  type = ${typeName(agentSkillsSet)} and at < ${at} and person_id is not null
            order  by person_id, at desc, id desc) latest,
           jsonb_array_elements(payload -> 'skills') skill
    order  by person_id, level desc`.execute(db)
  const known = new Set(then.map(row => row.person_id))
  const byAgent = new Map<string, { section: string; level: 1 | 2 | 3 | 4 | 5 }[]>()
  for (const { person_id, section_id, level } of [...then, ...now.filter(row => !known.has(row.person_id))]) {
    const list = byAgent.get(person_id) ?? []
    list.push({ section: section_id, level: asLevel(level) })
    byAgent.set(person_id, list)
  }
  return byAgent
}

const asLevel = (level: number): 1 | 2 | 3 | 4 | 5 => (level <= 1 ? 1 : level === 2 ? 2 : level === 3 ? 3 : level === 4 ? 4 : 5)
