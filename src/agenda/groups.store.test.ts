/** Citizens who are received together: booked one by one, noted all at once. */
import { expect, test } from 'vitest'
import { calendarIds, openMatter, service, smallAgenda } from '../../test/support/agenda.ts'
import { onPostgres } from '../../test/support/database.ts'
import { staff } from '../../test/support/staff.ts'
import { type House, inTransaction, type PersonActor, virtualClock } from '../platform/index.ts'
import { cancelAppointment, checkIn, confirmHold, noShow } from './appointments.ts'
import { slotsView } from './free-times.ts'
import { concludeGroup, missedByGroup, startGroup } from './groups.ts'
import { takeHold } from './holds.ts'
import { SlotsQuery } from './model.ts'
import { setUpView, trySetUp } from './set-up/service.ts'
import { insertAgenda } from './setup-store.ts'
import { appointmentView, dayView } from './views.ts'

const { anna, agency: lia } = staff
const manager: PersonActor = { ...lia, role: 'agency_manager' }
const eur = 'ag-roma-eur'
/** Tuesday 24 November 2026, 10:00 in Rome; the group meets on Friday at 15:00. */
const tuesday = Date.UTC(2026, 10, 24, 9)
const friday = '2026-11-27'
const start = `${friday}T14:00:00.000Z`
const groupCalendar = '00000000-0000-7000-8000-00000000ca09'
const places = 3

onPostgres(open => {
  let now = tuesday
  const begin = async (): Promise<House> => {
    now = tuesday
    const { house } = await open({ clock: { ...virtualClock(tuesday), now: () => now } })
    await smallAgenda(house)
    await insertAgenda(house.database.kysely, {
      services: [{ ...service, id: 'incontro', name: 'Incontro informativo', durationMinutes: 60 }],
      offered: [{ unitId: eur, services: ['incontro'] }],
      calendars: [
        {
          ...{ id: groupCalendar, unitId: eur, officer: { id: lia.personId, name: lia.name }, label: 'Sala riunioni' },
          ...{ capacity: places, group: true, services: ['incontro'], openings: [{ weekday: 5, opens: 900, closes: 960 }] },
        },
      ],
    })
    return house
  }
  const hold = (house: House, session: string) =>
    takeHold(house, { kind: 'citizen', channel: 'web' }, { unitId: eur, serviceId: 'incontro', start, session })
  const book = async (house: House): Promise<string> => {
    const matter = await openMatter(house)
    const { id } = await takeHold(house, anna, { unitId: eur, serviceId: 'incontro', start })
    return (await inTransaction(house, anna, work => confirmHold(work, { holdId: id, reason: 'Informarsi', ...matter }))).id
  }
  const states = async (house: House, id: string) =>
    Object.fromEntries(
      ((await appointmentView(house, lia, id, 'it')).group?.members ?? []).map(({ appointmentId, state }) => [
        appointmentId,
        state,
      ]),
    )

  test('has as many places as were set, and not one more, however many ask at once', async () => {
    const house = await begin()
    const wanted = Array.from({ length: 8 }, (_, i) => hold(house, `${i}`))
    const answers = await Promise.allSettled(wanted)
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(places)
    const seen = await slotsView(
      house,
      anna,
      SlotsQuery.parse({ unitId: eur, serviceId: 'incontro', from: friday, days: 1 }),
      'it',
    )
    expect(seen.days[0]).toMatchObject({ state: 'full', slots: [] })
  })

  test('is begun with who is here, concluded for who was received, and who is missing is noted, each once', async () => {
    const house = await begin()
    const [first = '', second = '', third = ''] = [await book(house), await book(house), await book(house)]
    await expect(book(house)).rejects.toMatchObject({ status: 409 })
    expect(await appointmentView(house, lia, first, 'it')).toMatchObject({
      group: { places, acts: { start: { allowed: false }, conclude: { allowed: false }, 'no-show': { allowed: false } } },
    })
    now = Date.parse(start)
    await expect(startGroup(house, lia, { appointmentId: first })).rejects.toMatchObject({ code: 'agenda.policy.group.start' })
    for (const appointmentId of [first, second]) await checkIn(house, lia, { appointmentId })
    await startGroup(house, lia, { appointmentId: third })
    expect(await states(house, first)).toEqual({ [first]: 'in-progress', [second]: 'in-progress', [third]: 'booked' })
    // Two officers press at once: what one has noted the other does not note again.
    const both = await Promise.allSettled([
      missedByGroup(house, lia, { appointmentId: first }),
      noShow(house, lia, { appointmentId: third }),
    ])
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const done = { outcome: 'resolved' as const, text: 'Spiegato come si presenta la domanda' }
    await expect(concludeGroup(house, anna, { appointmentId: first, ...done })).rejects.toMatchObject({ status: 403 })
    await concludeGroup(house, lia, { appointmentId: second, ...done })
    expect(await states(house, third)).toEqual({ [first]: 'concluded', [second]: 'concluded', [third]: 'no-show' })
    const noted = await house.database.kysely
      .selectFrom('event')
      .select('type')
      .where('type', 'in', ['appointment.started', 'appointment.concluded', 'appointment.no-show'])
      .execute()
    expect(noted.map(({ type }) => type).toSorted()).toEqual([
      ...['appointment.concluded', 'appointment.concluded', 'appointment.no-show', 'appointment.started', 'appointment.started'],
    ])
    expect(await appointmentView(house, lia, first, 'it')).toMatchObject({ outcome: 'resolved', outcomeText: done.text })
  })

  test('a place that is given up can be taken again; who is received alone has no group', async () => {
    const house = await begin()
    const [first = '', second = ''] = [await book(house), await book(house), await book(house)]
    await cancelAppointment(house, lia, { appointmentId: first, reason: 'Non può', by: 'citizen' })
    const again = await book(house)
    expect(Object.keys(await states(house, second))).toHaveLength(places)
    expect((await dayView(house, lia, { date: friday, limit: 50 }, 'it')).items.find(({ id }) => id === again)?.isGroup).toBe(
      true,
    )
    const matter = await openMatter(house)
    const alone = await takeHold(house, anna, { unitId: eur, serviceId: service.id, start: '2026-11-25T08:00:00Z' })
    const { id } = await inTransaction(house, anna, work => confirmHold(work, { holdId: alone.id, reason: 'x', ...matter }))
    expect((await appointmentView(house, lia, id, 'it')).group).toBeNull()
    await expect(startGroup(house, lia, { appointmentId: id })).rejects.toMatchObject({ code: 'agenda.noGroup' })
  })

  test('an officer who is away is away from the group too', async () => {
    const house = await begin()
    const booked = await book(house)
    const { setUp } = await setUpView(house, manager, eur)
    expect(setUp.calendars.find(({ id }) => id === groupCalendar)).toMatchObject({ group: true, capacity: places })
    const leave = {
      ...{ id: house.ids(), calendarId: calendarIds.lia, firstDay: friday, lastDay: friday },
      ...{ opens: null, closes: null, reason: 'Ferie' },
    }
    const { displaced } = await trySetUp(house, manager, { unitId: eur, setUp: { ...setUp, closures: [leave] } }, 'it')
    expect(displaced.map(each => each.appointmentId)).toEqual([booked])
    await house.database.kysely
      .insertInto('agenda_closure')
      .values({
        ...{ id: leave.id, unit_id: eur, calendar_id: leave.calendarId, first_day: friday, last_day: friday },
        ...{ opens: null, closes: null, reason: 'Ferie' },
      })
      .execute()
    await expect(hold(house, 'late')).rejects.toMatchObject({ code: 'agenda.notATime.next' })
  })
})
