/** Holds and appointments on both databases: who gets a time, who loses it, what is told to whom. */
import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { calendarIds, openMatter, service, smallAgenda } from '../../test/support/agenda.ts'
import { eachDatabase, onPostgres } from '../../test/support/database.ts'
import { mailBy } from '../../test/support/mail-server.ts'
import { analyse, plansOf } from '../../test/support/plan.ts'
import { refusal } from '../../test/support/refusal.ts'
import { staff } from '../../test/support/staff.ts'
import { openInteraction } from '../cases/interactions.ts'
import { caseView } from '../cases/views.ts'
import { lastMailAbout } from '../channels/index.ts'
import { sendDue } from '../channels/outbox.ts'
import { type House, inTransaction, type PersonActor, uuids, virtualClock } from '../platform/index.ts'
import {
  cancelAppointment,
  checkIn,
  concludeAppointment,
  confirmHold,
  moveAppointment,
  noShow,
  prepareAppointment,
  startAppointment,
  takeBack,
} from './appointments.ts'
import { servicesView, slotsView } from './free-times.ts'
import { holdView, releaseHold, sweepHolds, takeHold } from './holds.ts'
import { insertAgenda } from './setup-store.ts'
import { calendarsOf, countDay, forgetHolds, holdsOfOwner, listDay, servicesOfUnit } from './store.ts'
import { appointmentMailOwner } from './unsent.ts'
import { appointmentView, dayView } from './views.ts'
import { appointmentsOfWeek, calendarsOfWeek } from './week-store.ts'
import { readdressAppointmentMail, withdrawAppointmentMail } from './writing.ts'

const { anna, luca, paola, agency, otherAgency, director, otherDirector, headquarters, directorate, administrator } = staff

/** Tuesday 24 November 2026, 10:00 in Rome. */
const tuesday = Date.UTC(2026, 10, 24, 9)
const minute = 60_000
const day = '2026-11-27'
const at = (time: string, date = day) => `${date}T${time}:00+01:00`
const utc = (time: string, date = day) => new Date(at(time, date)).toISOString()
const eur = { unitId: 'ag-roma-eur', serviceId: service.id }
const where = (time: string) => ({ ...eur, start: at(time) })

const free = async (house: House, actor: PersonActor = anna, unitId = 'ag-roma-eur') => {
  const { days } = await slotsView(house, actor, { unitId, serviceId: service.id, from: day, days: 1 }, 'it')
  return (days[0]?.slots ?? []).map(slot => slot.start)
}

/** What the journal tells of a case. */
const types = async (house: House, caseId: string) => {
  const rows = await house.database.kysely
    .selectFrom('event')
    .select('type')
    .where('case_id', '=', caseId)
    .orderBy('id')
    .execute()
  return rows.map(row => row.type).filter(type => type.startsWith('appointment.'))
}

const confirm = (
  house: House,
  actor: PersonActor,
  holdId: string,
  matter: Awaited<ReturnType<typeof openMatter>> & { despiteOther?: boolean },
) => inTransaction(house, actor, work => confirmHold(work, { holdId, reason: 'Vuole capire i contributi.', ...matter }))

/** An appointment at Roma EUR, and the matter that it is about. */
async function book(house: House, time: string, actor: PersonActor = anna) {
  const { id: holdId } = await takeHold(house, actor, where(time))
  const matter = await openMatter(house)
  return { ...matter, appointmentId: (await confirm(house, actor, holdId, matter)).id }
}

