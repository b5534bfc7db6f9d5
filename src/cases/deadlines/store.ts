/** SQL of deadlines: targets, the deadlines of tickets, what is told next, and what is computed anew. */
import './tables.ts'
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/index.ts'
import type { TicketWithCase } from '../store.ts'
import type { Pause } from './clock.ts'
import type { DeadlineKind, TargetKey, TargetTime, TicketPriority } from './model.ts'
import type { DeadlineRecomputeRow, DeadlineTargetRow, TicketDeadlineRow } from './tables.ts'

// --- targets --------------------------------------------------------------------------------------------------------

/** The targets of some typologies, and of all others. Index: deadline_target_pkey. */
export const targetRows = (db: Db, typologyIds: readonly string[], priority: TicketPriority): Promise<DeadlineTargetRow[]> =>
  db
    .selectFrom('deadline_target')
    .selectAll()
    .where('typology_id', 'in', [...typologyIds, ''])
    .where('priority', '=', priority)
    .execute()

/** More targets than an institute sets. */
const maxTargets = 1_000

/** All targets, that of all others first. */
export const allTargets = (db: Db): Promise<DeadlineTargetRow[]> =>
  db
    .selectFrom('deadline_target')
    .selectAll()
    .orderBy('typology_id')
    .orderBy('priority')
    .orderBy('kind')
    .limit(maxTargets)
    .execute()

/** One target, kept for the transaction. */
export const lockTarget = (db: Db, { typologyId, priority, kind }: TargetKey): Promise<DeadlineTargetRow | undefined> =>
  db
    .selectFrom('deadline_target')
    .selectAll()
    .where('typology_id', '=', typologyId)
    .where('priority', '=', priority)
    .where('kind', '=', kind)
    .forUpdate()
    .executeTakeFirst()

/** Sets a target; its version grows by one. */
export async function putTarget(db: Db, { typologyId, priority, kind }: TargetKey, time: TargetTime): Promise<void> {
  const set = {
    ...{ amount: time.amount, measure: time.measure },
    ...{ warn_minutes: time.warnMinutes, raise_minutes: time.raiseMinutes },
  }
  await db
    .insertInto('deadline_target')
    .values({ typology_id: typologyId, priority, kind, ...set })
    .onConflict(conflict =>
      conflict
        .columns(['typology_id', 'priority', 'kind'])
        .doUpdateSet(eb => ({ ...set, version: eb('deadline_target.version', '+', 1) })),
    )
    .execute()
}

export async function deleteTarget(db: Db, { typologyId, priority, kind }: TargetKey): Promise<void> {
  await db
    .deleteFrom('deadline_target')
    .where('typology_id', '=', typologyId)
    .where('priority', '=', priority)
    .where('kind', '=', kind)
    .execute()
}

// --- the deadlines of tickets ---------------------------------------------------------------------------------------

/** The deadlines of some tickets. Index: ticket_deadline_pkey. */
export async function deadlineRows(db: Db, ticketIds: readonly string[]): Promise<TicketDeadlineRow[]> {
  if (ticketIds.length === 0) return []
  return db
    .selectFrom('ticket_deadline')
    .selectAll()
    .where('ticket_id', 'in', [...ticketIds])
    .orderBy('kind')
    .execute()
}

/** When the citizen was asked about some tickets, by ticket, in order. Index: citizen_question_of_ticket. */
export async function pausesOf(db: Db, ticketIds: readonly string[]): Promise<Map<string, Pause[]>> {
  const { rows } = await sql<{ ticket_id: string; asked_at: Date; ended_at: Date | null }>`
    select ticket_id, asked_at, ended_at from citizen_question
    where  ticket_id = any(${[...ticketIds]}::uuid[])
    order  by asked_at, id`.execute(db)
  const pauses = new Map<string, Pause[]>()
  for (const { ticket_id, asked_at, ended_at } of rows)
    pauses.set(ticket_id, [...(pauses.get(ticket_id) ?? []), { from: asked_at.getTime(), until: ended_at?.getTime() ?? null }])
  return pauses
}

/** Writes a deadline of a ticket that is locked in this transaction. */
export async function putDeadline(db: Db, { ticket_id, kind, ...set }: TicketDeadlineRow): Promise<void> {
  await db
    .insertInto('ticket_deadline')
    .values({ ticket_id, kind, ...set })
    .onConflict(conflict => conflict.columns(['ticket_id', 'kind']).doUpdateSet(set))
    .execute()
}

