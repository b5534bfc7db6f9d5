/**
 * SQL of the planner: what the calls of a finished day come to, by section and by half hour of the clock on the wall.
 *
 * A day that is over never changes, because the journal is only ever added to: its sums are kept in memory, so that weeks are read once.
 * All queries here go along the index event_by_type (type, at), one day at a time.
 */
import { type Kysely, sql } from 'kysely'
import { boundsOf, type House, type Tables } from '../platform/index.ts'
import type { PlacedSums } from './measures.ts'

type Db = Kysely<Tables>

/** What a section had in a half hour. */
export interface SectionHalfHour extends PlacedSums {
  /** Calls that joined its line. Who was led back to the same conversation after a break is no new call. */
  calls: number
}

/** Calls to one number of the plan on a day. */
export interface NumberCalls {
  number: string
  mode: 'channelled' | 'direct'
  calls: number
  perHalfHour: readonly number[]
  /** Of those that then joined a line, by section. */
  bySection: ReadonlyMap<string, number>
}

export interface DayCounts {
  day: string
  sections: readonly SectionHalfHour[]
  numbers: readonly NumberCalls[]
}

/** Half hours of the clock on the wall in a day. */
export const wallHalfHours = 48

const wallHalf = (timeZone: string) =>
  sql`(extract(hour from at at time zone ${timeZone}) * 2 + floor(extract(minute from at at time zone ${timeZone}) / 30))::int`

/** What ends a wait without anybody having lost patience. */
const noImpatience = ['lost', 'dismissed', 'noted']

/** Reads one day. */
export async function readDayCounts(db: Db, day: string, timeZone: string): Promise<DayCounts> {
  const [from, to] = boundsOf(timeZone, day).map(instant => new Date(instant))
  const half = wallHalf(timeZone)
  const { rows: sections } = await sql<SectionHalfHour>`
    with step as (
      select call_id, type, at, payload, ${half} as half,
             lead(type) over w as next_type, lead(payload ->> 'reason') over w as next_reason,
             extract(epoch from lead(at) over w - at) * 1000 as ms
      from   event
      where  type in ('call.queued', 'call.moved', 'call.connected', 'conversation.ended', 'call.left-queue', 'call.dismissed',
                      'call.diverted')
      and    at >= ${from} and at < ${to} and call_id is not null
      window w as (partition by call_id order by at, id)
    ), wrap_up as (
      -- Each wrap-up belongs to the section of the last call that the agent was connected to.
      select section, half, sum(ms) filter (where type = 'agent.state') as ms
      from   (select type, half,
                     max(payload ->> 'sectionId') over (partition by person_id, turn) as section,
                     case when payload ->> 'state' = 'wrap-up'
                          then extract(epoch from lead(at) over (partition by person_id order by at, id) - at) * 1000 end as ms
              from   (select person_id, type, at, id, payload, ${half} as half,
                             count(*) filter (where type = 'call.connected') over (partition by person_id order by at, id) as turn
                      from   event
                      where  type in ('call.connected', 'agent.state') and at >= ${from} and at < ${to} and person_id is not null) each_one
             ) turns
      group  by section, half
    ), waits as (
      select payload ->> 'sectionId' as section, half,
             count(*) filter (where type = 'call.queued' and coalesce(payload -> 'preferred' ->> 'resume', 'false') <> 'true') as calls,
             sum(ms)                                                                                                    as waited,
             count(*) filter (where next_type = 'call.left-queue' and next_reason <> all (${noImpatience}))             as gave_up
      from   step
      where  type in ('call.queued', 'call.moved')
      group  by 1, 2
    ), talks as (
      select payload ->> 'sectionId' as section, half, count(*) as handled, sum(ms) as talk,
             sum(ln(greatest(ms, 1))) as logs, sum(ln(greatest(ms, 1)) ^ 2) as squares
      from   step
      where  type = 'call.connected' and next_type = 'conversation.ended'
      group  by 1, 2
    )
    select section as "sectionId", half,
           coalesce(waits.calls, 0)::int      as calls,
           coalesce(talks.handled, 0)::int    as handled,
           coalesce(talks.talk, 0)::float8    as "talkMs",
           coalesce(talks.logs, 0)::float8    as "logSum",
           coalesce(talks.squares, 0)::float8 as "logSquares",
           coalesce(wrap_up.ms, 0)::float8    as "wrapUpMs",
           coalesce(waits.waited, 0)::float8  as "waitedMs",
           coalesce(waits.gave_up, 0)::int    as "gaveUp"
    from   waits full join talks using (section, half) full join wrap_up using (section, half)
    where  section is not null
    order  by section, half`.execute(db)
  return { day, sections, numbers: await readNumberCalls(db, from, to, half) }
}

async function readNumberCalls(
  db: Db,
  from: Date | undefined,
  to: Date | undefined,
  half: ReturnType<typeof wallHalf>,
): Promise<NumberCalls[]> {
  const { rows } = await sql<{
    number: string
    mode: 'channelled' | 'direct'
    half: number
    section: string | null
    calls: number
  }>`
    select arrived.number, arrived.mode, arrived.half, queued.section, count(*)::int as calls
    from   (select call_id, payload ->> 'to' as number, payload ->> 'mode' as mode, ${half} as half
            from   event
            where  type = 'call.arrived' and at >= ${from} and at < ${to} and payload ->> 'mode' in ('channelled', 'direct')) arrived
    left   join (select distinct on (call_id) call_id, payload ->> 'sectionId' as section
                 from   event
                 where  type = 'call.queued' and at >= ${from} and at < ${to}
                 order  by call_id, id) queued on queued.call_id = arrived.call_id
    group  by 1, 2, 3, 4`.execute(db)
  const found = new Map<string, NumberCalls & { perHalfHour: number[]; bySection: Map<string, number> }>()
  for (const { number, mode, half: at, section, calls } of rows) {
    const key = `${number} ${mode}`
    const known = found.get(key) ?? {
      number,
      mode,
      calls: 0,
      perHalfHour: new Array<number>(wallHalfHours).fill(0),
      bySection: new Map<string, number>(),
    }
    found.set(key, known)
    known.calls += calls
    known.perHalfHour[at] = (known.perHalfHour[at] ?? 0) + calls
    if (section !== null) known.bySection.set(section, (known.bySection.get(section) ?? 0) + calls)
  }
  return [...found.values()]
}

/** The day of the first call that waited for a section; undefined before there was any. Index: event_by_type. */
export async function firstDay(db: Db, timeZone: string): Promise<string | undefined> {
  const { rows } = await sql<{ day: string | null }>`
    select to_char(min(at) at time zone ${timeZone}, 'YYYY-MM-DD') as day from event where type = 'call.queued'`.execute(db)
  return rows[0]?.day ?? undefined
}

const kept = new WeakMap<House['database'], Map<string, DayCounts>>()
/** More than a year; then it is begun anew. */
const keptAtMost = 500

/** The counts of finished days, each read once. */
export async function countsOf(house: Pick<House, 'database' | 'config'>, days: readonly string[]): Promise<DayCounts[]> {
  const known = kept.get(house.database) ?? new Map<string, DayCounts>()
  kept.set(house.database, known)
  const found: DayCounts[] = []
  for (const day of days) {
    const counts = known.get(day) ?? (await readDayCounts(house.database.kysely, day, house.config.TIME_ZONE))
    if (known.size >= keptAtMost) known.clear()
    known.set(day, counts)
    found.push(counts)
  }
  return found
}