eachDatabase(open => {
  let shared: House
  beforeAll(async () => {
    shared = (await open()).house
  })
  /** One database for all stories; each begins with an agenda of its own, on Tuesday morning. */
  const opened = async (desks = 0) => {
    const clock = virtualClock(tuesday)
    const house = { ...shared, clock, ids: uuids(clock) }
    await smallAgenda(house, { desks })
    return { house, clock }
  }

  describe('free times', () => {
    test('are shown to who books, in the language of the reader; what is taken is not among them', async () => {
      const { house } = await opened()
      const [offered] = await servicesView(house, anna, 'ag-roma-eur', 'en')
      expect(offered).toMatchObject({ id: service.id, name: 'Pension advice', durationMinutes: 30 })
      expect(await free(house)).toHaveLength(8)
      await book(house, '09:30')
      expect(await free(house)).toEqual(['09:00', '10:00', '10:30', '11:00', '11:30', '14:00', '14:30'].map(time => utc(time)))
      for (const actor of [directorate, administrator]) expect(await refusal(free(house, actor))).toMatchObject({ status: 404 })
    })

    test('of a holiday, a closure, a full and a free day', async () => {
      const { house } = await opened()
      await insertAgenda(house.database.kysely, {
        services: [],
        offered: [],
        calendars: [],
        closures: [
          {
            id: house.ids(),
            unitId: 'ag-roma-eur',
            calendarId: null,
            firstDay: '2026-12-09',
            lastDay: '2026-12-09',
            hours: null,
            reason: 'Assemblea del personale',
          },
        ],
      })
      const { days } = await slotsView(house, anna, { ...eur, from: '2026-12-05', days: 6 }, 'it')
      expect(days.map(each => [each.date, each.state, each.reason])).toEqual([
        ['2026-12-05', 'closed', null],
        ['2026-12-06', 'closed', null],
        ['2026-12-07', 'free', null],
        ['2026-12-08', 'closed', 'Giorno festivo'],
        ['2026-12-09', 'closed', 'Assemblea del personale'],
        ['2026-12-10', 'free', null],
      ])
    })

    test('of a day that lies too far ahead say from when it can be booked; its office is not closed', async () => {
      const { house } = await opened()
      const { days } = await slotsView(house, anna, { ...eur, from: '2027-01-22', days: 4 }, 'it')
      expect(days.map(each => [each.date, each.state, each.reason])).toEqual([
        ['2027-01-22', 'free', null],
        ['2027-01-23', 'closed', null],
        ['2027-01-24', 'closed', null],
        ['2027-01-25', 'closed', 'Non ancora prenotabile: lo sarà dal 26/11/2026.'],
      ])
      expect((await dayView(house, agency, { date: '2027-01-25', limit: 5 }, 'it')).closed).toBeNull()
    })

    test('are none on the feast of the patron of the town', async () => {
      const { house } = await opened()
      // Milan keeps Sant'Ambrogio on 7 December, Rome does not.
      const milan = await slotsView(house, anna, { ...eur, unitId: 'ag-milano-nord', from: '2026-12-07', days: 1 }, 'en')
      expect(milan.days).toMatchObject([{ state: 'closed', reason: 'Public holiday' }])
    })
  })

  describe('a hold', () => {
    test('hides the time from others, not from its owner, and says how long', async () => {
      const { house, clock } = await opened()
      const { id } = await takeHold(house, anna, where('09:00'))
      clock.advance(2 * minute)
      expect(await holdView(house, anna, id)).toMatchObject({
        unit: { name: 'Agenzia di Roma EUR' },
        officer: { name: 'Lia Moro' },
        start: utc('09:00'),
        secondsLeft: 180,
      })
      expect(await free(house, luca)).not.toContain(utc('09:00'))
      const { days } = await slotsView(house, anna, { ...eur, from: day, days: 1 }, 'it')
      expect(days[0]?.slots[0]).toMatchObject({ start: utc('09:00'), free: 1, heldByYou: true })
      expect(await refusal(holdView(house, luca, id))).toMatchObject({ status: 404 })
    })

    test('asked for twice is the same; another lets the first go', async () => {
      const { house } = await opened()
      const first = await takeHold(house, anna, where('09:00'))
      expect(await takeHold(house, anna, where('09:00'))).toEqual(first)
      await takeHold(house, anna, where('10:00'))
      expect(await free(house, luca)).toContain(utc('09:00'))
      expect(await holdsOfOwner(house.database.kysely, `person:${anna.personId}`)).toHaveLength(1)
      expect(await refusal(holdView(house, anna, first.id))).toMatchObject({ status: 404 })
    })

    test('is let go on back and cancel, once or twice; not by others', async () => {
      const { house } = await opened()
      const { id: holdId } = await takeHold(house, anna, where('09:00'))
      expect(await refusal(releaseHold(house, luca, { holdId }))).toMatchObject({ status: 404 })
      await releaseHold(house, anna, { holdId })
      await releaseHold(house, anna, { holdId })
      await takeHold(house, luca, where('09:00'))
    })

    test('is refused to the second, with the next free time', async () => {
      const { house } = await opened()
      await takeHold(house, anna, { ...eur, start: at('11:00', '2026-11-24') })
      const told = await refusal(takeHold(house, luca, { ...eur, start: at('11:00', '2026-11-24') }))
      expect(told).toMatchObject({
        code: 'agenda.taken.next',
        status: 409,
        values: {
          at: '24/11/2026 11:00',
          unit: 'Agenzia di Roma EUR',
          nextFree: utc('11:30', '2026-11-24'),
          nextFreeAt: '24/11/2026 11:30',
        },
      })
    })

    test('where no time begins, too soon, too late, in the past or without the service is refused', async () => {
      const { house } = await opened()
      for (const start of [
        at('09:10'),
        at('12:00'),
        at('09:00', '2026-11-28'),
        at('10:30', '2026-11-24'),
        at('09:00', '2026-11-23'),
        at('09:00', '2027-02-01'),
      ])
        expect(await refusal(takeHold(house, anna, { ...eur, start })), start).toMatchObject({
          code: 'agenda.notATime.next',
          status: 422,
        })
      expect(await refusal(takeHold(house, anna, { ...where('09:00'), serviceId: 'altro' }))).toMatchObject({
        code: 'agenda.serviceNotHere',
      })
      expect(await refusal(takeHold(house, anna, { ...where('09:00'), unitId: 'nowhere' }))).toMatchObject({ status: 404 })
      expect(await refusal(takeHold(house, directorate, where('09:00')))).toMatchObject({ status: 403 })
    })

    test('goes to the officer who was asked for, otherwise to who has least to do', async () => {
      const { house } = await opened(2)
      const lia = await takeHold(house, anna, { ...where('09:00'), officer: agency.personId })
      expect((await holdView(house, anna, lia.id)).officer).toEqual({ id: agency.personId, name: 'Lia Moro' })
      const other = await takeHold(house, luca, where('09:00'))
      expect((await holdView(house, luca, other.id)).officer).toBeNull()
      await takeHold(house, paola, where('09:00'))
      expect(await free(house, staff.supervisor)).not.toContain(utc('09:00'))
      expect(await refusal(takeHold(house, staff.switchboard, where('09:00')))).toMatchObject({ code: 'agenda.taken.next' })
    })

    test('that is over can be taken by others; until then its owner still can confirm it', async () => {
      const { house, clock } = await opened()
      const slow = await takeHold(house, anna, where('09:00'))
      const lost = await takeHold(house, luca, where('10:00'))
      clock.advance(6 * minute)
      expect(await free(house, paola)).toEqual(expect.arrayContaining([utc('09:00'), utc('10:00')]))
      await takeHold(house, paola, where('10:00'))
      await confirm(house, anna, slow.id, await openMatter(house))
      expect(await refusal(confirm(house, luca, lost.id, await openMatter(house)))).toMatchObject({
        code: 'agenda.holdLost.next',
        status: 409,
        values: { at: '27/11/2026 10:00', nextFree: utc('11:30', '2026-11-24') },
      })
    })

    test('is forgotten after a day; an appointment is not', async () => {
      const { house, clock } = await opened()
      const { id } = await takeHold(house, luca, where('10:00'))
      await book(house, '09:00')
      clock.advance(25 * 60 * minute)
      expect(await sweepHolds(house)).toBe(1)
      expect(await refusal(confirm(house, luca, id, await openMatter(house)))).toMatchObject({ status: 404 })
      expect(await free(house)).not.toContain(utc('09:00'))
    })

    test('of a session belongs to nobody else of the channel', async () => {
      const { house } = await opened()
      const citizen = { kind: 'citizen', channel: 'web' } as const
      const { id: holdId } = await takeHold(house, citizen, { ...where('09:00'), session: 'one' })
      expect(await refusal(releaseHold(house, citizen, { holdId, session: 'two' }))).toMatchObject({ status: 404 })
      const matter = await openMatter(house)
      const confirmed = inTransaction(house, citizen, work =>
        confirmHold(work, { holdId, session: 'one', reason: 'Estratto conto', ...matter }),
      )
      expect(await confirmed).toMatchObject({ unit: { id: 'ag-roma-eur' }, start: new Date(at('09:00')) })
    })
  })

  describe('an appointment', () => {
    test('is made of the own hold, once', async () => {
      const { house } = await opened()
      const { id: holdId } = await takeHold(house, anna, where('09:00'))
      const matter = await openMatter(house)
      expect(await refusal(confirm(house, luca, holdId, matter))).toMatchObject({ status: 404 })
      const booked = await confirm(house, anna, holdId, matter)
      expect(booked).toMatchObject({ unit: { name: 'Agenzia di Roma EUR' }, officer: { name: 'Lia Moro' } })
      expect(await refusal(confirm(house, anna, holdId, matter))).toMatchObject({ code: 'agenda.holdUsed' })
      await releaseHold(house, anna, { holdId })
      expect(await free(house)).not.toContain(utc('09:00'))
      expect(await types(house, matter.caseId)).toEqual(['appointment.booked'])
    })

    test('of a transaction that fails leaves the hold as it was', async () => {
      const { house } = await opened()
      const { id: holdId } = await takeHold(house, anna, where('09:00'))
      const matter = await openMatter(house)
      const fails = inTransaction(house, anna, async work => {
        await confirmHold(work, { holdId, reason: 'x', ...matter })
        throw new Error('the case could not be written')
      })
      await expect(fails).rejects.toThrow('could not be written')
      expect((await holdView(house, anna, holdId)).id).toBe(holdId)
      await confirm(house, anna, holdId, matter)
    })

    test('is prepared, checked in, started and concluded by its office', async () => {
      const { house, clock } = await opened()
      const { appointmentId, caseId, code } = await book(house, '09:00')
      const before = await appointmentView(house, agency, appointmentId, 'it')
      expect(before).toMatchObject({
        state: 'booked',
        contact: { name: 'Giulia Ferri' },
        code,
        history: `/api/cases/${caseId}/history`,
        bookedBy: { name: 'Anna Bianchi', unit: 'Pensioni' },
        bring: service.bring,
        version: 1,
        actions: { prepare: { allowed: true }, 'no-show': { allowed: false } },
      })
      await prepareAppointment(house, agency, { appointmentId, version: 1, text: 'Fascicolo del 1989 in archivio.' })
      expect(await refusal(prepareAppointment(house, agency, { appointmentId, version: 1, text: 'x' }))).toMatchObject({
        code: 'platform.changedMeanwhile',
        status: 412,
      })
      clock.advance(72 * 60 * minute)
      await checkIn(house, agency, { appointmentId })
      expect(await refusal(checkIn(house, agency, { appointmentId }))).toMatchObject({
        code: 'agenda.policy.is.checked-in',
        status: 409,
      })
      expect(await refusal(noShow(house, agency, { appointmentId }))).toMatchObject({ status: 409 })
      await startAppointment(house, agency, { appointmentId })
      await concludeAppointment(house, agency, { appointmentId, outcome: 'resolved', text: 'Fascicolo ricostruito.' })
      expect(await appointmentView(house, agency, appointmentId, 'it')).toMatchObject({
        state: 'concluded',
        outcome: 'resolved',
        outcomeText: 'Fascicolo ricostruito.',
        preparation: 'Fascicolo del 1989 in archivio.',
        preparedBy: 'Lia Moro',
        actions: { cancel: { allowed: false, sentence: 'L’appuntamento è concluso.'.replace('’', "'") } },
      })
      expect(await types(house, caseId)).toEqual(
        ['booked', 'prepared', 'checked-in', 'started', 'concluded'].map(what => `appointment.${what}`),
      )
    })

    test('a step pressed on the wrong appointment is taken back; who was there before is there again', async () => {
      const { house, clock } = await opened()
      const { appointmentId, caseId } = await book(house, '09:00')
      const state = async () => {
        const { state, checkedInAt, startedAt, endedAt } = await appointmentView(house, agency, appointmentId, 'it')
        return [state, checkedInAt !== null, startedAt !== null, endedAt !== null]
      }
      expect(await refusal(takeBack(house, agency, { appointmentId }))).toMatchObject({ status: 409 })
      clock.advance(72 * 60 * minute)
      await checkIn(house, agency, { appointmentId })
      await takeBack(house, agency, { appointmentId })
      expect(await state()).toEqual(['booked', false, false, false])
      await startAppointment(house, agency, { appointmentId })
      await takeBack(house, agency, { appointmentId })
      expect(await state()).toEqual(['booked', false, false, false])
      await checkIn(house, agency, { appointmentId })
      clock.advance(minute)
      await startAppointment(house, agency, { appointmentId })
      await takeBack(house, agency, { appointmentId })
      expect(await state()).toEqual(['checked-in', true, false, false])
      await takeBack(house, agency, { appointmentId })
      await noShow(house, agency, { appointmentId })
      await takeBack(house, agency, { appointmentId })
      expect(await state()).toEqual(['booked', false, false, false])
      expect(await refusal(takeBack(house, anna, { appointmentId }))).toMatchObject({ status: 403 })
      expect((await types(house, caseId)).filter(type => type === 'appointment.taken-back')).toHaveLength(5)
    })

    test('days before it nobody arrives, is received or has been served', async () => {
      const { house } = await opened()
      const { appointmentId } = await book(house, '09:00')
      const tooEarly = { code: 'agenda.policy.notYetDay', status: 409 }
      expect(await refusal(checkIn(house, agency, { appointmentId }))).toMatchObject(tooEarly)
      expect(await refusal(startAppointment(house, agency, { appointmentId }))).toMatchObject(tooEarly)
      const conclusion = { appointmentId, outcome: 'resolved' as const, text: 'Fatto.' }
      expect(await refusal(concludeAppointment(house, agency, conclusion))).toMatchObject(tooEarly)
    })

    test('of a citizen who is expected elsewhere at that time is told, and made when both are meant', async () => {
      const { house } = await opened(1)
      const { contactId, appointmentId } = await book(house, '09:00')
      const { id: holdId } = await takeHold(house, anna, where('09:00'))
      const matter = { ...(await openMatter(house)), contactId }
      expect(await refusal(confirm(house, anna, holdId, matter))).toMatchObject({
        code: 'agenda.citizenElsewhere',
        status: 409,
        values: { appointmentId },
      })
      const despite = inTransaction(house, anna, work =>
        confirmHold(work, { holdId, reason: 'Per la moglie.', despiteOther: true, ...matter }),
      )
      expect((await despite).id).toBeDefined()
      const { id: later } = await takeHold(house, anna, where('09:30'))
      await confirm(house, anna, later, { ...(await openMatter(house)), contactId })
    })

    test('moved to where and when it is already is refused, and no mail is written', async () => {
      const { house } = await opened(1)
      const { appointmentId } = await book(house, '09:00')
      const mails = async () => (await house.database.kysely.selectFrom('mail').select('id').execute()).length
      const before = await mails()
      const { id: holdId } = await takeHold(house, anna, where('09:00'))
      expect(await refusal(moveAppointment(house, anna, { appointmentId, holdId }))).toMatchObject({
        code: 'agenda.sameTime',
        status: 409,
      })
      expect(await mails()).toBe(before)
    })

    test('moved to a time at which the citizen is expected elsewhere is told, and moved when both are meant', async () => {
      const { house } = await opened(2)
      const { contactId, appointmentId: other } = await book(house, '09:00')
      const { id: first } = await takeHold(house, anna, where('09:30'))
      const { id: appointmentId } = await confirm(house, anna, first, { ...(await openMatter(house)), contactId })
      const { id: holdId } = await takeHold(house, anna, where('09:00'))
      expect(await refusal(moveAppointment(house, anna, { appointmentId, holdId }))).toMatchObject({
        code: 'agenda.citizenElsewhere',
        status: 409,
        values: { appointmentId: other },
      })
      await moveAppointment(house, anna, { appointmentId, holdId, despiteOther: true })
      expect(await appointmentView(house, anna, appointmentId, 'it')).toMatchObject({ version: 2, unit: { id: 'ag-roma-eur' } })
    })

    test('that is cancelled gives its time back at once', async () => {
      const { house } = await opened()
      const { appointmentId } = await book(house, '09:00')
      await cancelAppointment(house, anna, { appointmentId, reason: 'Il cittadino non può.', by: 'citizen' })
      expect(await free(house)).toContain(utc('09:00'))
      await book(house, '09:00', luca)
      expect(await refusal(moveAppointment(house, anna, { appointmentId, holdId: house.ids() }))).toMatchObject({
        code: 'agenda.policy.is.cancelled',
      })
    })

    test('nobody has failed to come before the time; who did not come gets another time', async () => {
      const { house, clock } = await opened()
      const { appointmentId } = await book(house, '09:00')
      expect(await refusal(noShow(house, agency, { appointmentId }))).toMatchObject({
        code: 'agenda.policy.notYetTime',
        status: 409,
      })
      clock.advance(3 * 24 * 60 * minute)
      await noShow(house, agency, { appointmentId })
      const { id: holdId } = await takeHold(house, agency, { ...eur, start: at('09:00', '2026-12-04') })
      await moveAppointment(house, agency, { appointmentId, holdId })
      expect(await appointmentView(house, agency, appointmentId, 'it')).toMatchObject({
        state: 'booked',
        start: utc('09:00', '2026-12-04'),
        endedAt: null,
      })
    })

    test('that is moved to another office is that office’s from then on', async () => {
      const { house } = await opened()
      const { appointmentId } = await book(house, '09:00')
      const { id: holdId } = await takeHold(house, anna, { ...where('10:00'), unitId: 'ag-milano-nord' })
      await moveAppointment(house, anna, { appointmentId, holdId })
      expect(await free(house)).toContain(utc('09:00'))
      expect(await refusal(appointmentView(house, agency, appointmentId, 'it'))).toMatchObject({ status: 404 })
      expect(await appointmentView(house, otherAgency, appointmentId, 'it')).toMatchObject({
        unit: { id: 'ag-milano-nord' },
        officer: { name: 'Gino Vari' },
        start: utc('10:00'),
      })
      const { rows } = await sql<{ appointments: number }>`
        select count(*)::int as appointments from agenda_taken where appointment_id = ${appointmentId}`.execute(
        house.database.kysely,
      )
      expect(rows).toEqual([{ appointments: 1 }])
    })

    test('belongs to its office: others do not find it, who booked does not work on it, directors look', async () => {
      const { house } = await opened()
      const { appointmentId } = await book(house, '09:00', paola)
      for (const actor of [otherAgency, otherDirector, directorate, administrator, staff.milan, staff.itLazio]) {
        expect(await refusal(appointmentView(house, actor, appointmentId, 'it')), actor.name).toMatchObject({ status: 404 })
        expect(await refusal(checkIn(house, actor, { appointmentId })), actor.name).toMatchObject({ status: 404 })
      }
      for (const actor of [anna, paola, director, headquarters]) {
        await appointmentView(house, actor, appointmentId, 'it')
        expect(await refusal(checkIn(house, actor, { appointmentId })), actor.name).toMatchObject({ status: 403 })
      }
      await prepareAppointment(house, agency, { appointmentId, version: 1, text: 'Note della sede' })
      expect((await appointmentView(house, anna, appointmentId, 'it')).preparation).toBeNull()
      expect((await appointmentView(house, director, appointmentId, 'it')).preparation).toBe('Note della sede')
    })
  })

  describe('the day of an office', () => {
    test('comes in order, page by page, with its counts', async () => {
      const { house } = await opened(3)
      const times = ['10:00', '09:00', '09:00', '14:30', '09:30']
      const ids: string[] = []
      for (const time of times) ids.push((await book(house, time)).appointmentId)
      const onTheDay = { ...house, clock: virtualClock(Date.parse(at('08:45'))) }
      await checkIn(onTheDay, agency, { appointmentId: ids[1] ?? '' })
      await cancelAppointment(house, anna, { appointmentId: ids[3] ?? '', reason: 'Non serve più.', by: 'citizen' })
      const seen: string[] = []
      let cursor: string | undefined
      for (;;) {
        const page = await dayView(house, agency, { date: day, cursor, limit: 2 }, 'it')
        expect(page).toMatchObject({
          unit: { id: 'ag-roma-eur' },
          closed: null,
          counts: { booked: 3, 'checked-in': 1, cancelled: 1 },
        })
        seen.push(...page.items.map(item => item.start))
        if (page.next === null) break
        cursor = page.next
      }
      expect(seen).toEqual(['09:00', '09:00', '09:30', '10:00', '14:30'].map(time => utc(time)))
      const own = await dayView(house, agency, { date: day, officer: agency.personId, limit: 30 }, 'it')
      expect(own.items.every(item => item.officer?.id === agency.personId)).toBe(true)
      expect(await dayView(house, agency, { date: '2026-11-29', limit: 30 }, 'it')).toMatchObject({
        items: [],
        closed: 'La sede non riceve in questo giorno.',
      })
    })

    test('says who goes on with each case, as the page of the case does', async () => {
      const { house } = await opened(3)
      const db = house.database.kysely
      const [followed, spoken, nobodys] = [await book(house, '09:00'), await book(house, '09:30'), await book(house, '10:00')]
      const talks = async (actor: PersonActor, { caseId, contactId }: { caseId: string; contactId: string }) => {
        const { id } = await openInteraction(house, actor, { channel: 'counter', contactId })
        await db.updateTable('interaction').set({ case_id: caseId }).where('id', '=', id).execute()
        house.clock.advance(1_000)
      }
      await talks(anna, followed)
      await db
        .updateTable('case')
        .set({ reference_id: luca.personId, reference_name: luca.name })
        .where('id', '=', followed.caseId)
        .execute()
      await talks(luca, spoken)
      await talks(anna, spoken)
      const { items } = await dayView(house, agency, { date: day, limit: 30 }, 'it')
      expect(items.map(item => item.followedBy)).toEqual([
        { id: luca.personId, name: luca.name },
        { id: anna.personId, name: anna.name },
        null,
      ])
      for (const [i, { caseId }] of [followed, spoken, nobodys].entries())
        expect((await caseView(house, anna, caseId)).reference?.name).toBe(items[i]?.followedBy?.name)
    })

    test('is seen by the office and those above it', async () => {
      const { house } = await opened()
      await book(house, '09:00')
      const look = (actor: PersonActor) => dayView(house, actor, { unitId: 'ag-roma-eur', date: day, limit: 30 }, 'it')
      for (const actor of [agency, director, headquarters, { ...agency, role: 'agency_manager' }])
        expect((await look(actor)).items).toHaveLength(1)
      for (const actor of [otherAgency, otherDirector, anna, paola, directorate, administrator])
        expect(await refusal(look(actor)), actor.name).toMatchObject({ status: 404 })
    })
  })

  describe('the citizen', () => {
    const mails = (house: House) =>
      house.database.kysely
        .selectFrom('mail')
        .select(['purpose', 'to_address', 'subject', 'language', 'automatic', 'calendar_method', 'calendar'])
        .orderBy('id')
        .execute()

    test('is written to when the time is confirmed, moved and cancelled, with one calendar entry that changes', async () => {
      const { house, clock } = await opened()
      const { appointmentId } = await book(house, '09:00')
      clock.advance(minute)
      const { id: holdId } = await takeHold(house, anna, where('14:00'))
      await moveAppointment(house, anna, { appointmentId, holdId })
      clock.advance(minute)
      await cancelAppointment(house, agency, { appointmentId, reason: 'Sciopero', by: 'citizen' })
      const sent = await mails(house)
      expect(sent.map(mail => [mail.purpose, mail.subject, mail.calendar_method])).toEqual([
        ['agenda.confirmation', 'Appuntamento confermato: venerdì 27 novembre 2026, ore 09:00', 'REQUEST'],
        ['agenda.move', 'Appuntamento spostato: venerdì 27 novembre 2026, ore 14:00', 'REQUEST'],
        ['agenda.cancellation', 'Appuntamento annullato: venerdì 27 novembre 2026, ore 14:00', 'CANCEL'],
      ])
      expect(sent.every(mail => mail.automatic && mail.to_address === 'giulia.ferri@example.org')).toBe(true)
      for (const [i, mail] of sent.entries()) {
        expect(mail.calendar).toContain(`UID:${appointmentId}@filodiretto.example\r\nSEQUENCE:${i}\r\n`)
        // Why an office cancelled is for colleagues.
        expect(mail.calendar).not.toContain('Sciopero')
      }
    })

    test('does not get what cannot leave, and who booked and the office see that, and why', async () => {
      const { house, clock } = await opened()
      const { appointmentId, caseId } = await book(house, '09:00')
      const seen = async (actor: PersonActor) => (await appointmentView(house, actor, appointmentId, 'it')).mail
      const waits = { state: 'waiting', address: 'giulia.ferri@example.org' }
      for (const actor of [anna, agency])
        expect(await seen(actor)).toMatchObject({ ...waits, nextAt: null, why: expect.stringContaining('server di posta') })
      // Nobody listens at port 1.
      const carriers = mailBy('smtp://127.0.0.1:1')
      await sendDue(house, carriers, {})
      const nextAt = new Date(clock.now() + minute).toISOString()
      for (const actor of [anna, agency])
        expect(await seen(actor)).toMatchObject({ ...waits, nextAt, why: 'Il server di posta non risponde.' })
      for (let hour = 0; hour < 72; hour++) {
        clock.advance(60 * minute)
        await sendDue(house, carriers, {})
      }
      for (const actor of [anna, agency]) expect(await seen(actor)).toMatchObject({ state: 'failed', nextAt: null })

      // It is on the line of the day, and whoever speaks with the citizen mends it; who only looks does not.
      const trouble = async () => {
        const { items } = await dayView(house, agency, { unitId: 'ag-roma-eur', date: day, limit: 30 }, 'it')
        return items.map(item => item.mailTrouble)
      }
      expect(await trouble()).toEqual(['failed'])
      const email = 'giulia@example.org'
      for (const [actor, status] of [
        [director, 403],
        [otherAgency, 404],
      ] as const)
        expect(await refusal(readdressAppointmentMail(house, actor, { appointmentId, email }))).toMatchObject({ status })
      expect((await seen(director))?.change).toMatchObject({ allowed: false })
      expect((await seen(agency))?.change).toMatchObject({ allowed: true })
      const mail = await lastMailAbout(house.database.kysely, caseId, appointmentId)
      const may = async (actor: PersonActor) =>
        mail && (await appointmentMailOwner.may(house.database.kysely, actor, [mail])).get(mail.id)
      expect(await may(agency)).toMatchObject({ sendAgain: { allowed: true }, withdraw: { allowed: true } })
      expect(await may(director)).toMatchObject({ sendAgain: { allowed: false } })
      expect(await may(otherAgency)).toBeUndefined()
      await readdressAppointmentMail(house, agency, { appointmentId, email })
      expect(await seen(anna)).toMatchObject({ state: 'waiting', address: email, attempts: 0 })
      expect(await trouble()).toEqual([null])
      await sendDue(house, carriers, {})
      carriers.close()
      expect(await trouble()).toEqual(['waiting'])
      await withdrawAppointmentMail(house, anna, { appointmentId })
      expect(await seen(agency)).toBeNull()
      expect(await trouble()).toEqual([null])
      expect(await refusal(withdrawAppointmentMail(house, anna, { appointmentId }))).toMatchObject({ status: 409 })
    })

    test('without an address is not; in another language reads that', async () => {
      const { house } = await opened()
      const one = await takeHold(house, anna, where('09:00'))
      await confirm(house, anna, one.id, await openMatter(house, { email: null }))
      expect(await mails(house)).toEqual([])
      const two = await takeHold(house, anna, where('10:00'))
      await confirm(house, anna, two.id, await openMatter(house, { language: 'en' }))
      expect(await mails(house)).toMatchObject([
        { language: 'en', subject: 'Appointment confirmed: Friday, 27 November 2026, 10:00' },
      ])
    })
  })

  test('the database refuses the second booking of a lane, whoever writes it', async () => {
    const { house } = await opened()
    const db = house.database.kysely
    const { appointmentId } = await book(house, '09:00')
    const insert = async (from: string, to: string, lane = 0) => {
      const id = house.ids()
      await sql`insert into agenda_hold (id, owner, unit_id, service_id, calendar_id, starts_at, ends_at, until)
                values (${id}, 'somebody', 'ag-roma-eur', ${service.id}, ${calendarIds.lia}, ${at(from)}, ${at(to)}, ${at(to)})`.execute(
        db,
      )
      await sql`insert into agenda_taken (id, calendar_id, calendar_no, lane, starts_at, ends_at, held_until)
                select ${id}, id, no, ${lane}, ${at(from)}, ${at(to)}, ${at(to)} from agenda_calendar where id = ${calendarIds.lia}`.execute(
        db,
      )
    }
    for (const [from, to] of [
      ['09:00', '09:30'],
      ['09:29', '09:35'],
      ['08:00', '12:00'],
      ['08:30', '09:01'],
    ] as const)
      await expect(insert(from, to)).rejects.toMatchObject({ code: '23P01' })
    await insert('09:30', '10:00')
    await insert('08:30', '09:00')
    await insert('09:00', '09:30', 1)
    await cancelAppointment(house, anna, { appointmentId, reason: 'Non serve più.', by: 'citizen' })
    await insert('09:00', '09:30')
  })
})

