/** SQL of who has what open. A row belongs to one page of one person, and counts until it expires. */
import { sql } from 'kysely'
import type { Db } from '../../platform/index.ts'
import type { ViewedKind } from './model.ts'

interface PageViewerTable {
  person_id: string
  page_id: string
  name: string
  kind: ViewedKind
  subject_id: string
  since: Date
  writing_since: Date | null
  expires_at: Date
}

declare module '../../platform/index.ts' {
  interface Tables {
    page_viewer: PageViewerTable
  }
}

/** A page of somebody. */
export interface ViewerPage {
  personId: string
  pageId: string
}

/**
 * Writes down what a page shows. Who goes on looking at the same, or writing, does so since the first time.
 * Returns what the page showed before, undefined when it showed nothing. Index: page_viewer_pkey.
 */
export async function putViewer(
  db: Db,
  viewer: ViewerPage & { name: string; kind: ViewedKind; subjectId: string; isWriting: boolean; now: Date; until: Date },
): Promise<{ subjectId: string; isWriting: boolean } | undefined> {
  const { personId, pageId, name, kind, subjectId, isWriting, now, until } = viewer
  const { rows } = await sql<{ subject_id: string; writing: boolean }>`
    with before as (
      select subject_id, writing_since is not null as writing
      from   page_viewer
      where  person_id = ${personId} and page_id = ${pageId} and expires_at > ${now}
    ), noted as (
      insert into page_viewer as viewer (person_id, page_id, name, kind, subject_id, since, writing_since, expires_at)
      values (${personId}, ${pageId}, ${name}, ${kind}, ${subjectId}, ${now}, ${isWriting ? now : null}, ${until})
      on conflict (person_id, page_id) do update
      set    name = excluded.name, kind = excluded.kind, subject_id = excluded.subject_id, expires_at = excluded.expires_at,
             since = case when viewer.subject_id = excluded.subject_id and viewer.expires_at > ${now} then viewer.since else excluded.since end,
             writing_since = case when viewer.subject_id = excluded.subject_id and viewer.expires_at > ${now} and excluded.writing_since is not null
                                  then coalesce(viewer.writing_since, excluded.writing_since)
                                  else excluded.writing_since end
    )
    select * from before`.execute(db)
  const [before] = rows
  return before && { subjectId: before.subject_id, isWriting: before.writing }
}

/** Takes away the oldest pages of somebody beyond a number. Index: page_viewer_pkey. */
export const dropOldPages = (db: Db, personId: string, keep: number): Promise<unknown> =>
  sql`
    delete from page_viewer
    where  person_id = ${personId}
           and page_id in (select page_id from page_viewer where person_id = ${personId} order by expires_at desc, page_id offset ${keep})`.execute(
    db,
  )

/** Takes away what a page shows. Returns what it was. Index: page_viewer_pkey. */
export async function deleteViewer(db: Db, { personId, pageId }: ViewerPage): Promise<string | undefined> {
  const gone = await db
    .deleteFrom('page_viewer')
    .where('person_id', '=', personId)
    .where('page_id', '=', pageId)
    .returning('subject_id')
    .executeTakeFirst()
  return gone?.subject_id
}

/** The page counts at most until then, unless it is heard of again. Index: page_viewer_pkey. */
export const endViewerBy = (db: Db, { personId, pageId }: ViewerPage, until: Date): Promise<unknown> =>
  db
    .updateTable('page_viewer')
    .set({ expires_at: until })
    .where('person_id', '=', personId)
    .where('page_id', '=', pageId)
    .where('expires_at', '>', until)
    .execute()

/** Pages that are connected count for longer; those that have just been renewed are left alone. Index: page_viewer_pkey. */
export const renewViewers = (
  db: Db,
  pages: readonly ViewerPage[],
  { before, until }: { before: Date; until: Date },
): Promise<unknown> =>
  sql`
    update page_viewer
    set    expires_at = ${until}
    from   unnest(${pages.map(({ personId }) => personId)}::uuid[], ${pages.map(({ pageId }) => pageId)}::uuid[]) connected (person, page)
    where  person_id = connected.person and page_id = connected.page and expires_at < ${before}`.execute(db)

/** Takes away pages that count no longer, at most so many. Returns what they showed. Index: page_viewer_expiring. */
export async function deleteExpired(db: Db, now: Date, most: number): Promise<string[]> {
  const { rows } = await sql<{ subject_id: string }>`
    delete from page_viewer
    where  (person_id, page_id) in (
             select person_id, page_id from page_viewer where expires_at <= ${now} order by expires_at limit ${most} for update skip locked)
    returning subject_id`.execute(db)
  return [...new Set(rows.map(row => row.subject_id))]
}

interface ViewerRow {
  id: string
  name: string
  since: Date
  writing_since: Date | null
  /** How many there are in all. */
  total: number
}

/**
 * Others who have something open, who writes first, and how many there are in all; empty when nobody has. Index: page_viewer_of_subject.
 */
export async function viewersOf(
  db: Db,
  { subjectId, readerId, now, limit }: { subjectId: string; readerId: string; now: Date; limit: number },
): Promise<ViewerRow[]> {
  const { rows } = await sql<ViewerRow>`
    select   person_id as id, max(name) as name, min(since) as since, min(writing_since) as writing_since, (count(*) over ())::int as total
    from     page_viewer
    where    subject_id = ${subjectId} and person_id <> ${readerId} and expires_at > ${now}
    group by person_id
    order by min(writing_since), min(since), person_id
    limit    ${limit}`.execute(db)
  return rows
}

/**
 * Tells every process who has some things open, so that it tells their pages: each thing with at most so many people, and without whoever has caused it.
 * Index: page_viewer_of_subject. */
export const notifyViewers = (
  db: Db,
  subjectIds: readonly string[],
  { channel, except, now, most }: { channel: string; except: string | null; now: Date; most: number },
): Promise<unknown> =>
  sql`
    select pg_notify(${channel}, json_build_object('about', subject, 'people', people)::text)
    from   unnest(${[...subjectIds]}::uuid[]) subject
           cross join lateral (
             select json_agg(person_id) as people
             from   (select distinct person_id from page_viewer
                     where  subject_id = subject and expires_at > ${now} and person_id is distinct from ${except}::uuid
                     limit  ${most}) others) present
    where  people is not null`.execute(db)
