/** Free times are searched as a plain list, from the desk in two keys; who would rather come earlier is offered what is freed. */
import { expect, test } from 'vitest'
import { linkToken } from '../../src/agenda/links/token.ts'
import { offerFreedTimes } from '../../src/agenda/waiting/offering.ts'
import { type House, houseSecret, inTransaction, system } from '../../src/platform/index.ts'
import { endOfferCall } from '../../src/telephony/calls/time-offers/service.ts'
import { onPostgres } from '../support/database.ts'
import { answerWithEnter, becomeAvailable, callForPensions, openAllDay } from '../support/desk.ts'
import { idIn, looker, pagesOf, patience, pressKey } from '../support/pages.ts'
import { staff } from '../support/staff.ts'
import { now } from '../support/working-day.ts'

const eur = 'ag-roma-eur'
/** A free time of the next week or later: who waits can be asked before it, also where nobody is called until after a Sunday and a holiday. */
const afterDays = 60

const look = looker('waiting')

onPostgres(open => {
  let house: House | undefined
  const pages = pagesOf(async options => {
    const opened = await open(options)
    house = opened.house
    return opened
  }, 'file')

  async function conversation(familyName: string, emails = [`${familyName.toLowerCase()}@example.org`]) {
    const operator = await pages.at(staff.anna)
    const contact = await operator.send('POST', '/api/contacts', {
      ...{ kind: 'person', givenName: 'Giulia', familyName, municipalityCode: '058091' },
      ...{ emails, phones: ['06 5959 4321'] },
    })
    const interaction = await operator.send('POST', '/api/interactions', {
      ...{ channel: 'counter', contactId: idIn(contact), typologyId: 'vecchiaia', question: 'Vuole capire i contributi.' },
    })
    return { operator, interactionId: idIn(interaction) }
  }

  async function slots(): Promise<{ serviceId: string; starts: string[] }> {
    const operator = await pages.at(staff.anna)
    const { items } = await operator.send('GET', `/api/agenda/services?unitId=${eur}`)
    const serviceId = Array.isArray(items) ? idIn(items[0]) : ''
    const { days } = (await operator.send('GET', `/api/agenda/slots?unitId=${eur}&serviceId=${serviceId}&days=40`)) as {
      days: { slots: { start: string; free: number }[] }[]
    }
    return { serviceId, starts: days.flatMap(day => day.slots).flatMap(slot => (slot.free === 1 ? slot.start : [])) }
  }

  async function book(serviceId: string, start: string, familyName: string, emails?: string[]): Promise<string> {
    const { operator, interactionId } = await conversation(familyName, emails)
    const hold = await operator.send('POST', '/api/agenda/holds', { unitId: eur, serviceId, start })
    const booked = await operator.send('POST', `/api/interactions/${interactionId}/appointment`, {
      ...{ holdId: hold.id, reason: 'Porta i libretti di lavoro.' },
    })
    return String(booked.appointmentId)
  }

  /** What an appointment frees is offered to who waits. */
  async function free(appointmentId: string): Promise<void> {
    await (await pages.at(staff.anna)).send('POST', `/api/appointments/${appointmentId}/cancel`, { reason: 'Non può' })
    await pages.db
      .updateTable('agenda_waiting')
      .set({ look_at: new Date(0) })
      .execute()
    if (house) await offerFreedTimes(house)
  }

  test('at the desk, two keys hold and book the first time; elsewhere and at other hours are one choice away', async () => {
    await openAllDay(pages.url)
    await conversation('Ferri')
    const { page, complaints } = await pages.window({ as: staff.anna })
    await becomeAvailable(page)
    const caller = await pages.window()
    await callForPensions(caller.page, '06 5959 4321')
    await answerWithEnter(page)
    await page
      .getByRole('button', { name: /Chi chiama è|È chi chiama/ })
      .first()
      .click()
    await page.getByRole('combobox', { name: 'Tipologia' }).fill('vecchiaia')
    await page.getByRole('option', { name: 'Pensione di vecchiaia' }).first().click()
    await pressKey(page, 'Alt+3')
    const times = page.locator('.offices .slot')
    await times.first().waitFor()
    // The service follows from the matter: the first time is under the hand.
    const isAtTime = () => page.evaluate(() => document.activeElement?.classList.contains('slot') ?? false)
    await expect.poll(isAtTime, patience).toBe(true)
    await look(page, 'desk', page.locator('.found-time').nth(3))

    await page.getByRole('button', { name: /Dove/ }).press('Enter')
    await page.getByRole('option', { name: /Tutta Italia/ }).press('Enter')
    await page.locator('.found-time', { hasText: 'Lombardia' }).first().waitFor()
    await look(page, 'country')
    await page.getByRole('button', { name: /Quando/ }).press('Enter')
    await page.getByRole('option', { name: 'Di mattina' }).press('Enter')
    await page.locator('.found-time').first().waitFor()
    await page.getByRole('button', { name: /Dove/ }).press('Enter')
    await page.getByRole('option', { name: 'Nei dintorni' }).press('Enter')
    await page.locator('.found-time', { hasText: 'Lombardia' }).first().waitFor({ state: 'detached' })
    await times.first().waitFor()

    await times.first().focus()
    await page.keyboard.press('Enter')
    await page.getByText('orario tenuto per').waitFor()
    const reason = page.getByLabel('Che cosa serve, in una frase')
    await expect.poll(() => reason.evaluate(field => field === document.activeElement), patience).toBe(true)
    await page.keyboard.type('Vuole capire i contributi')
    await page.getByLabel(/Vorrebbe venire prima/).press('Space')
    await look(page, 'held', page.getByLabel(/Vorrebbe venire prima/))
    await page.keyboard.press('Control+Enter')
    await page.getByText('Appuntamento confermato').waitFor()
    const rows = await pages.db.selectFrom('agenda_waiting').select('offers').execute()
    expect(rows).toEqual([{ offers: 0 }])
    expect(complaints).toEqual([])
  })

  test('the citizen joins the list by the link, and takes the time that is freed; the office sees both', async () => {
    // One officer receives there: what is booked with her is free with nobody.
    await pages.db
      .updateTable('agenda_calendar')
      .set({ active: false })
      .where('unit_id', '=', eur)
      .where(eb => eb.or([eb('officer_id', 'is', null), eb('officer_id', '<>', staff.agency.personId)]))
      .execute()
    const { serviceId, starts } = await slots()
    const [early = '', late = ''] = [starts.at(afterDays), starts.at(-1)]
    const before = await book(serviceId, early, 'Prima')
    const id = await book(serviceId, late, 'Dopo')
    const citizen = await pages.window({ path: `/appointment/${linkToken(await houseSecret({}, pages.db), id)}` })
    await citizen.page.getByRole('button', { name: 'Vorrei venire prima' }).press('Enter')
    await citizen.page.getByText('È in lista per un posto prima').waitFor()
    await look(citizen.page, 'listed')

    const office = await pages.window({ as: staff.agency, path: `/agency/${id}` })
    await office.page.getByText(/È in lista dal/).waitFor()
    await free(before)
    await office.page.getByText(/^Offerto:/).waitFor()
    await look(office.page, 'office', office.page.getByText(/^Offerto:/))

    await citizen.page.reload()
    await citizen.page.getByText(/C’è un posto prima/).waitFor()
    await look(citizen.page, 'offered')
    await citizen.page.getByRole('button', { name: 'Lo prendo' }).press('Enter')
    await citizen.page.getByRole('button', { name: 'Vorrei venire prima' }).waitFor()
    const row = await pages.db.selectFrom('appointment').select('starts_at').where('id', '=', id).executeTakeFirstOrThrow()
    expect(row.starts_at.toISOString()).toBe(early)
    await office.page.getByRole('button', { name: 'Metti in lista' }).press('Enter')
    await office.page.getByRole('button', { name: 'Togli dalla lista' }).press('Enter')
    await office.page.getByRole('button', { name: 'Metti in lista' }).waitFor()
    expect([...citizen.complaints, ...office.complaints]).toEqual([])
  })

  test('where the office calls, who has no e-mail is offered the time by telephone; each call stands on the page and in the history', async () => {
    const { serviceId, starts } = await slots()
    const [early = '', late = ''] = [starts.at(afterDays), starts.at(-1)]
    const before = await book(serviceId, early, 'Quarta')
    const id = await book(serviceId, late, 'Terza', [])
    const office = await pages.window({ as: staff.agency, path: `/agency/${id}` })
    await office.page.getByRole('button', { name: 'Metti in lista' }).press('Enter')
    await office.page.getByText(/Gli orari che si liberano si offrono per e-mail: scrivi/).waitFor()
    await pages.db.updateTable('agenda_service').set({ telephone_offers: true }).execute()
    await office.page.getByRole('button', { name: 'Metti in lista' }).press('Enter')
    await office.page.getByText(/È in lista dal/).waitFor()

    await free(before)
    await office.page.getByText(/^Offerto per telefono:/).waitFor()
    const { offer_id } = await pages.db
      .selectFrom('agenda_waiting')
      .select('offer_id')
      .where('appointment_id', '=', id)
      .executeTakeFirstOrThrow()
    // Twice, whatever the hour is at which this test runs.
    for (const [n, outcome] of (['no-answer', 'accepted'] as const).entries()) {
      const call = {
        id: crypto.randomUUID(),
        appointment_id: id,
        unit_id: eur,
        offer_id: offer_id ?? '',
        number: '+390659594321',
      }
      const at = new Date(now() - (2 - n) * 900_000)
      const none = { ended_at: null, outcome: null, dialled_at: at, answered_at: null }
      await pages.db
        .insertInto('time_offer_call')
        .values({ ...call, ...none, asked_at: at })
        .execute()
      if (house) await inTransaction(house, system('telephony'), work => endOfferCall(work, call.id, outcome))
    }
    const calls = office.page.getByRole('region', { name: 'Chiamate automatiche' }).getByRole('listitem')
    await expect
      .poll(() => calls.allTextContents(), patience)
      .toEqual([expect.stringMatching(/06 5959 4321.*ha accettato$/), expect.stringMatching(/06 5959 4321.*non ha risposto$/)])
    await office.page.getByText('Chiamata automatica per un posto prima: nessuna risposta').waitFor()
    await look(office.page, 'called', office.page.getByText(/^Offerto per telefono:/))
    expect(office.complaints.filter(each => !each.includes('409'))).toEqual([])
  })
})