onPostgres(open => {
  /** People who all want the same. */
  const crowd = (count: number): PersonActor[] =>
    Array.from({ length: count }, (_, i) => ({
      ...anna,
      personId: `00000000-0000-7000-8000-${String(900 + i).padStart(12, '0')}`,
    }))

  test('sixty at once for one place on two nodes: one has it, the others are told the next time', async () => {
    const { house, another } = await open({ clock: virtualClock(tuesday) })
    const second = await another()
    await smallAgenda(house)
    for (const time of ['09:00', '09:30', '10:00']) {
      const results = await Promise.allSettled(crowd(60).map((actor, i) => takeHold(i % 2 ? house : second, actor, where(time))))
      const codes = results.map(result => (result.status === 'fulfilled' ? 'held' : String(Reflect.get(result.reason, 'code'))))
      expect(codes.filter(code => code === 'held')).toHaveLength(1)
      expect(codes.filter(code => code === 'agenda.taken.next')).toHaveLength(59)
    }
  })

  test('sixty at once for the eight places of three desks and an officer: as many as there are, never one more', async () => {
    const { house, another } = await open({ clock: virtualClock(tuesday) })
    const second = await another()
    await smallAgenda(house, { desks: 7 })
    const matter = await openMatter(house, { email: null })
    const results = await Promise.allSettled(
      crowd(60).map(async (actor, i) => {
        const own = i % 2 ? house : second
        const { id } = await takeHold(own, actor, where('09:00'))
        return confirm(own, actor, id, { ...matter, despiteOther: true })
      }),
    )
    expect(results.filter(result => result.status === 'fulfilled')).toHaveLength(8)
    const { rows } = await sql<{ booked: number; lanes: number }>`
      select count(*)::int as booked, count(distinct (calendar_id, lane))::int as lanes from agenda_taken where held_until is null`.execute(
      house.database.kysely,
    )
    expect(rows).toEqual([{ booked: 8, lanes: 8 }])
  })

  test('holds that are over, their slow owners and many who want them: nobody has what another has', async () => {
    const clock = virtualClock(tuesday)
    const { house, another } = await open({ clock })
    const second = await another()
    await smallAgenda(house)
    for (const time of ['09:00', '09:30', '10:00', '10:30', '11:00', '11:30']) {
      const { id } = await takeHold(house, anna, where(time))
      const matter = await openMatter(house, { email: null })
      clock.advance(6 * minute)
      const [own, ...others] = await Promise.allSettled([
        confirm(second, anna, id, matter),
        ...crowd(10).map((actor, i) => takeHold(i % 2 ? house : second, actor, where(time))),
      ])
      const won = [own, ...others].filter(result => result?.status === 'fulfilled')
      expect(won).toHaveLength(1)
      if (own?.status === 'rejected') expect(own.reason).toMatchObject({ code: expect.stringMatching(/^agenda\.holdLost/) })
    }
  })

  test('one person who asks for many times at once keeps one', async () => {
    const { house, another } = await open({ clock: virtualClock(tuesday) })
    const second = await another()
    await smallAgenda(house)
    const times = ['09:00', '09:30', '10:00', '10:30', '11:00', '11:30', '14:00', '14:30']
    await Promise.all(times.map((time, i) => takeHold(i % 2 ? house : second, anna, where(time))))
    expect(await free(house, luca)).toHaveLength(7)
  })

  test('two who conclude and cancel at once: one does, the other is told how it stands', async () => {
    const { house, another } = await open({ clock: virtualClock(tuesday) })
    const second = await another()
    await smallAgenda(house)
    for (const time of ['09:00', '09:30', '10:00']) {
      const { appointmentId } = await book(house, time)
      const results = await Promise.allSettled([
        concludeAppointment(house, agency, { appointmentId, outcome: 'resolved', text: 'Fatto.' }),
        cancelAppointment(second, anna, { appointmentId, reason: 'Il cittadino non può.', by: 'citizen' }),
      ])
      expect(results.filter(result => result.status === 'fulfilled')).toHaveLength(1)
    }
  })

  test('with 500 offices and 20,000 appointments, each list is read along its index', async () => {
    const { house } = await open({ clock: virtualClock(tuesday) })
    const db = house.database.kysely
    await smallAgenda(house)
    await fill(house)
    await analyse(db)
    const wanted = { unitId: 'of-7', from: new Date(tuesday), to: new Date(tuesday + 24 * 60 * minute), officer: undefined }
    const after = { startsAt: new Date(tuesday + 60 * minute), id: house.ids() }
    const plans = {
      day: await plansOf(db, one => listDay(one, wanted, after, 31)),
      count: await plansOf(db, one => countDay(one, wanted)),
      services: await plansOf(db, one => servicesOfUnit(one, 'of-7')),
      calendars: await plansOf(db, one =>
        calendarsOf(one, {
          unitIds: ['of-7', 'of-8', 'of-9'],
          serviceId: service.id,
          firstDay: '2026-11-24',
          lastDay: '2026-12-24',
          timeZone: 'Europe/Rome',
          now: new Date(tuesday),
          owner: `person:${anna.personId}`,
        }),
      ),
      week: await plansOf(db, async one => {
        const week = { unitId: 'of-7', from: wanted.from, to: wanted.to }
        const ids = (await calendarsOfWeek(one, week)).map(({ id }) => id)
        await appointmentsOfWeek(one, week, ids, 1_500)
      }),
      owner: await plansOf(db, one => holdsOfOwner(one, `person:${anna.personId}`)),
      forget: await plansOf(db, one => forgetHolds(one, new Date(0))),
    }
    const indexes = (name: keyof typeof plans) => plans[name].flatMap(plan => plan.indexes)
    expect(plans.day).toHaveLength(1)
    expect(indexes('day')).toEqual(
      expect.arrayContaining(['appointment_of_unit', 'case_pkey', 'ticket_case_id_key', 'interaction_of_case']),
    )
    expect(indexes('count')).toEqual(['appointment_of_unit'])
    expect(new Set(indexes('week'))).toEqual(new Set(['appointment_of_unit', 'calendar_of_unit']))
    expect(indexes('services')).toContain('agenda_service_of_unit_pkey')
    expect(indexes('calendars')).toEqual(
      expect.arrayContaining(['calendar_of_unit', 'agenda_opening_pkey', 'closure_of_unit', 'taken_of_calendar']),
    )
    expect(indexes('owner')).toEqual(['hold_of_owner'])
    for (const [name, all] of Object.entries(plans))
      for (const plan of all)
        for (const table of plan.scanned) expect(['agenda_service'], `${name}: ${plan.text}`).toContain(table)
  })
})

