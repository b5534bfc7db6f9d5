/** Citizens are reminded, each once; by the link of a mail they confirm or cancel that one appointment, and see no more than they must. */
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openMatter, service, smallAgenda } from '../../../test/support/agenda.ts'
import { nobody } from '../../../test/support/audience.ts'
import { eachDatabase, type OpenHouse, onPostgres } from '../../../test/support/database.ts'
import { refuseRows } from '../../../test/support/not-written.ts'
import { staff } from '../../../test/support/staff.ts'
import { sendMail } from '../../channels/outbox.ts'
import { sendUnsentAgain, unsentList } from '../../channels/unsent/unsent.ts'
import { houseSecret, inTransaction, openServer, virtualClock } from '../../platform/index.ts'
import { cancelAppointment, confirmHold, moveAppointment } from '../appointments.ts'
import { takeHold } from '../holds.ts'
import { cancelByLink, confirmByLink, linkedAppointment } from '../links/service.ts'
import { linkToken } from '../links/token.ts'
import { agendaRoutes } from '../routes.ts'
import { appointmentMailOwner } from '../unsent.ts'
import { appointmentView } from '../views.ts'
import { settleReminder } from '../writing.ts'
import { sendReminders } from './remind.ts'
import { textReminderPurpose } from './text.ts'

const { anna, agency } = staff
const hour = 3_600_000
// A Tuesday, 10:00 in Rome; the appointment is on Monday at 9:00.
const tuesday = Date.UTC(2026, 10, 24, 9)
const monday = Date.UTC(2026, 10, 30, 8)
const eur = 'ag-roma-eur'

async function begin(open: OpenHouse) {
  const clock = virtualClock(tuesday)
  const { house } = await open({ clock, environment: { PORT: '0', PUBLIC_URL: 'https://filo.example' } })
  await smallAgenda(house)
  const goTo = (at: number) => clock.advance(at - clock.now())
  const holdAt = (at: number) => takeHold(house, anna, { unitId: eur, serviceId: service.id, start: new Date(at).toISOString() })
  const book = async (at: number, given?: { email?: string | null }) => {
    const hold = await holdAt(at)
    const matter = await openMatter(house, given)
    const booked = await inTransaction(house, anna, work => confirmHold(work, { holdId: hold.id, reason: 'Pensione', ...matter }))
    // Mails of one instant have no order.
    clock.advance(1_000)
    return booked.id
  }
  const mails = (id: string) =>
    house.database.kysely
      .selectFrom('mail')
      .select(['purpose', 'to_address', 'body', 'calendar'])
      .where('subject_id', '=', id)
      .orderBy('id')
      .execute()
  const purposes = async (id: string) => (await mails(id)).map(({ purpose }) => purpose.replace('agenda.', ''))
  const tokenOf = async (id: string) => linkToken(await houseSecret(house.config, house.database.kysely), id)
  return { house, goTo, holdAt, book, mails, purposes, tokenOf }
}

