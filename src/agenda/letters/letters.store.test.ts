/** Who has no e-mail is written to by post: each letter is printed once, none is lost, and none says what no longer holds. */
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openMatter, service, smallAgenda } from '../../../test/support/agenda.ts'
import { eachDatabase, type OpenHouse, onPostgres } from '../../../test/support/database.ts'
import { staff } from '../../../test/support/staff.ts'
import { closeLetters } from '../../letters/index.ts'
import { type Actor, inTransaction, virtualClock } from '../../platform/index.ts'
import { cancelAppointment, confirmHold, moveAppointment } from '../appointments.ts'
import { takeHold } from '../holds.ts'
import { printAppointment, printLetters } from './print.ts'
import { lettersView, sendLetters, takeLettersBack } from './service.ts'

const { anna, agency, otherAgency } = staff
const hour = 3_600_000
// A Tuesday, 10:00 in Rome; people are booked on a Wednesday two weeks later.
const tuesday = Date.UTC(2026, 10, 24, 9)
const wednesday = Date.UTC(2026, 11, 9, 8)
const eur = 'ag-roma-eur'

interface Card {
  email?: string | null
  address?: string | null
  wishes?: string
}

async function begin(open: OpenHouse) {
  const clock = virtualClock(tuesday)
  const { house } = await open({ clock, environment: { PUBLIC_URL: 'https://filo.example' } })
  await smallAgenda(house, { desks: 5 })
  const db = house.database.kysely
  const hold = (at: number, unitId = eur) =>
    takeHold(house, anna, { unitId, serviceId: service.id, start: new Date(at).toISOString() })
  const book = async (at: number, { email = null, address = 'Via dei Serpenti 35', wishes }: Card = {}) => {
    const { id: holdId } = await hold(at)
    const matter = await openMatter(house, { email })
    await sql`update contact set address = ${address}, postal_code = '00184', municipality_code = '058091', province_code = 'RM',
                                 preferred_channel = ${wishes ?? null} where id = ${matter.contactId}`.execute(db)
    const { id } = await inTransaction(house, anna, work => confirmHold(work, { holdId, reason: 'Pensione', ...matter }))
    clock.advance(1_000)
    return id
  }
  const move = async (appointmentId: string, at: number, unitId = eur) => {
    await moveAppointment(house, anna, { appointmentId, holdId: (await hold(at, unitId)).id })
    clock.advance(1_000)
  }
  const cancel = (appointmentId: string) => cancelAppointment(house, anna, { appointmentId, reason: 'Non può', by: 'citizen' })
  const list = (
    state: 'open' | 'sent' = 'open',
    query: { cursor?: string; limit?: number; unitId?: string; actor?: Actor } = {},
  ) => {
    const { actor = agency, unitId = eur, limit = 30, ...rest } = query
    return lettersView(house, actor, { unitId, state, limit, ...rest })
  }
  const kinds = async () => (await list()).items.map(({ kind, appointmentId }) => [kind, appointmentId])
  const letterOf = async (appointmentId: string) =>
    (await list()).items.find(each => each.appointmentId === appointmentId)?.id ?? ''
  const send = (...letterIds: string[]) => sendLetters(house, agency, { unitId: eur, letterIds })
  const takeBack = (...letterIds: string[]) => takeLettersBack(house, agency, { unitId: eur, letterIds })
  const mails = async () => (await db.selectFrom('mail').select('purpose').orderBy('id').execute()).map(({ purpose }) => purpose)
  return { house, db, clock, book, move, cancel, list, kinds, letterOf, send, takeBack, mails }
}

