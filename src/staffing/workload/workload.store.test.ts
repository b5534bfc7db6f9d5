/** The workload as the journal tells it: kept as it grows it is what it is when counted anew, and the backlog is that of the tickets themselves. */
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { eachDatabase, onPostgres } from '../../../test/support/database.ts'
import { staff } from '../../../test/support/staff.ts'
import { answerTicket, withdrawAnswer } from '../../cases/answers.ts'
import { askCitizen, noteReply } from '../../cases/citizen-questions/service.ts'
import { tellDeadlines } from '../../cases/deadlines/telling.ts'
import { ticketClaimed } from '../../cases/events.ts'
import { openInteraction, sendLinea } from '../../cases/interactions.ts'
import { sendBackTicket } from '../../cases/sent/service.ts'
import {
  assignTicket,
  claimTicket,
  forwardTicket,
  handOverTicket,
  releaseTicket,
  returnTicket,
  takeOverTicket,
} from '../../cases/tickets.ts'
import { createContact, NewContact } from '../../contacts/index.ts'
import { type House, Refused, virtualClock } from '../../platform/index.ts'
import { randomOf } from '../../simulation/index.ts'
import { countWorkloadAnew, followWorkload } from './follow.ts'
import { weeksOf } from './store.ts'
import { regionWorkload } from './views.ts'

const { anna, paola, marco, coordinator, contributions, director, otherDirector, directorate } = staff
const hour = 3_600_000
const day = 24 * hour
/** A Monday, ten in the morning in Rome. */
const monday = Date.UTC(2027, 0, 11, 9)
const sections = ['cric-lazio-pensioni', 'cric-lazio-sostegno', 'cric-lazio-contributori', 'gai-lazio']

async function sent(house: House): Promise<string> {
  const card = NewContact.parse({ kind: 'person', familyName: 'Ferri', municipalityCode: '058091', phones: ['06 5959 4321'] })
  const contact = await createContact(house, anna, card)
  const { id } = await openInteraction(house, anna, { channel: 'counter' })
  const question = { contactId: contact.id, typologyId: 'vecchiaia', question: 'E la pensione?' }
  return (await sendLinea(house, anna, { id, ...question, replyTo: { email: 'giulia@example.org' } })).ticketId
}

const answered = (house: House, as: typeof paola, ticketId: string) =>
  answerTicket(house, as, { ticketId, answer: 'La pensione parte dal primo febbraio.', replyTo: { phone: '06 5959 4321' } })

const pensions = async (house: House, weeks = 4) => {
  const { sections: shown } = await regionWorkload(house, director, { weeks })
  return shown.find(({ id }) => id === 'cric-lazio-pensioni')?.weeks ?? []
}

const rowsOf = async (house: House) => {
  const read = async (table: string) =>
    (await sql`select * from ${sql.table(table)} each order by to_jsonb(each)::text`.execute(house.database.kysely)).rows
  // A week in which everything that came has gone again says the same as none.
  const says = (row: unknown) =>
    Object.values(row as Record<string, unknown>).some(value => typeof value === 'number' && value !== 0)
  return {
    weeks: (await read('workload_week')).filter(says),
    tickets: await read('workload_ticket'),
    steps: await read('workload_step'),
  }
}

eachDatabase(open => {
  test('arrivals, what is solved and in time, the backlog and its age, and the time in which something was in hand', async () => {
    const clock = virtualClock(monday)
    const { house } = await open({ clock })
    const [first, second, third] = [await sent(house), await sent(house), await sent(house)]
    clock.advance(hour)
    await claimTicket(house, paola, { ticketId: first })
    await claimTicket(house, paola, { ticketId: second })
    clock.advance(hour)
    await answered(house, paola, first)
    clock.advance(hour / 2)
    await answered(house, paola, second)
    await followWorkload(house)
    expect(await pensions(house)).toMatchObject([
      { week: '2026-12-21', arrived: 0, backlog: 0, ageHours: null },
      { week: '2026-12-28' },
      { week: '2027-01-04' },
      // An hour for the first, and half an hour more for the second.
      { week: '2027-01-11', arrived: 3, closed: 2, inTime: 2, backlog: 1, ageHours: 2.5, workedHours: 1.5 },
    ])

    // Nobody takes the third: two weeks later it is late, and solved too late.
    clock.advance(14 * day)
    await tellDeadlines(house)
    await claimTicket(house, marco, { ticketId: third })
    await answered(house, marco, third)
    await followWorkload(house)
    expect((await pensions(house)).slice(1)).toMatchObject([
      { week: '2027-01-11', backlog: 1 },
      { week: '2027-01-18', arrived: 0, backlog: 1 },
      { week: '2027-01-25', closed: 1, inTime: 0, backlog: 0, ageHours: null, workedHours: 0 },
    ])
    const live = await rowsOf(house)
    await countWorkloadAnew(house)
    expect(await rowsOf(house)).toEqual(live)
    // What cannot be read is gone on without, and said.
    await sql`
      insert into event (at, type, version, actor, case_id, payload)
      values (${new Date(clock.now())}, ${ticketClaimed.type}, 99, ${JSON.stringify({ kind: 'system', name: 'test' })}::jsonb,
              ${house.ids()}, ${JSON.stringify({ ticketId: third })}::jsonb)`.execute(house.database.kysely)
    await followWorkload(house)
    expect(await rowsOf(house)).toEqual(live)
    const aside = await house.database.kysely.selectFrom('unreadable_entry').select(['reader', 'type', 'why']).execute()
    expect(aside).toEqual([{ reader: 'workload', type: ticketClaimed.type, why: 'newer' }])
    // Another region has other sections.
    expect((await regionWorkload(house, otherDirector, { weeks: 4 })).sections.map(({ id }) => id)).not.toContain(sections[0])
    await expect(regionWorkload(house, paola, { weeks: 4 })).rejects.toMatchObject({ status: 403 })
  })
})

