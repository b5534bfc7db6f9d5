/** The search finds what a look at everything finds, whatever has been booked, cancelled, closed and opened before. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openMatter, service, smallAgenda } from '../../../test/support/agenda.ts'
import { type OpenHouse, onEmbedded, onPostgres } from '../../../test/support/database.ts'
import { staff } from '../../../test/support/staff.ts'
import { decideClosure, withdrawClosure } from '../../organisation/index.ts'
import { addDays, dayAt, type House, inTransaction, Refused, system, virtualClock, wallClock } from '../../platform/index.ts'
import { cancelAppointment, concludeAppointment, confirmHold, moveAppointment } from '../appointments.ts'
import { keepBounds } from '../bound-store.ts'
import { askedOf, holdOwnerOf } from '../first-free.ts'
import { releaseHold, takeHold } from '../holds.ts'
import { officeOf, officesIn } from '../places.ts'
import { insertAgenda } from '../setup-store.ts'
import { firstFree } from '../slots.ts'
import { calendarsOf, serviceOfUnit } from '../store.ts'
import { SearchQuery } from './model.ts'
import { searchTimes } from './service.ts'

const { anna } = staff
const director = { ...staff.director, unitPath: 'inps/' }
const zone = 'Europe/Rome'
/** Tuesday 24 November 2026, 10:00 in Rome. */
const tuesday = Date.UTC(2026, 10, 24, 9)
const hour = 3_600_000
const id = 'ricerca'

const search = async (house: House, query: Record<string, string | number> = {}) =>
  searchTimes(house, anna, SearchQuery.parse({ serviceId: id, ...query }))

const lines = async (house: House, query: Record<string, string | number> = {}) =>
  (await search(house, query)).items.map(({ unit, start }) => `${start} ${unit.id}`)

/** The first free time of each office by looking at the whole horizon, the earliest first. */
async function byLookingAtAll(
  house: House,
  offices: readonly string[],
  fits: (start: number) => boolean = () => true,
): Promise<string[]> {
  const db = house.database.kysely
  const now = house.clock.now()
  const found: { unitId: string; start: number }[] = []
  for (const unitId of offices) {
    const [office, offered] = [await officeOf(db, unitId), await serviceOfUnit(db, unitId, id)]
    if (!office || !offered) continue
    const [firstDay, lastDay] = [dayAt(zone, now), addDays(dayAt(zone, now), offered.horizon_days)]
    const wanted = { unitIds: [unitId], serviceId: id, firstDay, lastDay, timeZone: zone, now: new Date(now) }
    const calendars = await calendarsOf(db, { ...wanted, owner: holdOwnerOf(anna) })
    const slots = firstFree({ from: firstDay, to: lastDay }, calendars, askedOf(house, anna, office, offered), 10_000)
    const first = slots.find(slot => fits(slot.start))
    if (first) found.push({ unitId, start: first.start })
  }
  return found
    .sort((a, b) => a.start - b.start || (a.unitId < b.unitId ? -1 : 1))
    .map(({ unitId, start }) => `${new Date(start).toISOString()} ${unitId}`)
}

interface Office {
  opens: number
  times: number
  weekdays: number[]
  capacity: number
  share: number
}

/** Sets up some agencies of the sample for a service of their own. */
async function setUp(house: House, offices: readonly Office[]): Promise<string[]> {
  const db = house.database.kysely
  await smallAgenda(house)
  const all = await officesIn(db)
  // Of one province and of others.
  const rome = all.filter(each => each.provinceCode === 'RM').slice(0, 3)
  const ids = [...rome, ...all.filter(each => each.regionCode !== '12')].slice(0, offices.length).map(each => each.id)
  await insertAgenda(db, {
    services: [{ ...service, id, noticeMinutes: 120, horizonDays: 20 }],
    offered: ids.map(unitId => ({ unitId, services: [id] })),
    calendars: ids.flatMap((unitId, i) => {
      const office = offices[i]
      if (!office) return []
      const { opens, times, weekdays, capacity } = office
      const openings = weekdays.map(weekday => ({ weekday, opens, closes: opens + 30 * times }))
      return [{ id: house.ids(), unitId, officer: null, label: 'Sportello', capacity, services: [id], openings }]
    }),
  })
  for (const [i, unitId] of ids.entries()) {
    const percent = offices[i]?.share ?? 0
    if (percent === 0) continue
    const shares = JSON.stringify([{ group: 'cric', percent, freeHours: 24 }])
    await db
      .updateTable('agenda_service_of_unit')
      .set({ shares })
      .where('unit_id', '=', unitId)
      .where('service_id', '=', id)
      .execute()
  }
  return ids
}

/** At a time with two places it may be moved to where it is; what was held for it is let go, for to its owner it is free. */
const lettingGo = (house: House, holdId: string) => async (error: unknown) => {
  if (!(error instanceof Refused) || error.code !== 'agenda.sameTime') throw error
  await releaseHold(house, anna, { holdId })
}