eachDatabase(open => {
  test('who cannot be written to keeps nobody else from being reminded', async () => {
    const { house, goTo, book, purposes } = await begin(open)
    const first = await book(monday)
    const second = await book(monday + hour / 2)
    await refuseRows(house.database.kysely, 'mail', sql`new.subject_id = ${sql.lit(first)}`)
    goTo(monday - 47 * hour)
    expect(await sendReminders(house)).toBe(1)
    expect([await purposes(first), await purposes(second)]).toEqual([['confirmation'], ['confirmation', 'reminder']])
    await sql`drop trigger refused on mail`.execute(house.database.kysely)
    expect(await sendReminders(house)).toBe(1)
    expect(await purposes(first)).toEqual(['confirmation', 'reminder'])
  })

  test('a text message goes to who wishes it where the service allows it; what no gateway takes goes by e-mail', async () => {
    const { house: ours, goTo, book, mails, purposes } = await begin(open)
    const house = { ...ours, config: { ...ours.config, SMS_URL: 'log:' } }
    const db = house.database.kysely
    const [wishes, other] = [await book(monday), await book(monday + hour / 2)]
    const { contact_id: contactId } = await db
      .selectFrom('appointment')
      .select('contact_id')
      .where('id', '=', wishes)
      .executeTakeFirstOrThrow()
    await sql`update contact set preferred_channel = 'text-message' where id = ${contactId}`.execute(db)
    await sql`insert into contact_phone (contact_id, number, position, kind) values (${contactId}, '+393331234567', 0, 'mobile')`.execute(
      db,
    )
    const texts = () => db.selectFrom('mail').select(['id', 'to_address', 'body', 'state']).where('channel', '=', 'sms').execute()
    goTo(monday - 47 * hour)
    await sendReminders(house)
    // The service does not say so: by e-mail, to both.
    expect([await purposes(wishes), await purposes(other), await texts()]).toEqual([
      ['confirmation', 'reminder'],
      ['confirmation', 'reminder'],
      [],
    ])
    await db.updateTable('agenda_service').set({ text_reminders: true }).execute()
    goTo(monday - 1.9 * hour)
    await sendReminders(house)
    const [text, ...more] = await texts()
    expect(more).toEqual([])
    expect(text).toMatchObject({ to_address: '+393331234567', state: 'queued' })
    expect(text?.body).toMatch(
      /^Promemoria: Consulenza pensioni, lun 30 nov ore 09:00 \(ora italiana\), .+ https:\/\/filo.example\/appointment\//,
    )
    expect(await purposes(wishes)).toEqual(['confirmation', 'reminder', 'text-reminder'])
    expect(await purposes(other)).toEqual(['confirmation', 'reminder'])
    goTo(monday - 1.4 * hour)
    await sendReminders(house)
    expect(await purposes(other)).toEqual(['confirmation', 'reminder', 'reminder'])
    // The gateway refuses it for good.
    const failing = new Map([
      [
        'sms' as const,
        { send: async () => ({ kind: 'refused' as const, problem: '422', reason: 'address' as const }), close() {} },
      ],
    ])
    const refuse = async (id: string | undefined) => {
      await sendMail(house, failing, { [textReminderPurpose]: settleReminder }, id ?? '')
      expect((await texts()).find(each => each.id === id)?.state).toBe('failed')
    }
    const ownerOf = () => appointmentMailOwner
    const unsent = async () => (await unsentList(house, agency, { limit: 10 }, { ownerOf, language: 'it' })).items
    await refuse(text?.id)
    expect(await purposes(wishes)).toEqual(['confirmation', 'reminder', 'text-reminder', 'reminder'])
    // What was sent instead is what counts.
    expect(await unsent()).toEqual([])

    // Who has no address of e-mail: the text message itself stands among what was not sent, and is written to an address that is found out.
    const mute = await book(monday + hour, { email: null })
    const { contact_id: muteId } = await db
      .selectFrom('appointment')
      .select('contact_id')
      .where('id', '=', mute)
      .executeTakeFirstOrThrow()
    await sql`update contact set preferred_channel = 'text-message' where id = ${muteId}`.execute(db)
    await sql`insert into contact_phone (contact_id, number, position, kind) values (${muteId}, '+393337654321', 0, 'mobile')`.execute(
      db,
    )
    goTo(monday - 0.9 * hour)
    await sendReminders(house)
    const lost = (await texts()).find(each => each.id !== text?.id)
    await refuse(lost?.id)
    expect(await purposes(mute)).toEqual(['text-reminder'])
    expect(await unsent()).toMatchObject([
      {
        id: lost?.id,
        channel: 'sms',
        about: 'appointment',
        subjectId: mute,
        state: 'failed',
        may: { sendAgain: { allowed: true } },
      },
    ])
    expect((await appointmentView(house, agency, mute, 'it')).mail).toMatchObject({ channel: 'sms', state: 'failed' })
    goTo(monday - 0.8 * hour)
    await sendUnsentAgain(house, agency, { mailId: lost?.id ?? '', address: 'giulia@example.org' }, ownerOf)
    expect(await purposes(mute)).toEqual(['text-reminder', 'reminder'])
    expect((await mails(mute)).at(-1)).toMatchObject({ to_address: 'giulia@example.org' })
    expect(await unsent()).toEqual([])
  })

  test('two days and two hours before, once each; anew after a move; never of what is cancelled or has begun', async () => {
    const { house, goTo, holdAt, book, mails, purposes } = await begin(open)
    const id = await book(monday)
    const mute = await book(monday + hour / 2, { email: null })
    const dropped = await book(monday + hour)
    await cancelAppointment(house, anna, { appointmentId: dropped, reason: 'Non può', by: 'citizen' })
    expect(await sendReminders(house)).toBe(0)
    goTo(monday - 48 * hour)
    expect([await sendReminders(house), await sendReminders(house)]).toEqual([1, 0])
    expect(await purposes(id)).toEqual(['confirmation', 'reminder'])
    const [, reminder] = await mails(id)
    expect(reminder?.body).toContain('https://filo.example/appointment/')
    expect(reminder?.calendar).toMatch(/METHOD:REQUEST[\s\S]*SEQUENCE:0/)
    expect(await purposes(mute)).toEqual([])
    expect(await purposes(dropped)).toEqual(['confirmation', 'cancellation'])

    // Two days later again: what was said of the old time does not count for the new one.
    const later = monday + 72 * hour
    goTo(monday - 47 * hour)
    await moveAppointment(house, anna, { appointmentId: id, holdId: (await holdAt(later)).id })
    goTo(monday - 2 * hour)
    expect(await sendReminders(house)).toBe(0)
    goTo(later - 2 * hour)
    // Nobody sent any for two days: both are due, and one mail says so.
    expect(await sendReminders(house)).toBe(1)
    expect(await purposes(id)).toEqual(['confirmation', 'reminder', 'move', 'reminder'])

    const late = await book(later + 96 * hour)
    goTo(later + 97 * hour)
    expect(await sendReminders(house)).toBe(0)
    expect(await purposes(late)).toEqual(['confirmation'])
  })

  test('the link shows when and where, never whose it is; looking changes nothing; confirming twice is once; over is over', async () => {
    const { house, goTo, book, purposes, tokenOf } = await begin(open)
    const id = await book(monday)
    const other = await book(monday + hour)
    const token = await tokenOf(id)
    const before = await appointmentView(house, agency, id, 'it')
    expect((await linkedAppointment(house, token)).language).toBe('it')
    const shown = await linkedAppointment(house, token, 'en')
    expect(shown).toMatchObject({ state: 'booked', appointment: { service: 'Pension advice', mode: 'counter' } })
    for (const secret of ['Ferri', 'Giulia', before.code, before.reason, before.caseId, 'Moro'])
      expect(JSON.stringify(shown)).not.toContain(secret)
    expect(await appointmentView(house, agency, id, 'it')).toEqual(before)

    await confirmByLink(house, token)
    await confirmByLink(house, token)
    const confirmed = await appointmentView(house, agency, id, 'it')
    expect(confirmed).toMatchObject({
      state: 'booked',
      confirmedAt: expect.any(String),
      version: before.version + 1,
    })
    expect((await linkedAppointment(house, token, 'it')).state).toBe('confirmed')
    const entries = await house.database.kysely
      .selectFrom('event')
      .select('actor')
      .where('type', '=', 'appointment.confirmed')
      .execute()
    expect(entries).toEqual([{ actor: { kind: 'citizen', channel: 'web' } }])

    await cancelByLink(house, token)
    expect((await linkedAppointment(house, token, 'it')).state).toBe('cancelled')
    expect(await purposes(id)).toEqual(['confirmation', 'cancellation'])
    await expect(confirmByLink(house, token)).rejects.toMatchObject({ code: 'agenda.linkOver', status: 409 })
    await book(monday)

    // It opens nothing else, and nothing once the appointment has begun.
    expect((await appointmentView(house, agency, other, 'it')).state).toBe('booked')
    for (const wrong of [token.slice(0, -1), `${token.slice(0, -1)}x`, other, ''])
      await expect(linkedAppointment(house, wrong, 'it')).rejects.toMatchObject({ status: 404 })
    goTo(monday + hour)
    const late = await tokenOf(other)
    expect(await linkedAppointment(house, late, 'it')).toEqual({
      // Who comes late on the day can still say so.
      ...{ language: 'it', state: 'over', canArrive: true, waiting: null, appointment: null },
    })
    await expect(cancelByLink(house, late)).rejects.toMatchObject({ code: 'agenda.linkOver' })
  })
})

