/** SQL of guides and of assisted sessions. */
import './tables.ts'
import { type Insertable, sql } from 'kysely'
import type { Db, Tables } from '../platform/index.ts'
import type { GuideContent, SessionOutcome } from './model.ts'
import type { AssistedSessionRow, AssistedStepRow, GuideRow, GuideVersionRow } from './tables.ts'

// --- guides -----------------------------------------------------------------------------------------------------------

/** One page of guides by title; those for a typology first, where one is named. There are some hundreds. Index: guide_title. */
export async function guidePage(
  db: Db,
  asked: {
    words: readonly string[]
    retired: boolean
    /** The typology and those above it. */
    typologyIds: readonly string[]
    after: readonly [number, string] | undefined
    limit: number
  },
): Promise<(GuideRow & { place: number })[]> {
  const place = sql`case when document -> 'typologyIds' ?| ${[...asked.typologyIds]}::text[] then 0 else 1 end`
  const { rows } = await sql<GuideRow & { place: number }>`
    select * from (select guide.*, ${place} as place from guide where retired = ${asked.retired}) found
    where  true
    ${
      asked.words.length === 0
        ? sql``
        : sql`and ${sql.join(
            asked.words.map(word => sql`title || ' ' || summary ilike ${`%${escaped(word)}%`}`),
            sql` and `,
          )}`
    }
    ${asked.after === undefined ? sql`` : sql`and (place, lower(title)) > (${asked.after[0]}, ${asked.after[1]})`}
    order  by place, lower(title)
    limit  ${asked.limit}`.execute(db)
  return rows
}

const escaped = (word: string): string => word.replace(/[\\%_]/g, '\\$&')

export const readGuide = (db: Db, id: string): Promise<GuideRow | undefined> =>
  db.selectFrom('guide').selectAll().where('id', '=', id).executeTakeFirst()

export const lockGuide = (db: Db, id: string): Promise<GuideRow | undefined> =>
  db.selectFrom('guide').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

/** Whether another guide has a title. Index: guide_title. */
export async function isTitleTaken(db: Db, { id, title }: { id: string; title: string }): Promise<boolean> {
  const { rows } = await sql`select from guide where lower(title) = lower(${title}) and id <> ${id} limit 1`.execute(db)
  return rows.length > 0
}

export interface KeptGuide {
  id: string
  version: number
  content: GuideContent
  retired: boolean
  reason: string
  byName: string
  at: Date
}

/** Writes a version of a guide, and the guide as it is now. */
export async function keepGuide(db: Db, { id, version, content, retired, reason, byName, at }: KeptGuide): Promise<void> {
  const document = JSON.stringify(content)
  const now = {
    ...{ title: content.title, summary: content.summary, document, retired, version },
    ...{ changed_at: at, changed_by_name: byName },
  }
  await db
    .insertInto('guide')
    .values({ id, ...now })
    .onConflict(conflict => conflict.column('id').doUpdateSet(now))
    .execute()
  await db.insertInto('guide_version').values({ guide_id: id, version, document, retired, reason, by_name: byName, at }).execute()
}

/** The versions of a guide, the newest first. Index: guide_version_pkey. */
export const guideVersions = (
  db: Db,
  { guideId, before, limit }: { guideId: string; before: number | undefined; limit: number },
): Promise<GuideVersionRow[]> =>
  db
    .selectFrom('guide_version')
    .selectAll()
    .where('guide_id', '=', guideId)
    .$if(before !== undefined, query => query.where('version', '<', before ?? 0))
    .orderBy('version', 'desc')
    .limit(limit)
    .execute()

/** Some versions of guides. Index: guide_version_pkey. */
export const readVersion = (db: Db, guideId: string, version: number): Promise<GuideVersionRow | undefined> =>
  db.selectFrom('guide_version').selectAll().where('guide_id', '=', guideId).where('version', '=', version).executeTakeFirst()

// --- assisted sessions ------------------------------------------------------------------------------------------------

