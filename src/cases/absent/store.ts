/** SQL of the rules for absent members' tickets, and of what has gone back by them. */
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/index.ts'
import { defaultAbsenceRule, type SetAbsenceRule, type WhenAbsent } from './model.ts'

interface AbsenceRuleTable {
  section_id: string
  when_absent: WhenAbsent
  hours: number
  except_typologies: string[]
  version: number
}

interface AbsenceReturnTable {
  absence_id: string
  ticket_id: string
}

declare module '../../platform/index.ts' {
  interface Tables {
    absence_rule: AbsenceRuleTable
    absence_return: AbsenceReturnTable
  }
}

/** The rule of a section and its version, 0 when it has said nothing. Index: absence_rule_pkey. */
export async function readRule(db: Db, sectionId: string): Promise<SetAbsenceRule & { version: number }> {
  const row = await db.selectFrom('absence_rule').selectAll().where('section_id', '=', sectionId).executeTakeFirst()
  return row
    ? { whenAbsent: row.when_absent, hours: row.hours, exceptTypologies: row.except_typologies, version: row.version }
    : { ...defaultAbsenceRule, version: 0 }
}

/** Puts a rule in the place of the one before. */
export async function saveRule(tx: Tx, sectionId: string, rule: SetAbsenceRule, version: number): Promise<void> {
  const row = { when_absent: rule.whenAbsent, hours: rule.hours, except_typologies: rule.exceptTypologies, version }
  await tx
    .insertInto('absence_rule')
    .values({ section_id: sectionId, ...row })
    .onConflict(conflict => conflict.column('section_id').doUpdateSet(row))
    .execute()
}

/** Whoever sets the rule of the same section waits here, and then sees what was set. */
export const lockRule = (tx: Tx, sectionId: string): Promise<unknown> =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`absence rule ${sectionId}`}, 0))`.execute(tx)

/** A ticket that an absent member has in hand. */
export interface HeldByAbsent {
  id: string
  unit_id: string
  typology_id: string | null
}

/**
 * Tickets that somebody has in hand and that have not gone back for this absence yet, after a ticket, by identifier.
 * Indexes: ticket_of_member, absence_return_pkey.
 */
export async function heldByAbsent(
  db: Db,
  { absenceId, personId, after, limit }: { absenceId: string; personId: string; after: string; limit: number },
): Promise<HeldByAbsent[]> {
  const { rows } = await sql<HeldByAbsent>`
    select ticket.id, ticket.unit_id, "case".typology_id
    from   ticket join "case" on "case".id = ticket.case_id
    where  ticket.claimed_by = ${personId} and ticket.state in ('claimed', 'returned') and ticket.id > ${after}
    and    not exists (select from absence_return gone where gone.absence_id = ${absenceId} and gone.ticket_id = ticket.id)
    order  by ticket.id
    limit  ${limit}`.execute(db)
  return rows
}

/** Notes that a ticket goes back for an absence. Returns false when it has done so before. */
export async function noteReturn(tx: Tx, absenceId: string, ticketId: string): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('absence_return')
    .values({ absence_id: absenceId, ticket_id: ticketId })
    .onConflict(conflict => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}
