/** Services and calendars as they are set up: many at once, when an installation begins. */
import type { CricSection } from '../organisation/index.ts'
import type { Db } from '../platform/index.ts'
import type { AppointmentMode } from './model.ts'
import type { ServiceWords } from './tables.ts'

export interface NewService {
  id: string
  name: string
  description: string
  /** What the citizen brings along. */
  bring: string
  /** The same in other languages. */
  words: ServiceWords
  durationMinutes: number
  noticeMinutes: number
  horizonDays: number
  /** The sections of a regional centre for whose questions it is the service. */
  sections: readonly CricSection[]
  /** At the counter when left out. */
  modes?: readonly AppointmentMode[]
}

export interface NewCalendar {
  id: string
  unitId: string
  /** An officer receives one citizen at a time, or `capacity` as a group; without one, `capacity` citizens at once. */
  officer: { id: string; name: string } | null
  label: string
  room?: string
  capacity: number
  group?: boolean
  services: readonly string[]
  /** Weekly spans in minutes after midnight of office time; 1 is Monday. */
  openings: readonly { weekday: number; opens: number; closes: number }[]
}

export interface NewClosure {
  id: string
  unitId: string
  /** Null closes the whole office. */
  calendarId: string | null
  firstDay: string
  lastDay: string
  /** Minutes after midnight; null is the whole day. */
  hours: { opens: number; closes: number } | null
  reason: string
}

export interface NewAgenda {
  services: readonly NewService[]
  /** Services of each office, in the order in which they are shown. */
  offered: readonly { unitId: string; services: readonly string[] }[]
  calendars: readonly NewCalendar[]
  closures?: readonly NewClosure[]
}

/** Writes services, calendars and closures. */
export async function insertAgenda(db: Db, agenda: NewAgenda): Promise<void> {
  const services = agenda.services.map(each => ({
    id: each.id,
    name: each.name,
    description: each.description,
    bring: each.bring,
    words: JSON.stringify(each.words),
    duration_minutes: each.durationMinutes,
    notice_minutes: each.noticeMinutes,
    horizon_days: each.horizonDays,
    sections: [...each.sections],
    modes: [...(each.modes ?? (['counter'] as const))],
  }))
  for (const part of parts(services)) await db.insertInto('agenda_service').values(part).execute()
  const offered = agenda.offered.flatMap(({ unitId, services: ids }) =>
    ids.map((id, position) => ({ unit_id: unitId, service_id: id, position })),
  )
  for (const part of parts(offered)) await db.insertInto('agenda_service_of_unit').values(part).execute()
  const calendars = agenda.calendars.map(each => ({
    id: each.id,
    unit_id: each.unitId,
    officer_id: each.officer?.id ?? null,
    officer_name: each.officer?.name ?? null,
    label: each.label,
    room: each.room ?? '',
    capacity: each.capacity,
    is_group: each.group ?? false,
    services: [...each.services],
    active: true,
  }))
  for (const part of parts(calendars)) await db.insertInto('agenda_calendar').values(part).execute()
  const openings = agenda.calendars.flatMap(each => each.openings.map(opening => ({ calendar_id: each.id, ...opening })))
  for (const part of parts(openings)) await db.insertInto('agenda_opening').values(part).execute()
  const closures = (agenda.closures ?? []).map(each => ({
    id: each.id,
    unit_id: each.unitId,
    calendar_id: each.calendarId,
    first_day: each.firstDay,
    last_day: each.lastDay,
    opens: each.hours?.opens ?? null,
    closes: each.hours?.closes ?? null,
    reason: each.reason,
  }))
  for (const part of parts(closures)) await db.insertInto('agenda_closure').values(part).execute()
}

/** PostgreSQL takes 65,535 parameters in a statement. */
const batchSize = 2_000

const parts = <T>(rows: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(rows.length / batchSize) }, (_, i) => rows.slice(i * batchSize, (i + 1) * batchSize))
