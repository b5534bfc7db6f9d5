import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { goOnWithSample, removeSample } from '../sample/index.ts'
import { citizensToBe, livingDays } from '../sample/living/index.ts'
import { appointmentConcluded } from '../src/agenda/index.ts'
import { recomputeBatch } from '../src/cases/deadlines/recompute.ts'
import { indexOldCases } from '../src/cases/finding/index-old-cases.ts'
import { casesBehind, resultsOf } from '../src/cases/results/service.ts'
import { readFiscalCode } from '../src/contacts/index.ts'
import { followSums } from '../src/monitoring/index.ts'
import { type House, sampleMark, sealJournal, verifyJournal } from '../src/platform/index.ts'
import { onEmbedded } from './support/database.ts'
import { staff } from './support/staff.ts'

/** A Wednesday, shortly before noon in Rome. */
const now = Date.parse('2026-11-25T10:40:00Z')

const rowsOf = async <T>(house: House, query: ReturnType<typeof sql<T>>): Promise<T[]> =>
  (await query.execute(house.database.kysely)).rows

const countOf = async (house: House, query: ReturnType<typeof sql<{ n: number }>>): Promise<number> =>
  (await rowsOf(house, query))[0]?.n ?? 0

/** Gives the small sample its days, as a start would; the first one is cut off in the middle. */
async function live(house: House): Promise<void> {
  const days = { seed: 20_250_203, now, written: 0, done: false }
  await house.database.kysely
    .updateTable('setting')
    .set({ value: JSON.stringify({ loaded: true, days }) })
    .where('name', '=', sampleMark)
    .execute()
  const cutOff = new Error('killed')
  await expect(
    goOnWithSample(house, written => {
      if (written === 20) throw cutOff
    }),
  ).rejects.toBe(cutOff)
  const told: number[] = []
  await goOnWithSample(house, written => {
    told.push(written)
  })
  expect(told[0]).toBe(21)
  expect(told.at(-1)).toBe(livingDays)
}

