/** An office's counters: set up as a whole, the number of an appointment, "I am here", help, the officer of last time, two displays, figures. */
import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { openMatter, service, smallAgenda } from '../../test/support/agenda.ts'
import { counterManager, officer, smallHall } from '../../test/support/counters.ts'
import { onOneSession } from '../../test/support/database.ts'
import { refusal, refusalCode } from '../../test/support/refusal.ts'
import { staff } from '../../test/support/staff.ts'
import { moveAppointment } from '../agenda/appointments.ts'
import { confirmHold, setLetters, takeHold } from '../agenda/index.ts'
import { linkToken } from '../agenda/links/token.ts'
import { sendReminders } from '../agenda/reminders/remind.ts'
import { appointmentView } from '../agenda/views.ts'
import { createContact, NewContact } from '../contacts/index.ts'
import { type House, houseSecret, inTransaction, system, uuids, virtualClock } from '../platform/index.ts'
import { addAppointment, addVisit, changeVisit } from './arrivals.ts'
import { callNext, closeVisit, nameVisitor, noteAbsent, noteCame } from './calling.ts'
import { closeCounterDay, leaveDesk, takeDesk } from './desks.ts'
import { addDevice, connectDevice, deviceOf, disableDevice } from './devices.ts'
import { figuresView, toldWaitsOf } from './figures.ts'
import { askForHelp, endHelp, takeHelp } from './help.ts'
import { arriveByCode, arriveByLink, hereAddress, hereOffice, hereVisit, visitToken } from './here.ts'
import { arriveAtKiosk, displayView, kioskView, takeTicket } from './machines.ts'
import { ArrivalCode, CloseVisit, defaultRules, NewDevice, NewVisit } from './model.ts'
import type { CounterSetUp, SetUpHall } from './set-up/model.ts'
import { counterSetUpHistory, counterSetUpView, saveCounterSetUp, tryCounterSetUp } from './set-up/service.ts'
import { ownDeskView, queueView, visitView } from './views.ts'

const { agency, otherAgency, anna } = staff
const unitId = 'ag-roma-eur'
const minute = 60_000
/** Tuesday 24 November 2026, 10:00 in Rome: the office is open. */
const tuesday = Date.UTC(2026, 10, 24, 9)
const said = () => CloseVisit.parse({})
const phone = system('own telephone')