/** Writes a session. Returns false when one with this guide goes on in the conversation. */
export async function insertAssisted(db: Db, row: Insertable<Tables['assisted_session']>): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('assisted_session')
    .values(row)
    .onConflict(conflict => conflict.columns(['interaction_id', 'guide_id']).where('ended_at', 'is', null).doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** Index: assisted_session_going_on. */
export const sessionGoingOn = (db: Db, interactionId: string, guideId: string): Promise<AssistedSessionRow | undefined> =>
  db
    .selectFrom('assisted_session')
    .selectAll()
    .where('interaction_id', '=', interactionId)
    .where('guide_id', '=', guideId)
    .where('ended_at', 'is', null)
    .executeTakeFirst()

export const readSession = (db: Db, id: string): Promise<AssistedSessionRow | undefined> =>
  db.selectFrom('assisted_session').selectAll().where('id', '=', id).executeTakeFirst()

export const lockSession = (db: Db, id: string): Promise<AssistedSessionRow | undefined> =>
  db.selectFrom('assisted_session').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

/** More than one conversation has. */
const maxSessions = 50

/** The sessions of a conversation, the first to begin first. Index: assisted_session_of_interaction. */
export const sessionsOf = (db: Db, interactionId: string): Promise<AssistedSessionRow[]> =>
  db
    .selectFrom('assisted_session')
    .selectAll()
    .where('interaction_id', '=', interactionId)
    .orderBy('began_at')
    .orderBy('id')
    .limit(maxSessions)
    .execute()

export async function endSession(
  db: Db,
  id: string,
  { outcome, why, at }: { outcome: SessionOutcome; why: string; at: Date },
): Promise<void> {
  await db.updateTable('assisted_session').set({ outcome, why, ended_at: at }).where('id', '=', id).execute()
}

/** What was said of the steps of a session. Index: assisted_step_pkey. */
export const stepsOf = (db: Db, sessionId: string): Promise<AssistedStepRow[]> =>
  db.selectFrom('assisted_step').selectAll().where('session_id', '=', sessionId).execute()

export async function putStep(db: Db, { session_id, step_id, ...said }: AssistedStepRow): Promise<void> {
  await db
    .insertInto('assisted_step')
    .values({ session_id, step_id, ...said })
    .onConflict(conflict => conflict.columns(['session_id', 'step_id']).doUpdateSet(said))
    .execute()
}

export async function forgetStep(db: Db, sessionId: string, stepId: string): Promise<void> {
  await db.deleteFrom('assisted_step').where('session_id', '=', sessionId).where('step_id', '=', stepId).execute()
}

// --- figures ----------------------------------------------------------------------------------------------------------

const newestSessions = (guideId: string, limit: number) => sql`
  (select * from assisted_session where guide_id = ${guideId} order by began_at desc limit ${limit}) newest`

/** How the newest sessions of a guide ended. Index: assisted_session_of_guide. */
export async function outcomesOf(
  db: Db,
  guideId: string,
  limit: number,
): Promise<{ outcome: SessionOutcome | null; sessions: number; since: Date; median: number | null }[]> {
  const { rows } = await sql<{ outcome: SessionOutcome | null; sessions: number; since: Date; median: number | null }>`
    select   outcome, count(*)::int as sessions, min(began_at) as since,
             percentile_cont(0.5) within group (order by extract(epoch from ended_at - began_at) / 60)::float8 as median
    from     ${newestSessions(guideId, limit)}
    group by outcome
    order by sessions desc`.execute(db)
  return rows
}

/** Steps that did not work in the newest sessions of a guide. Indexes: assisted_session_of_guide, assisted_step_pkey. */
export async function failedSteps(db: Db, guideId: string, limit: number): Promise<{ step_id: string; sessions: number }[]> {
  const { rows } = await sql<{ step_id: string; sessions: number }>`
    select   step.step_id, count(*)::int as sessions
    from     ${newestSessions(guideId, limit)} join assisted_step step on step.session_id = newest.id
    where    step.state = 'failed'
    group by step.step_id
    order by sessions desc, step.step_id
    limit    20`.execute(db)
  return rows
}
