/**
 * The deadlines of a ticket as its life goes on: they begin with the question, stand while the citizen is asked, are met by an answer, and begin anew when
 * the citizen comes back to what was closed. That of a central directorate begins when it is asked, and is met when it answers.
 */
import { typologyAbove } from '../../classification/index.ts'
import { unitOf, type WorkCalendar, workCalendarOf } from '../../organisation/index.ts'
import type { Db, Work } from '../../platform/index.ts'
import type { TicketWithCase } from '../store.ts'
import type { ClockRun, Pause } from './clock.ts'
import { type DeadlineKind, ownKinds, type TicketPriority } from './model.ts'
import { type DeadlineTimes, nearestTargets, nextTelling, outOfReach, tellingsDue, timesOf } from './policy.ts'
import { deadlineRows, pausesOf, putDeadline, setDue, targetRows } from './store.ts'
import type { DeadlineTargetRow, TicketDeadlineRow } from './tables.ts'

/** What a deadline is computed from. */
export interface DeadlineTicket {
  id: string
  unit_id: string
  typology_id: string | null
  priority: TicketPriority
  /** The central directorate that was asked, whose hours its own deadline counts by. */
  directorate_id?: string | null
}

/** What several tickets share: the calendars of their units and the targets of their typologies, read once. */
export class DeadlineFacts {
  private readonly db: Db
  private readonly calendars = new Map<string, Promise<WorkCalendar>>()
  private readonly targets = new Map<string, Promise<Partial<Record<DeadlineKind, DeadlineTargetRow>>>>()

  constructor(db: Db) {
    this.db = db
  }

  calendarOf(unitId: string): Promise<WorkCalendar> {
    return remembered(this.calendars, unitId, async () => {
      const unit = await unitOf(this.db, unitId)
      const place = unit ?? { path: '', timeZone: 'UTC', provinceCode: null, municipalityCode: null }
      return workCalendarOf(this.db, place)
    })
  }

  targetsOf(typologyId: string | null, priority: TicketPriority): Promise<Partial<Record<DeadlineKind, DeadlineTargetRow>>> {
    return remembered(this.targets, `${priority} ${typologyId ?? ''}`, async () => {
      const above = typologyId === null ? [] : await typologyAbove(this.db, typologyId)
      return nearestTargets(await targetRows(this.db, above, priority), above)
    })
  }

  /** When a ticket is due by one of its targets, and when that is told; nothing where there is no target. */
  async timesOf(
    ticket: Omit<DeadlineTicket, 'id'>,
    kind: DeadlineKind,
    from: Date,
    pauses: readonly Pause[],
  ): Promise<DeadlineTimes> {
    const target = (await this.targetsOf(ticket.typology_id, ticket.priority))[kind]
    if (!target) return { due_at: null, warn_at: null, raise_at: null }
    const run: ClockRun = { calendar: await this.calendarOf(unitWhoseClock(ticket, kind)), from: from.getTime(), pauses }
    return timesOf(run, target)
  }
}

/** By whose hours a deadline is counted. */
export const unitWhoseClock = (ticket: Pick<DeadlineTicket, 'unit_id' | 'directorate_id'>, kind: DeadlineKind): string =>
  kind === 'directorate' ? (ticket.directorate_id ?? ticket.unit_id) : ticket.unit_id

async function remembered<T>(known: Map<string, Promise<T>>, key: string, read: () => Promise<T>): Promise<T> {
  const found = known.get(key) ?? read()
  known.set(key, found)
  return found
}

/** Until when a question of now would be solved; far away where there is no target. */
export async function solutionDue(db: Db, ticket: Omit<DeadlineTicket, 'id'>, from: Date): Promise<Date> {
  return (await new DeadlineFacts(db).timesOf(ticket, 'solution', from, [])).due_at ?? outOfReach
}

/** The deadlines that every ticket has begin, or begin anew, now. */
export async function beginDeadlines(work: Work, ticket: DeadlineTicket): Promise<void> {
  const begun = ownKinds.map(kind => freshRow(ticket.id, kind, work.now))
  await compute(work.tx, new DeadlineFacts(work.tx), ticket, begun, [])
}

