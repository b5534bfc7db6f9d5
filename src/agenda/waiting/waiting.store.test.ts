/** Freed times go to those who wait, in order, one at a time; nobody loses the booked time before the new one is theirs, and nobody is booked twice. */
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openMatter, service, smallAgenda } from '../../../test/support/agenda.ts'
import { eachDatabase, type OpenHouse, onPostgres } from '../../../test/support/database.ts'
import { refuseRows } from '../../../test/support/not-written.ts'
import { staff } from '../../../test/support/staff.ts'
import { type Actor, houseSecret, inTransaction, virtualClock } from '../../platform/index.ts'
import { cancelAppointment, confirmHold, moveAppointment } from '../appointments.ts'
import { slotsView } from '../free-times.ts'
import { takeHold } from '../holds.ts'
import { acceptByLink, declineByLink, joinByLink, leaveByLink, linkedAppointment } from '../links/service.ts'
import { linkToken } from '../links/token.ts'
import { appointmentView } from '../views.ts'
import { offerFreedTimes } from './offering.ts'
import { acceptForCitizen, joinWaiting } from './service.ts'

const { anna } = staff
const citizen: Actor = { kind: 'citizen', channel: 'web' }
const minute = 60_000
const hour = 60 * minute
// A Tuesday, 10:00 in Rome; people are booked on Monday, and a time is freed on Thursday at 9:00.
const tuesday = Date.UTC(2026, 10, 24, 9)
const thursday = Date.UTC(2026, 10, 26, 8)
const monday = Date.UTC(2026, 10, 30, 8)
const eur = 'ag-roma-eur'
const nothing = '00000000-0000-7000-8000-000000000000'

