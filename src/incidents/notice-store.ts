/** SQL of notices. */
import './tables.ts'
import { sql } from 'kysely'
import type { Db } from '../platform/index.ts'
import type { NoticeChannel } from './model.ts'
import type { NoticeRow } from './tables.ts'

/** A notice in force with the incident that it tells of. */
export type NoticeInForce = NoticeRow & { title: string; workaround: string }

/** More at once would not be heard, or read, by anybody. */
const maxInForce = 20

/** The notices that are in force on a channel at an instant, newest first. Index: incident_notice_in_force: those that have not ended. */
export async function noticesInForce(db: Db, channel: NoticeChannel, at: Date): Promise<NoticeInForce[]> {
  const { rows } = await sql<NoticeInForce>`
    select   notice.*, incident.title, incident.workaround
    from     incident_notice notice join incident on incident.id = notice.incident_id
    where    notice.withdrawn_at is null and notice.ends_at > ${at} and notice.starts_at <= ${at} and ${channel} = any(notice.channels)
    order by notice.starts_at desc, notice.id desc
    limit    ${maxInForce}`.execute(db)
  return rows
}

/** The notice of an incident that is in force. Index: incident_notice_of_incident. */
export async function noticeOf(db: Db, incidentId: string, at: Date): Promise<NoticeInForce | undefined> {
  const { rows } = await sql<NoticeInForce>`
    select   notice.*, incident.title, incident.workaround
    from     incident_notice notice join incident on incident.id = notice.incident_id
    where    notice.incident_id = ${incidentId} and notice.withdrawn_at is null and notice.ends_at > ${at}
    order by notice.starts_at desc
    limit    1`.execute(db)
  return rows[0]
}

export const insertIncidentNotice = (db: Db, { texts, ...row }: Omit<NoticeRow, 'withdrawn_at'>): Promise<unknown> =>
  db
    .insertInto('incident_notice')
    .values({ ...row, texts: JSON.stringify(texts), withdrawn_at: null })
    .execute()

/** Ends what an incident has said and would go on saying. Returns the identifiers. Index: incident_notice_of_incident. */
export async function withdrawNotices(db: Db, incidentId: string, at: Date): Promise<string[]> {
  const rows = await db
    .updateTable('incident_notice')
    .set({ withdrawn_at: at })
    .where('incident_id', '=', incidentId)
    .where('withdrawn_at', 'is', null)
    .where('ends_at', '>', at)
    .returning('id')
    .execute()
  return rows.map(row => row.id)
}