/** Says when a ticket is due, in lists. Its version stays: nobody has changed it. */
export async function setDue(db: Db, ticketId: string, due: Date): Promise<void> {
  await db.updateTable('ticket').set({ due_at: due }).where('id', '=', ticketId).where('due_at', '<>', due).execute()
}

export type DeadlineKey = Pick<TicketDeadlineRow, 'ticket_id' | 'kind'>

/** Deadlines of which something is to be told by now, without some, each named as `ticket kind`. Index: ticket_deadline_next. */
export async function deadlinesToTell(
  db: Db,
  now: Date,
  { except, limit }: { except: readonly string[]; limit: number },
): Promise<DeadlineKey[]> {
  const { rows } = await sql<DeadlineKey>`
    select ticket_id, kind from ticket_deadline
    where  next_at <= ${now} and (ticket_id || ' ' || kind) <> all(${[...except]}::text[])
    order  by next_at, ticket_id, kind
    limit  ${limit}`.execute(db)
  return rows
}

/** A deadline, if something of it is to be told by now, kept for the transaction. Index: ticket_deadline_pkey. */
export async function lockDeadlineToTell(
  db: Db,
  { ticket_id, kind }: DeadlineKey,
  now: Date,
): Promise<TicketDeadlineRow | undefined> {
  const { rows } = await sql<TicketDeadlineRow>`
    select * from ticket_deadline
    where  ticket_id = ${ticket_id} and kind = ${kind} and next_at <= ${now}
    for    update skip locked`.execute(db)
  return rows[0]
}

/** Says how far a deadline has been told. */
export async function setTold(
  tx: Tx,
  { ticket_id, kind }: { ticket_id: string; kind: DeadlineKind },
  told: number,
  next: Date | null,
): Promise<void> {
  await tx
    .updateTable('ticket_deadline')
    .set({ told, next_at: next })
    .where('ticket_id', '=', ticket_id)
    .where('kind', '=', kind)
    .execute()
}

// --- computed anew --------------------------------------------------------------------------------------------------

export async function insertRecompute(db: Db, row: Omit<DeadlineRecomputeRow, 'done_up_to'>): Promise<void> {
  await db
    .insertInto('deadline_recompute')
    .values({ ...row, done_up_to: null })
    .execute()
}

/** The oldest change that is not dealt with, kept for the transaction; undefined when there is none, or another process has it. */
export async function takeRecompute(tx: Tx): Promise<DeadlineRecomputeRow | undefined> {
  const { rows } = await sql<DeadlineRecomputeRow>`
    select * from deadline_recompute order by asked_at, id limit 1 for update skip locked`.execute(tx)
  return rows[0]
}

/** Says up to which ticket a change has been dealt with; null: to the end. */
export async function moveRecompute(tx: Tx, id: string, doneUpTo: string | null): Promise<void> {
  if (doneUpTo === null) await tx.deleteFrom('deadline_recompute').where('id', '=', id).execute()
  else await tx.updateTable('deadline_recompute').set({ done_up_to: doneUpTo }).where('id', '=', id).execute()
}

/** Open tickets after one, by identifier, of any unit. Index: ticket_open. */
export async function openTicketsAfter(
  db: Db,
  after: string | null,
  limit: number,
): Promise<{ id: string; unit_path: string }[]> {
  const { rows } = await sql<{ id: string; unit_path: string }>`
    select id, unit_path from ticket
    where  state <> 'closed' and id > coalesce(${after}::uuid, '00000000-0000-0000-0000-000000000000')
    order  by id limit ${limit}`.execute(db)
  return rows
}

/** Some tickets that are still open, locked, in the order of their identifiers. Index: ticket_pkey. */
export async function lockOpenTickets(tx: Tx, ids: readonly string[]): Promise<TicketWithCase[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<TicketWithCase>`
    select ticket.*, "case".code, "case".title, "case".contact_id, "case".typology_id
    from   ticket join "case" on "case".id = ticket.case_id
    where  ticket.id = any(${[...ids]}::uuid[]) and ticket.state <> 'closed'
    order  by ticket.id for update of ticket`.execute(tx)
  return rows
}