async function begin(open: OpenHouse) {
  const clock = virtualClock(tuesday)
  const { house } = await open({ clock, environment: { PUBLIC_URL: 'https://filo.example' } })
  await smallAgenda(house)
  const db = house.database.kysely
  const pass = (ms: number) => clock.advance(ms)
  const hold = (at: number, actor: Actor = anna) =>
    takeHold(house, actor, {
      ...{ unitId: eur, serviceId: service.id, start: new Date(at).toISOString() },
      ...(actor.kind === 'citizen' ? { session: house.ids() } : {}),
    })
  const book = async (at: number, given?: { email?: string | null }) => {
    const { id: holdId } = await hold(at)
    const matter = await openMatter(house, given)
    const { id } = await inTransaction(house, anna, work => confirmHold(work, { holdId, reason: 'Pensione', ...matter }))
    clock.advance(1_000)
    return id
  }
  const wait = async (at: number) => {
    const appointmentId = await book(at)
    await joinWaiting(house, anna, { appointmentId })
    return appointmentId
  }
  const cancel = (appointmentId: string) => cancelAppointment(house, anna, { appointmentId, reason: 'Non può', by: 'citizen' })
  const tokenOf = async (id: string) => linkToken(await houseSecret(house.config, db), id)
  const offerOf = async (id: string) => (await linkedAppointment(house, await tokenOf(id), 'it')).waiting?.offer
  const accept = async (id: string, offerId?: string) =>
    acceptByLink(house, await tokenOf(id), { offerId: offerId ?? (await offerOf(id))?.id ?? nothing })
  const decline = async (id: string) => declineByLink(house, await tokenOf(id), { offerId: (await offerOf(id))?.id ?? nothing })
  const startOf = async (id: string) => Date.parse((await appointmentView(house, staff.agency, id, 'it')).start)
  const purposes = async (id: string) =>
    (await db.selectFrom('mail').select('purpose').where('subject_id', '=', id).orderBy('id').execute()).map(({ purpose }) =>
      purpose.replace('agenda.', ''),
    )
  const isFree = async (at: number) => {
    const from = new Date(at).toISOString()
    const { days } = await slotsView(house, anna, { unitId: eur, serviceId: service.id, from: from.slice(0, 10), days: 1 }, 'it')
    return days.flatMap(day => day.slots).some(slot => slot.start === from)
  }
  /** How many lie upon each other, whatever they are. */
  const double = async () => {
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from agenda_taken a join agenda_taken b
      on a.calendar_id = b.calendar_id and a.lane = b.lane and a.id < b.id and a.starts_at < b.ends_at and b.starts_at < a.ends_at`.execute(
      db,
    )
    return rows[0]?.n
  }
  return { house, db, pass, hold, book, wait, cancel, tokenOf, offerOf, accept, decline, startOf, purposes, isFree, double }
}

eachDatabase(open => {
  test('a freed time is kept for the first who waits, who takes it and gives the old one to the next; only then it is for everybody', async () => {
    const at = await begin(open)
    const freed = await at.book(thursday)
    const [first, second] = [await at.wait(monday), await at.wait(monday + hour)]
    // What is free when they begin to wait is no news to them.
    expect(await offerFreedTimes(at.house)).toBe(0)
    at.pass(5 * minute)
    await at.cancel(freed)
    expect(await at.isFree(thursday)).toBe(false)
    await expect(at.hold(thursday, citizen)).rejects.toMatchObject({ status: 409 })
    expect(await offerFreedTimes(at.house)).toBe(1)
    expect(await at.offerOf(first)).toMatchObject({ start: new Date(thursday).toISOString() })
    expect(await at.offerOf(second)).toBeNull()
    const mail = await at.db
      .selectFrom('mail')
      .select(['body', 'subject'])
      .where('purpose', '=', 'agenda.offer')
      .executeTakeFirstOrThrow()
    expect(mail.subject).toBe('Un posto prima: giovedì 26 novembre 2026, ore 09:00')
    expect(mail.body).toContain('lunedì 30 novembre 2026, ore 09:00, resta valido')
    expect(mail.body).toContain(`https://filo.example/appointment/${await at.tokenOf(first)}`)

    // The booked time is there until the new one is certain.
    expect(await at.startOf(first)).toBe(monday)
    // Mails of one instant have no order.
    at.pass(1_000)
    await at.accept(first)
    expect(await at.startOf(first)).toBe(thursday)
    expect(await at.purposes(first)).toEqual(['confirmation', 'offer', 'move'])
    await expect(at.accept(first)).rejects.toMatchObject({ code: 'agenda.waiting.offerOver' })
    expect((await appointmentView(at.house, anna, first, 'it')).waiting).toBeNull()

    // What the first gave up is offered to the second; whoever keeps the booked time lets it go to everybody after a pause.
    expect(await at.isFree(monday)).toBe(false)
    at.pass(5 * minute)
    expect(await offerFreedTimes(at.house)).toBe(1)
    expect(await at.offerOf(second)).toMatchObject({ start: new Date(monday).toISOString() })
    await at.decline(second)
    expect(await at.startOf(second)).toBe(monday + hour)
    at.pass(11 * minute)
    expect(await offerFreedTimes(at.house)).toBe(0)
    expect(await at.isFree(monday)).toBe(true)
    expect(await at.double()).toBe(0)
    const entries = await at.db
      .selectFrom('event')
      .select(['type', 'payload'])
      .where('type', 'like', 'appointment.o%')
      .orderBy('id')
      .execute()
    expect(entries.map(({ type, payload }) => [type, (payload as { how?: string }).how])).toEqual([
      ['appointment.offered', undefined],
      ['appointment.offer-ended', 'accepted'],
      ['appointment.offered', undefined],
      ['appointment.offer-ended', 'declined'],
    ])
  })

  test('an offer that is not answered goes to the next, and who has had the last one, or cancels, waits no more', async () => {
    const at = await begin(open)
    const freed = await at.book(thursday)
    const [first, second] = [await at.wait(monday), await at.wait(monday + hour)]
    await sql`update agenda_service_of_unit set offers_at_most = 1, offer_minutes = 60`.execute(at.db)
    await at.cancel(freed)
    await offerFreedTimes(at.house)
    const lost = (await at.offerOf(first))?.id
    at.pass(hour)
    await expect(at.accept(first, lost)).rejects.toMatchObject({ code: 'agenda.waiting.offerOver', status: 409 })
    expect(await offerFreedTimes(at.house)).toBe(1)
    expect((await linkedAppointment(at.house, await at.tokenOf(first), 'it')).waiting).toBeNull()
    expect(await at.startOf(first)).toBe(monday)
    expect(await at.offerOf(second)).toMatchObject({ start: new Date(thursday).toISOString() })
    // Who leaves the list while something is offered, and comes back, waits on; the offer is over.
    const token = await at.tokenOf(second)
    await leaveByLink(at.house, token)
    expect((await linkedAppointment(at.house, token, 'it')).waiting).toBeNull()
    await joinByLink(at.house, token)
    await expect(at.accept(second)).rejects.toMatchObject({ code: 'agenda.waiting.offerOver' })
    await at.cancel(second)
    await expect(at.accept(second)).rejects.toMatchObject({ code: 'agenda.linkOver' })
    await offerFreedTimes(at.house)
    at.pass(11 * minute)
    expect(await at.isFree(thursday)).toBe(true)
    expect(await at.db.selectFrom('agenda_waiting').selectAll().execute()).toEqual([])
  })
})

