/** An office sets its agenda up: what can be booked then, who is moved, what is refused, and who comes at the same time. */
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { calendarIds, hours, openMatter, service, smallAgenda } from '../../../test/support/agenda.ts'
import { eachDatabase, type OpenHouse, onPostgres } from '../../../test/support/database.ts'
import { staff } from '../../../test/support/staff.ts'
import { decideClosure } from '../../organisation/index.ts'
import {
  addDays,
  dayAt,
  type House,
  instantOf,
  inTransaction,
  type PersonActor,
  type VirtualClock,
  virtualClock,
} from '../../platform/index.ts'
import { confirmHold, moveAppointment } from '../appointments.ts'
import { takeHold } from '../holds.ts'
import { type SetUp, SetUpService } from './model.ts'
import { saveSetUp, setUpHistory, setUpView, trySetUp } from './service.ts'

const eur = 'ag-roma-eur'
const manager: PersonActor = { ...staff.agency, role: 'agency_manager' }
const { anna, luca } = staff
const zone = 'Europe/Rome'
const monday = '2026-11-30'
const at = (day: string, minutes: number) => new Date(instantOf(zone, day, minutes)).toISOString()

let clock: VirtualClock

async function begin(open: OpenHouse, given: { desks?: number } = {}): Promise<House> {
  // A Tuesday.
  clock = virtualClock(Date.UTC(2026, 10, 24, 9))
  const { house } = await open({ clock })
  await smallAgenda(house, given)
  return house
}

async function book(house: House, start: string, who: PersonActor = anna): Promise<string> {
  const hold = await takeHold(house, who, { unitId: eur, serviceId: service.id, start })
  const matter = await openMatter(house)
  const booked = await inTransaction(house, who, work => confirmHold(work, { holdId: hold.id, reason: 'Pensione', ...matter }))
  // Mails of one instant have no order.
  clock.advance(1_000)
  return booked.id
}

const rowOf = (house: House, id: string) =>
  house.database.kysely.selectFrom('appointment').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const mailsAbout = (house: House, id: string) =>
  house.database.kysely
    .selectFrom('mail')
    .select(['purpose', 'subject', 'body'])
    .where('subject_id', '=', id)
    .orderBy('queued_at')
    .execute()
const away = (firstDay: string, lastDay: string, calendarId: string | null = calendarIds.lia): SetUp['closures'][number] => ({
  ...{ id: '00000000-0000-7000-8000-0000000000f1', calendarId, firstDay, lastDay, opens: null, closes: null, reason: 'Ferie' },
})
const save = (
  house: House,
  version: number,
  setUp: SetUp,
  rebookings: { appointmentId: string; to: { calendarId: string; start: string } | null }[] = [],
) => saveSetUp(house, manager, { unitId: eur, version, setUp, reason: 'Per prova', rebookings })