/** A central directorate is asked: its own deadline begins, or begins anew, now. Those of the citizen go on. */
export async function beginDirectorateDeadline(work: Work, ticket: DeadlineTicket): Promise<void> {
  await compute(work.tx, new DeadlineFacts(work.tx), ticket, [freshRow(ticket.id, 'directorate', work.now)], [])
}

const freshRow = (ticketId: string, kind: DeadlineKind, startedAt: Date): TicketDeadlineRow => ({
  ...{ ticket_id: ticketId, kind, started_at: startedAt, met_at: null, told: 0 },
  ...{ due_at: null, warn_at: null, raise_at: null, next_at: null },
})

/** Deadlines of a ticket that is locked, computed anew: asked, replied, moved to another unit, of another priority, or by another calendar. */
export async function renewDeadlines(
  db: Db,
  ticket: DeadlineTicket & Pick<TicketWithCase, 'opened_at'>,
  facts = new DeadlineFacts(db),
): Promise<void> {
  const known = await deadlineRows(db, [ticket.id])
  const own = ownKinds.map(kind => known.find(row => row.kind === kind) ?? freshRow(ticket.id, kind, ticket.opened_at))
  const rows = [...own, ...known.filter(row => row.kind === 'directorate')]
  const pauses = (await pausesOf(db, [ticket.id])).get(ticket.id) ?? []
  await compute(db, facts, ticket, rows, pauses)
}

/**
 * Deadlines of an open ticket that has none, because it is from before there were any. What was to be told of them by now is taken as told: nobody is
 * warned of thousands at once.
 */
export async function adoptDeadlines(
  db: Db,
  ticket: DeadlineTicket & Pick<TicketWithCase, 'opened_at' | 'state'>,
  now: Date,
  facts: DeadlineFacts,
): Promise<void> {
  for (const kind of ownKinds) {
    const times = await facts.timesOf(ticket, kind, ticket.opened_at, [])
    const row = { ...freshRow(ticket.id, kind, ticket.opened_at), ...times, met_at: ticket.state === 'answered' ? now : null }
    const { told } = tellingsDue(row, now)
    await putDeadline(db, { ...row, told, next_at: nextTelling({ ...row, told }) })
    if (kind === 'solution') await setDue(db, ticket.id, row.due_at ?? outOfReach)
  }
}

async function compute(
  db: Db,
  facts: DeadlineFacts,
  ticket: DeadlineTicket,
  rows: readonly TicketDeadlineRow[],
  pauses: readonly Pause[],
): Promise<void> {
  for (const row of rows) {
    if (row.met_at !== null) continue
    const since = row.started_at.getTime()
    const own = pauses.filter(pause => pause.until === null || pause.until > since)
    const renewed = { ...row, ...(await facts.timesOf(ticket, row.kind, row.started_at, own)) }
    await putDeadline(db, { ...renewed, next_at: nextTelling(renewed) })
    if (row.kind === 'solution') await setDue(db, ticket.id, renewed.due_at ?? outOfReach)
  }
}

/** The citizen has been told something: a deadline that was not met is met now. */
export async function meetDeadlines(work: Work, ticketId: string, kinds: readonly DeadlineKind[]): Promise<void> {
  for (const row of await deadlineRows(work.tx, [ticketId]))
    if (row.met_at === null && kinds.includes(row.kind)) await putDeadline(work.tx, { ...row, met_at: work.now, next_at: null })
}

/** An answer did not reach the citizen, or was taken back: what only it had met goes on. */
export async function missDeadlines(work: Work, ticket: DeadlineTicket & Pick<TicketWithCase, 'opened_at'>): Promise<void> {
  const rows = await deadlineRows(work.tx, [ticket.id])
  const met = rows.find(row => row.kind === 'solution')?.met_at
  for (const row of rows) if (met && row.met_at?.getTime() === met.getTime()) await putDeadline(work.tx, { ...row, met_at: null })
  await renewDeadlines(work.tx, ticket)
}
