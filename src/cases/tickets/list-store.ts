/** SQL of lists of tickets: of a place or of who has them, narrowed, page by page. */
import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../platform/index.ts'
import type { TicketFilter, TicketState } from '../model.ts'
import { maxCounted, type Scope, type TicketList, type TicketWithCase, withCase } from '../store.ts'

/** Where a list is taken from: a place, or who has them in charge. */
export type ListPlace = TicketList | { column: 'claimed_by'; value: string }

/** The place of a ticket in its list: when it is due, or when it was opened. */
export interface ListKey {
  at: Date
  id: string
}

/** What a list is narrowed to, looked up: what is left out narrows nothing. */
export interface Narrowing {
  typologyIds?: readonly string[] | undefined
  dueBefore?: Date | undefined
  ownerId?: string | undefined
  waiting?: TicketFilter['waiting']
  /** As `conditionOf` writes it: words and channel. */
  condition?: string | undefined
}

export interface TicketListQuestion {
  place: ListPlace
  states: readonly TicketState[]
  scope: Scope
  narrowing?: Narrowing | undefined
  order?: 'due' | 'age' | undefined
  newestFirst?: boolean
  after?: ListKey | undefined
  limit: number
}

/**
 * Tickets in some states, due or opened first (`newestFirst`: the other way round). Each state is read along the index and the few rows that can be on
 * the page are merged. Where the list is narrowed, each state is walked at most `maxCounted` rows far, which is more than a section has open.
 * Indexes: ticket_of_section, ticket_of_centre, ticket_of_directorate (place, state, due_at, id), the same with `_by_age`, ticket_of_member
 * (claimed_by, due_at, id); case_pkey, case_index_pkey, ticket_question_of_ticket.
 */
export async function listTickets(db: Db, question: TicketListQuestion): Promise<TicketWithCase[]> {
  const { limit, newestFirst = false, order = 'due' } = question
  const at = sql.ref(order === 'age' ? 'opened_at' : 'due_at')
  const direction = newestFirst ? sql`desc` : sql`asc`
  const { rows } = await sql<TicketWithCase>`
    select ${withCase}
    from   ${foundIn(question, limit)} ticket
    join   "case" on "case".id = ticket.case_id
    order  by ticket.${at} ${direction}, ticket.id ${direction}
    limit  ${limit}`.execute(db)
  return rows
}

/** How many tickets are in a list; the count stops at `most`. Indexes: as `listTickets`. */
export async function countTickets(db: Db, question: Omit<TicketListQuestion, 'limit' | 'after'>, most: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select least(count(*), ${most})::int as count from ${foundIn({ ...question, limit: most }, most)} found`.execute(db)
  return rows[0]?.count ?? 0
}

function foundIn(
  { place, states, scope, narrowing, order = 'due', newestFirst = false, after }: TicketListQuestion,
  limit: number,
): RawBuilder<unknown> {
  const at = sql.ref(order === 'age' ? 'opened_at' : 'due_at')
  const direction = newestFirst ? sql`desc` : sql`asc`
  const further = after
    ? newestFirst
      ? sql`and (one.${at}, one.id) < (${after.at}, ${after.id}::uuid)`
      : sql`and (one.${at}, one.id) > (${after.at}, ${after.id}::uuid)`
    : sql``
  const conditions = narrowing === undefined ? [] : conditionsOf(narrowing)
  const along = (state: RawBuilder<unknown>, rows: number) => sql`
    (select * from ticket one
     where  ${sql.ref(`one.${place.column}`)} = ${place.value} and ${state} ${withinOf(place, scope)} ${further}
     ${narrowing?.dueBefore && order === 'due' ? sql`and one.due_at < ${narrowing.dueBefore}` : sql``}
     order  by one.${at} ${direction}, one.id ${direction}
     limit  ${rows})`
  const found = (state: RawBuilder<unknown>) =>
    conditions.length === 0
      ? along(state, limit)
      : sql`(select * from ${along(state, maxCounted)} one where ${sql.join(conditions, sql` and `)}
             order by one.${at} ${direction}, one.id ${direction} limit ${limit})`
  // The index of a member's tickets names the states itself.
  return place.column === 'claimed_by'
    ? found(sql`one.state in ('claimed', 'forwarded', 'returned', 'answered') and one.state = any(${[...states]}::text[])`)
    : sql`(select one.* from unnest(${[...states]}::text[]) as wanted (state)
           cross join lateral ${found(sql`one.state = wanted.state`)} one)`
}

function withinOf({ column }: ListPlace, scope: Scope): RawBuilder<unknown> {
  if (scope.all || column === 'claimed_by') return sql``
  return column === 'directorate_id'
    ? sql`and starts_with(one.directorate_path, ${scope.under})`
    : sql`and starts_with(one.unit_path, ${scope.under})`
}

function conditionsOf({ typologyIds, dueBefore, ownerId, waiting, condition }: Narrowing): RawBuilder<unknown>[] {
  return [
    ...(dueBefore === undefined ? [] : [sql`one.due_at < ${dueBefore}`]),
    ...(ownerId === undefined ? [] : [sql`one.claimed_by = ${ownerId}`]),
    ...(waiting === undefined ? [] : [waitingFor[waiting]]),
    ...(typologyIds === undefined
      ? []
      : [sql`exists (select from "case" of where of.id = one.case_id and of.typology_id = any(${[...typologyIds]}::text[]))`]),
    ...(condition === undefined || condition === ''
      ? []
      : [sql`exists (select from case_index found where found.case_id = one.case_id and found.words @@ ${condition}::tsquery)`]),
  ]
}

const waitingFor: Readonly<Record<NonNullable<TicketFilter['waiting']>, RawBuilder<unknown>>> = {
  colleague: sql`exists (select from ticket_question asked
                         where asked.ticket_id = one.id and asked.answered_at is null and asked.withdrawn_at is null)`,
  directorate: sql`one.state = 'forwarded'`,
  mail: sql`one.state = 'answered'`,
}
