/** A citizen who waits for an earlier time calls and answers by a key: the answer and the step that tells of it are one, or neither is. */
import type { KyselyPlugin } from 'kysely'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openMatter, service, smallAgenda } from '../../../../test/support/agenda.ts'
import { eachDatabase, type OpenHouse, onPostgres } from '../../../../test/support/database.ts'
import { staff } from '../../../../test/support/staff.ts'
import { says } from '../../../../test/support/telephone-page.ts'
import { callIdOf, dial, mondayMorning, program } from '../../../../test/support/telephony.ts'
import { cancelAppointment, confirmHold } from '../../../agenda/appointments.ts'
import { takeHold } from '../../../agenda/holds.ts'
import { acceptByLink } from '../../../agenda/links/service.ts'
import { linkToken } from '../../../agenda/links/token.ts'
import { offerFreedTimes } from '../../../agenda/waiting/offering.ts'
import { joinWaiting } from '../../../agenda/waiting/service.ts'
import { putOffer } from '../../../agenda/waiting/store.ts'
import { requestCode } from '../../../cases/index.ts'
import type { FlowInput } from '../../../ivr/index.ts'
import { houseSecret, inTransaction } from '../../../platform/index.ts'

const { anna } = staff
const eur = 'ag-roma-eur'
const [thursday, monday] = [Date.UTC(2026, 10, 26, 8), Date.UTC(2026, 10, 30, 8)]
const mobile = '+393331234567'

/** Does something once before the answer to a statement with these words is heard: what it says is then no longer so. */
function meanwhile(words: string): KyselyPlugin & { once(act: () => Promise<unknown>): void } {
  const asked = new WeakSet<object>()
  let armed: (() => Promise<unknown>) | undefined
  return {
    once(act) {
      armed = act
    },
    transformQuery({ node, queryId }) {
      if (armed && node.kind === 'RawNode' && JSON.stringify(node).includes(words)) asked.add(queryId)
      return node
    },
    async transformResult({ result, queryId }) {
      const act = armed
      if (act && asked.has(queryId)) {
        armed = undefined
        await act()
      }
      return result
    },
  }
}

/** A program with a flow that asks about an earlier time, and a citizen to whom Thursday is offered in the place of Monday. */
async function begin(open: OpenHouse, wires?: KyselyPlugin) {
  const { house, url, journal } = await program(open, {}, wires, mondayMorning)
  const db = house.database.kysely
  await smallAgenda(house)
  const flow: FlowInput = {
    ...{ id: 'main', name: 'Earlier', languages: ['it'], start: 'hello' },
    nodes: {
      hello: { type: 'say', text: { it: 'Buongiorno.' }, next: 'earlier' },
      earlier: { type: 'earlier-time', next: 'bye' },
      bye: { type: 'hang-up', text: { it: 'Arrivederci.' } },
    },
  }
  await db
    .updateTable('flow')
    .set({ content: JSON.stringify(flow) })
    .where('status', '=', 'published')
    .execute()
  const book = async (at: number, phone?: string, unitId = eur) => {
    const start = new Date(at).toISOString()
    const { id: holdId } = await takeHold(house, anna, { unitId, serviceId: service.id, start })
    const matter = await openMatter(house)
    if (phone !== undefined) {
      await sql`insert into contact_phone (contact_id, number, position) values (${matter.contactId}, ${phone}, 0)`.execute(db)
      await sql`insert into contact_key (contact_id, kind, key) values (${matter.contactId}, 'phone', ${phone})`.execute(db)
    }
    const { id } = await inTransaction(house, anna, work => confirmHold(work, { holdId, reason: 'Pensione', ...matter }))
    return { id, code: matter.code }
  }
  const freed = await book(thursday)
  const waits = await book(monday, mobile)
  await joinWaiting(house, anna, { appointmentId: waits.id })
  await cancelAppointment(house, anna, { appointmentId: freed.id, reason: 'Non può', by: 'citizen' })
  expect(await offerFreedTimes(house)).toBe(1)
  const waiting = () => db.selectFrom('agenda_waiting').selectAll().where('appointment_id', '=', waits.id).executeTakeFirst()
  const offerId = (await waiting())?.offer_id ?? ''
  const token = linkToken(await houseSecret(house.config, db), waits.id)
  return {
    ...{ house, db, journal, book, waits, offerId, waiting },
    byLink: () => acceptByLink(house, token, { offerId }),
    startOf: async () =>
      (
        await db.selectFrom('appointment').select('starts_at').where('id', '=', waits.id).executeTakeFirstOrThrow()
      ).starts_at.getTime(),
    /** Who the journal says has answered, and how. */
    ends: async () =>
      (
        await db
          .selectFrom('event')
          .select(['payload', 'actor'])
          .where('type', '=', 'appointment.offer-ended')
          .orderBy('id')
          .execute()
      ).map(({ payload, actor }) => [(payload as { how: string }).how, (actor as { channel?: string }).channel]),
    /** Calls, and keys the figures. The page has heard the offer and its keys. */
    async calls(figures = waits.code.slice(-4), from: string | null = mobile) {
      const page = dial(url, undefined, from)
      await page.spoken(/Buongiorno/)
      const asked = await page.spoken(/cifre del codice/)
      const press = (keys: string) => {
        for (const key of keys) page.send({ type: 'key', key })
      }
      press(figures)
      return { page, press, asked }
    },
  }
}

