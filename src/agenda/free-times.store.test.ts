/** The first free times of several offices: the same as by looking at everything, without looking at everything. */
import { type KyselyPlugin, sql } from 'kysely'
import { expect, test } from 'vitest'
import { service, smallAgenda } from '../../test/support/agenda.ts'
import { eachDatabase, onPostgres } from '../../test/support/database.ts'
import { analyse, plansOf } from '../../test/support/plan.ts'
import { staff } from '../../test/support/staff.ts'
import { decideClosure, withdrawClosure } from '../organisation/index.ts'
import { addDays, dayAt, type House, virtualClock } from '../platform/index.ts'
import { askedOf, firstFreeAt, holdOwnerOf, type OfficeAsked } from './first-free.ts'
import { slotsView } from './free-times.ts'
import type { Slot } from './model.ts'
import { officeOf } from './places.ts'
import { firstFree } from './slots.ts'
import { calendarsOf, serviceAtOffices, serviceOfUnit } from './store.ts'

const { anna } = staff
/** Tuesday 24 November 2026, 10:00 in Rome. */
const tuesday = Date.UTC(2026, 10, 24, 9)
const offices = ['ag-roma', 'ag-roma-eur', 'ag-milano-nord']

/** Takes times of all calendars by a seed: of the first days all, then fewer and fewer; some of them are the asker's own holds. */
async function takeSome(house: House, seed: number, fullDays: number): Promise<void> {
  await sql`
    with wanted as materialized (
      select gen_random_uuid() as id, calendar.id as calendar_id, calendar.no, calendar.unit_id, lane::smallint as lane,
             (date '2026-11-24' + day + make_interval(mins => opening.opens + 30 * step)) at time zone 'Europe/Rome' as starts_at,
             abs(hashtext(concat_ws(' ', calendar.id, day, opening.opens, step, lane, ${seed}::int))) as dice, day
      from   agenda_calendar calendar
             join agenda_opening opening on opening.calendar_id = calendar.id,
             generate_series(0, 75) day, generate_series(0, (opening.closes - opening.opens) / 30 - 1) step,
             generate_series(0, calendar.capacity - 1) lane
      where  extract(isodow from date '2026-11-24' + day) = opening.weekday
    ), chosen as (
      select *, starts_at + interval '30 minutes' as ends_at, case when dice % 19 = 0 then ${holdOwnerOf(anna)} else 'person:other' end as owner
      from   wanted where day < ${fullDays} or dice % 100 >= day
    ), held as (
      insert into agenda_hold (id, owner, unit_id, service_id, calendar_id, starts_at, ends_at, until)
      select id, owner, unit_id, ${service.id}, calendar_id, starts_at, ends_at, 'infinity' from chosen
    )
    insert into agenda_taken (id, calendar_id, calendar_no, lane, starts_at, ends_at, held_until)
    select id, calendar_id, no, lane, starts_at, ends_at, 'infinity' from chosen`.execute(house.database.kysely)
}

/** The first free times by looking at the whole horizon at once. */
async function byLookingAtAll(house: House, times: number): Promise<Map<string, Pick<Slot, 'start' | 'free' | 'heldByYou'>[]>> {
  const db = house.database.kysely
  const found = new Map<string, Pick<Slot, 'start' | 'free' | 'heldByYou'>[]>()
  const firstDay = dayAt('Europe/Rome', tuesday)
  for (const unitId of offices) {
    const office = await officeOf(db, unitId)
    const offered = await serviceOfUnit(db, unitId, service.id)
    if (!office || !offered) throw new Error(`${unitId} is not there`)
    const lastDay = addDays(firstDay, offered.horizon_days)
    const wanted = { unitIds: [unitId], serviceId: service.id, firstDay, lastDay, timeZone: 'Europe/Rome' }
    const calendars = await calendarsOf(db, { ...wanted, now: new Date(tuesday), owner: holdOwnerOf(anna) })
    const slots = firstFree({ from: firstDay, to: lastDay }, calendars, askedOf(house, anna, office, offered), times)
    found.set(
      unitId,
      slots.map(({ start, places }) => ({
        start: new Date(start).toISOString(),
        free: places.length,
        heldByYou: calendars.some(({ own }) => own.some(one => one.start === start)),
      })),
    )
  }
  return found
}

const byLooking = async (house: House, times: number) => {
  const db = house.database.kysely
  const services = await serviceAtOffices(db, offices, service.id)
  const places: OfficeAsked[] = []
  for (const unitId of offices) {
    const [office, offered] = [await officeOf(db, unitId), services.get(unitId)]
    if (office && offered) places.push({ office, service: offered })
  }
  const found = await firstFreeAt(house, anna, db, places, { times, keep: true })
  return new Map(
    [...found].map(([unitId, slots]) => [unitId, slots.map(({ start, free, heldByYou }) => ({ start, free, heldByYou }))]),
  )
}

