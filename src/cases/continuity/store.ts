/** SQL of reference persons, and of how often they were asked for. */
import { sql } from 'kysely'
import { callCallbackQueued, callQueued, workQueued } from '../../distribution/events.ts'
import { type Db, typeNames } from '../../platform/index.ts'
import type { Knower } from './reference.ts'

declare module '../../platform/index.ts' {
  interface Tables {
    continuity_sum: {
      /** The first day of it. */
      month: string
      section_id: string
      medium: ContinuityMedium
      asked: number
      honoured: number
      given_up: number
    }
  }
}

export type ContinuityMedium = 'call' | 'written'
export type ContinuityOutcome = 'asked' | 'honoured' | 'given-up'

/**
 * Who knows some cases, by case: the reference person, who has the ticket, who spoke with the citizen, the latest first.
 * Indexes: case_pkey, case_joined_into, ticket_case_id_key, interaction_of_case.
 */
export async function knowersOf(db: Db, caseIds: readonly string[]): Promise<Map<string, Knower[]>> {
  const known = new Map<string, Knower[]>()
  if (caseIds.length === 0) return known
  const { rows } = await sql<{ case_id: string; id: string; name: string }>`
    select   asked.id as case_id, knower.id, knower.name
    from     unnest(${[...caseIds]}::uuid[]) asked (id) cross join lateral knowers_of_case(asked.id) knower
    order by asked.id, knower.rank, knower.at desc`.execute(db)
  for (const { case_id, id, name } of rows) {
    const knowers = known.get(case_id) ?? []
    if (!knowers.some(each => each.id === id)) knowers.push({ id, name })
    known.set(case_id, knowers)
  }
  return known
}

/** Says who goes on with an open case. Returns whose it was before; undefined when it is that person's already, or is closed. */
export async function moveReference(
  db: Db,
  caseId: string,
  { id, name }: Knower,
): Promise<{ before: Knower | null } | undefined> {
  const { rows } = await sql<{ id: string | null; name: string | null }>`
    update "case" set reference_id = ${id}, reference_name = ${name}
    from   (select id, reference_id, reference_name from "case" where id = surviving_case(${caseId}) for update) old
    where  "case".id = old.id and "case".status = 'open' and old.reference_id is distinct from ${id}
    returning old.reference_id as id, old.reference_name as name`.execute(db)
  const [moved] = rows
  if (!moved) return undefined
  return { before: moved.id === null || moved.name === null ? null : { id: moved.id, name: moved.name } }
}

/** Counts one answer of the engine. Index: continuity_sum_pkey. */
export async function countContinuity(
  db: Db,
  {
    month,
    sectionId,
    medium,
    outcome,
  }: { month: string; sectionId: string; medium: ContinuityMedium; outcome: ContinuityOutcome },
): Promise<void> {
  const [asked, honoured, givenUp] = [outcome === 'asked' ? 1 : 0, outcome === 'honoured' ? 1 : 0, outcome === 'given-up' ? 1 : 0]
  await sql`
    insert into continuity_sum (month, section_id, medium, asked, honoured, given_up)
    values (${month}, ${sectionId}, ${medium}, ${asked}, ${honoured}, ${givenUp})
    on conflict (month, section_id, medium) do update
    set asked    = continuity_sum.asked + excluded.asked,
        honoured = continuity_sum.honoured + excluded.honoured,
        given_up = continuity_sum.given_up + excluded.given_up`.execute(db)
}

/**
 * In which section a work was queued when it asked for somebody, and whether it only waited for an operator whose page was lost. A mail that belongs to no
 * case yet is still in the section that it came to. Indexes: event_of_call, event_of_case, interaction_pkey.
 */
export async function queuedIn(
  db: Db,
  about: { call: string } | { case: string | null; work: string },
  upTo: number,
): Promise<{ sectionId: string; resumes: boolean } | undefined> {
  if ('work' in about && about.case === null) return sectionOfMail(db, about.work)
  const which =
    'call' in about
      ? sql`call_id = ${about.call}::uuid and type in ${typeNames(callQueued, callCallbackQueued)}`
      : sql`case_id = ${about.case}::uuid and type = ${workQueued.type} and payload ->> 'work' = ${about.work}`
  const { rows } = await sql<{ sectionId: string; resumes: boolean }>`
    select   payload ->> 'sectionId' as "sectionId", coalesce(payload #>> '{preferred,resume}', 'false') = 'true' as resumes
    from     event
    where    ${which} and id <= ${upTo}
    order by id desc
    limit    1`.execute(db)
  return rows[0]
}

async function sectionOfMail(db: Db, interactionId: string): Promise<{ sectionId: string; resumes: boolean } | undefined> {
  const { rows } = await sql<{ sectionId: string }>`
    select section_id as "sectionId" from interaction where id = ${interactionId} and section_id is not null`.execute(db)
  return rows[0] && { sectionId: rows[0].sectionId, resumes: false }
}
