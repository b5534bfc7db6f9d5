/**
 * SQL of the instants before which an office has nothing free of a service. They are what a search has found out, and never later than the
 * truth: what takes times away leaves them as they are, what gives a time back moves them before it, and a new set-up begins anew.
 */
import './tables.ts'
import { sql } from 'kysely'
import type { Db } from '../platform/index.ts'

/** The longest service with what it needs before and after; a time that is taken began at most so long before it ends. */
export const maxOccupiedMs = (480 + 120 + 120) * 60_000

/** Since when an office can have a time of a service. */
export interface Bound {
  unitId: string
  serviceId: string
  noneBefore: Date
  /** How it was when what is free was read; who has changed it since knows better. */
  version: string
}

/** Bounds of a service, and the ways in which it can be had, by office. Index: offices_of_service. */
export async function boundsOfService(
  db: Db,
  serviceId: string,
  unitIds: readonly string[],
): Promise<Map<string, { noneBefore: number; noticeMinutes: number; modes: string[] }>> {
  const { rows } = await sql<{ unit_id: string; none_before: Date; notice_minutes: number; modes: string[] }>`
    select offered.unit_id, none_before, coalesce(offered.notice_minutes, service.notice_minutes) as notice_minutes,
           coalesce(offered.modes, service.modes) as modes
    from   agenda_service_of_unit offered join agenda_service service on service.id = offered.service_id
    where  offered.service_id = ${serviceId} and offered.unit_id = any(${[...unitIds]}::text[])`.execute(db)
  return new Map(
    rows.map(row => [
      row.unit_id,
      { noneBefore: row.none_before.getTime(), noticeMinutes: row.notice_minutes, modes: row.modes },
    ]),
  )
}

/** Keeps what a search has found out, unless somebody has changed it since, or is about to. */
export async function keepBounds(db: Db, bounds: readonly Bound[]): Promise<void> {
  if (bounds.length === 0) return
  const column = (of: (bound: Bound) => string) => bounds.map(of)
  await sql`
    update agenda_service_of_unit offered set none_before = found.none_before
    from   (select offered.unit_id, offered.service_id, known.none_before
            from   unnest(${column(({ unitId }) => unitId)}::text[], ${column(({ serviceId }) => serviceId)}::text[],
                          ${column(({ noneBefore }) => noneBefore.toISOString())}::timestamptz[],
                          ${column(({ version }) => version)}::text[]) known (unit_id, service_id, none_before, version)
                   join agenda_service_of_unit offered on offered.unit_id = known.unit_id and offered.service_id = known.service_id
            where  offered.xmin::text = known.version
            for    update of offered skip locked) found
    where  offered.unit_id = found.unit_id and offered.service_id = found.service_id`.execute(db)
}

/**
 * A time of an office can be taken again: from there on it may have something. All its services are changed, also where nothing is to be
 * moved, so that who reads at this moment does not keep what was true before.
 */
export async function mayHaveFrom(db: Db, unitId: string, startsAt: Date): Promise<void> {
  await sql`
    update agenda_service_of_unit offered
    set    none_before = least(offered.none_before, ${new Date(startsAt.getTime() - maxOccupiedMs)})
    from   (select unit_id, service_id from agenda_service_of_unit where unit_id = ${unitId} order by service_id for update) known
    where  offered.unit_id = known.unit_id and offered.service_id = known.service_id`.execute(db)
}