const told = /posto prima per Consulenza pensioni presso .*giovedì 26 novembre alle ore 9 in punto.*lunedì 30 novembre alle ore 9/

eachDatabase(open => {
  test('hears what is offered, accepts by key 1, and is told the new time; the answer is the citizen’s, by telephone', async () => {
    const at = await begin(open)
    const { page, press } = await at.calls()
    await page.spoken(told)
    await page.spoken(/prema 1.*prema 9/)
    expect(await at.startOf()).toBe(monday)
    press('1')
    await page.spoken(/Fatto\. Ora il suo appuntamento è giovedì 26 novembre alle ore 9/)
    expect(await at.startOf()).toBe(thursday)
    expect(await at.waiting()).toBeUndefined()
    await page.spoken(/Arrivederci/)
    await page.until(says('ended'))
    expect(await at.ends()).toEqual([['accepted', 'telephone']])
    const double = await sql`select from agenda_taken where appointment_id = ${at.waits.id}`.execute(at.db)
    expect(double.rows).toHaveLength(1)
  })
})

onPostgres(open => {
  test('an offer that is taken by the link while the key is pressed: the step is not lost, and tells what is booked now', async () => {
    const wires = meanwhile('waiting.offer_starts_at')
    const at = await begin(open, wires)
    const { page, press } = await at.calls()
    await page.spoken(told)
    await page.spoken(/prema 1/)
    // The terms of the step have been read, and then the offer is accepted elsewhere.
    wires.once(at.byLink)
    press('1')
    await page.spoken(/^Questo orario non è più disponibile\. Il suo appuntamento resta giovedì 26 novembre/)
    await page.spoken(/Arrivederci/)
    await at.journal.until(entry => entry.type === 'call.ended')
    expect([await at.startOf(), await at.ends()]).toEqual([thursday, [['accepted', 'web']]])
  })

  test('an offer that stands and cannot be taken, because the citizen is elsewhere then, is told to be gone; the booked one stays', async () => {
    const at = await begin(open)
    const other = await at.book(thursday, undefined, 'ag-roma')
    await sql`update appointment set contact_id = (select contact_id from appointment where id = ${at.waits.id}) where id = ${other.id}`.execute(
      at.db,
    )
    const { page, press } = await at.calls()
    await page.spoken(told)
    await page.spoken(/prema 1/)
    press('1')
    await page.spoken(/^Questo orario non è più disponibile\. Il suo appuntamento resta lunedì 30 novembre/)
    await page.spoken(/Arrivederci/)
    expect([await at.startOf(), await at.ends()]).toEqual([monday, []])
  })

  test('by link and by telephone at once: it is moved once, and both hear the truth', async () => {
    const at = await begin(open)
    const { page, press } = await at.calls()
    await page.spoken(told)
    press('1')
    await page.spoken(/prema 1/)
    const link = Promise.allSettled([at.byLink()])
    press('1')
    const said = await page.spoken(/Fatto|non è più disponibile/)
    const [how] = await link
    expect(said.startsWith('Fatto')).toBe(how?.status === 'rejected')
    expect([await at.startOf(), (await at.ends()).map(([end]) => end)]).toEqual([thursday, ['accepted']])
  })

  test('key 2 gives the time to the next, key 9 leaves the list, hanging up before changes nothing', async () => {
    const at = await begin(open)
    const gone = await at.calls()
    await gone.page.spoken(told)
    gone.page.send({ type: 'hang-up' })
    await at.journal.until(entry => entry.type === 'call.ended')
    expect(await at.waiting()).toMatchObject({ offer_id: at.offerId, leaves: false })
    const leaves = await at.calls()
    await leaves.page.spoken(told)
    await leaves.page.spoken(/prema 9/)
    leaves.press('9')
    await leaves.page.spoken(/non le proporremo altri orari.*resta lunedì 30 novembre/)
    expect(await at.waiting()).toMatchObject({ leaves: true })
    // The offer is over with it.
    const later = await at.calls(`${at.waits.code.slice(-4)}#`)
    await later.page.spoken(/non corrisponde/)
    later.page.send({ type: 'hang-up' })
    await joinWaiting(at.house, anna, { appointmentId: at.waits.id })
    await sql`update agenda_waiting set offer_until = ${new Date(mondayMorning.now() + 3_600_000)}`.execute(at.db)
    const keeps = await at.calls()
    await keeps.page.spoken(told)
    await keeps.page.spoken(/prema 2/)
    keeps.press('2')
    await keeps.page.spoken(/non è più suo.*resta lunedì 30 novembre/)
    expect(await at.waiting()).toMatchObject({ offer_id: null, leaves: false })
    expect([await at.startOf(), await at.ends()]).toEqual([monday, [['declined', 'telephone']]])
  })

  test('after ten wrong codes the number that calls is no hint any more: the whole code is asked for; another offer begins anew', async () => {
    const at = await begin(open)
    const wrong = at.waits.code.endsWith('0000') ? '1111' : '0000'
    await sql`update agenda_waiting set wrong_codes = 8`.execute(at.db)
    const first = await at.calls(wrong)
    await first.page.spoken(/non corrisponde. Digiti le ultime quattro cifre/)
    const heard = first.page.heard.length
    first.press(wrong)
    await first.page.spoken(/non corrisponde. Digiti/, heard)
    first.page.send({ type: 'hang-up' })
    expect(await at.waiting()).toMatchObject({ wrong_codes: 10, offer_id: at.offerId })
    const second = await at.calls('')
    expect(second.asked).toMatch(/le dieci cifre/)
    second.page.send({ type: 'hang-up' })
    await putOffer(at.db, at.waits.id, { id: at.offerId, start: new Date(thursday), until: new Date(monday), callAt: null })
    const third = await at.calls()
    await third.page.spoken(told)
  })

  test('who calls from another telephone keys the whole code; what is wrong opens nothing, and stays in no row of the call', async () => {
    const at = await begin(open)
    const code = requestCode(4_827_193n)
    await sql`update appointment set code = ${code} where id = ${at.waits.id}`.execute(at.db)
    const { page, press } = await at.calls(`${code.slice(0, 8)}${code.slice(9)}${code.slice(8, 9)}`, null)
    await page.spoken(/non corrisponde. Digiti le dieci cifre/)
    press(code)
    await page.spoken(told)
    const [call] = await at.db
      .selectFrom('call')
      .select('state')
      .where('id', '=', await callIdOf(page))
      .execute()
    expect(JSON.stringify(call?.state)).not.toContain(code.slice(0, 6))
    const none = await at.calls('2222222222', null)
    await none.page.spoken(/non corrisponde/)
    none.press('#')
    await none.page.spoken(/Senza il codice/)
    await none.page.spoken(/Arrivederci/)
    expect(await at.startOf()).toBe(monday)
  })
})
