/** Who waits for an earlier time and is not written to is called about it: whom, when, how often; and each attempt is known, whatever dies on the way. */
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openMatter, service, smallAgenda } from '../../../../test/support/agenda.ts'
import { eachDatabase, type OpenHouse, onPostgres } from '../../../../test/support/database.ts'
import { refuseRows } from '../../../../test/support/not-written.ts'
import { staff } from '../../../../test/support/staff.ts'
import { cancelAppointment, confirmHold } from '../../../agenda/appointments.ts'
import { offersToCall, takeHold } from '../../../agenda/index.ts'
import { appointmentView } from '../../../agenda/views.ts'
import { offerFreedTimes } from '../../../agenda/waiting/offering.ts'
import { joinWaiting, leaveWaiting } from '../../../agenda/waiting/service.ts'
import { inTransaction, virtualClock } from '../../../platform/index.ts'
import type { Dial, PresentLeg, Switch } from '../../switches/port.ts'
import { type Calls, type ConnectedSwitch, openCalls } from '../in-course.ts'
import { beginOfferCall } from '../life/life.ts'
import { askOfferCalls, failOfferCall, offerCallOrder, offerCallsView } from './service.ts'

const { anna } = staff
const eur = 'ag-roma-eur'
// A Tuesday, 10:00 in Rome; people are booked on Monday, and a time is freed on Thursday at 9:00.
const [tuesday, thursday, monday] = [Date.UTC(2026, 10, 24, 9), Date.UTC(2026, 10, 26, 8), Date.UTC(2026, 10, 30, 8)]
const [minute, hour] = [60_000, 3_600_000]
const mobile = '+393331230001'

/** Lines that do nothing but note whom they rang, and what was said. */
function quietLines() {
  const dialled: Dial[] = []
  const hungUp: string[] = []
  const said: { leg: string; playback: string }[] = []
  const nothing = async () => {}
  const lines: Switch = {
    ...{ kind: 'asterisk', start: nothing, answer: nothing, ring: nothing, name: nothing, hush: nothing, startMusic: nothing },
    ...{ stopMusic: nothing, ringAgent: nothing, join: nothing, part: nothing, prepare: nothing, close: nothing },
    sweep: async () => [],
    health: () => ({ ok: true }),
    async dial(request) {
      dialled.push(request)
    },
    async say(leg, playback) {
      said.push({ leg, playback })
    },
    async hangUp(leg) {
      hungUp.push(leg)
    },
  }
  const connection: ConnectedSwitch = { node: 'test', switch: lines, telephoneOf: async id => id }
  return { connection, dialled, hungUp, said }
}

async function begin(open: OpenHouse, now = tuesday) {
  const clock = virtualClock(now)
  const { house } = await open({ clock })
  await smallAgenda(house)
  const db = house.database.kysely
  await sql`update agenda_service set telephone_offers = true`.execute(db)
  const book = async (at: number, given: Parameters<typeof openMatter>[1] & { phone?: string | null; wish?: string } = {}) => {
    const { phone = mobile, wish, ...contact } = given
    const { id: holdId } = await takeHold(house, anna, { unitId: eur, serviceId: service.id, start: new Date(at).toISOString() })
    const matter = await openMatter(house, { email: null, ...contact })
    if (phone !== null)
      await sql`insert into contact_phone (contact_id, number, position, kind) values (${matter.contactId}, ${phone}, 0, 'mobile')`.execute(
        db,
      )
    if (wish !== undefined) await sql`update contact set preferred_channel = ${wish} where id = ${matter.contactId}`.execute(db)
    const { id } = await inTransaction(house, anna, work => confirmHold(work, { holdId, reason: 'Pensione', ...matter }))
    clock.advance(1_000)
    return id
  }
  const wait = async (at: number, given?: Parameters<typeof book>[1]) => {
    const appointmentId = await book(at, given)
    await joinWaiting(house, anna, { appointmentId })
    return appointmentId
  }
  /** A time is freed on Thursday, and offered. */
  const free = async (appointmentId: string) => {
    clock.advance(5 * minute)
    await cancelAppointment(house, anna, { appointmentId, reason: 'Non può', by: 'citizen' })
    return offerFreedTimes(house)
  }
  const waitingOf = async (id: string) => (await appointmentView(house, staff.agency, id, 'it')).waiting
  const callsOf = async (id: string) => (await offerCallsView(house, staff.agency, id)).items
  const outcomes = async (id: string) => (await callsOf(id)).map(({ outcome }) => outcome)
  const purposes = async (id: string) =>
    (await db.selectFrom('mail').select('purpose').where('subject_id', '=', id).execute()).map(row => row.purpose)
  const callAt = async (id: string) =>
    (
      await db.selectFrom('agenda_waiting').select('call_at').where('appointment_id', '=', id).executeTakeFirst()
    )?.call_at?.getTime() ?? null
  return { house, db, clock, book, wait, free, waitingOf, callsOf, outcomes, purposes, callAt }
}
type Begun = Awaited<ReturnType<typeof begin>>

