/** Lists, counts and rights of cases in SQL: what a reader gets, in which order, and along which index. */
import fc from 'fast-check'
import { type RawBuilder, sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { eachDatabase, onPostgres } from '../../test/support/database.ts'
import { analyse, plansOf } from '../../test/support/plan.ts'
import type { House } from '../platform/index.ts'
import { cardsOf, countsOf, handledSince, holdersIn, poolColumn, ticketsToPropose } from './board/store.ts'
import { deadlinesToTell, openTicketsAfter } from './deadlines/store.ts'
import { indexLater } from './finding/store.ts'
import type { TicketState } from './model.ts'
import { ticketStates } from './policy.ts'
import {
  addCaseUnit,
  caseByCode,
  countOwn,
  insertCase,
  openCases,
  readCase,
  readTicket,
  ticketCountsOf,
  updateTicket,
} from './store.ts'
import { type ListKey, listTickets } from './tickets/list-store.ts'

const everything = { all: true } as const
const lazio = { all: false, under: 'inps/dr-lazio/cric-lazio/' } as const
const section = 'inps/dr-lazio/cric-lazio/cric-lazio-pensioni/'
const member = '019a8f3e-7c1e-7b2a-9f6d-3c2b1a0f9e8d'
const start = Date.UTC(2026, 10, 24, 16)
const hour = 3_600_000

let codes = 1_000_000_000

async function contact(house: House): Promise<string> {
  const id = house.ids()
  const now = new Date(house.clock.now())
  await sql`insert into contact (id, kind, family_name, language, created_at, updated_at)
            values (${id}, 'person', 'Ferri', 'it', ${now}, ${now})`.execute(house.database.kysely)
  return id
}

interface Given {
  state?: TicketState
  dueAt?: number
  unitId?: string
  unitPath?: string
  claimedBy?: string
  directorate?: string
}

async function ticket(house: House, given: Given = {}): Promise<{ id: string; caseId: string; code: string }> {
  const db = house.database.kysely
  const now = new Date(house.clock.now())
  const [id, caseId] = [house.ids(), house.ids()]
  const state = given.state ?? 'pool'
  const unitPath = given.unitPath ?? section
  const unitId = given.unitId ?? unitPath.split('/').at(-2) ?? ''
  const code = String(++codes)
  await insertCase(db, {
    id: caseId,
    code,
    contact_id: await contact(house),
    typology_id: 'vecchiaia',
    title: 'Pensione di vecchiaia',
    status: 'open',
    outcome: null,
    reference_id: null,
    reference_name: null,
    opened_at: now,
    closed_at: null,
    joined_into: null,
  })
  await addCaseUnit(db, caseId, 'inps/ccm/ccm-pensioni/')
  await addCaseUnit(db, caseId, unitPath)
  await db
    .insertInto('ticket')
    .values({
      id,
      case_id: caseId,
      kind: 'linea',
      state,
      unit_id: unitId,
      unit_name: unitId,
      unit_path: unitPath,
      centre_id: unitPath.split('/').at(2) ?? '',
      centre_name: 'CRIC',
      region_code: '12',
      claimed_by: given.claimedBy ?? (state === 'pool' ? null : member),
      claimed_by_name: 'Paola Neri',
      directorate_id: given.directorate ?? null,
      directorate_name: given.directorate ?? null,
      directorate_path: given.directorate ? `inps/${given.directorate}/` : null,
      directorate_answer: null,
      question: 'Domanda in lavorazione da 80 giorni',
      reply_kind: 'email',
      reply_address: 'giulia@example.org',
      answer: state === 'answered' ? 'ecco' : null,
      due_at: new Date(given.dueAt ?? start),
      opened_at: now,
      closed_at: state === 'closed' ? now : null,
      sent_by: member,
      sent_by_name: 'Anna Bianchi',
      sent_by_unit: 'CCM Pensioni',
      office_name: null,
      derivation: '{}',
      derived_unit_id: unitId,
      correction_reason: null,
      second_contact: false,
    })
    .execute()
  return { id, caseId, code }
}

const pool = { column: 'unit_id', value: 'cric-lazio-pensioni' } as const

describe('tickets', () => {
  eachDatabase(open => {
    test('come due first, page by page, several states merged', async () => {
      const { house } = await open()
      const db = house.database.kysely
      const states: TicketState[] = ['pool', 'claimed', 'returned']
      for (let i = 0; i < 23; i++) await ticket(house, { state: states[i % 3] ?? 'pool', dueAt: start + ((i * 7) % 5) * hour })
      await ticket(house, { state: 'closed' })
      await ticket(house, { unitPath: 'inps/dr-lazio/cric-lazio/cric-lazio-contributori/' })
      const seen: { due: number; id: string }[] = []
      let after: ListKey | undefined
      for (;;) {
        const rows = await listTickets(db, { place: pool, states, scope: lazio, after, limit: 5 })
        seen.push(...rows.map(row => ({ due: row.due_at.getTime(), id: row.id })))
        const last = rows.at(-1)
        if (!last) break
        after = { at: last.due_at, id: last.id }
      }
      expect(seen).toHaveLength(23)
      expect(new Set(seen.map(each => each.id)).size).toBe(23)
      expect(seen.map(each => each.due)).toEqual(seen.map(each => each.due).sort((a, b) => a - b))
      const newest = await listTickets(db, { place: pool, states, scope: lazio, limit: 100, newestFirst: true })
      expect(newest.map(row => row.id)).toEqual(seen.map(each => each.id).reverse())
    })

    test('of another region are not there, in any list or by any name', async () => {
      const { house } = await open()
      const db = house.database.kysely
      const theirs = await ticket(house, { unitPath: 'inps/dr-lombardia/cric-lombardia/cric-lombardia-pensioni/' })
      const near = await ticket(house, { unitPath: 'inps/dr-lazio/cric-lazio-sud/cric-lazio-sud-pensioni/' })
      for (const { id, caseId, code } of [theirs, near]) {
        expect(await readTicket(db, id, lazio)).toBeUndefined()
        expect(await readCase(db, caseId, lazio)).toBeUndefined()
        expect(await caseByCode(db, code, lazio)).toBeUndefined()
        expect(await readTicket(db, id, everything)).toMatchObject({ id })
        expect(await caseByCode(db, code, everything)).toMatchObject({ id: caseId })
      }
      const place = { column: 'unit_id', value: 'cric-lombardia-pensioni' } as const
      expect(await listTickets(db, { place, states: ['pool'], scope: lazio, limit: 10 })).toEqual([])
      const [row] = await listTickets(db, { place, states: ['pool'], scope: everything, limit: 10 })
      expect(row?.id).toBe(theirs.id)
      expect(await openCases(db, [row?.contact_id ?? ''], lazio)).toEqual([])
      expect(await openCases(db, [row?.contact_id ?? ''], everything)).toHaveLength(1)
    })

    test('a directorate gets what it was asked, a member what is in hand', async () => {
      const { house } = await open()
      const db = house.database.kysely
      const asked = await ticket(house, { state: 'forwarded', directorate: 'dc-pensioni' })
      await ticket(house, { state: 'forwarded', directorate: 'dc-entrate' })
      await ticket(house, { state: 'closed' })
      const directorate = { all: false, under: 'inps/dc-pensioni/' } as const
      const place = { column: 'directorate_id', value: 'dc-pensioni' } as const
      const rows = await listTickets(db, { place, states: ['forwarded'], scope: directorate, limit: 10 })
      expect(rows.map(row => row.id)).toEqual([asked.id])
      const own = { column: 'claimed_by', value: member } as const
      expect(await listTickets(db, { place: own, states: ['claimed', 'forwarded'], scope: lazio, limit: 10 })).toHaveLength(2)
      expect(await countOwn(db, member)).toBe(2)
      expect(await countOwn(db, member, 1)).toBe(1)
    })

    test('are counted as they change, whatever is done with them', async () => {
      const { house } = await open()
      const db = house.database.kysely
      const units = ['cric-lazio-pensioni', 'cric-lazio-contributori']
      const path = (unit: string) => `inps/dr-lazio/cric-lazio/${unit}/`
      const ids: string[] = []
      const step = fc.record({
        which: fc.nat(),
        state: fc.constantFrom(...ticketStates),
        unit: fc.constantFrom(...units),
        directorate: fc.constantFrom(null, 'dc-pensioni', 'dc-entrate'),
        create: fc.boolean(),
      })
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 12 }), async steps => {
          for (const { which, state, unit, directorate, create } of steps) {
            if (create || ids.length === 0) ids.push((await ticket(house, { unitPath: path(unit) })).id)
            else
              await updateTicket(db, ids[which % ids.length] ?? '', {
                state,
                unit_id: unit,
                unit_path: path(unit),
                directorate_id: directorate ?? (state === 'forwarded' ? 'dc-pensioni' : null),
                directorate_path: directorate ? `inps/${directorate}/` : 'inps/dc-pensioni/',
                claimed_by: state === 'pool' ? null : member,
                answer: state === 'answered' ? 'x' : null,
                closed_at: state === 'closed' ? new Date(start) : null,
              })
          }
          const { rows } = await sql<{ unit_id: string; state: TicketState; tickets: number }>`
            select unit_id, state, count(*)::int as tickets from (
              select unit_id, state from ticket union all
              select directorate_id, state from ticket where directorate_id is not null) each
            group by 1, 2 order by 1, 2`.execute(db)
          const kept = (await ticketCountsOf(db, [...units, 'dc-pensioni', 'dc-entrate'])).filter(row => row.tickets > 0)
          const inOrder = kept.sort((a, b) => `${a.unit_id} ${a.state}`.localeCompare(`${b.unit_id} ${b.state}`))
          expect(inOrder).toEqual(rows)
        }),
        { numRuns: 8 },
      )
    })
  })

  onPostgres(open => {
    test('with 60,000 of them, each list is read along its index', async () => {
      const { house } = await open()
      const db = house.database.kysely
      await fill(house, 60_000)
      await analyse(db)
      const after = { at: new Date(start + 20 * hour), id: house.ids() }
      const [ofSection] = await plansOf(db, one =>
        listTickets(one, { place: pool, states: ['pool', 'claimed'], scope: lazio, after, limit: 31 }),
      )
      expect(ofSection?.indexes).toContain('ticket_of_section')
      const centre = { column: 'centre_id', value: 'cric-lazio' } as const
      const [ofCentre] = await plansOf(db, one => listTickets(one, { place: centre, states: ['pool'], scope: lazio, limit: 31 }))
      expect(ofCentre?.indexes).toContain('ticket_of_centre')
      const directorate = { column: 'directorate_id', value: 'dc-pensioni' } as const
      const [atDirectorate] = await plansOf(db, one =>
        listTickets(one, { place: directorate, states: ['forwarded'], scope: everything, limit: 31 }),
      )
      expect(atDirectorate?.indexes).toContain('ticket_of_directorate')
      const [own] = await plansOf(db, one =>
        listTickets(one, { place: { column: 'claimed_by', value: member }, states: ['claimed'], scope: lazio, after, limit: 31 }),
      )
      expect(own?.indexes).toContain('ticket_of_member')
      const [byAge] = await plansOf(db, one =>
        listTickets(one, { place: pool, states: ['pool'], scope: lazio, order: 'age', limit: 31 }),
      )
      expect(byAge?.indexes).toContain('ticket_of_section_by_age')
      const [counted] = await plansOf(db, one => countOwn(one, member))
      expect(counted?.indexes).toContain('ticket_of_member')
      const section = 'cric-lazio-pensioni'
      const moments = { now: new Date(start), tomorrow: new Date(start + 24 * hour) }
      const inHand = await plansOf(db, async one => {
        await holdersIn(one, section)
        await cardsOf(one, section, [member])
        await countsOf(one, section, [member], moments)
      })
      expect(inHand).toHaveLength(3)
      for (const plan of inHand) expect(plan.indexes).toContain('ticket_in_hand_of_section')
      const proposed = await plansOf(db, async one => {
        await poolColumn(one, section, moments)
        await ticketsToPropose(one, section, [member], moments.tomorrow)
      })
      for (const plan of proposed) expect(plan.indexes).toContain('ticket_of_section')
      const [closed] = await plansOf(db, one => handledSince(one, [member], new Date(start - 24 * hour)))
      expect(closed?.indexes).toContain('ticket_closed_by_member')
      const narrowing = { condition: "'x'", typologyIds: ['vecchiaia'], waiting: 'colleague', ownerId: member } as const
      const [narrowed] = await plansOf(db, one =>
        listTickets(one, { place: pool, states: ['claimed'], scope: lazio, narrowing, limit: 31 }),
      )
      // Of these there is nothing here: an empty table is read without an index.
      const empty = ['answer_draft', 'ticket_question', 'case_index']
      for (const plan of [...inHand, ...proposed, closed, narrowed])
        expect(
          plan?.scanned.filter(table => !empty.includes(table)),
          plan?.text,
        ).toEqual([])
      const [byCode] = await plansOf(db, one => caseByCode(one, '1000000123', lazio))
      expect(byCode?.indexes).toEqual(expect.arrayContaining(['case_code_key', 'case_unit_pkey']))
      await sql`
        insert into ticket_deadline (ticket_id, kind, started_at, due_at, next_at)
        select id, 'solution', opened_at, due_at, case when state <> 'closed' then due_at end from ticket`.execute(db)
      await analyse(db)
      const [next] = await plansOf(db, one => deadlinesToTell(one, new Date(start), { except: [], limit: 100 }))
      expect(next?.indexes).toEqual(['ticket_deadline_next'])
      const [anew] = await plansOf(db, one => openTicketsAfter(one, house.ids(), 200))
      expect(anew?.indexes).toEqual([expect.stringMatching(/^ticket_(open|pkey)$/)])
      for (const plan of [ofSection, ofCentre, atDirectorate, own, byAge, counted, byCode, next, anew])
        expect(plan?.scanned, plan?.text).toEqual([])
    })
  })
})

