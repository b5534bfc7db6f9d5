/** The counters on both databases: who gets whom, what each exception does, machines of the office, the end of the day, and that a rebuild is the same. */
import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { openMatter, service, smallAgenda } from '../../test/support/agenda.ts'
import { counterManager, officer, smallHall } from '../../test/support/counters.ts'
import { eachDatabase } from '../../test/support/database.ts'
import { refusalCode } from '../../test/support/refusal.ts'
import { staff } from '../../test/support/staff.ts'
import { confirmHold, takeHold } from '../agenda/index.ts'
import { createContact, NewContact } from '../contacts/index.ts'
import { type House, inTransaction, uuids, virtualClock } from '../platform/index.ts'
import { addAppointment, addVisit, changeVisit } from './arrivals.ts'
import {
  callAgain,
  callNext,
  callVisit,
  closeVisit,
  nameVisitor,
  noteAbsent,
  noteBack,
  noteCame,
  noteLeft,
  parkVisit,
  takeBackVisit,
  takeCallBack,
  transferVisit,
} from './calling.ts'
import { closeCounterDay, closeDaysBefore, leaveDesk, takeDesk } from './desks.ts'
import { addDevice, connectDevice, deviceOf, disableDevice } from './devices.ts'
import { visitStandingOf } from './effects.ts'
import { figuresView } from './figures.ts'
import { arriveAtKiosk, displayView, kioskView, takeTicket } from './machines.ts'
import { CloseVisit, NewDevice, NewVisit } from './model.ts'
import { columnsOf, entriesOf, readVisit } from './store.ts'
import { calledView, counterTicketView, ownDeskView, queueView, visitView } from './views.ts'

const { agency, otherAgency, anna, director } = staff
const unitId = 'ag-roma-eur'
const minute = 60_000
/** Tuesday 24 November 2026, 10:00 in Rome: the office is open. */
const tuesday = Date.UTC(2026, 10, 24, 9)
const said = (more: Partial<CloseVisit> = {}) => CloseVisit.parse(more)

