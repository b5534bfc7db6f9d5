/** Deadlines as they are shown: those of a ticket, and why one is due when it is. */
import { typologyNames } from '../../classification/index.ts'
import { holidayName, unitOf } from '../../organisation/index.ts'
import { type Actor, type Db, type House, type Language, notFound } from '../../platform/index.ts'
import { ticketToRead } from '../locked-ticket.ts'
import { type Because, explainStretches, type Stretch } from './clock.ts'
import { type DeadlineExplanation, DeadlineKind, type DeadlineStretch, type TicketDeadline, tellings } from './model.ts'
import { DeadlineFacts, type DeadlineTicket, unitWhoseClock } from './service.ts'
import { deadlineRows, pausesOf } from './store.ts'
import type { DeadlineTargetRow, TicketDeadlineRow } from './tables.ts'

/** More stretches than a person reads; a deadline of a year has some hundreds. */
const maxStretches = 2_000

/** The deadlines of some tickets, by ticket, the first answer first. */
export async function deadlinesOfTickets(db: Db, tickets: readonly DeadlineTicket[]): Promise<Map<string, TicketDeadline[]>> {
  const rows = await deadlineRows(
    db,
    tickets.map(ticket => ticket.id),
  )
  const facts = new DeadlineFacts(db)
  const found = new Map<string, TicketDeadline[]>()
  for (const ticket of tickets) {
    const targets = await facts.targetsOf(ticket.typology_id, ticket.priority)
    const own = DeadlineKind.options.flatMap(kind => {
      const [row, target] = [rows.find(each => each.ticket_id === ticket.id && each.kind === kind), targets[kind]]
      return row && target ? [shown(row, target)] : []
    })
    found.set(ticket.id, own)
  }
  return found
}

const shown = (row: TicketDeadlineRow, target: DeadlineTargetRow): TicketDeadline => ({
  kind: row.kind,
  dueAt: row.due_at?.toISOString() ?? null,
  metAt: row.met_at?.toISOString() ?? null,
  told: tellings[row.told] ?? 'none',
  amount: target.amount,
  measure: target.measure,
})

/**
 * Why a ticket is due when it is: every stretch of time since the question, with how much of it counts; while the clock stands, up to now.
 * @throws Refused 404 for a ticket out of the reader's sight, or without such a deadline
 */
export async function deadlineExplanation(
  house: House,
  actor: Actor,
  { ticketId, kind }: { ticketId: string; kind: DeadlineKind },
  language: Language,
): Promise<DeadlineExplanation> {
  const db = house.database.kysely
  const { ticket } = await ticketToRead({ tx: db, actor }, ticketId)
  const facts = new DeadlineFacts(db)
  const target = (await facts.targetsOf(ticket.typology_id, ticket.priority))[kind]
  const row = (await deadlineRows(db, [ticketId])).find(each => each.kind === kind)
  const unit = await unitOf(db, unitWhoseClock(ticket, kind))
  if (!target || !row || !unit) throw notFound('deadline')
  const from = row.started_at.getTime()
  const pauses = ((await pausesOf(db, [ticketId])).get(ticketId) ?? []).filter(
    pause => pause.until === null || pause.until > from,
  )
  const run = { calendar: await facts.calendarOf(unit.id), from, pauses }
  const now = house.clock.now()
  const until = row.due_at?.getTime() ?? now
  const stretches = explainStretches(run, target.measure, until).slice(0, maxStretches)
  const soFar = explainStretches(run, target.measure, Math.min(until, row.met_at?.getTime() ?? now))
  const names = await typologyNames(db, [target.typology_id])
  return {
    ...shown(row, target),
    unit: unit.name,
    typology: names.get(target.typology_id) ?? null,
    priority: ticket.priority,
    timeZone: unit.timeZone,
    startedAt: row.started_at.toISOString(),
    counted: soFar.reduce((sum, stretch) => sum + stretch.counted, 0),
    stretches: stretches.map(stretch => stretchOf(stretch, language)),
  }
}

const stretchOf = ({ from, until, counted, because }: Stretch, language: Language): DeadlineStretch => ({
  from: new Date(from).toISOString(),
  until: new Date(until).toISOString(),
  counted,
  ...reasonOf(because, language),
})

function reasonOf(because: Because, language: Language): Pick<DeadlineStretch, 'because' | 'name'> {
  if (because.is !== 'closed-day') return { because: because.is, name: null }
  const { day } = because
  return day.because === 'holiday'
    ? { because: 'holiday', name: holidayName(day.holiday, language) }
    : { because: 'closure', name: day.reason }
}