onEmbedded(open => {
  test('the sample has been at work for six weeks, and everything in it fits together', async () => {
    const { house } = await open()
    await live(house)
    const count = (query: ReturnType<typeof sql<{ n: number }>>) => countOf(house, query)

    // Whom one can be on the telephone of the page: each has something open.
    expect((await citizensToBe(house.database.kysely)).map(({ waitsFor }) => waitsFor)).toEqual(['answer', 'answer', 'visit'])

    // Its cases are found as soon as the worker has been there.
    expect(await count(sql`select count(*)::int as n from case_index`)).toBe(0)
    while ((await indexOldCases(house, 300)) > 0);
    expect(
      await count(sql`
        select count(*)::int as n from case_index_source source left join case_index using (case_id)
        where  case_index.words is distinct from source.words`),
    ).toBe(0)

    // There is enough of it.
    expect(await count(sql`select count(*)::int as n from contact`)).toBeGreaterThan(2_000)
    expect(await count(sql`select count(*)::int as n from interaction`)).toBeGreaterThan(3_000)
    expect(await count(sql`select count(distinct typology_id)::int as n from "case"`)).toBeGreaterThanOrEqual(40)
    expect(await count(sql`select count(distinct question)::int as n from interaction`)).toBeGreaterThan(2_500)
    // Citizens who are written to by post, whose letters the agency of the tour prints.
    expect(
      await count(sql`select count(*)::int as n from appointment_letter where state = 'open' and unit_id = 'ag-roma-eur'`),
    ).toBeGreaterThanOrEqual(2)
    const states = await rowsOf(house, sql<{ state: string }>`select distinct state from ticket order by state`)
    expect(states.map(({ state }) => state)).toEqual(['answered', 'claimed', 'closed', 'forwarded', 'pool', 'returned'])
    // Deadlines are what the program would make of them; some wait for their citizen, some are urgent, some were told.
    const deadlines = () =>
      rowsOf(
        house,
        sql<{ due: Date | null }>`select ticket_id, kind, due_at, warn_at, raise_at, told from ticket_deadline order by 1, 2`,
      )
    const before = await deadlines()
    await sql`insert into deadline_recompute (id, asked_at, unit_path) values (${house.ids()}, now(), '')`.execute(
      house.database.kysely,
    )
    while (await recomputeBatch(house));
    expect(await deadlines()).toEqual(before)
    expect(await count(sql`select count(*)::int as n from ticket where waiting_since is not null`)).toBeGreaterThan(3)
    expect(await count(sql`select count(*)::int as n from ticket where priority = 'urgent'`)).toBeGreaterThan(1)
    expect(await count(sql`select count(*)::int as n from ticket_deadline where told > 0`)).toBeGreaterThan(5)
    const visits = await rowsOf(house, sql<{ state: string }>`select distinct state from appointment order by state`)
    expect(visits.map(({ state }) => state)).toEqual(expect.arrayContaining(['booked', 'cancelled', 'concluded', 'no-show']))
    expect(
      await count(sql`select count(*)::int as n from appointment where unit_id = 'ag-roma-eur' and starts_at > ${new Date(now)}`),
    ).toBeGreaterThan(3)
    // Some of them are received together.
    expect(
      await count(sql`
        select coalesce(max(size), 0)::int as n
        from   (select count(*) as size from appointment join agenda_calendar calendar on calendar.id = calendar_id
                where is_group group by calendar_id, starts_at) together`),
    ).toBeGreaterThan(1)
    expect(await count(sql`select count(*)::int as n from mail where state = 'queued'`)).toBeGreaterThan(0)
    expect(await count(sql`select count(*)::int as n from event where at > ${new Date(now)}`)).toBe(0)

    // Every case has an owner, every ended thing its end.
    expect(
      await count(sql`
        select count(*)::int as n from "case"
        where status = 'open' and not exists (select 1 from ticket where case_id = "case".id and state <> 'closed')
        and   not exists (select 1 from appointment where case_id = "case".id and state <> 'concluded')`),
    ).toBe(0)
    expect(await count(sql`select count(*)::int as n from ticket where state in ('closed', 'answered') and answer is null`)).toBe(
      0,
    )
    expect(
      await count(sql`
        select count(*)::int as n from ticket where state = 'closed'
        and not exists (select 1 from message where case_id = ticket.case_id and text = ticket.answer)`),
    ).toBe(0)
    expect(
      await count(sql`
        select count(*)::int as n from ticket join "case" on "case".id = case_id
        where (state = 'closed') <> ("case".status = 'closed')`),
    ).toBe(0)
    expect(await count(sql`select count(*)::int as n from interaction where (state = 'answered') <> (answer is not null)`)).toBe(
      0,
    )
    expect(
      await count(sql`
        select count(*)::int as n from ticket
        join (select unit_id, state, count(*)::int as tickets from ticket group by unit_id, state) real using (unit_id, state)
        left join ticket_count kept using (unit_id, state) where kept.tickets is distinct from real.tickets`),
    ).toBe(0)

    // Nobody is in two places at once, and no time is booked twice.
    expect(
      await count(sql`
        select count(*)::int as n from appointment one join appointment other
        on one.id < other.id and one.contact_id = other.contact_id and one.starts_at < other.ends_at and other.starts_at < one.ends_at
        where one.state <> 'cancelled' and other.state <> 'cancelled'`),
    ).toBe(0)
    expect(
      await count(sql`
        select count(*)::int as n from appointment where state <> 'cancelled'
        and not exists (select 1 from agenda_taken where appointment_id = appointment.id and starts_at = appointment.starts_at)`),
    ).toBe(0)
    expect(
      await count(sql`
        select count(*)::int as n from appointment
        where not exists (
          select 1 from agenda_opening span
          where span.calendar_id = appointment.calendar_id
          and   weekday = extract(isodow from starts_at at time zone 'Europe/Rome')
          and   extract(epoch from (starts_at at time zone 'Europe/Rome')::time) / 60 >= opens
          and   extract(epoch from (ends_at at time zone 'Europe/Rome')::time) / 60 <= closes)`),
    ).toBe(0)

    // No text stands twice in a list.
    for (const list of [
      sql<{
        n: number
      }>`select count(*)::int as n from (select 1 from ticket group by centre_id, state, question having count(*) > 1) twice`,
      sql<{ n: number }>`select count(*)::int as n from (select 1 from interaction group by question having count(*) > 1) twice`,
      sql<{ n: number }>`select count(*)::int as n from (select 1 from interaction where answer is not null
                         group by contact_id, answer having count(*) > 1) twice`,
    ])
      expect(await count(list)).toBe(0)
    const kinds = await rowsOf(house, sql<{ question: string }>`select question from interaction`)
    // Told apart without the words that vary.
    const plain = new Set(
      kinds.map(({ question }) =>
        question
          .replace(/^Chiamo da [^.]*\. /, '')
          .replace(/[\d.,]+|\p{Lu}\p{L}*/gu, '')
          .slice(0, 60),
      ),
    )
    expect(plain.size).toBeGreaterThanOrEqual(400)

    // The people could exist.
    const codes = await rowsOf(
      house,
      sql<{ fiscal_code: string; birth: string }>`select fiscal_code, to_char(birth_date, 'YYYY-MM-DD') as birth from contact`,
    )
    for (const { fiscal_code: code, birth } of codes) {
      const read = readFiscalCode(code, '2026-11-25')
      expect(read.ok && read.value.kind === 'person' && [read.value.birthDate, read.value.otherBirthDate]).toContain(birth)
    }

    // What telephony told is what the sums say.
    await followSums(house)
    const sumsOf = () =>
      rowsOf(
        house,
        sql<{ joined: number; answered: number; abandoned: number }>`
          select sum(joined)::int as joined, sum(answered)::int as answered, sum(abandoned)::int as abandoned
          from   half_hour_sum join sum_follower using (generation) where is_current`,
      )
    const counted = {
      joined: await count(sql`select count(*)::int as n from event where type = 'call.queued'`),
      answered: await count(sql`select count(*)::int as n from event where type = 'call.connected'`),
      abandoned: await count(sql`select count(*)::int as n from event where type = 'call.left-queue'`),
    }
    expect(await sumsOf()).toEqual([counted])
    expect(counted.abandoned).toBeGreaterThan(50)
    expect(await count(sql`select count(*)::int as n from call`)).toBe(counted.joined)
    expect(await count(sql`select count(*)::int as n from event where type = ${appointmentConcluded.type}`)).toBe(
      await count(sql`select count(*)::int as n from appointment where state = 'concluded'`),
    )

    // How the cases went is what the rules of second contacts say of them, and what is told of them.
    const [went] = await rowsOf(
      house,
      sql<{ cases: number; closed: number; back: number; wrong: number }>`
        select count(*)::int as cases, count(closed_on)::int as closed, count(repeat_id)::int as back,
               count(*) filter (where repeat_id is not null and not (
                 again.contact_id = result.contact_id and again.opened_at > result.closed_at and again.opened_at <= result.closed_at + interval '7 days'
                 and (again.typology_id = result.typology_id or again.case_id = result.case_id)))::int as wrong
        from   case_result result left join interaction again on again.id = repeat_id`,
    )
    expect(went).toMatchObject({ cases: await count(sql`select count(*)::int as n from "case"`), wrong: 0 })
    expect((went?.back ?? 0) / (went?.closed ?? 1)).toBeGreaterThan(0.04)
    expect((went?.back ?? 0) / (went?.closed ?? 1)).toBeLessThan(0.15)
    for (const by of ['section', 'typology', 'region', 'channel'] as const) {
      const months = await Promise.all(['2026-10', '2026-11'].map(month => resultsOf(house, staff.headquarters, { month, by })))
      for (const { total, rows } of months) {
        expect(total.resolved / total.firstContacts, by).toBeGreaterThan(0.3)
        expect(total.resolved / total.firstContacts, by).toBeLessThan(0.8)
        expect(Math.min(...Object.values(total.causes)), by).toBeGreaterThan(0)
        expect(rows.reduce((sum, row) => sum + row.repeated, 0)).toBe(total.repeated)
        expect(rows.every(row => by === 'channel' || row.name !== null)).toBe(true)
      }
      expect(months.reduce((sum, { total }) => sum + total.closed, 0)).toBe(went?.closed)
      expect(months.reduce((sum, { total }) => sum + total.repeated, 0)).toBe(went?.back)
    }
    // Counted row by row, as they are while people work, the sums are the same.
    await sql`select count_case_result(result, 1) from case_result result`.execute(house.database.kysely)
    const sumsIn = (table: string) =>
      rowsOf(
        house,
        sql`
          select month::text, section_id, typology_id, region_code, channel, sum(first_contacts)::int, sum(resolved)::int as resolved,
                 sum(closed)::int as closed, sum(repeated)::int as repeated, sum(unclear)::int as unclear, sum(new_fact)::int as new_fact
          from   ${sql.table(table)} group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5`,
      )
    expect(await sumsIn('case_result_change')).toEqual(await sumsIn('case_result_sum'))
    await sql`delete from case_result_change`.execute(house.database.kysely)
    const behind = await casesBehind(house, staff.headquarters, { month: '2026-11', figure: 'repeated', limit: 200 })
    expect(behind.items.length).toBe(
      (await resultsOf(house, staff.headquarters, { month: '2026-11', by: 'channel' })).total.repeated,
    )

    const { total } = await resultsOf(house, staff.headquarters, { month: '2026-11', by: 'channel' })
    const unsaid = await casesBehind(house, staff.headquarters, {
      month: '2026-11',
      figure: 'repeated',
      cause: 'unsaid',
      limit: 200,
    })
    expect(unsaid.items.length).toBe(total.repeated - Object.values(total.causes).reduce((sum, n) => sum + n, 0))

    // The journal is sound.
    await sealJournal(house.database, house.clock.now())
    expect(await verifyJournal(house.database)).toMatchObject({ sound: true })

    // And all of it can be taken away again.
    await removeSample(house, 'en')
    for (const table of [
      'contact',
      'contact_unit_key',
      'case',
      'interaction',
      'ticket',
      'ticket_count',
      'case_result',
      'case_result_change',
      'case_result_sum',
      'call',
      'call_turn',
      'mail',
      'agenda_hold',
      'unit',
      'person',
    ])
      expect(await count(sql`select count(*)::int as n from ${sql.table(table)}`), table).toBe(0)
  }, 900_000)
})
