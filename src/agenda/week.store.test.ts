/** The week of an office, and how an appointment goes: outcomes kept apart, the next one booked with the conclusion, two people at one slot. */
import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { calendarIds, openMatter, service, smallAgenda } from '../../test/support/agenda.ts'
import { onPostgres } from '../../test/support/database.ts'
import { refusal } from '../../test/support/refusal.ts'
import { staff } from '../../test/support/staff.ts'
import { bookAtOffice, bookSeriesAtOffice } from '../cases/at-office.ts'
import { followAppointments } from '../cases/follow-appointments.ts'
import { bookFromInteraction, openInteraction } from '../cases/interactions.ts'
import { noteSpeaker } from '../contacts/identification.ts'
import { involve } from '../contacts/index.ts'
import { noteMandate } from '../contacts/mandates.ts'
import { type House, inTransaction, type PersonActor, Refused, uuids, virtualClock } from '../platform/index.ts'
import {
  callIn,
  cancelAppointment,
  checkIn,
  concludeAppointment,
  confirmHold,
  moveAppointment,
  noShow,
  noteLeaving,
  startAppointment,
  takeBack,
} from './appointments.ts'
import { takeHold } from './holds.ts'
import { proposeSeries } from './series.ts'
import { appointmentView, dayView } from './views.ts'
import { callInForVisit, leaveForVisit, waitAgainForVisit } from './visits.ts'
import { outcomesView, weekView } from './week.ts'

const { anna, agency, otherAgency, director, headquarters } = staff
/** Tuesday 24 November 2026, 10:00 in Rome. */
const tuesday = Date.UTC(2026, 10, 24, 9)
const hour = 3_600_000
const unitId = 'ag-roma-eur'
const at = (time: string, date = '2026-11-27') => `${date}T${time}:00+01:00`
const utc = (time: string, date?: string) => new Date(at(time, date)).toISOString()