/** The process that has the switch makes a call that was asked for. */
async function place({ house, db }: Begun, calls: Calls, connection: ConnectedSwitch): Promise<string> {
  const { id } = await db.selectFrom('time_offer_call').select('id').where('ended_at', 'is', null).executeTakeFirstOrThrow()
  const order = await offerCallOrder(house.database.kysely, id)
  if (order) await calls.place(connection, { ...order, begin: now => beginOfferCall(order, now) })
  return id
}

eachDatabase(open => {
  test('who has no e-mail, or wishes to be called, is called; who has an address is written to; never both', async () => {
    const at = await begin(open)
    const freed = [await at.book(thursday), await at.book(thursday + hour / 2), await at.book(thursday + hour)]
    const without = await at.wait(monday)
    const wishes = await at.wait(monday + hour / 2, { email: 'a@example.org', wish: 'telephone', phone: '+393331230002' })
    const reads = await at.wait(monday + hour, { email: 'b@example.org', phone: '+393331230003' })
    at.clock.advance(5 * minute)
    for (const appointmentId of freed) await cancelAppointment(at.house, anna, { appointmentId, reason: 'No', by: 'citizen' })
    await offerFreedTimes(at.house)
    expect((await at.waitingOf(without))?.offer).toMatchObject({ start: new Date(thursday).toISOString(), byTelephone: true })
    expect((await at.waitingOf(wishes))?.offer?.byTelephone).toBe(true)
    expect((await at.waitingOf(reads))?.offer?.byTelephone).toBe(false)
    expect(
      [await at.purposes(without), await at.purposes(wishes), await at.purposes(reads)].map(all => all.includes('agenda.offer')),
    ).toEqual([false, false, true])
    expect(await askOfferCalls(at.house)).toBe(2)
    expect(await at.callsOf(without)).toMatchObject([{ number: mobile, stage: 'asked', outcome: null }])
    expect(await at.callsOf(wishes)).toMatchObject([{ number: '+393331230002' }])
    expect(await at.callsOf(reads)).toEqual([])
    // Another worker, or the next minute.
    expect(await askOfferCalls(at.house)).toBe(0)
  })

  test('three attempts with a pause between them; then the offer lapses as others do, and the history has them all', async () => {
    const at = await begin(open)
    const freed = await at.book(thursday)
    const id = await at.wait(monday)
    await at.free(freed)
    const { connection, dialled } = quietLines()
    const calls = await openCalls(at.house)
    for (const cause of ['no-answer', 'busy', 'unreachable'] as const) {
      expect(await askOfferCalls(at.house)).toBe(1)
      const callId = await place(at, calls, connection)
      expect(dialled.at(-1)).toMatchObject({ number: mobile, from: '+390600000001' })
      expect((await at.callsOf(id))[0]?.stage).toBe('ringing')
      await calls.give(callId, { type: 'ended', leg: `${callId}-1`, cause })
      at.clock.advance(14 * minute)
      expect(await askOfferCalls(at.house)).toBe(0)
      at.clock.advance(minute)
    }
    expect(await askOfferCalls(at.house)).toBe(0)
    expect(await at.outcomes(id)).toEqual(['failed', 'busy', 'no-answer'])
    expect(await at.callAt(id)).toBeNull()
    expect((await at.waitingOf(id))?.offer).not.toBeNull()
    at.clock.advance(3 * hour)
    await offerFreedTimes(at.house)
    expect((await at.waitingOf(id))?.offer).toBeNull()
    const entries = await at.db
      .selectFrom('event')
      .select(['type', 'payload', 'case_id'])
      .where('type', 'like', 'appointment.offer-call%')
      .orderBy('id')
      .execute()
    expect(entries.map(({ type, payload }) => (payload as { outcome?: string }).outcome ?? type)).toEqual(
      ['no-answer', 'busy', 'failed'].flatMap(outcome => ['appointment.offer-call-asked', outcome]),
    )
    expect(entries.every(({ case_id }) => case_id !== null)).toBe(true)
    // Nobody has called us: nothing of it counts as a call that came in.
    expect(await at.db.selectFrom('event').select('type').where('type', 'like', 'call.%').execute()).toEqual([])
    await calls.close()
  })

  test('at night, on Sundays and on holidays nobody is called: what is offered then can be answered from the next morning on', async () => {
    // Monday 7 December, 20:00 in Rome; the 8th is a holiday.
    const at = await begin(open, Date.UTC(2026, 11, 7, 18))
    const friday = Date.UTC(2026, 11, 11, 8)
    const freed = await at.book(friday)
    const id = await at.wait(friday + 3 * 24 * hour)
    await at.free(freed)
    const morning = Date.UTC(2026, 11, 9, 8)
    expect(await at.callAt(id)).toBe(morning)
    expect((await at.waitingOf(id))?.offer?.until).toBe(new Date(morning + 3 * hour).toISOString())
    at.clock.advance(24 * hour)
    expect(await askOfferCalls(at.house)).toBe(0)
    at.clock.advance(morning - at.clock.now())
    expect(await askOfferCalls(at.house)).toBe(1)
    // In the evening the pause would end after the last hour of the day: then nobody calls any more.
    const [call] = await at.callsOf(id)
    await sql`update agenda_waiting set offer_until = ${new Date(morning + 11 * hour)}`.execute(at.db)
    at.clock.advance(10 * hour - 5 * minute)
    await failOfferCall(at.house, call?.id ?? '')
    expect(await at.callAt(id)).toBeNull()
  })
})

