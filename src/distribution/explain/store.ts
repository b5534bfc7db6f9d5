/** SQL of what the journal says of offers, and of an agent up to them. */
import { sql } from 'kysely'
import { type Db, type Entry, entryOf, type JournalRow, journalColumns } from '../../platform/index.ts'
import { agentReachable, agentSkillsSet, agentState, agentUnreachable } from '../events.ts'

/** The way of a call through its queue, in order. Index: event_of_call. */
export async function offersOfCall(db: Db, callId: string): Promise<Entry[]> {
  const { rows } = await sql<JournalRow>`
    select ${journalColumns}
    from   event
    where  call_id = ${callId}
    and    type in ('call.queued', 'call.callback-queued', 'offer.made', 'offer.withdrawn', 'offer.accepted')
    order  by id
    limit  200`.execute(db)
  return rows.map(entryOf)
}

/** The offers of a written work of a case, in order. Index: event_of_case. */
export async function offersOfWork(db: Db, { work, caseId }: { work: string; caseId: string }): Promise<Entry[]> {
  const { rows } = await sql<JournalRow>`
    select ${journalColumns}
    from   event
    where  case_id = ${caseId}
    and    type in ('work.offered', 'work.withdrawn', 'work.connected')
    and    payload ->> 'work' = ${work}
    order  by id
    limit  200`.execute(db)
  return rows.map(entryOf)
}

/** What was last said of an agent before an offer to somebody else, as the journal has it. */
interface WordsOfAgent {
  id: number
  state: unknown
  state_version: number | null
  about: string | null
  silent: boolean
  skills: unknown
  skills_version: number | null
}

/** Returns what was last said of an agent before each of some entries, given by their numbers. Index: event_of_agent. */
export async function wordsOfAgent(db: Db, personId: string, offers: readonly number[]): Promise<WordsOfAgent[]> {
  const { rows } = await sql<WordsOfAgent>`
    select offer.id, state.payload as state, state.version as state_version, state.about,
           skills.payload as skills, skills.version as skills_version,
           coalesce(silent.id > coalesce(heard.id, 0), false) as silent
    from   unnest(${[...offers]}::bigint[]) as offer (id)
    left join lateral (${lastWord(personId, agentState.type)}) state on true
    left join lateral (${lastWord(personId, agentSkillsSet.type)}) skills on true
    left join lateral (${lastWord(personId, agentUnreachable.type)}) silent on true
    left join lateral (${lastWord(personId, agentReachable.type)}) heard on true`.execute(db)
  return rows
}

const lastWord = (personId: string, type: string) => sql`
  select id, version, payload, coalesce(call_id, case_id) as about
  from   event
  where  person_id = ${personId} and type = ${type} and event.id < offer.id
  order  by event.id desc
  limit  1`