const office = fc.record({
  opens: fc.constantFrom(480, 540, 765, 840),
  times: fc.integer({ min: 1, max: 3 }),
  weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 }),
  capacity: fc.integer({ min: 1, max: 2 }),
  share: fc.constantFrom(0, 0, 50, 100),
})
type OfficeMade = typeof office extends fc.Arbitrary<infer T> ? T : never
const action = fc.record({
  kind: fc.constantFrom('book', 'book', 'book', 'book', 'hold', 'cancel', 'cancel', 'move', 'close', 'open', 'wait'),
  at: fc.nat(7),
})

type ActionMade = typeof action extends fc.Arbitrary<infer T> ? T : never

/** What has failed: somebody asked for the time that was still held for a move that was none. */
const movedToWhereItIs = (): [OfficeMade[], ActionMade[]] => {
  const on = (weekday: number, capacity: number): OfficeMade => ({
    ...{ opens: 480, times: 1, weekdays: [weekday], capacity, share: 0 },
  })
  return [
    [on(3, 2), ...Array.from({ length: 5 }, () => on(1, 1))],
    (['book', 'move', 'hold', 'book'] as const).map(kind => ({ kind, at: 0 })),
  ]
}

const finds = (open: OpenHouse, numRuns: number) => {
  test('finds what a look at everything finds, after each booking, cancellation, move, hold, closure and hour', async () => {
    let now = tuesday
    const clock = { ...virtualClock(tuesday), now: () => now }
    const { house } = await open({ clock })
    const matter = await openMatter(house, { email: null })
    await fc.assert(
      fc.asyncProperty(
        fc.array(office, { minLength: 6, maxLength: 6 }),
        fc.array(action, { minLength: 4, maxLength: 14 }),
        async (offices, actions) => {
          now = tuesday
          const ids = await setUp(house, offices)
          const booked: string[] = []
          const closed: { unitId: string; closureId: string }[] = []
          for (const { kind, at } of actions) {
            const found = (await search(house, at % 2 === 0 ? { unitId: ids[at % ids.length] ?? '' } : {})).items
            const time = found[at % Math.max(1, found.length)]
            const unitId = ids[at % ids.length] ?? ''
            const ask = time && { unitId: time.unit.id, serviceId: id, start: time.start }
            if (kind === 'wait') now += (at + 1) * 5 * hour
            if (kind === 'hold' && ask)
              await takeHold(house, { kind: 'citizen', channel: 'web' }, { ...ask, session: house.ids() })
            if ((kind === 'book' || kind === 'move') && ask) {
              const hold = await takeHold(house, anna, ask)
              const appointmentId = kind === 'move' ? booked.shift() : undefined
              if (appointmentId !== undefined)
                await moveAppointment(house, anna, { appointmentId, holdId: hold.id, despiteOther: true }).catch(
                  lettingGo(house, hold.id),
                )
              const made = { holdId: hold.id, reason: 'x', despiteOther: true, ...matter }
              booked.push(appointmentId ?? (await inTransaction(house, anna, work => confirmHold(work, made))).id)
            }
            const cancelled = kind === 'cancel' ? booked.shift() : undefined
            if (cancelled !== undefined)
              await cancelAppointment(house, anna, { appointmentId: cancelled, reason: 'Non può', by: 'citizen' })
            if (kind === 'close' && !closed.some(each => each.unitId === unitId)) {
              const firstDay = addDays(dayAt(zone, now), 1 + (at % 3))
              const closure = { unitId, firstDay, lastDay: addDays(firstDay, at), reason: 'Lavori in sede' }
              closed.push({ unitId, closureId: (await decideClosure(house, director, closure)).closureId })
            }
            const opened = kind === 'open' ? closed.shift() : undefined
            if (opened) await withdrawClosure(house, director, opened)

            const truth = await byLookingAtAll(house, ids)
            // The first of each region and the lists of provinces, whose parts together are all of it.
            expect((await lines(house)).every(line => truth.includes(line))).toBe(true)
            const rome = await byLookingAtAll(house, ids.slice(0, 3))
            expect(await lines(house, { province: 'RM' })).toEqual(rome)
            const near = await lines(house, { near: '058091', km: 300, limit: 20 })
            expect(near.toSorted()).toEqual(
              [...truth].filter(line => near.some(each => each.slice(25) === line.slice(25))).sort(),
            )
            const afternoon = (start: number) => wallClock(zone, start).minutes >= 780
            expect(await lines(house, { province: 'RM', part: 'afternoon' })).toEqual(
              await byLookingAtAll(house, ids.slice(0, 3), afternoon),
            )
          }
          for (const each of closed) await withdrawClosure(house, director, each)
        },
      ),
      { numRuns, examples: [movedToWhereItIs()] },
    )
  })
}

onEmbedded(open => finds(open, 2))
onPostgres(open => finds(open, 10))