eachDatabase(open => {
  let shared: House
  let letters = 0
  beforeAll(async () => {
    shared = (await open()).house
  })
  const opened = async (desks = 2, rules = {}) => {
    const clock = virtualClock(tuesday)
    const house = { ...shared, clock, ids: uuids(clock) }
    await sql`update counter_hall set active = false where unit_id = ${unitId}`.execute(house.database.kysely)
    await sql`update counter_sitting set until = now() where until is null`.execute(house.database.kysely)
    const hall = await smallHall(house, String.fromCharCode(65 + letters++), desks, rules)
    const [desk = '', second = ''] = hall.desks
    const come = async (more: Partial<NewVisit> = {}) =>
      (await addVisit(house, agency, NewVisit.parse({ hallId: hall.hallId, serviceId: hall.ordinary, ...more }))).visitId
    const sit = (n: number) => takeDesk(house, officer(n), { deskId: hall.desks[n] ?? '' })
    const state = async (id: string) => (await visitView(house, id)).state
    return { house, clock, hall, desk, second, come, sit, state }
  }

  describe('next', () => {
    test('twenty desks on ten who wait: ten different ones, and ten are told that there is nobody', async () => {
      const { house, hall, come } = await opened(20)
      const waiting: string[] = []
      for (let n = 0; n < 10; n++) waiting.push(await come())
      const officers = hall.desks.map((deskId, n) => ({ deskId, as: officer(n) }))
      for (const { deskId, as } of officers) await takeDesk(house, as, { deskId })
      const called = await Promise.all(officers.map(({ deskId, as }) => callNext(house, as, { deskId })))
      const ids = called.flatMap(({ visitId }) => visitId ?? [])
      expect(ids.toSorted()).toEqual(waiting.toSorted())
      expect(called.filter(({ visitId }) => visitId === null)).toHaveLength(10)
    })

    test('who come at one instant have different numbers, and officers who change halls at one instant both sit', async () => {
      const { house, hall, come } = await opened(1)
      const codes = await Promise.all(Array.from({ length: 12 }, async () => (await visitView(house, await come())).code))
      expect(new Set(codes).size).toBe(12)
      const other = await smallHall(house, 'Y', 1)
      const [here, there] = [hall.desks[0] ?? '', other.desks[0] ?? '']
      await takeDesk(house, officer(1), { deskId: here })
      await takeDesk(house, officer(2), { deskId: there })
      // Each desk is taken: both are told so, and neither waits for the other for ever.
      const [first, second] = [takeDesk(house, officer(1), { deskId: there }), takeDesk(house, officer(2), { deskId: here })]
      expect(await Promise.all([refusalCode(first), refusalCode(second)])).toEqual(['counters.deskTaken', 'counters.deskTaken'])
    })

    test('a second press calls nobody else; the same key gives the same answer', async () => {
      const { house, desk, come, sit, state } = await opened()
      const [first, other] = [await come(), await come()]
      await sit(0)
      const key = { key: 'the-first-press', fingerprint: 'next' }
      expect(await callNext(house, agency, { deskId: desk }, key)).toEqual({ visitId: first })
      expect(await callNext(house, agency, { deskId: desk }, key)).toEqual({ visitId: first })
      expect(await refusalCode(callNext(house, agency, { deskId: desk }))).toBe('counters.deskBusy')
      expect(await refusalCode(callVisit(house, agency, { visitId: other, deskId: desk }))).toBe('counters.deskBusy')
      expect(await state(other)).toBe('waiting')
    })

    test('is for who sits at the desk, and says why', async () => {
      const { house, desk, hall, clock, come, sit } = await opened()
      expect(await refusalCode(callNext(house, agency, { deskId: desk }))).toBe('counters.notAtDesk')
      expect(await refusalCode(callNext(house, otherAgency, { deskId: desk }))).toBe('platform.notFound')
      await sit(0)
      await come()
      clock.advance(minute)
      const fast = await come({ serviceId: hall.fast })
      const own = await ownDeskView(house, agency)
      expect(own.next).toMatchObject({
        visit: { id: fast },
        reason: { rule: 'fast', before: expect.stringMatching(/^[A-Z]001$/) },
      })
      await callNext(house, agency, { deskId: desk })
      expect(await calledView(house, fast)).toMatchObject({ reason: { rule: 'fast' }, visit: { desk: { label: '1' }, calls: 1 } })
    })

    test('a priority with its reason changes the place, counted from the arrival', async () => {
      const { house, clock, come } = await opened()
      const id = await come()
      clock.advance(3 * minute)
      await changeVisit(house, agency, { visitId: id, priority: 'pregnancy', persons: 2 })
      const visit = await visitView(house, id)
      expect(visit).toMatchObject({ priority: 'pregnancy', persons: 2, waitSeconds: 180 })
      expect(Date.parse(visit.callBy)).toBe(tuesday + 5 * minute)
    })
  })

  describe('exceptions', () => {
    test('called in vain: a pause, missed after the last call, and back with a new count', async () => {
      const { house, clock, desk, come, sit, state } = await opened()
      const id = await come()
      await sit(0)
      await callNext(house, agency, { deskId: desk })
      await noteAbsent(house, agency, { visitId: id })
      expect(await callNext(house, agency, { deskId: desk })).toEqual({ visitId: null })
      clock.advance(5 * minute)
      expect(await callNext(house, agency, { deskId: desk })).toEqual({ visitId: id })
      await noteAbsent(house, agency, { visitId: id })
      expect(await state(id)).toBe('missed')
      await noteBack(house, agency, { visitId: id })
      expect(await visitView(house, id)).toMatchObject({ state: 'waiting', calls: 0, waitSeconds: 0 })
    })

    test('a misclick, a call again, and taking back what came or ended', async () => {
      const { house, desk, come, sit, state } = await opened()
      const id = await come()
      await sit(0)
      await callNext(house, agency, { deskId: desk })
      await callAgain(house, agency, { visitId: id })
      expect(await visitView(house, id)).toMatchObject({ calls: 2 })
      await takeCallBack(house, agency, { visitId: id })
      expect(await visitView(house, id)).toMatchObject({ state: 'waiting', calls: 0, desk: null })
      await callNext(house, agency, { deskId: desk })
      await noteCame(house, agency, { visitId: id })
      await takeBackVisit(house, agency, { visitId: id })
      expect(await state(id)).toBe('called')
      await noteCame(house, agency, { visitId: id })
      await closeVisit(house, agency, { visitId: id, ...said() })
      const next = await come()
      await callNext(house, agency, { deskId: desk })
      expect(await refusalCode(takeBackVisit(house, agency, { visitId: id }))).toBe('counters.deskBusy')
      await takeCallBack(house, agency, { visitId: next })
      await takeBackVisit(house, agency, { visitId: id })
      expect(await state(id)).toBe('serving')
    })

    test('parked and called by the same officer; transferred to one desk, with code, arrival and place', async () => {
      const { house, clock, hall, desk, second, come, sit } = await opened()
      const id = await come()
      await sit(0)
      await callNext(house, agency, { deskId: desk })
      await noteCame(house, agency, { visitId: id })
      await parkVisit(house, agency, { visitId: id, reason: 'Prende la marca da bollo', remindMinutes: 15 })
      expect((await ownDeskView(house, agency)).parked).toMatchObject([{ id, parkedWhy: 'Prende la marca da bollo' }])
      expect(await callNext(house, agency, { deskId: desk })).toEqual({ visitId: null })
      await callVisit(house, agency, { visitId: id, deskId: desk })
      await noteCame(house, agency, { visitId: id })
      const before = await visitView(house, id)
      clock.advance(minute)
      await transferVisit(house, agency, { visitId: id, serviceId: hall.fast, deskId: second })
      expect(await visitView(house, id)).toMatchObject({
        ...{ code: before.code, arrivedAt: before.arrivedAt, callBy: before.callBy, visitClass: 'ordinary', state: 'waiting' },
        ...{ service: { id: hall.fast }, calls: 0 },
      })
      expect(await callNext(house, agency, { deskId: desk })).toEqual({ visitId: null })
      await sit(1)
      expect(await callNext(house, officer(1), { deskId: second })).toEqual({ visitId: id })
    })

    test('what does not fit the state is refused with a sentence', async () => {
      const { house, come } = await opened()
      const id = await come()
      for (const step of [callAgain, noteAbsent, takeCallBack, noteCame, noteBack, takeBackVisit])
        expect(await refusalCode(step(house, agency, { visitId: id }))).toBe('counters.is.waiting')
      await noteLeft(house, agency, { visitId: id })
      expect(await refusalCode(noteLeft(house, agency, { visitId: id }))).toBe('counters.is.left')
      expect(await refusalCode(noteLeft(house, otherAgency, { visitId: id }))).toBe('platform.notFound')
      expect(await refusalCode(noteLeft(house, director, { visitId: id }))).toBe('counters.officeOnly')
    })
  })

  test('an appointment is recognised by its code, once; it begins and ends with the visit', async () => {
    const { house, clock, desk, sit } = await opened()
    await smallAgenda(house)
    const { id: holdId } = await takeHold(house, anna, { unitId, serviceId: service.id, start: '2026-11-24T11:30:00+01:00' })
    const matter = await openMatter(house)
    const { id: appointmentId } = await inTransaction(house, anna, work =>
      confirmHold(work, { holdId, reason: 'Vuole capire i contributi.', ...matter }),
    )
    expect(await refusalCode(addAppointment(house, agency, { unitId, code: '9999999999' }))).toBe('counters.appointmentUnknown')
    const { visitId } = await addAppointment(house, agency, { unitId, code: matter.code })
    expect(await addAppointment(house, agency, { unitId, code: matter.code })).toEqual({ visitId })
    const appointment = () =>
      house.database.kysely.selectFrom('appointment').select('state').where('id', '=', appointmentId).executeTakeFirst()
    expect(await appointment()).toEqual({ state: 'checked-in' })
    expect(await visitView(house, visitId)).toMatchObject({ visitClass: 'appointment', caseId: matter.caseId, waitSeconds: null })
    await sit(0)
    // An hour and a half early: not even when there is nobody else.
    expect(await callNext(house, agency, { deskId: desk })).toEqual({ visitId: null })
    clock.advance(61 * minute)
    expect(await callNext(house, agency, { deskId: desk })).toEqual({ visitId })
    await noteCame(house, agency, { visitId })
    expect(await appointment()).toEqual({ state: 'in-progress' })
    await closeVisit(house, agency, {
      visitId,
      ...said({ conclusion: { outcome: 'resolved', text: 'Spiegato l’estratto conto.' } }),
    })
    expect(await appointment()).toEqual({ state: 'concluded' })
    expect(await refusalCode(takeBackVisit(house, agency, { visitId }))).toBe('counters.concluded')
  })

  test('a conversation begins in the history of whoever is named at the desk, and ends with the visit', async () => {
    const { house, desk, come, sit } = await opened()
    const visitId = await come()
    await sit(0)
    const card = NewContact.parse({ kind: 'person', givenName: 'Ida', familyName: 'Neri', municipalityCode: '058091' })
    const { id: contactId } = await createContact(house, agency, card)
    const foreign = await createContact(house, otherAgency, card)
    expect(await refusalCode(nameVisitor(house, agency, { visitId, contactId }))).toBe('counters.cannotName')
    await callNext(house, agency, { deskId: desk })
    await noteCame(house, agency, { visitId })
    expect(await refusalCode(nameVisitor(house, agency, { visitId, contactId: foreign.id }))).toBe('platform.notFound')
    await nameVisitor(house, agency, { visitId, contactId })
    const talks = () =>
      house.database.kysely
        .selectFrom('interaction')
        .select(['channel', 'state', 'answer', 'question'])
        .where('contact_id', '=', contactId)
        .execute()
    expect(await talks()).toEqual([{ channel: 'counter', state: 'open', answer: null, question: 'Pensioni' }])
    await closeVisit(house, agency, { visitId, ...said({ done: 'Stampato il cedolino.' }) })
    expect(await talks()).toEqual([
      { channel: 'counter', state: 'answered', answer: 'Stampato il cedolino.', question: 'Pensioni' },
    ])
  })

  test('a rebuild from the entries is what the row says', async () => {
    const { house, hall, desk, come, sit } = await opened()
    await sit(0)
    const ids = [await come(), await come({ serviceId: hall.fast }), await come({ priority: 'age' })]
    for (let n = 0; n < 3; n++) {
      const { visitId } = await callNext(house, agency, { deskId: desk })
      if (visitId === null) throw new Error('Nobody was called.')
      await noteCame(house, agency, { visitId })
      if (n === 0) await parkVisit(house, agency, { visitId, reason: 'Un foglio', remindMinutes: 5 })
      else if (n === 1) await transferVisit(house, agency, { visitId, serviceId: hall.ordinary, deskId: hall.desks[1] ?? null })
      else await closeVisit(house, agency, { visitId, ...said() })
    }
    const db = house.database.kysely
    for (const [id, entries] of await entriesOf(db, ids)) {
      const { call_reason, ...rebuilt } = columnsOf(visitStandingOf(entries))
      const row = await readVisit(db, id)
      expect(row).toMatchObject(rebuilt)
      expect(row?.call_reason).toEqual(call_reason === null ? null : JSON.parse(call_reason))
    }
  })

  describe('machines', () => {
    const pair = async (house: House, hallIds: string[], kind: 'kiosk' | 'display') => {
      const { code, deviceId } = await addDevice(
        house,
        counterManager,
        NewDevice.parse({ unitId, kind, name: 'Ingresso', hallIds }),
      )
      const { token } = await connectDevice(house, agency, { code })
      return { code, deviceId, headers: { cookie: `device=${token}` } }
    }

    test('a code connects once; the token opens its own kind, and ends with the device', async () => {
      const { house, hall } = await opened()
      const { code, deviceId, headers } = await pair(house, [hall.hallId], 'kiosk')
      expect(await refusalCode(connectDevice(house, agency, { code }))).toBe('counters.codeUnknown')
      expect(await refusalCode(deviceOf(house, headers, 'display'))).toBe('counters.deviceUnknown')
      expect((await deviceOf(house, headers, 'kiosk')).id).toBe(deviceId)
      const another = NewDevice.parse({ unitId, kind: 'kiosk', name: 'x', hallIds: [hall.hallId] })
      expect(await refusalCode(addDevice(house, agency, another))).toBe('counters.keepersOnly')
      await disableDevice(house, counterManager, { deviceId })
      expect(await refusalCode(deviceOf(house, headers, 'kiosk'))).toBe('counters.deviceUnknown')
    })

    test('one key is one ticket; codes do not repeat; the contingent and the hours are kept', async () => {
      const { house, clock, hall } = await opened()
      await sql`update counter_hall set daily_contingent = 3 where id = ${hall.hallId}`.execute(house.database.kysely)
      const { headers } = await pair(house, [hall.hallId], 'kiosk')
      const device = await deviceOf(house, headers, 'kiosk')
      const take = (key: string) =>
        takeTicket(house, agency, { device, hallId: hall.hallId, serviceId: hall.ordinary }, { key, fingerprint: 'x' })
      const first = await take('touch-number-1')
      expect(await take('touch-number-1')).toEqual(first)
      const others = [await take('touch-number-2'), await take('touch-number-3')]
      expect(await refusalCode(take('touch-number-4'))).toBe('counters.closedBecause.contingent')
      const codes = await Promise.all([first, ...others].map(({ visitId }) => counterTicketView(house, visitId, 'en')))
      expect(codes.map(({ code }) => code.slice(1))).toEqual(['001', '002', '003'])
      expect(codes[2]).toMatchObject({ service: 'Pensions', ahead: 2, expected: null, unit: 'Roma EUR' })
      // The reception desk is not bound by it.
      expect(
        (
          await visitView(
            house,
            (
              await addVisit(house, agency, NewVisit.parse({ hallId: hall.hallId, serviceId: hall.fast }))
            ).visitId,
          )
        ).code,
      ).toMatch(/004$/)
      clock.advance(14 * 60 * minute)
      expect((await kioskView(house, device)).halls).toMatchObject([{ open: false, closedBecause: 'hours' }])
      expect(await refusalCode(arriveAtKiosk(house, agency, { device, code: '9999999999' }))).toBe('counters.appointmentUnknown')
    })

    test('a display shows codes and desks, newest first, and a hall that was removed hides only itself', async () => {
      const { house, clock, hall, desk, come, sit } = await opened()
      const other = await smallHall(house, 'Z')
      const { headers } = await pair(house, [hall.hallId, other.hallId], 'display')
      const device = await deviceOf(house, headers, 'display')
      await sit(0)
      const id = await come()
      await come()
      await callNext(house, agency, { deskId: desk })
      const [before] = (await displayView(house, device)).calls
      clock.advance(minute)
      await callAgain(house, agency, { visitId: id })
      await sql`update counter_hall set active = false where id = ${other.hallId}`.execute(house.database.kysely)
      const shown = await displayView(house, device)
      expect(shown.halls).toMatchObject([{ id: hall.hallId, waiting: 1 }])
      expect(shown.calls).toEqual([
        {
          id: expect.any(String),
          code: expect.stringMatching(/001$/),
          desk: '1',
          hall: shown.halls[0]?.name,
          at: expect.any(String),
        },
      ])
      expect(shown.calls[0]?.id).not.toBe(before?.id)
    })
  })

  test('the end of the day may be repeated, frees the desks, and a night does it where nobody has', async () => {
    const { house, clock, desk, come, sit, state } = await opened()
    const [served, waits, left] = [await come(), await come(), await come()]
    await sit(0)
    await callNext(house, agency, { deskId: desk })
    await noteCame(house, agency, { visitId: served })
    expect(await refusalCode(leaveDesk(house, agency, {}))).toBe('counters.deskBusy')
    await noteLeft(house, agency, { visitId: left })
    expect(await closeCounterDay(house, agency, { unitId })).toEqual({ visits: 2 })
    expect(await closeCounterDay(house, agency, { unitId })).toEqual({ visits: 0 })
    expect([await state(served), await state(waits), await state(left)]).toEqual(['closed', 'unserved', 'left'])
    expect((await ownDeskView(house, agency)).desk).toBeNull()
    const late = await come()
    clock.advance(24 * 60 * minute)
    await closeDaysBefore(house)
    expect(await state(late)).toBe('unserved')
  })

  test('the live view and the figures say the same as the entries', async () => {
    const { house, clock, hall, desk, come, sit } = await opened()
    await sql`delete from visit_entry`.execute(house.database.kysely)
    await sql`delete from visit`.execute(house.database.kysely)
    await sit(0)
    await come({ serviceId: hall.fast, persons: 3 })
    await come()
    clock.advance(4 * minute)
    expect((await queueView(house, director, unitId)).loads).toMatchObject([
      { hallId: hall.hallId, waiting: 2, serving: 0, desks: 1, longestSeconds: 240, newcomer: null },
    ])
    const { visitId } = await callNext(house, agency, { deskId: desk })
    if (visitId === null) throw new Error('Nobody was called.')
    clock.advance(minute)
    await noteCame(house, agency, { visitId })
    clock.advance(9 * minute)
    const delivered = [{ serviceId: hall.fast, quantity: 2 }]
    await closeVisit(house, agency, { visitId, ...said({ delivered, callEnough: true, cameBecause: 'no-answer' }) })
    expect(await figuresView(house, director, { unitId })).toMatchObject({
      ...{ visits: 2, persons: 4, served: 1, fast: 1, fastWithin: 1, averageWaitSeconds: 240, averageWaySeconds: 60 },
      ...{ averageServiceSeconds: 540, callEnough: 1, callAnswered: 1, notRecorded: 0 },
      ...{ byHour: [{ hour: 10, visits: 1, averageWaitSeconds: 240 }], cameBecause: [{ reason: 'no-answer', visits: 1 }] },
    })
    expect(await refusalCode(figuresView(house, otherAgency, { unitId }))).toBe('platform.notFound')
  })
})