onPostgres(open => {
  test('nobody joins without address and number, or where the office does not call; who stops is not called any more', async () => {
    const at = await begin(open)
    const none = await at.book(monday, { phone: null })
    await expect(joinWaiting(at.house, anna, { appointmentId: none })).rejects.toMatchObject({ code: 'agenda.waiting.noNumber' })
    const abroad = await at.book(monday + hour / 2, { phone: '+33612345678' })
    await expect(joinWaiting(at.house, anna, { appointmentId: abroad })).rejects.toMatchObject({
      code: 'agenda.waiting.noNumber',
    })
    const never = await at.book(monday + hour)
    await sql`update contact set do_not_call = 'Ha chiesto di non essere chiamato.'
              where id = (select contact_id from appointment where id = ${never})`.execute(at.db)
    await expect(joinWaiting(at.house, anna, { appointmentId: never })).rejects.toMatchObject({ code: 'agenda.waiting.noNumber' })
    await sql`update agenda_service_of_unit set telephone_offers = false where unit_id = ${eur}`.execute(at.db)
    const id = await at.book(monday + 2 * hour)
    await expect(joinWaiting(at.house, anna, { appointmentId: id })).rejects.toMatchObject({ code: 'agenda.waiting.noAddress' })
    await sql`update agenda_service_of_unit set telephone_offers = null`.execute(at.db)
    const freed = await at.book(thursday)
    await joinWaiting(at.house, anna, { appointmentId: id })
    await at.free(freed)
    expect(await at.callAt(id)).not.toBeNull()
    // The office stops calling before the call is made.
    await sql`update agenda_service_of_unit set telephone_offers = false where unit_id = ${eur}`.execute(at.db)
    expect(await askOfferCalls(at.house)).toBe(0)
    expect(await at.callAt(id)).toBeNull()
    await sql`update agenda_service_of_unit set telephone_offers = null`.execute(at.db)
    await sql`update agenda_waiting set call_at = ${new Date(at.clock.now())}`.execute(at.db)
    await leaveWaiting(at.house, anna, { appointmentId: id })
    expect(await askOfferCalls(at.house)).toBe(0)
  })

  test('workers that ask at once ask once, and one citizen who fails keeps nobody waiting', async () => {
    const at = await begin(open)
    const freed = [await at.book(thursday), await at.book(thursday + hour / 2)]
    const fails = await at.wait(monday, { phone: '+393331230009' })
    const id = await at.wait(monday + hour / 2)
    at.clock.advance(5 * minute)
    for (const appointmentId of freed) await cancelAppointment(at.house, anna, { appointmentId, reason: 'No', by: 'citizen' })
    await offerFreedTimes(at.house)
    await refuseRows(at.db, 'time_offer_call', sql`new.number = '+393331230009'`)
    const asked = await Promise.all([1, 2, 3, 4].map(() => askOfferCalls(at.house)))
    expect(asked.reduce((sum, each) => sum + each)).toBe(1)
    expect(await at.callsOf(id)).toHaveLength(1)
    expect(await at.callsOf(fails)).toEqual([])
    // Found by its index, and due as before.
    const now = new Date(at.clock.now())
    expect(await offersToCall(at.db, now, { except: [], limit: 10 })).toEqual([fails])
    await expect(
      sql`insert into time_offer_call (id, appointment_id, unit_id, offer_id, number, asked_at)
          select gen_random_uuid(), appointment_id, unit_id, offer_id, number, asked_at from time_offer_call`.execute(at.db),
    ).rejects.toThrow('time_offer_call_open')
  })

  test('a call that nobody began is forgotten after the pause, and one whose process died is taken up: rung out, or answered', async () => {
    const at = await begin(open)
    const freed = await at.book(thursday)
    const id = await at.wait(monday)
    await at.free(freed)
    expect(await askOfferCalls(at.house)).toBe(1)
    const [unbegun] = await at.callsOf(id)
    at.clock.advance(15 * minute)
    expect(await askOfferCalls(at.house)).toBe(1)
    expect(await at.outcomes(id)).toEqual([null, 'failed'])
    // Who comes too late to begin it does not ring.
    const first = await openCalls(at.house)
    const { connection, dialled, said } = quietLines()
    const order = {
      callId: unbegun?.id ?? '',
      appointmentId: id,
      offerId: unbegun?.id ?? '',
      number: mobile,
      callerId: null,
      language: 'it' as const,
    }
    await first.place(connection, {
      ...order,
      begin: now =>
        beginOfferCall(
          {
            ...order,
            context: { office: null, province: null, region: null, callerKnown: true, hour: 0, holiday: false, open: [] },
          },
          now,
        ),
    })
    expect(dialled).toEqual([])
    const callId = await place(at, first, connection)
    expect(dialled).toHaveLength(1)
    await first.close()
    // It comes back: the leg is not in the switch any more.
    const again = await openCalls(at.house)
    await again.takeUp(connection)
    await again.give(callId, { type: 'restored', present: [] })
    expect(await at.outcomes(id)).toEqual(['failed', 'failed'])
    at.clock.advance(15 * minute)
    expect(await askOfferCalls(at.house)).toBe(1)
    const last = await place(at, again, connection)
    await again.close()
    const back = await openCalls(at.house)
    await back.takeUp(connection)
    const leg: PresentLeg = {
      leg: `${last}-1`,
      callId: last,
      role: 'office',
      answered: true,
      joinedWith: [],
      from: null,
      to: null,
    }
    await back.give(last, { type: 'restored', present: [leg] })
    expect((await at.callsOf(id))[0]?.stage).toBe('answered')
    expect(said).toHaveLength(1)
    await back.give(last, { type: 'ended', leg: leg.leg, cause: 'normal' })
    expect(await at.outcomes(id)).toEqual(['hung-up', 'failed', 'failed'])
    // Two were dialled: once more.
    at.clock.advance(15 * minute)
    expect(await askOfferCalls(at.house)).toBe(1)
    // One that has been open for an hour is no call any more.
    await place(at, back, connection)
    await back.close()
    await sql`update agenda_waiting set offer_until = offer_until + interval '1 day'`.execute(at.db)
    at.clock.advance(2 * hour)
    expect(await askOfferCalls(at.house)).toBe(0)
    expect((await at.outcomes(id))[0]).toBe('failed')
    expect(await at.callAt(id)).toBeNull()
  })
})