eachDatabase(open => {
  test('by post is written who has no e-mail or wishes it, and has a whole address; the others are not', async () => {
    const { book, list, mails } = await begin(open)
    const silent = await book(wednesday)
    const wishing = await book(wednesday + hour, { email: 'a@example.org', wishes: 'post' })
    await book(wednesday, { email: 'b@example.org' })
    await book(wednesday, { address: null })
    expect((await list()).items).toMatchObject([
      { appointmentId: silent, kind: 'confirmation', contactName: 'Giulia Ferri', hasAddress: true, isLate: false, sentAt: null },
      { appointmentId: wishing, kind: 'confirmation' },
    ])
    expect((await list()).count).toBe(2)
    expect(await mails()).toEqual(['agenda.confirmation'])
  })

  test('a letter that was overtaken is never printed beside the newer one, whatever is written now', async () => {
    const { db, book, move, cancel, kinds, letterOf, send, mails } = await begin(open)
    const [moved, gone, mailed] = [await book(wednesday), await book(wednesday), await book(wednesday)]
    const old = await letterOf(moved)
    await move(moved, wednesday + hour)
    await cancel(gone)
    const { contact_id } = await db
      .selectFrom('appointment')
      .select('contact_id')
      .where('id', '=', mailed)
      .executeTakeFirstOrThrow()
    await sql`insert into contact_email (contact_id, address, position) values (${contact_id}, 'c@example.org', 0)`.execute(db)
    await move(mailed, wednesday + hour)
    expect(await kinds()).toEqual([
      ['cancellation', gone],
      ['move', moved],
    ])
    expect(await mails()).toEqual(['agenda.move'])
    // Whoever has the old one on paper is told that it was overtaken.
    const current = await letterOf(moved)
    expect(await send(old, current)).toEqual({ marked: [current], left: [old] })
    expect(await send(old, current)).toEqual({ marked: [], left: [old, current] })
  })

  test('sent by whom and when; taken back while nothing newer was written; each is told in the journal', async () => {
    const { db, clock, book, move, list, letterOf, send, takeBack } = await begin(open)
    const [one, other] = [await book(wednesday), await book(wednesday + hour)]
    const [first, second] = [await letterOf(one), await letterOf(other)]
    expect(await send(first, second)).toEqual({ marked: [first, second], left: [] })
    expect(await list()).toEqual({ count: 0, items: [], next: null })
    expect((await list('sent')).items[0]).toMatchObject({
      sentAt: new Date(clock.now()).toISOString(),
      sentBy: agency.name,
    })
    // The envelope is what it was, whatever the card says later.
    await sql`update contact set address = 'Via Nuova 1'`.execute(db)
    const row = await db.selectFrom('appointment_letter').select('sent_to').where('id', '=', first).executeTakeFirst()
    expect(row?.sent_to).toEqual(['Giulia Ferri', 'Via dei Serpenti 35', '00184 Roma RM'])
    clock.advance(1_000)
    await move(other, wednesday + 2 * hour)
    expect(await takeBack(first, second)).toEqual({ marked: [first], left: [second] })
    expect((await list()).items.map(({ appointmentId }) => appointmentId).sort()).toEqual([one, other].sort())
    const told = await db
      .selectFrom('event')
      .select('payload')
      .where('type', '=', 'appointment.letter-sent')
      .orderBy('id')
      .execute()
    expect(told.map(({ payload }) => payload)).toMatchObject([
      { letterId: first, sent: true },
      { letterId: second, sent: true },
      { letterId: first, sent: false },
    ])
  })

  test('what is too late is said, what is over is not in the list, and pages follow each other', async () => {
    const { clock, book, list } = await begin(open)
    const ids: string[] = []
    for (const at of [0, 0.5, 1, 1.5, 2]) ids.push(await book(wednesday + at * hour))
    const first = await list('open', { limit: 2 })
    const second = await list('open', { limit: 2, ...(first.next === null ? {} : { cursor: first.next }) })
    const third = await list('open', { limit: 2, ...(second.next === null ? {} : { cursor: second.next }) })
    expect([first, second, third].flatMap(({ items }) => items.map(each => each.appointmentId))).toEqual(ids)
    expect([first.count, third.next]).toEqual([5, null])
    clock.advance(wednesday - clock.now() - 5 * 24 * hour)
    expect((await list()).items.every(({ isLate }) => isLate)).toBe(true)
    clock.advance(wednesday + hour - clock.now())
    expect((await list()).items.map(({ appointmentId }) => appointmentId)).toEqual(ids.slice(3))
  })
})

onPostgres(open => {
  test('only the office prints its letters; after a move to another office that one does', async () => {
    const { house, book, move, list } = await begin(open)
    const id = await book(wednesday)
    await move(id, wednesday + hour, 'ag-milano-nord')
    expect((await list()).items).toEqual([])
    const there = { unitId: 'ag-milano-nord', actor: otherAgency }
    expect((await list('open', there)).items).toMatchObject([{ appointmentId: id, kind: 'move' }])
    await expect(list('open', { actor: otherAgency })).rejects.toMatchObject({ status: 404 })
    await expect(list('open', { actor: anna })).rejects.toMatchObject({ status: 404 })
    const [letter] = (await list('open', there)).items
    const foreign = { unitId: eur, letterIds: [letter?.id ?? ''] }
    expect(await sendLetters(house, agency, foreign)).toEqual({ marked: [], left: foreign.letterIds })
  })

  test('two colleagues who mark the same letters mark each once, while the appointments are moved', async () => {
    const { house, db, book, move, letterOf, send } = await begin(open)
    const booked: string[] = []
    for (const at of [0, 0, 0, 0, 0, 0]) booked.push(await book(wednesday + at))
    const letters: string[] = []
    for (const id of booked) letters.push(await letterOf(id))
    const answers = await Promise.all([
      send(...letters),
      sendLetters(house, agency, { unitId: eur, letterIds: letters.toReversed() }),
      // One after the other: somebody who books has one time in hand.
      move(booked[0] ?? '', wednesday + hour).then(() => move(booked[5] ?? '', wednesday + hour)),
    ])
    const marked = answers.flatMap(answer => answer?.marked ?? [])
    expect(new Set(marked).size).toBe(marked.length)
    const { rows } = await sql<{ state: string; n: number }>`
      select state, count(*)::int as n from appointment_letter group by state order by state`.execute(db)
    const count = (state: string) => rows.find(row => row.state === state)?.n ?? 0
    expect(count('sent')).toBe(marked.length)
    expect([count('open'), count('sent') + count('overtaken')]).toEqual([2, 6])
  })

  test('some letters are one PDF, and an appointment has its own at any time, also without an address', async () => {
    const { house, book, list } = await begin(open)
    const id = await book(wednesday, { address: null })
    await book(wednesday)
    await book(wednesday)
    const headers: Record<string, string> = {}
    const asked = { reply: { headers: (given: object) => Object.assign(headers, given) }, language: 'it' as const }
    try {
      const letterIds = (await list()).items.map(each => each.id)
      const pdf = await printLetters(house, agency, { unitId: eur, letterIds, ...asked })
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
      expect(headers['content-type']).toBe('application/pdf')
      expect(headers['content-disposition']).toMatch(/^inline; filename="2 lettere/)
      await printAppointment(house, anna, { appointmentId: id, ...asked })
      expect(headers['content-disposition']).toMatch(/^inline; filename="Lettera.pdf"/)
      await expect(printAppointment(house, otherAgency, { appointmentId: id, ...asked })).rejects.toMatchObject({ status: 404 })
      await expect(printLetters(house, otherAgency, { unitId: eur, letterIds, ...asked })).rejects.toMatchObject({ status: 404 })
    } finally {
      await closeLetters(house)
    }
  })
})
