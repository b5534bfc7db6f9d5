/** Cases follow the agenda: what a concluded appointment does to its case, once, however often the program dies in between. */
import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { openMatter, service, smallAgenda } from '../../test/support/agenda.ts'
import { onOneSession, onPostgres } from '../../test/support/database.ts'
import { staff } from '../../test/support/staff.ts'
import { cancelAppointment, checkIn, concludeAppointment, confirmHold, moveAppointment, noShow } from '../agenda/appointments.ts'
import { takeHold } from '../agenda/index.ts'
import { type House, inTransaction, uuids, virtualClock } from '../platform/index.ts'
import { setReference } from './continuity/service.ts'
import { followAppointments, startCases } from './follow-appointments.ts'
import { caseView } from './views.ts'

const { anna, luca, agency, otherAgency, headquarters } = staff

/** Tuesday 24 November 2026, 10:00 in Rome. */
const tuesday = Date.UTC(2026, 10, 24, 9)
const times = ['09:00', '09:30', '10:00', '10:30', '11:00', '11:30', '14:00', '14:30']
const at = (index: number) => `2026-11-27T${times[index] ?? ''}:00+01:00`

interface Booked {
  caseId: string
  appointmentId: string
}

async function book(house: House, index: number): Promise<Booked> {
  const hold = await takeHold(house, anna, { unitId: 'ag-roma-eur', serviceId: service.id, start: at(index) })
  const matter = await openMatter(house, { email: null })
  const input = { holdId: hold.id, reason: 'Vuole capire i contributi.', ...matter }
  const { id } = await inTransaction(house, anna, work => confirmHold(work, input))
  return { ...matter, appointmentId: id }
}

/** On the day of the appointment, whatever the day of the story. */
const conclude = (house: House, appointmentId: string) =>
  concludeAppointment({ ...house, clock: virtualClock(Date.parse(at(7))) }, agency, {
    appointmentId,
    outcome: 'resolved',
    text: 'Fascicolo ricostruito.',
  })

const closings = async (house: House, caseId: string) => {
  const rows = await house.database.kysely
    .selectFrom('event')
    .select('payload')
    .where('case_id', '=', caseId)
    .where('type', '=', 'case.closed')
    .execute()
  return rows.map(row => row.payload)
}

/** Hears from the journal when cases are closed. */
async function closingsIn(house: House, booked: readonly Booked[]) {
  const closed = new Map(booked.map(({ caseId }) => [caseId, Promise.withResolvers<void>()]))
  const stop = await house.tail.follow(entries => {
    for (const entry of entries) if (entry.type === 'case.closed') closed.get(entry.subjects.case ?? '')?.resolve()
  })
  return { of: ({ caseId }: Booked) => closed.get(caseId)?.promise, stop }
}

const status = async (house: House, caseId: string) => (await caseView(house, headquarters, caseId)).status

