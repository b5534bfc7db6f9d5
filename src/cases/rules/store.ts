/** SQL of the rules of tickets. */
import { sql } from 'kysely'
import { z } from 'zod'
import type { Db } from '../../platform/index.ts'
import type { TicketState } from '../model.ts'
import { holding } from './invariants.ts'
import { RuleChange, type TicketRules } from './model.ts'

interface TicketRulesTable {
  version: number
  changes: unknown
  reason: string
  by_name: string
  at: Date
}

declare module '../../platform/index.ts' {
  interface Tables {
    ticket_rules: TicketRulesTable
  }
}

export interface TicketRulesRow extends TicketRules {
  reason: string
  byName: string
  at: Date
}

/** A word that a newer release has written, and this one does not know, is passed over. */
const readChanges = (written: unknown): RuleChange[] =>
  z
    .array(z.unknown())
    .parse(written)
    .flatMap(each => {
      const read = RuleChange.safeParse(each)
      return read.success ? [read.data] : []
    })

/** The rules that hold now. Index: ticket_rules_pkey. */
export async function rulesInForce(db: Db): Promise<TicketRules> {
  const row = await db
    .selectFrom('ticket_rules')
    .select(['version', 'changes'])
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row === undefined ? { version: 0, changes: [] } : { version: row.version, changes: holding(readChanges(row.changes)) }
}

/** Versions, the newest first. Index: ticket_rules_pkey. */
export async function rulesVersions(db: Db, { before, limit }: { before?: number; limit: number }): Promise<TicketRulesRow[]> {
  const rows = await db
    .selectFrom('ticket_rules')
    .selectAll()
    .$if(before !== undefined, query => query.where('version', '<', before ?? 0))
    .orderBy('version', 'desc')
    .limit(limit)
    .execute()
  return rows.map(row => ({
    ...{ version: row.version, changes: readChanges(row.changes), reason: row.reason, byName: row.by_name, at: row.at },
  }))
}

/**
 * Adds the version after `version`. Returns false when somebody else has added it; the key of the table decides, so that of two at once one
 * waits for the other and is told.
 */
export async function addRules(db: Db, version: number, row: Omit<TicketRulesRow, 'version'>): Promise<boolean> {
  const { rows } = await sql<{ version: number }>`
    insert into ticket_rules (version, changes, reason, by_name, at)
    select ${version + 1}, ${JSON.stringify(row.changes)}::jsonb, ${row.reason}, ${row.byName}, ${row.at}
    where  ${version} = coalesce((select max(version) from ticket_rules), 0)
    on     conflict (version) do nothing
    returning version`.execute(db)
  return rows.length > 0
}

/** How many tickets are in each of some states. Reads a row for each unit and state, not the tickets. */
export async function countByState(db: Db, states: readonly TicketState[]): Promise<{ state: TicketState; count: number }[]> {
  const { rows } = await sql<{ state: TicketState; count: number }>`
    select wanted.state, coalesce(sum(tickets), 0)::int as count
    from   unnest(${[...states]}::text[]) with ordinality as wanted (state, n) left join ticket_count using (state)
    group  by wanted.state, wanted.n order by wanted.n`.execute(db)
  return rows
}
