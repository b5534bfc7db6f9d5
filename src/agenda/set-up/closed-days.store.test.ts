/** A region is closed for a day: how many people are booked there, how an office sees them and acts, and what two officers who act at once get. */
import { expect, test } from 'vitest'
import { openMatter, service, smallAgenda } from '../../../test/support/agenda.ts'
import { type OpenHouse, onPostgres } from '../../../test/support/database.ts'
import { staff } from '../../../test/support/staff.ts'
import { decideClosure, withdrawClosure } from '../../organisation/index.ts'
import {
  addDays,
  type House,
  instantOf,
  inTransaction,
  type PersonActor,
  type VirtualClock,
  virtualClock,
} from '../../platform/index.ts'
import { confirmHold } from '../appointments.ts'
import { takeHold } from '../holds.ts'
import { bookedOnDays, displacedView, rebookDisplaced } from './closed-days.ts'
import type { Displaced } from './model.ts'
import { saveSetUp, setUpView } from './service.ts'

const [eur, centre, milan] = ['ag-roma-eur', 'ag-roma', 'ag-milano-nord']
const manager: PersonActor = { ...staff.agency, role: 'agency_manager' }
const { director, headquarters } = staff
const region = director.unitId
const monday = '2026-11-30'
const tuesday = addDays(monday, 1)
const at = (day: string, minutes: number) => new Date(instantOf('Europe/Rome', day, minutes)).toISOString()

let clock: VirtualClock

async function begin(open: OpenHouse): Promise<House> {
  // A Tuesday.
  clock = virtualClock(Date.UTC(2026, 10, 24, 9))
  const { house } = await open({ clock })
  await smallAgenda(house)
  return house
}

async function book(house: House, unitId: string, start: string): Promise<string> {
  const hold = await takeHold(house, staff.anna, { unitId, serviceId: service.id, start })
  const matter = await openMatter(house)
  const booked = await inTransaction(house, staff.anna, work =>
    confirmHold(work, { holdId: hold.id, reason: 'Pensione', ...matter }),
  )
  // Mails of one instant have no order.
  clock.advance(1_000)
  return booked.id
}

const decided = ({ appointmentId, proposal }: Displaced) => ({
  appointmentId,
  to: proposal && { calendarId: proposal.calendarId, start: proposal.start },
})
const rowOf = (house: House, id: string) =>
  house.database.kysely.selectFrom('appointment').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const lastMail = async (house: House, id: string) =>
  (
    await house.database.kysely.selectFrom('mail').select('purpose').where('subject_id', '=', id).orderBy('queued_at').execute()
  ).at(-1)?.purpose
const days = (firstDay: string, lastDay = firstDay) => ({ firstDay, lastDay })