onOneSession(open => {
  let shared: House
  beforeAll(async () => {
    shared = (await open()).house
  })
  const opened = async () => {
    const clock = virtualClock(tuesday)
    const own = { ...shared, clock, ids: uuids(clock) }
    await smallAgenda(own)
    return { house: own, clock }
  }

  test('a concluded appointment closes its case, once; cancelled and missed ones leave theirs open and write nothing', async () => {
    const { house, clock } = await opened()
    const [concluded, cancelled, missed] = [await book(house, 0), await book(house, 1), await book(house, 2)]
    await conclude(house, concluded.appointmentId)
    await cancelAppointment(house, anna, {
      appointmentId: cancelled.appointmentId,
      reason: 'Il cittadino non può.',
      by: 'citizen',
    })
    clock.advance(4 * 86_400_000)
    await noShow(house, agency, { appointmentId: missed.appointmentId })
    await followAppointments(house)
    await followAppointments(house)
    expect(await caseView(house, headquarters, concluded.caseId)).toMatchObject({ status: 'closed', outcome: 'appointment' })
    expect(await closings(house, concluded.caseId)).toEqual([{ outcome: 'appointment' }])
    for (const { caseId } of [cancelled, missed]) {
      expect(await status(house, caseId)).toBe('open')
      expect(await closings(house, caseId)).toEqual([])
    }
  })

  test('an office to which an appointment was moved sees the case from then on', async () => {
    const { house } = await opened()
    const { caseId, appointmentId } = await book(house, 0)
    await expect(caseView(house, otherAgency, caseId)).rejects.toMatchObject({ status: 404 })
    const start = at(3)
    const { id: holdId } = await takeHold(house, anna, { unitId: 'ag-milano-nord', serviceId: service.id, start })
    await moveAppointment(house, anna, { appointmentId, holdId })
    await followAppointments(house)
    expect(await caseView(house, otherAgency, caseId)).toMatchObject({ status: 'open' })
  })

  test('that a citizen has arrived is told to who goes on with the case and is at work, and to nobody else', async () => {
    const { house } = await opened()
    const arrive = async ({ caseId, appointmentId }: Booked) => {
      await checkIn({ ...house, clock: virtualClock(Date.parse(at(0))) }, agency, { appointmentId })
      await followAppointments(house)
      await followAppointments(house)
      const told = house.database.kysely.selectFrom('event').select(['person_id', 'payload']).where('case_id', '=', caseId)
      return told.where('type', '=', 'case.arrival').execute()
    }
    const [away, here, own] = [await book(house, 0), await book(house, 1), await book(house, 2)]
    const follows = ({ caseId }: Booked, person: typeof luca | typeof agency) =>
      inTransaction(house, person, work =>
        setReference(work, { caseId, contactId: house.ids(), units: [] }, { id: person.personId, name: person.name }, 'chosen'),
      )
    await follows(away, luca)
    await follows(here, luca)
    await follows(own, agency)
    const says = async (state: 'available' | 'signed-out') => {
      const row = { person_id: luca.personId, state, reason: null, since: new Date(), until: null, call_id: null, offer: null }
      await house.database.kysely
        .insertInto('agent_status')
        .values(row)
        .onConflict(conflict => conflict.column('person_id').doUpdateSet({ state }))
        .execute()
    }
    await says('signed-out')
    expect(await arrive(away)).toEqual([])
    await says('available')
    expect(await arrive(here)).toEqual([
      { person_id: luca.personId, payload: { appointmentId: here.appointmentId, name: luca.name } },
    ])
    // Whoever received the citizen goes on with the case already.
    expect(await arrive(own)).toEqual([])
  })

  test('dying between the case and the place that was read changes neither; the next start does both', async () => {
    const { house } = await opened()
    const [first, second] = [await book(house, 0), await book(house, 1)]
    await conclude(house, first.appointmentId)
    await followAppointments(house)
    await conclude(house, second.appointmentId)
    const db = house.database.kysely
    // The case is closed first; then the place cannot be moved, and the transaction ends as it does when the program dies there.
    await sql`create function refuse_move() returns trigger language plpgsql as 'begin raise exception ''died here''; end'`.execute(
      db,
    )
    await sql`create trigger dies before update on case_follower for each row execute function refuse_move()`.execute(db)
    await expect(followAppointments(house)).rejects.toThrow('died here')
    expect(await status(house, second.caseId)).toBe('open')
    await sql`drop trigger dies on case_follower`.execute(db)
    await followAppointments(house)
    expect(await status(house, second.caseId)).toBe('closed')
    for (const { caseId } of [first, second]) expect(await closings(house, caseId)).toHaveLength(1)
  })

  test('started again in the middle, it does what is left over and then what comes', async () => {
    const { house } = await opened()
    const [before, during, after] = [await book(house, 0), await book(house, 1), await book(house, 2)]
    const closing = await closingsIn(house, [before, during, after])
    await conclude(house, before.appointmentId)
    const first = await startCases(house)
    await closing.of(before)
    await conclude(house, during.appointmentId)
    await closing.of(during)
    await first.close()
    await conclude(house, after.appointmentId)
    const second = await startCases(house)
    await closing.of(after)
    await second.close()
    closing.stop()
    for (const { caseId } of [before, during, after]) expect(await closings(house, caseId)).toHaveLength(1)
  })
})

onPostgres(open => {
  test('two nodes follow at once: each case is closed once', async () => {
    const clock = virtualClock(tuesday)
    const { house, another } = await open()
    const nodes = [house, await another()].map(node => ({ ...node, clock, ids: uuids(clock) }))
    const [one, two] = nodes
    if (!one || !two) throw new Error('two nodes are needed')
    await smallAgenda(one)
    const booked: Booked[] = []
    for (const index of times.keys()) booked.push(await book(one, index))
    const closing = await closingsIn(one, booked)
    const followers = await Promise.all(nodes.map(startCases))
    await Promise.all(booked.map(({ appointmentId }, i) => conclude(i % 2 ? one : two, appointmentId)))
    await Promise.all(booked.map(closing.of))
    await Promise.all([followAppointments(one), followAppointments(two)])
    await Promise.all(followers.map(follower => follower.close()))
    closing.stop()
    for (const { caseId } of booked) expect(await closings(one, caseId)).toEqual([{ outcome: 'appointment' }])
  })
})