/** Many tickets at once, of twenty centres. */
async function fill(house: House, count: number): Promise<void> {
  // Their words are not asked for here: the index would take most of the time.
  const write = (statement: RawBuilder<unknown>) =>
    house.database.kysely.transaction().execute(async tx => {
      await indexLater(tx)
      await statement.execute(tx)
    })
  const one = await contact(house)
  const from = new Date(start)
  await write(sql`insert into "case" (id, code, contact_id, title, status, opened_at)
            select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, (1000000000 + n)::text, ${one}, 'x', 'open', ${from}::timestamptz
            from generate_series(1, ${count}) n`)
  await write(sql`insert into case_unit (case_id, unit_path) select id, ${section} from "case"`)
  // Transaction by transaction, as tickets come: within a single one, each count would go through all its earlier versions.
  const atOnce = 2_000
  for (let first = 1; first <= count; first += atOnce)
    await write(sql`
    insert into ticket (id, case_id, kind, state, unit_id, unit_name, unit_path, centre_id, centre_name, region_code, claimed_by, claimed_by_name,
                        directorate_id, directorate_path, question, reply_kind, reply_address, due_at, opened_at, sent_by, sent_by_name,
                        sent_by_unit, derivation, derived_unit_id, second_contact)
    select id, id, 'linea', (array['pool', 'claimed', 'forwarded'])[n % 3 + 1],
           'cric-lazio-' || (array['pensioni', 'contributori'])[n % 2 + 1], 'x', ${section},
           (array['cric-lazio', 'cric-lombardia'])[n % 2 + 1], 'x', '12',
           case when n % 3 > 0 then (case when n % 200 = 1 then ${member} else gen_random_uuid()::text end)::uuid end, 'x',
           case when n % 3 = 2 then (array['dc-pensioni', 'dc-entrate'])[n % 2 + 1] end, 'inps/dc-pensioni/', 'x', 'email', 'a@example.org',
           ${from}::timestamptz + n * interval '1 minute', ${from}::timestamptz, id, 'x', 'x', '{}', 'x', false
    from (select id, code::bigint - 1000000000 as n from "case") numbered where n between ${first} and ${first + atOnce - 1}`)
}