onPostgres(open => {
  test('two workers at once write one mail, and a reminder that meets a move or a cancellation is of one time', async () => {
    const { house, goTo, holdAt, book, purposes } = await begin(open)
    const ids = [await book(monday), await book(monday + hour / 2), await book(monday + hour)]
    const hold = await holdAt(monday + 2 * hour)
    goTo(monday - 48 * hour)
    await Promise.all([
      sendReminders(house),
      sendReminders(house),
      cancelAppointment(house, anna, { appointmentId: ids[1] ?? '', reason: 'Non può', by: 'citizen' }),
    ])
    await moveAppointment(house, anna, { appointmentId: ids[2] ?? '', holdId: hold.id }).catch(() => {})
    expect(await purposes(ids[0] ?? '')).toEqual(['confirmation', 'reminder'])
    expect((await purposes(ids[1] ?? '')).filter(each => each === 'reminder').length).toBeLessThanOrEqual(1)
    // A reminder of the same instant, which came first, may stand on either side.
    expect(await purposes(ids[1] ?? '')).toContain('cancellation')
  })

  test('over HTTP: nobody signs in, a program that only looks changes nothing, and who asks too often is told to wait', async () => {
    const { house, book, tokenOf } = await begin(open)
    const id = await book(monday)
    const server = await openServer(house, {
      routes: agendaRoutes,
      sockets: [],
      authenticate: async () => null,
      audience: nobody,
      ready: async () => ({ ready: true, details: {} }),
    })
    try {
      const path = `/api/public/appointments/${await tokenOf(id)}`
      for (const method of ['GET', 'HEAD', 'OPTIONS'] as const) await server.app.inject({ method, url: path })
      for (const act of ['confirmation', 'cancellation'])
        expect((await server.app.inject({ method: 'GET', url: `${path}/${act}` })).statusCode).toBe(404)
      expect(await appointmentView(house, agency, id, 'it')).toMatchObject({ state: 'booked', confirmedAt: null })
      expect((await server.app.inject({ method: 'POST', url: `${path}/confirmation` })).json()).toMatchObject({
        state: 'confirmed',
      })
      const answers = await Promise.all(Array.from({ length: 40 }, () => server.app.inject({ method: 'GET', url: path })))
      expect(answers.some(({ statusCode }) => statusCode === 429)).toBe(true)
    } finally {
      await server.close()
    }
  })
})