eachDatabase(open => {
  test('an office is set up from nothing, and can be booked; whoever manages another one does not find it', async () => {
    const house = await begin(open)
    const db = house.database.kysely
    await sql`delete from agenda_opening`.execute(db)
    await sql`delete from agenda_calendar`.execute(db)
    await sql`delete from agenda_service_of_unit`.execute(db)
    const empty = await setUpView(house, manager, eur)
    expect(empty).toMatchObject({ version: 0, setUp: { services: [], calendars: [], closures: [] } })
    expect(empty.catalogue.map(({ id }) => id)).toEqual([service.id])
    expect(empty.officers.map(({ id }) => id)).toContain(staff.agency.personId)
    await expect(setUpView(house, { ...manager, unitPath: staff.otherAgency.unitPath }, eur)).rejects.toMatchObject({
      status: 404,
    })
    await expect(setUpView(house, staff.agency, eur)).rejects.toMatchObject({ status: 404 })

    const own = {
      ...{
        id: '0d1f3b9e-0000-7000-8000-000000000001',
        own: true,
        name: 'Assistenza alla domanda',
        description: '',
        bring: 'La domanda',
      },
      ...{ words: { de: { name: 'Hilfe beim Antrag', description: '', bring: 'Der Antrag' } }, durationMinutes: 20 },
      ...{
        preparationMinutes: 5,
        bufferMinutes: 5,
        noticeMinutes: 0,
        horizonDays: 30,
        modes: ['telephone' as const],
        shares: [],
        reminders: [120],
        textReminders: true,
        offerMinutes: 60,
        offersAtMost: 1,
        telephoneOffers: true,
      },
    }
    const calendar = {
      ...{ id: '0d1f3b9e-0000-7000-8000-0000000000c1', officerId: staff.agency.personId, label: 'Lia Moro', room: 'Stanza 4' },
      ...{ capacity: 1, group: false, services: [own.id], openings: [{ weekday: 1, opens: 540, closes: 660 }], extras: [] },
    }
    const setUp: SetUp = { services: [own], calendars: [calendar], closures: [] }
    const effect = await trySetUp(house, manager, { unitId: eur, setUp, from: monday }, 'it')
    expect(effect.days[0]).toMatchObject({ date: monday, state: 'free' })
    expect(effect.days[0]?.slots.map(({ start }) => start)).toEqual([545, 575, 605, 635].map(minutes => at(monday, minutes)))
    expect(effect.displaced).toEqual([])
    expect(await setUpView(house, manager, eur)).toEqual(empty)

    expect(await save(house, 0, setUp)).toEqual({ version: 2 })
    expect(await setUpView(house, manager, eur)).toMatchObject({ version: 2, setUp })
    const hold = await takeHold(house, anna, { unitId: eur, serviceId: own.id, start: at(monday, 575) })
    const matter = await openMatter(house, { language: 'de' })
    const booked = await inTransaction(house, anna, work => confirmHold(work, { holdId: hold.id, reason: 'Aiuto', ...matter }))
    expect(await rowOf(house, booked.id)).toMatchObject({ mode: 'telephone', starts_at: new Date(at(monday, 575)) })
    // The citizen is written to in their language, in the words that the service has in it.
    const mails = db.selectFrom('mail').select(['language', 'subject', 'body', 'calendar']).where('subject_id', '=', booked.id)
    const mail = await mails.executeTakeFirstOrThrow()
    expect(mail).toMatchObject({ language: 'de', subject: expect.stringMatching(/^Termin bestätigt: Montag, .+, 09:35 Uhr$/) })
    for (const part of ['„Hilfe beim Antrag“', 'Bitte bringen Sie mit: Der Antrag', '(italienische Zeit)'])
      expect(mail.body).toContain(part)
    expect(mail.calendar).toContain('SUMMARY:Hilfe beim Antrag – ')
    // What the officer needs before and after is taken, too: the database knows it.
    const { rows } = await sql<{ starts_at: Date; ends_at: Date }>`select starts_at, ends_at from agenda_taken`.execute(db)
    expect(rows).toEqual([{ starts_at: new Date(at(monday, 570)), ends_at: new Date(at(monday, 600)) }])
    await expect(takeHold(house, luca, { unitId: eur, serviceId: own.id, start: at(monday, 575) })).rejects.toMatchObject({
      status: 409,
    })
    await expect(
      takeHold(house, luca, { unitId: eur, serviceId: own.id, start: at(monday, 545), mode: 'video' }),
    ).rejects.toMatchObject({ code: 'agenda.modeNotHere' })
  })

  test('leave lists who is booked and where each can go; nobody is left behind, and each is written to', async () => {
    const house = await begin(open)
    const db = house.database.kysely
    const starts = [540, 570, 600, 630, 660].flatMap(minutes => [at(monday, minutes), at(addDays(monday, 1), minutes)])
    const ids: string[] = []
    for (const start of starts) ids.push(await book(house, start))
    const free = await book(house, at('2026-12-04', 540))
    const view = await setUpView(house, manager, eur)
    const desk = {
      ...{
        id: calendarIds.desks,
        officerId: null,
        label: 'Sportello',
        room: '',
        capacity: 1,
        group: false,
        services: [service.id],
        extras: [],
      },
      openings: [{ weekday: 1, opens: 540, closes: 660 }],
    }
    const setUp: SetUp = {
      ...view.setUp,
      calendars: [...view.setUp.calendars, desk],
      closures: [away(monday, addDays(monday, 1))],
    }
    const { displaced } = await trySetUp(house, manager, { unitId: eur, setUp }, 'it')
    expect(displaced.map(each => each.appointmentId).toSorted()).toEqual(ids.toSorted())
    const proposed = displaced.map(each => each.proposal)
    expect(new Set(proposed.map(each => `${each?.calendarId} ${each?.start}`)).size).toBe(10)
    // Four keep their time at the desk; who cannot goes to the first day that has a place, nobody to a day of the leave.
    expect(displaced.filter(each => each.proposal?.start === each.start).map(each => each.proposal?.with)).toEqual(
      Array(4).fill('Sportello'),
    )
    for (const each of proposed)
      if (each && dayAt(zone, Date.parse(each.start)) <= addDays(monday, 1)) expect(each.calendarId).toBe(desk.id)

    await expect(save(house, 0, setUp)).rejects.toMatchObject({ code: 'agenda.setUp.booked', values: { count: 10 }, status: 409 })
    expect((await setUpView(house, manager, eur)).version).toBe(0)
    const rebookings = displaced.map(({ appointmentId, proposal }, i) => ({
      appointmentId,
      to: i === 9 || !proposal ? null : { calendarId: proposal.calendarId, start: proposal.start },
    }))
    await save(house, 0, setUp, rebookings)
    for (const { appointmentId, to } of rebookings) {
      const row = await rowOf(house, appointmentId)
      expect(row).toMatchObject(
        to
          ? { state: 'booked', calendar_id: to.calendarId, starts_at: new Date(to.start), sequence: 1 }
          : { state: 'cancelled', sequence: 1 },
      )
      const kept = displaced.find(each => each.appointmentId === appointmentId)?.start === to?.start
      expect((await mailsAbout(house, appointmentId)).at(-1)?.purpose).toBe(
        to === null ? 'agenda.cancellation' : kept ? 'agenda.change' : 'agenda.move',
      )
    }
    expect(await rowOf(house, free)).toMatchObject({ state: 'booked', sequence: 0 })
    const after = await trySetUp(house, manager, { unitId: eur, setUp }, 'it')
    expect(after.displaced).toEqual([])
    const entries = await db.selectFrom('event').select(['type', 'payload']).where('type', '=', 'agenda.set-up').execute()
    expect(entries).toMatchObject([{ payload: { unitId: eur, version: 2, moved: 9, cancelled: 1, reason: 'Per prova' } }])
  })

  test('days on which a unit above is closed take the time of who is booked, and nobody is moved onto them', async () => {
    const house = await begin(open)
    const booked = await book(house, at(monday, 540))
    await decideClosure(
      house,
      { ...manager, role: 'administrator', unitPath: 'inps/' },
      {
        ...{ unitId: 'inps', firstDay: monday, lastDay: addDays(monday, 2), reason: 'Lavori' },
      },
    )
    const { setUp } = await setUpView(house, manager, eur)
    const { days, displaced } = await trySetUp(house, manager, { unitId: eur, setUp, from: monday }, 'it')
    expect(days.slice(0, 4).map(({ state, reason }) => [state, reason])).toEqual([
      ...Array(3).fill(['closed', 'Lavori']),
      ['free', null],
    ])
    expect(displaced).toMatchObject([{ appointmentId: booked, proposal: { start: at(addDays(monday, 3), 540) } }])
  })

  test('every set-up stays, with who saved it; an earlier one is saved again; what makes no sense is refused', async () => {
    const house = await begin(open)
    const { setUp } = await setUpView(house, manager, eur)
    const closed = { ...setUp, closures: [away('2027-01-04', '2027-01-08', null)] }
    await save(house, 0, closed)
    // One that was saved before offices decided about offers is read with what held then.
    await sql`
      update agenda_set_up
      set    document = jsonb_set(document, '{services,0}', (document->'services'->0) - 'offerMinutes' - 'offersAtMost')
      where  version = 1`.execute(house.database.kysely)
    await expect(save(house, 0, setUp)).rejects.toMatchObject({ status: 412, values: { changedBy: manager.name } })
    const { items } = await setUpHistory(house, manager, { unitId: eur, limit: 10 })
    expect(items.map(({ version, by }) => [version, by])).toEqual([
      [2, manager.name],
      [1, ''],
    ])
    await save(house, 2, items[1]?.setUp ?? closed)
    expect(await setUpView(house, manager, eur)).toMatchObject({ version: 3, setUp })

    const services = setUp.services.map(each => ({ ...each, offerMinutes: 60, offersAtMost: 1 }))
    await save(house, 3, { ...setUp, services })
    expect((await setUpView(house, manager, eur)).setUp).toEqual({ ...setUp, services })
    expect(await house.database.kysely.selectFrom('agenda_service').select('offer_minutes').distinct().execute()).toEqual([
      { offer_minutes: 180 },
    ])
    const unbound = SetUpService.safeParse({ ...services[0], offerMinutes: 29, offersAtMost: 21 })
    expect(unbound.error?.issues.map(({ path }) => path)).toEqual([['offerMinutes'], ['offersAtMost']])

    const [calendar] = setUp.calendars
    if (!calendar) throw new Error('the office has a calendar')
    const wrong: [string, Partial<SetUp>][] = [
      ['hoursOverlap', { calendars: [{ ...calendar, openings: [...hours, { weekday: 1, opens: 700, closes: 730 }] }] }],
      ['hoursOverlap', { calendars: [{ ...calendar, extras: [{ day: monday, opens: 700, closes: 730 }] }] }],
      ['serviceGone', { services: [] }],
      ['officerUnknown', { calendars: [{ ...calendar, officerId: staff.otherAgency.personId }] }],
      ['officerAlone', { calendars: [{ ...calendar, capacity: 2 }] }],
      ['officerAtOnce', { calendars: [calendar, { ...calendar, id: calendarIds.desks }] }],
      ['groupOfOne', { calendars: [{ ...calendar, group: true }] }],
      [
        'groupByTelephone',
        {
          calendars: [{ ...calendar, capacity: 12, group: true }],
          services: setUp.services.map(each => ({ ...each, modes: ['counter' as const, 'telephone' as const] })),
        },
      ],
      ['twice', { calendars: [{ ...calendar, id: calendarIds.milan }] }],
      ['calendarGone', { closures: [away(monday, monday, calendarIds.milan)] }],
      [
        'sharesTooMany',
        {
          services: setUp.services.map(each => ({
            ...each,
            shares: [
              { group: 'cric' as const, percent: 60, freeHours: 1 },
              { group: 'counter' as const, percent: 60, freeHours: 1 },
            ],
          })),
        },
      ],
      ['serviceForeign', { services: setUp.services.map(each => ({ ...each, own: true })) }],
    ]
    for (const [code, change] of wrong)
      await expect(save(house, 4, { ...setUp, ...change }), code).rejects.toMatchObject({
        code: `agenda.setUp.${code}`,
        status: 422,
      })
  })

  test('places that are kept for others are not had, until they are given free', async () => {
    const house = await begin(open)
    const { setUp } = await setUpView(house, manager, eur)
    const shares = [{ group: 'cric' as const, percent: 100, freeHours: 24 }]
    await save(house, 0, { ...setUp, services: setUp.services.map(each => ({ ...each, shares })) })
    const hold = (who: PersonActor, start: string) => takeHold(house, who, { unitId: eur, serviceId: service.id, start })
    await expect(hold(anna, at(monday, 540))).rejects.toMatchObject({ status: 422, values: { nextFree: at('2026-11-24', 660) } })
    await hold(staff.paola, at(monday, 540))
    await hold(anna, at('2026-11-25', 570))
  })
})

