/** The tables of deadlines, as migrations/202611291810-deadlines.sql makes them. */
import type { Generated } from 'kysely'
import type { DeadlineKind, TicketPriority } from './model.ts'

interface DeadlineTargetTable {
  /** `''` is for all others. */
  typology_id: string
  priority: TicketPriority
  kind: DeadlineKind
  amount: number
  measure: 'minutes' | 'days'
  warn_minutes: number
  raise_minutes: number
  version: Generated<number>
}

interface TicketDeadlineTable {
  ticket_id: string
  kind: DeadlineKind
  started_at: Date
  due_at: Date | null
  warn_at: Date | null
  raise_at: Date | null
  met_at: Date | null
  /** A place in `tellings`. */
  told: number
  next_at: Date | null
}

interface DeadlineRecomputeTable {
  id: string
  asked_at: Date
  unit_path: string
  done_up_to: string | null
}

declare module '../../platform/index.ts' {
  interface Tables {
    deadline_target: DeadlineTargetTable
    ticket_deadline: TicketDeadlineTable
    deadline_recompute: DeadlineRecomputeTable
  }
}

/** Rows as they are read. */
export type DeadlineTargetRow = Omit<DeadlineTargetTable, 'version'> & { version: number }
export type TicketDeadlineRow = TicketDeadlineTable
export type DeadlineRecomputeRow = DeadlineRecomputeTable