onPostgres(open => {
  test('whatever is done with tickets, counted as it comes it is what it is when counted anew, and the backlog is that of the tickets', async () => {
    const clock = virtualClock(monday)
    const { house, another } = await open({ clock })
    const beside = await another()
    const random = randomOf(20_270_111)
    const pick = <T>(things: readonly T[]): T => things[Math.floor(random() * things.length)] as T
    const tickets: string[] = []
    const note = 'Serve un parere sul cumulo'
    const actions: readonly ((as: typeof paola, ticketId: string) => Promise<unknown>)[] = [
      (as, ticketId) => claimTicket(house, as, { ticketId }),
      (as, ticketId) => claimTicket(house, as, { ticketId }),
      (as, ticketId) => answered(house, as, ticketId),
      (as, ticketId) =>
        answerTicket(house, as, { ticketId, answer: 'Con la prossima rata.', replyTo: { email: 'g@example.org' } }),
      (as, ticketId) => withdrawAnswer(house, as, { ticketId }),
      (as, ticketId) => releaseTicket(house, as, { ticketId }),
      (as, ticketId) =>
        handOverTicket(house, as, { ticketId, personId: pick([paola, marco]).personId, note: '', despiteDraft: true }),
      (_, ticketId) => takeOverTicket(house, coordinator, { ticketId, despiteDraft: true }),
      (as, ticketId) => forwardTicket(house, as, { ticketId, reason: note }),
      (_, ticketId) => returnTicket(house, directorate, { ticketId, answer: 'Il cumulo spetta.', generalInterest: false }),
      (as, ticketId) => askCitizen(house, as, { ticketId, question: 'Ha lavorato in Germania?' }),
      (as, ticketId) => noteReply(house, as, { ticketId }),
      (as, ticketId) => sendBackTicket(house, as, { ticketId, reason: 'Non serve il secondo livello.' }),
      (_, ticketId) =>
        assignTicket(house, coordinator, {
          ticketId,
          unitId: pick(sections),
          reason: 'Riguarda i contributi',
          despiteDraft: true,
        }),
    ]
    let done = 0
    for (let n = 0; n < 300; n++) {
      if (n % 12 === 0) tickets.push(await sent(house))
      clock.advance(Math.floor(random() * 5 * hour))
      done += await pick(actions)(pick([paola, marco, coordinator, contributions]), pick(tickets.slice(-5))).then(
        () => 1,
        (error: unknown) => {
          if (error instanceof Refused) return 0
          throw error
        },
      )
      // Two nodes follow at once, and each entry is counted once.
      if (n % 11 === 0) await Promise.all([followWorkload(house), followWorkload(beside)])
      if (n % 20 === 0) await tellDeadlines(house)
    }
    expect(done).toBeGreaterThan(40)
    await followWorkload(house)
    const live = await rowsOf(house)
    const { kysely } = house.database
    const { rows } = await sql<{ unit_id: string; open: number }>`
      select unit_id, count(*)::int as open from ticket
      where  state in ('pool', 'claimed', 'returned') and waiting_since is null and opened_at >= ${new Date(monday)}
      group  by unit_id order by unit_id`.execute(kysely)
    const backlogs = Map.groupBy(await weeksOf(kysely, sections), row => row.section_id)
    const counted = [...backlogs].map(([unit_id, weeks]) => ({
      unit_id,
      open: weeks.reduce((sum, each) => sum + each.backlog, 0),
    }))
    expect(counted.filter(({ open }) => open !== 0)).toEqual(rows)
    await countWorkloadAnew(house)
    expect(await rowsOf(house)).toEqual(live)
  })
})