onPostgres(open => {
  let shared: House
  beforeAll(async () => {
    shared = (await open()).house
  })
  const opened = async (desks = 0) => {
    const clock = virtualClock(tuesday)
    const house = { ...shared, clock, ids: uuids(clock) }
    await smallAgenda(house, { desks })
    const goTo = (instant: number) => clock.advance(instant - clock.now())
    const book = async (start: string, actor: PersonActor = anna) => {
      const { id: holdId } = await takeHold(house, actor, { unitId, serviceId: service.id, start })
      const matter = await openMatter(house)
      const input = { holdId, reason: 'Vuole capire i contributi.', ...matter }
      return { ...matter, appointmentId: (await inTransaction(house, actor, work => confirmHold(work, input))).id }
    }
    const week = (actor: PersonActor = agency, query = {}) => weekView(house, actor, { unitId, ...query }, 'it')
    const view = (appointmentId: string) => appointmentView(house, agency, appointmentId, 'it')
    /** Puts an appointment into a calendar's time as the table of the week does. */
    const place = async (
      appointmentId: string,
      from: string,
      to: { start: string; calendarId: string },
      actor: PersonActor = agency,
    ) => {
      const { id: holdId } = await takeHold(house, actor, { unitId, serviceId: service.id, ...to })
      return moveAppointment(house, actor, { appointmentId, holdId, from: { calendarId: calendarIds.lia, start: from } })
    }
    return { house, clock, goTo, book, week, view, place }
  }

  test('a week shows who receives whom, what is free for which service, and why a day is closed', async () => {
    const { house, book, week } = await opened(2)
    const db = house.database.kysely
    const { appointmentId } = await book(at('09:30'))
    await db
      .insertInto('agenda_closure')
      .values({
        ...{ id: house.ids(), unit_id: unitId, calendar_id: null, first_day: '2026-11-26', last_day: '2026-11-26' },
        ...{ opens: null, closes: null, reason: 'Assemblea' },
      })
      .execute()
    const seen = await week(agency, { day: '2026-11-29' })
    expect(seen.days.map(({ date }) => date)).toEqual(['23', '24', '25', '26', '27', '28', '29'].map(day => `2026-11-${day}`))
    expect(seen.days[3]?.closed).toBe('Assemblea')
    expect(seen.calendars.map(({ name }) => name)).toEqual([agency.name, 'Sportello'])
    expect(seen.items.map(({ id, calendarId }) => ({ id, calendarId }))).toEqual([
      { id: appointmentId, calendarId: expect.any(String) },
    ])
    // What has begun is not free, and notice does not bind the office: at ten of the clock, half past ten is.
    const tuesdays = seen.free.filter(({ date, calendarId }) => date === '2026-11-24' && calendarId === calendarIds.lia)
    expect(tuesdays[0]?.start).toBe(utc('10:00', '2026-11-24'))
    expect(seen.free.find(({ start, calendarId }) => start === utc('11:00') && calendarId === calendarIds.desks)).toEqual({
      ...{ calendarId: calendarIds.desks, date: '2026-11-27', start: utc('11:00'), places: 2, services: [service.id] },
    })
    expect(seen.changes).toBe(true)
    const alone = await week(agency, { day: '2026-11-27', calendarId: calendarIds.desks })
    expect(alone.calendars.map(({ id }) => id)).toEqual([calendarIds.desks])
    expect(alone.others).toEqual([{ id: calendarIds.lia, name: agency.name }])
    // Who oversees looks; who books elsewhere has no week of theirs.
    expect((await week(director)).changes).toBe(false)
    expect((await week(headquarters)).changes).toBe(false)
    await expect(week(otherAgency)).rejects.toThrow(Refused)
    await expect(week(anna)).rejects.toThrow(Refused)
  })

  test('the office puts somebody where its hours allow, whatever notice and shares say; nobody else does', async () => {
    const { house, book, place, view } = await opened(1)
    const { appointmentId } = await book(at('09:30'))
    const before = (await view(appointmentId)).officer
    expect(before).not.toBeNull()
    // Half past ten of today: within the notice of an hour.
    const soon = { start: at('10:30', '2026-11-24'), calendarId: calendarIds.desks }
    expect(await refusal(takeHold(house, anna, { unitId, serviceId: service.id, ...soon }))).toMatchObject({ status: 403 })
    await place(appointmentId, at('09:30'), soon)
    expect(await view(appointmentId)).toMatchObject({ start: utc('10:30', '2026-11-24'), officer: null, state: 'booked' })
  })

  test('of two who move the same person the second is told where they are now, and both keep what they had', async () => {
    const { house, book, place, view, week } = await opened(1)
    const { appointmentId } = await book(at('09:30'))
    const [first, second] = [
      { start: at('10:00'), calendarId: calendarIds.lia },
      { start: at('11:00'), calendarId: calendarIds.lia },
    ]
    await place(appointmentId, at('09:30'), first)
    expect(await refusal(place(appointmentId, at('09:30'), second))).toMatchObject({ code: 'agenda.movedMeanwhile', status: 409 })
    expect((await view(appointmentId)).start).toBe(utc('10:00'))
    // The same time with somebody else is a move, when it is said from where.
    const other = { start: at('10:00'), calendarId: calendarIds.desks }
    await place(appointmentId, at('10:00'), other)
    expect((await view(appointmentId)).officer).toBeNull()
    // The time of before is free again; the time of the refused move is held by who wanted it, and given back with the next hold.
    const free = (await week(agency, { day: '2026-11-27' })).free.filter(each => each.calendarId === calendarIds.lia)
    expect(free.map(({ start }) => start)).toContain(utc('10:00'))
    expect(
      await house.database.kysely.selectFrom('agenda_taken').select('id').where('appointment_id', 'is not', null).execute(),
    ).toHaveLength(1)
  })

  test('each outcome is counted by itself: served, not come, left, cancelled in time and late, not received by the office', async () => {
    const { house, goTo, book, view } = await opened()
    const friday = Date.parse(at('09:00'))
    const times = {
      served: '09:00',
      missing: '09:30',
      gone: '10:00',
      inTime: '10:30',
      late: '11:00',
      fault: '11:30',
      open: '14:00',
    }
    const ids: Record<string, string> = {}
    for (const [name, time] of Object.entries(times)) ids[name] = (await book(at(time))).appointmentId
    const one = (name: string) => ({ appointmentId: ids[name] ?? '' })
    goTo(friday + 1.5 * hour - 24 * hour)
    await cancelAppointment(house, anna, { ...one('inTime'), reason: 'Non può.', by: 'citizen' })
    goTo(friday + 2 * hour - 24 * hour + 60_000)
    await cancelAppointment(house, anna, { ...one('late'), reason: 'Non può.', by: 'citizen' })
    goTo(friday)
    await cancelAppointment(house, agency, { ...one('fault'), reason: 'Funzionario assente.', by: 'office' })
    await checkIn(house, agency, one('served'))
    expect(await refusal(noteLeaving(house, agency, one('missing')))).toMatchObject({
      code: 'agenda.policy.is.booked',
      status: 409,
    })
    goTo(friday + 60_000)
    await callIn(house, agency, one('served'))
    goTo(friday + 120_000)
    await startAppointment(house, agency, one('served'))
    goTo(friday + 0.5 * hour)
    await concludeAppointment(house, agency, { ...one('served'), outcome: 'resolved', text: 'Spiegato.' })
    expect(await view(ids.served ?? '')).toMatchObject({
      ...{ checkedInAt: utc('09:00'), calledAt: utc('09:01'), startedAt: utc('09:02'), endedAt: utc('09:30'), ending: 'served' },
    })
    await noShow(house, agency, one('missing'))
    await checkIn(house, agency, one('gone'))
    await noteLeaving(house, agency, one('gone'))
    // Pressed by mistake: waiting again, and then gone after all.
    await takeBack(house, agency, one('gone'))
    expect(await view(ids.gone ?? '')).toMatchObject({ state: 'checked-in', ending: null })
    await noteLeaving(house, agency, one('gone'))
    const figures = await outcomesView(house, director, { unitId, day: '2026-11-29', weeks: 1 })
    expect(figures).toMatchObject({ from: '2026-11-23', to: '2026-11-29' })
    expect(figures.items).toEqual([
      {
        service: { id: service.id, name: service.name },
        endings: { served: 1, 'no-show': 1, left: 1, 'cancelled-in-time': 1, 'cancelled-late': 1, 'office-fault': 1 },
        open: 1,
      },
    ])
    await expect(outcomesView(house, otherAgency, { unitId, weeks: 4 })).rejects.toThrow(Refused)
    const { counts } = await dayView(house, agency, { unitId, date: '2026-11-27', limit: 50 }, 'it')
    expect(counts).toMatchObject({ booked: 1, concluded: 1, 'no-show': 1, left: 1, cancelled: 3 })
    // A row of before nobody said of: the citizen's.
    await sql`update appointment set cancelled_by = null where id = ${ids.fault ?? ''}`.execute(house.database.kysely)
    expect((await view(ids.fault ?? '')).ending).toBe('cancelled-late')
  })

  test('where an office has counters its visits say when somebody was called, and that they have gone', async () => {
    const { house, goTo, book, view } = await opened()
    const { appointmentId } = await book(at('09:00'))
    goTo(Date.parse(at('09:00')))
    await checkIn(house, agency, { appointmentId })
    goTo(Date.parse(at('09:04')))
    await inTransaction(house, agency, work => callInForVisit(work, appointmentId))
    expect(await view(appointmentId)).toMatchObject({ state: 'checked-in', calledAt: utc('09:04') })
    await inTransaction(house, agency, work => leaveForVisit(work, appointmentId))
    expect((await view(appointmentId)).ending).toBe('left')
    await inTransaction(house, agency, work => waitAgainForVisit(work, appointmentId))
    expect(await view(appointmentId)).toMatchObject({ state: 'checked-in', ending: null, calledAt: utc('09:04') })
  })

  test('with the next appointment the matter stays open; without it ends', async () => {
    const { house, goTo, book, view } = await opened()
    const { appointmentId, caseId, contactId } = await book(at('09:00'))
    const other = await book(at('09:30'))
    const third = await book(at('10:00'))
    goTo(Date.parse(at('09:05')))
    const { id: holdId } = await takeHold(house, agency, {
      unitId: 'ag-milano-nord',
      serviceId: service.id,
      start: at('10:00', '2026-11-30'),
    })
    const followUp = { holdId, reason: 'Porta i documenti che mancano.' }
    await concludeAppointment(house, agency, { appointmentId, outcome: 'request-filed', text: 'Domanda presentata.', followUp })
    await concludeAppointment(house, agency, { appointmentId: other.appointmentId, outcome: 'resolved', text: 'Spiegato.' })
    await followAppointments(house)
    const db = house.database.kysely
    const statusOf = async (id: string) =>
      (await db.selectFrom('case').select('status').where('id', '=', id).executeTakeFirstOrThrow()).status
    expect([await statusOf(caseId), await statusOf(other.caseId)]).toEqual(['open', 'closed'])
    const next = await db
      .selectFrom('appointment')
      .selectAll()
      .where('case_id', '=', caseId)
      .where('state', '=', 'booked')
      .execute()
    expect(next).toMatchObject([{ unit_id: 'ag-milano-nord', contact_id: contactId, reason: followUp.reason }])
    const units = await db.selectFrom('case_unit').select('unit_path').where('case_id', '=', caseId).execute()
    expect(units.some(({ unit_path }) => unit_path.endsWith('ag-milano-nord/'))).toBe(true)
    // A hold that is lost lets nothing of the conclusion stand.
    goTo(Date.parse(at('10:05')))
    const lost = { holdId: house.ids(), reason: 'Torna.' }
    const act = concludeAppointment(house, agency, {
      appointmentId: third.appointmentId,
      outcome: 'resolved',
      text: 'Fatto.',
      followUp: lost,
    })
    expect(await refusal(act)).toMatchObject({ status: 404 })
    expect((await view(third.appointmentId)).state).toBe('booked')
  })

  test('an office books at its counter: for who stands there, for a case that is open, or for whom somebody asks by a mandate', async () => {
    const { house, view } = await opened()
    const db = house.database.kysely
    const { contactId, caseId } = await openMatter(house)
    const daughter = await openMatter(house)
    await inTransaction(house, agency, async work => {
      await involve(work, contactId, agency.unitPath)
      await involve(work, daughter.contactId, agency.unitPath)
    })
    await db.insertInto('case_unit').values({ case_id: caseId, unit_path: agency.unitPath }).execute()
    const hold = async (time: string) =>
      (await takeHold(house, agency, { unitId, serviceId: service.id, start: at(time), calendarId: calendarIds.lia })).id
    const body = { contactId, caseId: null, mandateId: null, reason: 'Vuole capire i contributi.' }
    const own = await bookAtOffice(house, agency, { ...body, holdId: await hold('09:00') })
    expect(await view(own.appointmentId)).toMatchObject({ title: body.reason, askedBy: null })
    const mandate = {
      intermediaryId: daughter.contactId,
      kind: 'delegation' as const,
      validFrom: '2026-01-01',
      evidence: 'Delega firmata',
    }
    const { id: mandateId } = await noteMandate(house, agency, { id: contactId, input: { ...mandate, validUntil: null } })
    const asked = await bookAtOffice(house, agency, { ...body, caseId, mandateId, holdId: await hold('10:00') })
    expect(asked.caseId).toBe(caseId)
    expect((await view(asked.appointmentId)).askedBy).toEqual({ name: 'Giulia Ferri', right: 'delegation' })
    const old = await noteMandate(house, agency, { id: contactId, input: { ...mandate, validUntil: '2026-02-01' } })
    const act = bookAtOffice(house, agency, { ...body, mandateId: old.id, holdId: await hold('11:00') })
    expect(await refusal(act)).toMatchObject({ code: 'contacts.mandate.expired', status: 422 })
  })

  test('whoever speaks for a citizen in a conversation has asked for the appointment that it ends with', async () => {
    const { house, view, goTo } = await opened()
    const db = house.database.kysely
    const [mother, daughter] = [await openMatter(house), await openMatter(house)]
    await inTransaction(house, anna, async work => {
      await involve(work, mother.contactId, anna.unitPath)
      await involve(work, daughter.contactId, anna.unitPath)
    })
    const given = {
      intermediaryId: daughter.contactId,
      kind: 'legal-representative' as const,
      validFrom: '2026-01-01',
      validUntil: null,
      evidence: '',
    }
    const { id: mandateId } = await noteMandate(house, anna, { id: mother.contactId, input: given })
    const booked = async (time: string) => {
      const sheet = await openInteraction(house, anna, { channel: 'counter' })
      await db
        .updateTable('interaction')
        .set({ contact_id: mother.contactId, typology_id: 'vecchiaia' })
        .where('id', '=', sheet.id)
        .execute()
      const { id: holdId } = await takeHold(house, anna, { unitId, serviceId: service.id, start: at(time) })
      const ended = await bookFromInteraction(house, anna, { id: sheet.id, holdId, reason: 'Vuole capire la pensione.' })
      return (await view(ended.appointmentId)).askedBy
    }
    // Notes of one instant have no order.
    const speaks = async (id: string | null) => {
      goTo(house.clock.now() + 1_000)
      await noteSpeaker(house, anna, { id: mother.contactId, input: { mandateId: id, callId: null } })
    }
    expect(await booked('09:00')).toBeNull()
    await speaks(mandateId)
    expect(await booked('09:30')).toEqual({ name: 'Giulia Ferri', right: 'legal-representative' })
    await speaks(null)
    expect(await booked('10:00')).toBeNull()
  })

  test('a series is proposed as near to what is wanted as is free, and booked as a whole or not at all', async () => {
    const { house, book } = await opened()
    const db = house.database.kysely
    const { contactId, caseId } = await openMatter(house)
    await inTransaction(house, agency, work => involve(work, contactId, agency.unitPath))
    await db.insertInto('case_unit').values({ case_id: caseId, unit_path: agency.unitPath }).execute()
    await book(at('09:30', '2026-12-04'))
    // Across a holiday: the 8th of December is a Tuesday, the first of the series is a Tuesday too.
    const wanted = { unitId, serviceId: service.id, calendarId: calendarIds.lia, count: 3, everyDays: 7 }
    const fridays = await proposeSeries(house, agency, { ...wanted, start: at('09:30') })
    expect(fridays.items.map(({ time }) => time?.start)).toEqual([
      utc('09:30'),
      utc('09:00', '2026-12-04'),
      utc('09:30', '2026-12-11'),
    ])
    const tuesdays = await proposeSeries(house, agency, { ...wanted, start: at('09:30', '2026-12-01') })
    expect(tuesdays.items.map(({ time }) => time?.start)).toEqual([
      ...[utc('09:30', '2026-12-01'), utc('09:30', '2026-12-09'), utc('09:30', '2026-12-15')],
    ])
    await expect(proposeSeries(house, otherAgency, { ...wanted, start: at('09:30') })).rejects.toThrow(Refused)

    const times = fridays.items.flatMap(({ time }) => time ?? [])
    const body = {
      contactId,
      caseId,
      mandateId: null,
      reason: 'Assistenza in tre incontri.',
      unitId,
      serviceId: service.id,
      mode: 'counter' as const,
      times,
    }
    await book(at('09:30', '2026-12-11'))
    expect(await refusal(bookSeriesAtOffice(house, agency, body))).toMatchObject({ code: 'agenda.seriesGone', status: 409 })
    const booked = () =>
      db.selectFrom('appointment').select(['starts_at', 'sequence']).where('case_id', '=', caseId).orderBy('starts_at').execute()
    expect(await booked()).toEqual([])
    const again = await proposeSeries(house, agency, { ...wanted, start: at('09:30') })
    const { appointmentIds } = await bookSeriesAtOffice(house, agency, {
      ...body,
      times: again.items.flatMap(({ time }) => time ?? []),
    })
    expect(appointmentIds).toHaveLength(3)
    expect((await booked()).map(({ starts_at }) => starts_at.toISOString())).toEqual([
      ...[utc('09:30'), utc('09:00', '2026-12-04'), utc('09:00', '2026-12-11')],
    ])
    expect(await refusal(bookSeriesAtOffice(house, anna, { ...body, times }))).toMatchObject({ status: 403 })
  })
})