onPostgres(open => {
  test('whoever books, moves or confirms while the office is set up anew gets a time that is there, or is told', async () => {
    const house = await begin(open, { desks: 3 })
    const people = [anna, luca, staff.paola, staff.switchboard]
    const db = house.database.kysely
    const toMove = await book(house, at('2026-12-04', 540))
    const { setUp } = await setUpView(house, manager, eur)
    for (let round = 0, version = 0; round < 6; round++) {
      const day = addDays(monday, round % 5)
      const held = await Promise.all(
        people.map((who, i) => takeHold(house, who, { unitId: eur, serviceId: service.id, start: at(day, 540 + i * 30) })),
      )
      const closed = round % 2 === 0 ? { ...setUp, closures: [away(day, day, null)] } : setUp
      const outcomes = await Promise.allSettled([
        ...people.map(async (who, i) => {
          const matter = await openMatter(house)
          const holdId = held[i]?.id ?? ''
          if (i === 3) return moveAppointment(house, who, { appointmentId: toMove, holdId })
          return inTransaction(house, who, work => confirmHold(work, { holdId, reason: 'Pensione', ...matter }))
        }),
        (async () => {
          const { displaced } = await trySetUp(house, manager, { unitId: eur, setUp: closed }, 'it')
          const rebookings = displaced.map(({ appointmentId, proposal }) => ({ appointmentId, to: proposal }))
          return save(house, version, closed, rebookings)
        })(),
      ])
      for (const each of outcomes)
        if (each.status === 'rejected') expect(each.reason).toMatchObject({ status: expect.toBeOneOf([409, 422]) })
      if (outcomes.at(-1)?.status === 'fulfilled') version = (await setUpView(house, manager, eur)).version
      const now = (await setUpView(house, manager, eur)).setUp
      expect((await trySetUp(house, manager, { unitId: eur, setUp: now }, 'it')).displaced).toEqual([])
    }
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from appointment left join agenda_taken on appointment_id = appointment.id
      where  state = 'booked' and agenda_taken.id is null`.execute(db)
    expect(rows).toEqual([{ n: 0 }])
  })
})