onPostgres(open => {
  test('whatever frees a time is found: a hold that ended, an opening, a move; and who waits at a moved appointment waits on', async () => {
    const at = await begin(open)
    await at.hold(thursday, citizen)
    const other = await at.book(thursday + hour)
    const first = await at.wait(monday)
    at.pass(6 * minute)
    expect(await offerFreedTimes(at.house)).toBe(1)
    expect(await at.offerOf(first)).toMatchObject({ start: new Date(thursday).toISOString() })
    await at.decline(first)
    const { id: holdId } = await at.hold(monday + 2 * hour)
    await moveAppointment(at.house, anna, { appointmentId: other, holdId })
    at.pass(5 * minute)
    expect(await offerFreedTimes(at.house)).toBe(1)
    expect(await at.offerOf(first)).toMatchObject({ start: new Date(thursday + hour).toISOString() })
    // Told to somebody at the telephone, it is the same answer.
    await acceptForCitizen(at.house, anna, { appointmentId: first, offerId: (await at.offerOf(first))?.id ?? '' })
    expect(await at.startOf(first)).toBe(thursday + hour)
    // What the first did not want is for everybody after the pause, and no news to who waits from then on.
    at.pass(11 * minute)
    const second = await at.wait(monday)
    await sql`insert into agenda_extra_opening (calendar_id, day, opens, closes)
              select id, '2026-11-27', 960, 990 from agenda_calendar where unit_id = ${eur}`.execute(at.db)
    await sql`update agenda_service_of_unit set none_before = default`.execute(at.db)
    at.pass(5 * minute)
    expect(await offerFreedTimes(at.house)).toBe(1)
    expect(await at.offerOf(second)).toMatchObject({ start: '2026-11-27T15:00:00.000Z' })
  })

  test('joins and leaves by the link; nobody joins without an address, or when it is over', async () => {
    const at = await begin(open)
    const without = await at.book(monday, { email: null })
    await expect(joinWaiting(at.house, anna, { appointmentId: without })).rejects.toMatchObject({
      code: 'agenda.waiting.noAddress',
    })
    const id = await at.book(monday + hour)
    const token = await at.tokenOf(id)
    await joinByLink(at.house, token)
    await joinByLink(at.house, token)
    expect((await linkedAppointment(at.house, token, 'it')).waiting).toMatchObject({ offers: 0, offer: null })
    await leaveByLink(at.house, token)
    await leaveByLink(at.house, token)
    expect((await linkedAppointment(at.house, token, 'it')).waiting).toBeNull()
    const entries = await at.db
      .selectFrom('event')
      .select('payload')
      .where('type', '=', 'appointment.waits')
      .orderBy('id')
      .execute()
    expect(entries.map(({ payload }) => (payload as { waits: boolean }).waits)).toEqual([true, false])
    await at.cancel(id)
    await expect(joinByLink(at.house, token)).rejects.toMatchObject({ code: 'agenda.linkOver' })
  })

  test('who cannot be written to keeps nobody else from being offered a time', async () => {
    const at = await begin(open)
    const freed = [await at.book(thursday), await at.book(thursday + hour / 2)]
    const [first, second] = [await at.wait(monday), await at.wait(monday + hour)]
    for (const id of freed) await at.cancel(id)
    await refuseRows(at.db, 'mail', sql`new.purpose = 'agenda.offer' and new.subject_id = ${sql.lit(first)}`)
    expect(await offerFreedTimes(at.house)).toBe(1)
    expect(await at.offerOf(first)).toBeNull()
    expect(await at.offerOf(second)).toMatchObject({ start: new Date(thursday + hour / 2).toISOString() })
    await sql`drop trigger refused on mail`.execute(at.db)
    at.pass(5 * minute)
    await offerFreedTimes(at.house)
    expect(await at.offerOf(first)).toMatchObject({ start: new Date(thursday).toISOString() })
  })

  test('two workers, a double press, a cancellation and the end of the offer at once: one outcome, and nobody twice in one place', async () => {
    const at = await begin(open)
    const codes: string[] = []
    for (let round = 0; round < 6; round++) {
      const freed = await at.book(thursday + (round % 2) * hour)
      const [first, second] = [await at.wait(monday), await at.wait(monday + hour)]
      at.pass(5 * minute)
      // The freed time is wanted by the public at the moment at which it is freed.
      const [, grabbed] = await Promise.allSettled([at.cancel(freed), at.hold(thursday + (round % 2) * hour, citizen)])
      expect(grabbed.status).toBe('rejected')
      await Promise.all([offerFreedTimes(at.house), offerFreedTimes(at.house)])
      const offer = await at.offerOf(first)
      expect(await at.offerOf(second)).toBeNull()
      expect((await at.purposes(first)).filter(each => each === 'offer')).toHaveLength(1)
      const press = () => at.accept(first, offer?.id)
      const meets = [press, () => at.cancel(first), () => offerFreedTimes(at.house)][round % 3] ?? press
      if (round % 3 === 2) at.pass(3 * hour - 1)
      const pressed = press()
      if (round % 3 === 2) at.pass(1)
      const both = await Promise.allSettled([pressed, meets()])
      codes.push(...both.flatMap(each => (each.status === 'rejected' ? [String(each.reason.code)] : [])))
      const { state, start } = await appointmentView(at.house, staff.agency, first, 'it')
      // Moved or not, it is one whole appointment, or it was cancelled.
      expect([new Date(monday).toISOString(), offer?.start]).toContain(start)
      const { rows } = await sql<{
        n: number
      }>`select count(*)::int as n from agenda_taken where appointment_id = ${first}`.execute(at.db)
      expect(rows[0]?.n).toBe(state === 'cancelled' ? 0 : 1)
      expect(await at.double()).toBe(0)
      for (const id of [first, second]) await at.cancel(id).catch(() => {})
      at.pass(11 * minute)
      await offerFreedTimes(at.house)
      at.pass(11 * minute)
    }
    expect(new Set(codes)).toEqual(
      new Set(codes.filter(code => ['agenda.waiting.offerOver', 'agenda.linkOver', 'agenda.policy.is.cancelled'].includes(code))),
    )
    expect(codes.length).toBeGreaterThanOrEqual(2)
  })
})