onOneSession(open => {
  let shared: House
  let letters = 0
  beforeAll(async () => {
    shared = (await open()).house
    await smallAgenda(shared, { desks: 8 })
  })
  const opened = async (desks = 2) => {
    const clock = virtualClock(tuesday)
    const house = { ...shared, clock, ids: uuids(clock) }
    const db = house.database.kysely
    await sql`update counter_hall set active = false where unit_id = ${unitId}`.execute(db)
    await sql`update counter_sitting set until = now() where until is null`.execute(db)
    const hall = await smallHall(house, String.fromCharCode(65 + letters++), desks)
    const come = async (more: Partial<NewVisit> = {}) =>
      (await addVisit(house, agency, NewVisit.parse({ hallId: hall.hallId, serviceId: hall.ordinary, ...more }))).visitId
    const sit = (n: number) => takeDesk(house, officer(n), { deskId: hall.desks[n] ?? '' })
    return { house, db, clock, hall, desk: hall.desks[0] ?? '', come, sit }
  }
  /** An appointment, today if no day is given, at an hour of office time. */
  const booked = async (house: House, time: string, day = '2026-11-24') => {
    const { id: holdId } = await takeHold(house, anna, { unitId, serviceId: service.id, start: `${day}T${time}:00+01:00` })
    const matter = await openMatter(house)
    const { id } = await inTransaction(house, anna, work => confirmHold(work, { holdId, reason: 'Vuole capire.', ...matter }))
    const row = await house.database.kysely.selectFrom('appointment').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    return { id, code: matter.code, dayCode: row.day_code ?? '', contactId: row.contact_id }
  }
  const device = async (house: House, kind: 'kiosk' | 'display', hallIds: string[], more: object = {}) => {
    const made = NewDevice.parse({ unitId, kind, name: 'Ingresso', hallIds, ...more })
    const { code, deviceId } = await addDevice(house, counterManager, made)
    const { token } = await connectDevice(house, agency, { code })
    return { deviceId, row: await deviceOf(house, { cookie: `device=${token}` }, kind) }
  }

  describe('the set-up', () => {
    const ids = (house: House) => ({ hall: house.ids(), service: house.ids(), desk: house.ids() })
    const hallOf = ({ hall, service: serviceId, desk }: ReturnType<typeof ids>, letter: string): SetUpHall => ({
      ...{ id: hall, name: `Sala nuova ${letter}`, letter, dailyContingent: 20 },
      rules: { ...defaultRules, ordinaryMinutes: 25 },
      services: [
        { id: serviceId, words: { it: 'Pensioni', sl: 'Pokojnine' }, visitClass: 'ordinary', agendaServices: [service.id] },
      ],
      desks: [{ id: desk, label: '1', services: [] }],
      questions: [{ id: 'q', text: { it: 'Perché?' }, answers: [{ label: { it: 'Pensioni' }, to: { serviceId } }] }],
    })

    test('from nothing to a ticket; versions with who and why; the way back; two managers', async () => {
      const { house, hall } = await opened()
      const made = ids(house)
      const setUp: CounterSetUp = { halls: [hallOf(made, 'P')] }
      expect(await refusalCode(saveCounterSetUp(house, agency, { unitId, version: 0, setUp, reason: 'xxx' }))).toBe(
        'counters.keepersOnly',
      )
      expect(await refusalCode(counterSetUpView(house, otherAgency, unitId))).toBe('platform.notFound')
      const before = await counterSetUpView(house, counterManager, unitId)
      expect(before).toMatchObject({ setUp: { halls: [{ id: hall.hallId, desks: [{ label: '1' }, { label: '2' }] }] } })
      expect(before.agendaServices).toContainEqual(expect.objectContaining({ id: service.id }))
      const { version } = await saveCounterSetUp(house, counterManager, {
        unitId,
        version: before.version,
        setUp,
        reason: 'Una sala sola',
      })
      expect((await counterSetUpView(house, counterManager, unitId)).setUp).toEqual(setUp)
      const late = { unitId, version: before.version, setUp: { halls: [] }, reason: 'In ritardo' }
      expect(await refusal(saveCounterSetUp(house, counterManager, late))).toMatchObject({
        code: 'platform.changedMeanwhile',
        values: { current: { version, setUp }, changedBy: counterManager.name },
      })
      const { row } = await device(house, 'kiosk', [made.hall])
      const [shown] = (await kioskView(house, row)).halls
      expect(shown).toMatchObject({
        open: true,
        letter: 'P',
        questions: [{ id: 'q', answers: [{ to: { serviceId: made.service } }] }],
      })
      const { visitId } = await takeTicket(house, agency, { device: row, hallId: made.hall, serviceId: made.service })
      const visit = await visitView(house, visitId)
      expect(visit.code).toBe('P001')
      expect(Date.parse(visit.callBy)).toBe(tuesday + 25 * minute)
      // The way back: an earlier version is saved anew; the desks of before are the same ones.
      await closeCounterDay(house, agency, { unitId })
      await saveCounterSetUp(house, counterManager, { unitId, version, setUp: before.setUp, reason: 'Come prima' })
      expect((await counterSetUpView(house, counterManager, unitId)).setUp).toEqual(before.setUp)
      const history = await counterSetUpHistory(house, counterManager, { unitId, limit: 2 })
      expect(history.items.map(({ reason, by }) => [reason, by])).toEqual([
        ['Come prima', counterManager.name],
        ['Una sala sola', counterManager.name],
      ])
      expect(history.next).not.toBeNull()
    })

    test('nothing goes in which somebody is, and numbers go on whatever becomes of the hall', async () => {
      const { house, db, hall, come, sit } = await opened()
      const view = await counterSetUpView(house, counterManager, unitId)
      const [first] = view.setUp.halls
      if (!first) throw new Error('There is no hall.')
      const visitId = await come()
      const { code } = await visitView(house, visitId)
      const without = { halls: [{ ...first, services: first.services.slice(0, 1), questions: [] }] }
      const tried = await tryCounterSetUp(house, counterManager, { unitId, setUp: without })
      expect(tried).toMatchObject({
        inUse: [{ what: 'service', name: 'Pensioni', codes: [code] }],
        notAtKiosk: [{ service: 'Documenti' }],
      })
      expect(tried.notReceived.length).toBeGreaterThan(0)
      const save = (setUp: CounterSetUp) =>
        saveCounterSetUp(house, counterManager, { unitId, version: view.version, setUp, reason: 'xxx' })
      expect(await refusalCode(save(without))).toBe('counters.setUp.inUse.service')
      expect(await refusal(save({ halls: [] }))).toMatchObject({ code: 'counters.setUp.inUse.hall', values: { who: code } })
      await sit(1)
      expect(await refusalCode(save({ halls: [{ ...first, desks: first.desks.slice(0, 1) }] }))).toBe('counters.setUp.inUse.desk')
      // Refused is refused whole: nothing was added.
      expect((await counterSetUpView(house, counterManager, unitId)).version).toBe(view.version)
      await closeCounterDay(house, agency, { unitId })
      const made = ids(house)
      await save({ halls: [hallOf(made, first.letter)] })
      const next = await addVisit(house, agency, NewVisit.parse({ hallId: made.hall, serviceId: made.service }))
      expect((await visitView(house, next.visitId)).code).toBe(`${first.letter}002`)
      expect(await refusalCode(addVisit(house, agency, NewVisit.parse({ hallId: hall.hallId, serviceId: hall.fast })))).toBe(
        'platform.notFound',
      )
      // What is of another hall is nobody's to take.
      const stolen = { ...hallOf(ids(house), 'Q'), desks: [{ id: made.desk, label: '9', services: [] }] }
      const { version, setUp } = await counterSetUpView(house, counterManager, unitId)
      const foreign = {
        unitId,
        version,
        setUp: { halls: [...setUp.halls, { ...stolen, services: [], questions: [] }] },
        reason: 'xxx',
      }
      expect(await refusalCode(saveCounterSetUp(house, counterManager, foreign))).toBe('counters.setUp.twice')
      await sql`delete from counter_set_up`.execute(db)
    })
  })

  describe('the number of an appointment', () => {
    test('is in the mail, of one row with those of the kiosk, and what desk and display show', async () => {
      const { house, db, desk, hall, come, sit } = await opened()
      const letter = (await counterSetUpView(house, counterManager, unitId)).setUp.halls[0]?.letter
      const first = await booked(house, '11:30')
      const walkIn = await visitView(house, await come())
      const second = await booked(house, '11:30')
      expect([first.dayCode, walkIn.code, second.dayCode]).toEqual([`${letter}001`, `${letter}002`, `${letter}003`])
      const mails = await db.selectFrom('mail').select(['body', 'calendar']).where('subject_id', '=', second.id).execute()
      expect(mails).toHaveLength(1)
      expect(mails[0]?.body).toContain(second.dayCode)
      expect(mails[0]?.calendar).toContain(second.dayCode)
      const { row } = await device(house, 'kiosk', [hall.hallId])
      const typed = ArrivalCode.parse(` ${second.dayCode.toLowerCase()} `)
      const { visitId } = await arriveAtKiosk(house, agency, { device: row, code: typed })
      expect(await arriveAtKiosk(house, agency, { device: row, code: second.code })).toEqual({ visitId })
      expect(await visitView(house, visitId)).toMatchObject({ code: second.dayCode, appointmentId: second.id })
      expect(await refusalCode(arriveAtKiosk(house, agency, { device: row, code: walkIn.code }))).toBe(
        'counters.appointmentUnknown',
      )
      await sit(0)
      const screen = await device(house, 'display', [hall.hallId])
      await callNext(house, agency, { deskId: desk })
      expect((await displayView(house, screen.row)).calls.map(({ code }) => code)).toEqual([walkIn.code])
    })

    test('is another on another day, and none any more where no hall calls by it', async () => {
      const { house } = await opened()
      const letter = (await counterSetUpView(house, counterManager, unitId)).setUp.halls[0]?.letter
      const { id, dayCode } = await booked(house, '09:30', '2026-11-27')
      const numberAfter = async (start: string) => {
        const { id: holdId } = await takeHold(house, agency, { unitId, serviceId: service.id, start })
        await moveAppointment(house, agency, { appointmentId: id, holdId })
        return (await appointmentView(house, agency, id, 'it')).dayCode
      }
      expect([dayCode, await numberAfter('2026-11-25T09:00:00+01:00')]).toEqual([`${letter}001`, `${letter}001`])
      await setLetters(house.database.kysely, unitId, new Map())
      expect(await numberAfter('2026-11-26T09:00:00+01:00')).toBeNull()
    })

    test('stays with its day: a reminder says the same one, and forms that are none are refused', async () => {
      const { house, db, clock } = await opened()
      const { id, dayCode } = await booked(house, '14:00')
      await sql`insert into agenda_reminder (appointment_id, minutes_before, due_at)
                values (${id}, 30, ${new Date(tuesday + minute)}) on conflict do nothing`.execute(db)
      clock.advance(2 * minute)
      await sendReminders(house)
      const mails = await db.selectFrom('mail').select(['purpose', 'body']).where('subject_id', '=', id).execute()
      expect(mails.map(({ purpose }) => purpose).toSorted()).toEqual(['agenda.confirmation', 'agenda.reminder'])
      for (const { body } of mails) expect(body).toContain(dayCode)
      expect((await appointmentView(house, agency, id, 'it')).dayCode).toBe(dayCode)
      for (const wrong of ['12', 'AB12', 'A12', '123456789', 'A12345']) expect(ArrivalCode.safeParse(wrong).success).toBe(false)
      expect(ArrivalCode.parse('100 000 0000')).toBe('1000000000')
    })
  })

  describe('"I am here"', () => {
    const tokenIn = (address: string) => address.slice(address.lastIndexOf('/') + 1)

    test('by the code, within the hours and from an hour before; the page says the place and the call, and nobody', async () => {
      const { house, clock, hall, desk, sit } = await opened()
      const token = tokenIn(await hereAddress(house, hall.hallId))
      expect(await hereOffice(house, token)).toMatchObject({ unit: 'Roma EUR', open: true })
      const appointment = await booked(house, '11:30')
      const arrive = () => arriveByCode(house, phone, { token, code: appointment.dayCode })
      expect(await refusal(arrive())).toMatchObject({ code: 'counters.here.early', values: { time: '10:30' } })
      clock.advance(31 * minute)
      const { visitId } = await arrive()
      expect(await arrive()).toEqual({ visitId })
      const own = await visitToken(house, visitId)
      expect(await hereVisit(house, own)).toEqual({
        ...{ unit: 'Roma EUR', hall: expect.any(String), timeZone: 'Europe/Rome', code: appointment.dayCode, state: 'waiting' },
        ...{ desk: null, dueAt: '2026-11-24T10:30:00.000Z', ahead: 0, expected: null },
      })
      const { rows } = await sql`select origin from visit where id = ${visitId}`.execute(house.database.kysely)
      expect(rows).toEqual([{ origin: 'telephone' }])
      await sit(0)
      clock.advance(55 * minute)
      await callNext(house, agency, { deskId: desk })
      expect(await hereVisit(house, own)).toMatchObject({ state: 'called', desk: '1' })
      // Called in vain twice, and says again that they are here: back in the row.
      await noteAbsent(house, agency, { visitId })
      clock.advance(6 * minute)
      await callNext(house, agency, { deskId: desk })
      await noteAbsent(house, agency, { visitId })
      expect(await hereVisit(house, own)).toMatchObject({ state: 'missed' })
      await arrive()
      expect(await hereVisit(house, own)).toMatchObject({ state: 'waiting' })
      clock.advance(24 * 60 * minute)
      expect(await refusalCode(hereVisit(house, own))).toBe('platform.notFound')
      expect(await refusalCode(arrive())).toBe('counters.appointmentUnknown')
    })

    test('by the link of the mail on its day only; a token opens nothing but its own thing', async () => {
      const { house, clock, hall } = await opened()
      const appointment = await booked(house, '11:30')
      const secret = await houseSecret(house.config, house.database.kysely)
      const token = linkToken(secret, appointment.id)
      clock.advance(70 * minute)
      const hallToken = tokenIn(await hereAddress(house, hall.hallId))
      expect(await refusalCode(arriveByLink(house, phone, { token: hallToken }))).toBe('platform.notFound')
      expect(await refusalCode(hereOffice(house, token))).toBe('platform.notFound')
      expect(await refusalCode(hereVisit(house, hallToken))).toBe('platform.notFound')
      const { visitId } = await arriveByLink(house, phone, { token })
      expect((await visitView(house, visitId)).code).toBe(appointment.dayCode)
      expect(await refusalCode(arriveByCode(house, phone, { token: hallToken, code: '9999999999' }))).toBe(
        'counters.appointmentUnknown',
      )
      // In the evening the office receives nobody, and tomorrow it is another day.
      clock.advance(10 * 60 * minute)
      expect(await refusalCode(arriveByLink(house, phone, { token }))).toBe('counters.here.closed')
      clock.advance(12 * 60 * minute)
      expect(await refusalCode(arriveByLink(house, phone, { token }))).toBe('counters.here.otherDay')
    })
  })

  test('help: whoever is free sees it, one goes, and it ends with the desk', async () => {
    const { house, desk, hall, come, sit } = await opened(3)
    for (const n of [0, 1, 2]) await sit(n)
    await come()
    await callNext(house, officer(2), { deskId: hall.desks[2] ?? '' })
    const { helpId } = await askForHelp(house, agency, { deskId: desk })
    expect(await askForHelp(house, agency, { deskId: desk })).toEqual({ helpId })
    expect((await ownDeskView(house, officer(1))).help).toMatchObject([
      { id: helpId, desk: { label: '1' }, isOwn: false, takenBy: null },
    ])
    // Who has somebody at the desk is left alone.
    expect((await ownDeskView(house, officer(2))).help).toEqual([])
    expect(await refusalCode(takeHelp(house, agency, { helpId }))).toBe('counters.helpOwn')
    await takeHelp(house, officer(1), { helpId })
    expect(await refusal(takeHelp(house, officer(2), { helpId }))).toMatchObject({
      ...{ code: 'counters.helpTaken', values: { name: 'Sportellista 1' } },
    })
    expect(await refusalCode(endHelp(house, officer(2), { helpId }))).toBe('counters.helpOfOthers')
    expect((await queueView(house, agency, unitId)).help).toMatchObject([{ takenBy: 'Sportellista 1', isOwn: true }])
    await endHelp(house, officer(1), { helpId })
    expect(await refusalCode(endHelp(house, agency, { helpId }))).toBe('counters.helpOver')
    await askForHelp(house, agency, { deskId: desk })
    await leaveDesk(house, agency, {})
    expect((await queueView(house, agency, unitId)).help).toEqual([])
    const { rows } = await sql<{ type: string }>`select type from event where type like 'desk.help-%' order by id`.execute(
      house.database.kysely,
    )
    expect(rows.map(({ type }) => type)).toEqual(['desk.help-asked', 'desk.help-taken', 'desk.help-ended', 'desk.help-asked'])
  })

  test('the officer of last time: where and how long, and who waits for that desk is called by it alone', async () => {
    const { house, clock, hall, come, sit } = await opened()
    const card = NewContact.parse({ kind: 'person', givenName: 'Ida', familyName: 'Neri', municipalityCode: '058091' })
    const { id: contactId } = await createContact(house, agency, card)
    for (const n of [0, 1]) await sit(n)
    const [desk = '', second = ''] = hall.desks
    const visit = async (deskId: string, by: number) => {
      const id = await come()
      await callNext(house, officer(by), { deskId })
      await noteCame(house, officer(by), { visitId: id })
      return id
    }
    const earlier = await visit(second, 1)
    await nameVisitor(house, officer(1), { visitId: earlier, contactId })
    await closeVisit(house, officer(1), { visitId: earlier, ...said() })
    clock.advance(minute)
    const { id } = await booked(house, '11:30')
    await house.database.kysely.updateTable('appointment').set({ contact_id: contactId }).where('id', '=', id).execute()
    const { code } = await house.database.kysely
      .selectFrom('appointment')
      .select('code')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    const { visitId } = await addAppointment(house, agency, { unitId, code })
    await visit(second, 1)
    const known = (await queueView(house, agency, unitId)).lastOfficers
    const there = { desk: { id: second, label: '2' }, busy: true, expected: null }
    expect(known).toMatchObject([{ visitId, name: 'Sportellista 1', ...there }])
    await changeVisit(house, agency, { visitId, deskId: second })
    clock.advance(95 * minute)
    const other = await come()
    expect(await callNext(house, agency, { deskId: desk })).toEqual({ visitId: other })
    expect(await visitView(house, visitId)).toMatchObject({ onlyDesk: { label: '2' }, state: 'waiting' })
    const elsewhere = '00000000-0000-7000-8000-000000000000'
    expect(await refusalCode(changeVisit(house, agency, { visitId, deskId: elsewhere }))).toBe('counters.deskElsewhere')
    // Nobody waits for a desk at which nobody sits.
    await closeVisit(house, officer(1), { visitId: (await ownDeskView(house, officer(1))).visit?.id ?? '', ...said() })
    await leaveDesk(house, officer(1), {})
    expect(await visitView(house, visitId)).toMatchObject({ onlyDesk: null, state: 'waiting' })
  })

  test('a display shows the newest, and a second one what no longer fits', async () => {
    const { house, clock, hall, come, sit } = await opened(5)
    for (let n = 0; n < 5; n++) await sit(n)
    const codes: string[] = []
    for (let n = 0; n < 5; n++) {
      const { code } = await visitView(house, await come())
      await callNext(house, officer(n), { deskId: hall.desks[n] ?? '' })
      codes.unshift(code)
      clock.advance(minute)
    }
    const first = await device(house, 'display', [hall.hallId], { rows: 2 })
    const second = await device(house, 'display', [hall.hallId], { rows: 2, goesOn: first.deviceId })
    const third = await device(house, 'display', [hall.hallId], { goesOn: second.deviceId })
    const shown = async ({ row }: typeof first) => {
      const { calls, continues } = await displayView(house, row)
      return [continues, ...calls.map(({ code }) => code)]
    }
    expect(await shown(first)).toEqual([false, ...codes.slice(0, 2)])
    expect(await shown(second)).toEqual([true, ...codes.slice(2, 4)])
    expect(await shown(third)).toEqual([true, ...codes.slice(4)])
    const onKiosk = { unitId, kind: 'kiosk', name: 'x', hallIds: [hall.hallId], goesOn: first.deviceId }
    expect(await refusalCode(addDevice(house, counterManager, NewDevice.parse(onKiosk)))).toBe('counters.displayElsewhere')
    // Without the first, the second is the first, and chimes.
    await disableDevice(house, counterManager, { deviceId: first.deviceId })
    expect(await shown(second)).toEqual([false, ...codes.slice(0, 2)])
    expect(await shown(third)).toEqual([true, ...codes.slice(2)])
  })

  test('figures: who comes again, what was told of the wait, what was offered and booked', async () => {
    const { house, db, clock, desk, come, sit } = await opened()
    await sql`delete from visit_entry`.execute(db)
    await sql`delete from visit`.execute(db)
    const card = NewContact.parse({ kind: 'person', givenName: 'Ugo', familyName: 'Riva', municipalityCode: '058091' })
    const { id: contactId } = await createContact(house, agency, card)
    await sit(0)
    const served = async () => {
      const visitId = await come()
      await callNext(house, agency, { deskId: desk })
      await noteCame(house, agency, { visitId })
      await nameVisitor(house, agency, { visitId, contactId })
      clock.advance(5 * minute)
      await closeVisit(house, agency, { visitId, ...said() })
      return visitId
    }
    await served()
    expect(await figuresView(house, agency, { unitId })).toMatchObject({
      known: 1,
      returned: 0,
      told: 1,
      toldWithin: 1,
      toldErrorMinutes: 0,
    })
    clock.advance(7 * 24 * 60 * minute)
    const again = await served()
    await db.updateTable('visit').set({ told_min: 2, told_max: 6 }).where('id', '=', again).execute()
    expect(await figuresView(house, agency, { unitId })).toMatchObject({
      ...{ known: 1, returned: 1, returnDays: 30, told: 1, toldWithin: 0, toldErrorMinutes: 4 },
    })
    const figures = await figuresView(house, agency, { unitId, date: '2026-11-24' })
    expect(figures.plannedMinutes).toBeGreaterThan(0)
    expect(figures.bookedMinutes).toBeGreaterThan(0)
    expect(figures.bookedMinutes).toBeLessThanOrEqual(figures.plannedMinutes)
    const at = (minutes: number) => new Date(tuesday + minutes * minute)
    const row = (told_min: number | null, called: number | null) => ({
      ...{ told_min, told_max: told_min === null ? null : told_min + 4, arrived_at: at(0) },
      first_called_at: called === null ? null : at(called),
    })
    // Not called, or told nothing: neither right nor wrong.
    expect(toldWaitsOf([row(2, 3), row(2, 9), row(null, 3), row(2, null)])).toEqual({
      told: 2,
      toldWithin: 1,
      toldErrorMinutes: 3,
    })
  })
})
