/** SQL of the board. Each column reads a bounded number of rows along the index named beside it, however many tickets there are. */
import { sql } from 'kysely'
import type { Db } from '../../platform/index.ts'
import type { TicketState } from '../model.ts'

/** So many of a column are shown. */
export const cardsShown = 20
/** So many of a column are counted, and taken into account for proposals. */
export const maxInColumn = 200
/** So many people are shown who have something. */
const maxHolders = 200

export interface CardRow {
  id: string
  holder: string | null
  code: string
  title: string
  state: Extract<TicketState, 'pool' | 'claimed' | 'forwarded' | 'returned'>
  opened_at: Date
  due_at: Date
  second_contact: boolean
  version: number
}

/** Who has tickets of a section in hand, in order of identifier: one step of the index for each person. Index: ticket_in_hand_of_section. */
export async function holdersIn(db: Db, sectionId: string): Promise<string[]> {
  const { rows } = await sql<{ holder: string }>`
    with recursive holders (holder) as (
      (select claimed_by from ticket
       where  unit_id = ${sectionId} and state in ('claimed', 'forwarded', 'returned') and claimed_by is not null
       order  by claimed_by limit 1)
      union all
      select (select claimed_by from ticket
              where  unit_id = ${sectionId} and state in ('claimed', 'forwarded', 'returned') and claimed_by > holder
              order  by claimed_by limit 1)
      from holders where holder is not null
    )
    select holder from holders where holder is not null limit ${maxHolders}`.execute(db)
  return rows.map(row => row.holder)
}

/** The tickets of a section that some people have in hand, a few of each, due first. Indexes: ticket_in_hand_of_section, case_pkey. */
export async function cardsOf(db: Db, sectionId: string, holders: readonly string[]): Promise<CardRow[]> {
  if (holders.length === 0) return []
  const { rows } = await sql<CardRow>`
    select card.id, asked.holder, "case".code, "case".title, card.state, card.opened_at, card.due_at, card.second_contact, card.version
    from   unnest(${[...holders]}::uuid[]) asked (holder)
           cross join lateral (
             select * from ticket
             where  unit_id = ${sectionId} and claimed_by = asked.holder and state in ('claimed', 'forwarded', 'returned')
             order  by due_at, id
             limit  ${cardsShown}) card
           join "case" on "case".id = card.case_id
    order  by card.due_at, card.id`.execute(db)
  return rows
}

export interface ColumnCount {
  holder: string | null
  count: number
  late: number
  today: number
}

/** How much of a section some people have in hand, each up to a bound. Index: ticket_in_hand_of_section. */
export async function countsOf(
  db: Db,
  sectionId: string,
  holders: readonly string[],
  { now, tomorrow }: { now: Date; tomorrow: Date },
): Promise<ColumnCount[]> {
  if (holders.length === 0) return []
  const { rows } = await sql<ColumnCount>`
    select asked.holder, counted.*
    from   unnest(${[...holders]}::uuid[]) asked (holder)
           cross join lateral (
             select count(*)::int as count,
                    count(*) filter (where due_at < ${now})::int as late,
                    count(*) filter (where due_at >= ${now} and due_at < ${tomorrow})::int as today
             from   (select due_at from ticket
                     where  unit_id = ${sectionId} and claimed_by = asked.holder and state in ('claimed', 'forwarded', 'returned')
                     order  by due_at, id
                     limit  ${maxInColumn}) first) counted`.execute(db)
  return rows
}

/** The pool of a section, due first, and how much is in it. Index: ticket_of_section. */
export async function poolColumn(
  db: Db,
  sectionId: string,
  { now, tomorrow }: { now: Date; tomorrow: Date },
): Promise<{ cards: CardRow[]; count: ColumnCount }> {
  const { rows: cards } = await sql<CardRow>`
    select card.id, null::uuid as holder, "case".code, "case".title, card.state, card.opened_at, card.due_at, card.second_contact, card.version
    from   (select * from ticket where unit_id = ${sectionId} and state = 'pool' order by due_at, id limit ${cardsShown}) card
           join "case" on "case".id = card.case_id
    order  by card.due_at, card.id`.execute(db)
  const { rows } = await sql<ColumnCount>`
    select null::uuid as holder, count(*)::int as count,
           count(*) filter (where due_at < ${now})::int as late,
           count(*) filter (where due_at >= ${now} and due_at < ${tomorrow})::int as today
    from   (select due_at from ticket where unit_id = ${sectionId} and state = 'pool' order by due_at, id limit ${maxInColumn}) first`.execute(
    db,
  )
  return { cards, count: rows[0] ?? { holder: null, count: 0, late: 0, today: 0 } }
}

export interface ProposedRow extends CardRow {
  typology_id: string | null
  reference_id: string | null
  begun: boolean
}

/**
 * What proposals are made of: what some people have in hand, and what of the pool is due until an instant. Begun is what came back from a directorate,
 * and where its holder is writing. Indexes: ticket_in_hand_of_section, ticket_of_section, case_pkey, answer_draft_pkey.
 */
export async function ticketsToPropose(
  db: Db,
  sectionId: string,
  holders: readonly string[],
  until: Date,
): Promise<ProposedRow[]> {
  const { rows } = await sql<ProposedRow>`
    select one.id, one.claimed_by as holder, "case".code, "case".title, one.state, one.opened_at, one.due_at, one.second_contact, one.version,
           "case".typology_id, "case".reference_id,
           one.state = 'returned' or exists (select from answer_draft draft
             where draft.ticket_id = one.id and draft.person_id = one.claimed_by and draft.text <> '') as begun
    from   (
             (select held.* from unnest(${[...holders]}::uuid[]) asked (holder) cross join lateral (
                select * from ticket
                where  unit_id = ${sectionId} and claimed_by = asked.holder and state in ('claimed', 'returned')
                and    state in ('claimed', 'forwarded', 'returned')
                order  by due_at, id limit ${maxInColumn}) held)
             union all
             (select * from ticket where unit_id = ${sectionId} and state = 'pool' and due_at <= ${until} order by due_at, id limit ${maxInColumn})
           ) one
           join "case" on "case".id = one.case_id`.execute(db)
  return rows
}

/** Of each person so many are looked at that were closed last. */
const closedLooked = 200

/** How many tickets of each typology some people have closed since an instant, of their last ones. Indexes: ticket_closed_by_member, case_pkey. */
export async function handledSince(
  db: Db,
  personIds: readonly string[],
  since: Date,
): Promise<{ person: string; typology_id: string; closed: number }[]> {
  if (personIds.length === 0) return []
  const { rows } = await sql<{ person: string; typology_id: string; closed: number }>`
    select   asked.person, "case".typology_id, count(*)::int as closed
    from     unnest(${[...personIds]}::uuid[]) asked (person)
             cross join lateral (
               select case_id from ticket
               where  claimed_by = asked.person and state = 'closed' and closed_at >= ${since}
               order  by closed_at desc
               limit  ${closedLooked}) last
             join "case" on "case".id = last.case_id
    where    "case".typology_id is not null
    group by asked.person, "case".typology_id`.execute(db)
  return rows
}