onPostgres(open => {
  test('a region is closed: who is booked is counted before, listed at each office, moved or cancelled, and counted again', async () => {
    const house = await begin(open)
    const here: string[] = []
    for (const minutes of [540, 570, 600]) here.push(await book(house, eur, at(monday, minutes)))
    const there = await book(house, centre, at(monday, 540))
    await book(house, eur, at('2026-12-02', 540))
    await book(house, milan, at(monday, 540))

    const closed = days(monday, tuesday)
    const before = await bookedOnDays(house, director, { unitId: region, ...closed })
    expect(before).toMatchObject({ count: 4, offices: 2 })
    expect(before.items.map(({ unitId, count }) => [unitId, count])).toEqual([
      [eur, 3],
      [centre, 1],
    ])
    expect(await bookedOnDays(house, headquarters, { unitId: 'inps', ...closed })).toMatchObject({ count: 5, offices: 3 })
    expect(await bookedOnDays(house, director, { unitId: region, ...days(tuesday) })).toEqual({ count: 0, offices: 0, items: [] })
    // Nothing is closed yet: nobody's time is gone.
    expect(await bookedOnDays(house, manager, { unitId: eur })).toMatchObject({ count: 0 })
    expect(await displacedView(house, manager, eur)).toEqual({ items: [], more: false })
    await expect(bookedOnDays(house, director, { unitId: region, ...days(tuesday, monday) })).rejects.toMatchObject({
      code: 'organisation.closureDays',
      status: 422,
    })
    await expect(bookedOnDays(house, director, { unitId: milan, ...closed })).rejects.toMatchObject({ status: 403 })
    await expect(bookedOnDays(house, staff.agency, { unitId: eur, ...closed })).rejects.toMatchObject({ status: 403 })

    await decideClosure(house, director, { unitId: region, ...closed, reason: 'Lavori' })
    // Two closures hold on the same day: nobody is counted twice.
    const { closureId } = await decideClosure(house, manager, { unitId: eur, ...days(monday), reason: 'Trasloco' })
    expect(await bookedOnDays(house, manager, { unitId: eur })).toMatchObject({ count: 3, offices: 1 })
    await withdrawClosure(house, manager, { unitId: eur, closureId })
    const { items, more } = await displacedView(house, manager, eur)
    expect(more).toBe(false)
    expect(items.map(each => each.appointmentId)).toEqual(here)
    expect(items.map(each => each.proposal?.start)).toEqual(
      ['2026-12-02', '2026-12-02', '2026-12-02'].map((day, i) => at(day, 570 + i * 30)),
    )
    await expect(displacedView(house, staff.agency, eur)).rejects.toMatchObject({ status: 404 })

    const [first, ...others] = items.map(decided)
    if (!first) throw new Error('three are booked')
    const version = (await setUpView(house, manager, eur)).version
    const done = await rebookDisplaced(house, manager, { unitId: eur, rebookings: [{ ...first, to: null }, ...others] })
    expect(done).toEqual({ moved: 2, cancelled: 1 })
    expect(await rowOf(house, first.appointmentId)).toMatchObject({ state: 'cancelled', cancelled_by: 'office' })
    expect(await lastMail(house, first.appointmentId)).toBe('agenda.cancellation')
    for (const { appointmentId, to } of others) {
      expect(await rowOf(house, appointmentId)).toMatchObject({ state: 'booked', starts_at: new Date(to?.start ?? '') })
      expect(await lastMail(house, appointmentId)).toBe('agenda.move')
    }
    expect((await setUpView(house, manager, eur)).version).toBe(version)
    const entries = await house.database.kysely
      .selectFrom('event')
      .select('payload')
      .where('type', '=', 'agenda.rebooked')
      .execute()
    expect(entries).toMatchObject([{ payload: { unitId: eur, moved: 2, cancelled: 1 } }])

    const left = await bookedOnDays(house, director, { unitId: region, ...closed })
    expect(left).toMatchObject({ count: 1, offices: 1, items: [{ unitId: centre, count: 1 }] })
    expect(await rowOf(house, there)).toMatchObject({ state: 'booked', sequence: 0 })
  })

  test('two officers act on the same list at once: each person is dealt with once, and the later one is told', async () => {
    const house = await begin(open)
    const ids = [await book(house, eur, at(monday, 540)), await book(house, eur, at(monday, 570))]
    await decideClosure(house, director, { unitId: region, ...days(monday), reason: 'Lavori' })
    const rebookings = (await displacedView(house, manager, eur)).items.map(decided)
    const both = await Promise.allSettled([
      rebookDisplaced(house, manager, { unitId: eur, rebookings }),
      rebookDisplaced(house, manager, { unitId: eur, rebookings: rebookings.map(each => ({ ...each, to: null })) }),
    ])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    for (const each of both)
      if (each.status === 'rejected')
        expect(each.reason).toMatchObject({ code: 'agenda.setUp.settled', values: { count: 2 }, status: 409 })
    expect(await displacedView(house, manager, eur)).toEqual({ items: [], more: false })
    for (const id of ids) expect(await rowOf(house, id)).toMatchObject({ sequence: 1 })
  })

  test('a place that was taken meanwhile is refused, and nobody is moved; the list then proposes another', async () => {
    const house = await begin(open)
    const ids = [await book(house, eur, at(monday, 540)), await book(house, eur, at(monday, 570))]
    await decideClosure(house, director, { unitId: region, ...days(monday), reason: 'Lavori' })
    const { items } = await displacedView(house, manager, eur)
    expect(items.map(each => each.proposal?.start)).toEqual([at(tuesday, 540), at(tuesday, 570)])
    await book(house, eur, at(tuesday, 570))
    await expect(rebookDisplaced(house, manager, { unitId: eur, rebookings: items.map(decided) })).rejects.toMatchObject({
      code: 'agenda.setUp.placeGone',
      status: 409,
    })
    for (const id of ids) expect(await rowOf(house, id)).toMatchObject({ state: 'booked', sequence: 0 })
    const anew = await displacedView(house, manager, eur)
    expect(anew.items.map(each => each.proposal?.start)).toEqual([at(tuesday, 540), at(tuesday, 600)])
    // One alone can be dealt with: the other stays in the list.
    await rebookDisplaced(house, manager, { unitId: eur, rebookings: anew.items.slice(0, 1).map(decided) })
    expect((await displacedView(house, manager, eur)).items.map(each => each.appointmentId)).toEqual(ids.slice(1))
  })

  test('saving the set-up meanwhile deals with the same people: who comes later is told', async () => {
    const house = await begin(open)
    await book(house, eur, at(monday, 540))
    await decideClosure(house, director, { unitId: region, ...days(monday), reason: 'Lavori' })
    const rebookings = (await displacedView(house, manager, eur)).items.map(decided)
    const { setUp, version } = await setUpView(house, manager, eur)
    const both = await Promise.allSettled([
      saveSetUp(house, manager, { unitId: eur, version, setUp, reason: 'Lavori', rebookings }),
      rebookDisplaced(house, manager, { unitId: eur, rebookings }),
    ])
    // Whoever saves the set-up later has nobody left to move, and saves it.
    expect(both[0].status).toBe('fulfilled')
    if (both[1].status === 'rejected') expect(both[1].reason).toMatchObject({ code: 'agenda.setUp.settled' })
    expect((await displacedView(house, manager, eur)).items).toEqual([])
  })
})