eachDatabase(open => {
  test('a day on which the office or a unit above it is closed has no times and says why; a closure that is taken back gives them again', async () => {
    const { house } = await open({ clock: virtualClock(tuesday) })
    await smallAgenda(house)
    const query = { unitId: 'ag-roma-eur', serviceId: service.id, from: '2026-11-25', days: 3 }
    const days = async () => (await slotsView(house, anna, query, 'it')).days.map(({ state, reason }) => [state, reason])
    const open3 = await days()
    expect(open3.map(([state]) => state)).toEqual(['free', 'free', 'free'])
    const { director } = staff
    const closed = { firstDay: '2026-11-26', lastDay: '2026-11-26', reason: 'Disinfestazione' }
    const { closureId } = await decideClosure(house, director, { unitId: 'ag-roma-eur', ...closed })
    const above = { firstDay: '2026-11-27', lastDay: '2026-11-28', reason: 'Chiusura regionale' }
    await decideClosure(house, director, { unitId: 'dr-lazio', ...above })
    expect(await days()).toEqual([open3[0], ['closed', 'Disinfestazione'], ['closed', 'Chiusura regionale']])
    await withdrawClosure(house, director, { unitId: 'ag-roma-eur', closureId })
    expect(await days()).toEqual([open3[0], open3[1], ['closed', 'Chiusura regionale']])
  })

  test.each([
    [1, 0],
    [2, 9],
    [3, 16],
    [4, 33],
    [5, 58],
    [6, 99],
  ])('are those of a look at the whole horizon (seed %i, full for %i days)', async (seed, fullDays) => {
    const { house } = await open({ clock: virtualClock(tuesday) })
    await smallAgenda(house, { desks: 2 })
    await takeSome(house, seed, fullDays)
    for (const times of [1, 3, 10]) expect(await byLooking(house, times)).toEqual(await byLookingAtAll(house, times))
  })

  test('are found without reading what is taken in the weeks after them', async () => {
    const { house } = await open({ clock: virtualClock(tuesday) })
    await smallAgenda(house, { desks: 2 })
    await takeSome(house, 7, 0)
    let taken = 0
    const counting: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      async transformResult({ result }) {
        taken += result.rows.filter(row => 'lane' in row).length
        return result
      },
    }
    const database = { ...house.database, kysely: house.database.kysely.withPlugin(counting) }
    const slots = await byLooking({ ...house, database }, 1)
    expect([...slots.values()].every(each => each.length === 1)).toBe(true)
    const { rows } = await sql<{ all: number }>`select count(*)::int as all from agenda_taken`.execute(house.database.kysely)
    expect(taken).toBeGreaterThan(0)
    expect(taken).toBeLessThan((rows[0]?.all ?? 0) / 3)
  })
})

onPostgres(open => {
  test('are looked for along the indexes', async () => {
    const { house } = await open({ clock: virtualClock(tuesday) })
    await smallAgenda(house, { desks: 2 })
    await takeSome(house, 8, 20)
    await sql`
      insert into agenda_calendar (id, unit_id, label, capacity, services)
      select gen_random_uuid(), 'of-' || n, 'Sportello', 2, array['another'] from generate_series(1, 3000) n`.execute(
      house.database.kysely,
    )
    await sql`
      insert into agenda_opening (calendar_id, weekday, opens, closes)
      select id, weekday, 540, 720 from agenda_calendar, generate_series(1, 5) weekday where unit_id like 'of-%'`.execute(
      house.database.kysely,
    )
    await sql`
      insert into agenda_extra_opening (calendar_id, day, opens, closes)
      select id, date '2026-11-28' + 7 * n, 540, 720 from agenda_calendar, generate_series(0, 3) n where unit_id like 'of-%'`.execute(
      house.database.kysely,
    )
    await sql`
      insert into agenda_closure (id, unit_id, calendar_id, first_day, last_day, reason)
      select gen_random_uuid(), unit_id, id, '2026-12-24', '2026-12-31', 'Ferie' from agenda_calendar where unit_id like 'of-%'`.execute(
      house.database.kysely,
    )
    await analyse(house.database.kysely)
    const plans = await plansOf(house.database.kysely, async kysely => {
      await byLooking({ ...house, database: { ...house.database, kysely } }, 2)
    })
    const ofTaken = plans.filter(({ sql }) => sql.includes('from   agenda_taken'))
    expect(ofTaken.length).toBeGreaterThan(0)
    for (const plan of ofTaken) expect(plan.indexes).toContain('taken_of_calendar')
    const hours = plans.filter(({ sql }) => sql.includes('agenda_calendar') || sql.includes('agenda_opening'))
    expect(hours.flatMap(({ scanned }) => scanned)).toEqual([])
  })
})