/** 500 offices with a calendar each, 40 appointments in each of them. */
async function fill(house: House): Promise<void> {
  const db = house.database.kysely
  const { contactId, caseId } = await openMatter(house)
  const from = new Date(tuesday)
  await sql`insert into "case" (id, code, contact_id, title, status, opened_at)
            select gen_random_uuid(), '9' || lpad(n::text, 9, '0'), ${contactId}, 'many', 'open', ${from} from generate_series(1, 1000) n`.execute(
    db,
  )
  await sql`insert into ticket (id, case_id, kind, state, unit_id, unit_name, unit_path, centre_id, centre_name, question, reply_kind, reply_address,
                                region_code, derived_unit_id, second_contact, sent_by, derivation, sent_by_name, sent_by_unit, opened_at, due_at)
            select gen_random_uuid(), id, 'linea', 'pool', 'x', 'x', 'x/', 'x', 'x', 'x', 'phone', 'x',
                   '12', 'x', false, ${anna.personId}, '{}', 'x', 'x', ${from}, ${from}
            from "case" where title = 'many'`.execute(db)
  await sql`insert into interaction (id, channel, state, question, notes, case_id, operator_id, operator_name, operator_path, opened_at)
            select gen_random_uuid(), 'counter', 'open', '', '', id, ${anna.personId}, 'x', 'x/', ${from} from "case" where title = 'many'`.execute(
    db,
  )
  const uuid = (kind: string) => sql`('00000000-0000-7000-${sql.raw(kind)}-' || lpad(n::text, 12, '0'))::uuid`
  await sql`insert into agenda_service_of_unit (unit_id, service_id, position)
            select 'of-' || n, ${service.id}, 0 from generate_series(1, 500) n`.execute(db)
  await sql`insert into agenda_calendar (id, unit_id, label, capacity, services)
            select ${uuid('8ca1')}, 'of-' || n, 'x', 1, array[${service.id}] from generate_series(1, 500) n`.execute(db)
  await sql`insert into agenda_opening select id, weekday, 540, 720 from agenda_calendar, generate_series(1, 5) weekday
            where unit_id like 'of-%'`.execute(db)
  await sql`insert into agenda_extra_opening select id, date '2026-01-01' + n * 7, 840, 960 from agenda_calendar, generate_series(1, 10) n
            where unit_id like 'of-%'`.execute(db)
  await sql`insert into agenda_closure (id, unit_id, first_day, last_day, reason)
            select gen_random_uuid(), 'of-' || n % 500 + 1, date '2026-01-01' + n / 10, date '2026-01-01' + n / 10, 'x'
            from generate_series(1, 5000) n`.execute(db)
  await sql`insert into unit_closure (id, unit_id, first_day, last_day, reason, decided_at, decided_by_name)
            select gen_random_uuid(), id, date '2026-01-01' + n * 5, date '2026-01-01' + n * 5, 'x', now(), 'x'
            from unit, generate_series(1, 100) n`.execute(db)
  await sql`insert into agenda_hold (id, owner, unit_id, service_id, calendar_id, starts_at, ends_at, until, ended)
            select ${uuid('8b01')}, 'person:' || n, 'of-' || n % 500 + 1, ${service.id},
                   ('00000000-0000-7000-8ca1-' || lpad((n % 500 + 1)::text, 12, '0'))::uuid,
                   ${from}::timestamptz + n / 500 * interval '30 minutes', ${from}::timestamptz + (n / 500 + 1) * interval '30 minutes',
                   ${from}, case when n % 100 > 0 then 'confirmed' end
            from generate_series(0, 19999) n`.execute(db)
  await sql`insert into appointment (id, unit_id, unit_name, unit_path, service_id, service_name, bring, calendar_id, starts_at, ends_at,
                                     state, contact_id, case_id, code, title, reason, booked_by_name, booked_by_unit, booked_by_path, booked_at)
            select id, unit_id, unit_id, 'inps/' || unit_id || '/', ${service.id}, 'x', 'x', calendar_id, starts_at, ends_at, 'booked',
                   ${contactId}, ${caseId}, '1', 'x', 'x', 'x', 'x', 'x', ${from}
            from agenda_hold where unit_id like 'of-%'`.execute(db)
  await sql`insert into agenda_taken (id, calendar_id, calendar_no, lane, starts_at, ends_at, appointment_id)
            select hold.id, calendar.id, calendar.no, 0, starts_at, ends_at, hold.id
            from agenda_hold hold join agenda_calendar calendar on calendar.id = hold.calendar_id where hold.unit_id like 'of-%'`.execute(
    db,
  )
}