onPostgres(open => {
  test('pages go on where the last has ended, and nothing is told of offices in which the service cannot be had in the way that is asked for', async () => {
    const { house } = await open({ clock: virtualClock(tuesday) })
    const every = { opens: 540, times: 3, weekdays: [1, 2, 3, 4, 5], capacity: 1, share: 0 }
    const ids = await setUp(house, [every, every, every])
    const first = await search(house, { province: 'RM', limit: 2 })
    expect(first.items.map(({ start }) => start)).toEqual(['2026-11-25T08:00:00.000Z', '2026-11-25T08:00:00.000Z'])
    const second = await search(house, { province: 'RM', limit: 2, cursor: first.next ?? '' })
    expect(second.items.map(({ unit, start }) => [unit.id, start])).toEqual([
      [ids.toSorted()[2], '2026-11-25T08:00:00.000Z'],
      [ids.toSorted()[0], '2026-11-25T08:30:00.000Z'],
    ])
    const one = await search(house, { unitId: ids[0] ?? '', limit: 4 })
    const rest = await search(house, { unitId: ids[0] ?? '', limit: 4, cursor: one.next ?? '' })
    expect([...one.items, ...rest.items].map(({ start }) => start.slice(8, 16))).toEqual(
      [25, 26, 27].flatMap(day => ['08:00', '08:30', '09:00'].map(time => `${day}T${time}`)).slice(0, 8),
    )
    expect(await lines(house, { province: 'RM', mode: 'video' })).toEqual([])
    const [last = ''] = ids.toSorted().slice(-1)
    const called = await search(house, { near: '058091', km: 300, first: last })
    expect(called.items[0]?.unit.id).toBe(last)
    expect(called.items.map(({ unit }) => unit.id).toSorted()).toEqual(ids.toSorted())
    expect((await search(house, { province: 'MI', first: last })).items.map(({ unit }) => unit.id)).toEqual([last])
    expect(await lines(house, { near: '058091', weekday: 5, limit: 1 })).toEqual([expect.stringContaining('2026-11-27T08:00')])
    await expect(search(house, { near: '999999' })).rejects.toMatchObject({ code: 'agenda.placeUnknown' })
    await expect(search(house, { province: 'RM', cursor: 'x' })).rejects.toMatchObject({ status: 400 })
  })

  test('the officer of last time comes first, and is told only to who may see the citizen', async () => {
    let now = tuesday
    const { house } = await open({ clock: { ...virtualClock(tuesday), now: () => now } })
    await smallAgenda(house, { desks: 3 })
    const matter = await openMatter(house, { email: null })
    const ask = (query: Record<string, string>) =>
      searchTimes(house, anna, SearchQuery.parse({ serviceId: service.id, unitId: 'ag-roma-eur', ...query }))
    const [time] = (await ask({ contactId: matter.contactId })).items
    expect(time?.asLastTime).toBe(false)
    const held = await takeHold(house, anna, {
      ...{ unitId: 'ag-roma-eur', serviceId: service.id, start: time?.start ?? '', officer: staff.agency.personId },
    })
    const { id: appointmentId } = await inTransaction(house, anna, work =>
      confirmHold(work, { holdId: held.id, reason: 'x', ...matter }),
    )
    now = Date.parse(time?.start ?? '')
    await concludeAppointment(house, staff.agency, { appointmentId, outcome: 'resolved', text: 'Fatto' })
    const [again] = (await ask({ contactId: matter.contactId })).items
    expect(again).toMatchObject({ asLastTime: true, unit: { id: 'ag-roma-eur' } })
    expect(again?.officers.map(officer => officer.id)).toContain(staff.agency.personId)
    // Who may not see the citizen is not told who received them.
    const elsewhere = await searchTimes(
      house,
      staff.otherAgency,
      SearchQuery.parse({ serviceId: service.id, unitId: 'ag-roma-eur', contactId: matter.contactId }),
    )
    expect(elsewhere.items.some(item => item.asLastTime)).toBe(false)
  })

  test('what a search has found out is not kept when a time was given back meanwhile', async () => {
    const { house } = await open({ clock: virtualClock(tuesday) })
    const [unitId = ''] = await setUp(house, [{ opens: 540, times: 1, weekdays: [3], capacity: 1, share: 0 }])
    const db = house.database.kysely
    const matter = await openMatter(house, { email: null })
    const start = '2026-11-25T08:00:00.000Z'
    const hold = await takeHold(house, anna, { unitId, serviceId: id, start })
    const made = { holdId: hold.id, reason: 'x', ...matter }
    const { id: appointmentId } = await inTransaction(house, anna, work => confirmHold(work, made))
    // Somebody has read that all is full until next week, and is about to keep it.
    const read = await serviceOfUnit(db, unitId, id)
    const late = { unitId, serviceId: id, noneBefore: new Date('2026-12-02T08:00:00Z'), version: read?.offered_version ?? '' }
    await cancelAppointment(house, system('worker'), { appointmentId, reason: 'Non può', by: 'citizen' })
    await keepBounds(db, [late])
    expect(await lines(house, { unitId, limit: 1 })).toEqual([`${start} ${unitId}`])
    // Unchanged since it was read, it is kept: nothing is looked at before it.
    const now = await serviceOfUnit(db, unitId, id)
    await keepBounds(db, [{ ...late, version: now?.offered_version ?? '' }])
    expect((await serviceOfUnit(db, unitId, id))?.none_before).toEqual(late.noneBefore)
  })
})
