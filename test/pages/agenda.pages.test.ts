/** A manager sets up the agenda of an office, by keyboard: from nothing until a citizen is booked in it, and leave that moves ten appointments. */
import { expect, test } from 'vitest'
import { linkToken } from '../../src/agenda/links/token.ts'
import { houseSecret, type PersonActor } from '../../src/platform/index.ts'
import { onPostgres } from '../support/database.ts'
import { looker, pagesOf, patience } from '../support/pages.ts'
import { staff } from '../support/staff.ts'
import { now } from '../support/working-day.ts'

const eur = 'ag-roma-eur'

const look = looker('agenda')

onPostgres(open => {
  const pages = pagesOf(open, 'file')

  async function manager(): Promise<PersonActor> {
    const { id, name } = await pages.db
      .selectFrom('person')
      .innerJoin('assignment', 'assignment.person_id', 'person.id')
      .select(['person.id', 'person.name'])
      .where('assignment.role', '=', 'agency_manager')
      .where('assignment.unit_id', '=', eur)
      .executeTakeFirstOrThrow()
    return { ...staff.agency, personId: id, name, role: 'agency_manager' }
  }

  /** Books a citizen as the operator. */
  async function book(serviceId: string, start: string): Promise<string> {
    const operator = await pages.at(staff.anna)
    const contact = await operator.send('POST', '/api/contacts', {
      ...{ kind: 'person', familyName: `Rossi ${start.slice(8, 16)}`, emails: [`rossi-${start.slice(8, 13)}@example.org`] },
    })
    const interaction = await operator.send('POST', '/api/interactions', { channel: 'telephone' })
    const sheet = { contactId: contact.id, typologyId: 'vecchiaia' }
    await operator.send('PATCH', `/api/interactions/${interaction.id}`, sheet, { 'if-match': `"${interaction.version}"` })
    const hold = await operator.send('POST', '/api/agenda/holds', { unitId: eur, serviceId, start })
    const booked = await operator.send('POST', `/api/interactions/${interaction.id}/appointment`, {
      ...{ holdId: hold.id, reason: 'Vuole capire la pensione.' },
    })
    return String(booked.appointmentId)
  }

  test('an office is set up from nothing, and a citizen is booked in it', async () => {
    await pages.db.deleteFrom('agenda_taken').execute()
    await pages.db.updateTable('agenda_calendar').set({ active: false }).where('unit_id', '=', eur).execute()
    await pages.db.deleteFrom('agenda_service_of_unit').where('unit_id', '=', eur).execute()
    const { page, complaints } = await pages.window({ as: await manager(), path: '/agenda' })
    await page.getByText('Nessun servizio', { exact: true }).waitFor()
    await look(page, 'empty')

    await page.getByRole('button', { name: /Servizio della sede/ }).press('Enter')
    const sheet = page.getByRole('dialog')
    await sheet.getByLabel('Nome', { exact: false }).first().fill('Aiuto con la domanda')
    await sheet.getByLabel('Durata (minuti)').fill('20')
    await sheet.getByLabel('Preparazione prima (minuti)').fill('10')
    await sheet.getByLabel('Preavviso (ore)').fill('0')
    await sheet.getByLabel('Nome in inglese').fill('Help with the application')
    await sheet.getByRole('checkbox', { name: 'Richiamata al telefono' }).press('Space')
    await sheet.getByLabel('Per quanto è offerto (minuti)').fill('10')
    await sheet.getByText('Da 30 a 2880').waitFor()
    await sheet.getByLabel('Per quanto è offerto (minuti)').fill('60')
    await sheet.getByLabel('Offerte al massimo a ciascuno').fill('2')
    await sheet.getByLabel(/Con una telefonata/).press('Space')
    await look(page, 'service')
    await sheet.getByRole('button', { name: 'Fatto' }).press('Enter')
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent), patience).toContain('Modifica')

    await page.getByRole('radio', { name: /Chi riceve/ }).press('Enter')
    await page.getByRole('button', { name: /Aggiungi chi riceve/ }).press('Enter')
    await sheet.getByRole('button', { name: /Chi$/ }).press('Enter')
    await page.getByRole('option', { name: staff.agency.name }).press('Enter')
    await expect.poll(() => sheet.getByLabel('Come si chiama').inputValue(), patience).toBe(staff.agency.name)
    for (const day of ['lunedì', 'martedì', 'mercoledì', 'giovedì', 'venerdì']) await sheet.getByLabel(day).fill('9-12')
    await sheet.getByLabel('sabato').fill('12-9')
    await sheet.getByText('Scrivi così').waitFor()
    await sheet.getByLabel('sabato').fill('')
    await look(page, 'calendar')
    await sheet.getByRole('button', { name: 'Fatto' }).press('Enter')

    // What is free then is seen before it is saved.
    await page.locator('.free-time').first().waitFor()
    await look(page, 'preview')
    await page.getByRole('button', { name: 'Salva…' }).press('Enter')
    await sheet.getByLabel('Perché').fill('La sede apre.')
    await page.keyboard.press('Control+Enter')
    await page.getByText('Agenda salvata.').waitFor()
    await page.getByText('Versione 2').first().waitFor()

    const operator = await pages.at(staff.anna)
    const { items } = (await operator.send('GET', `/api/agenda/services?unitId=${eur}`)) as {
      items: { id: string; name: string }[]
    }
    expect(items.map(({ name }) => name)).toEqual(['Aiuto con la domanda'])
    const id = items[0]?.id ?? ''
    expect(
      await pages.db
        .selectFrom('agenda_service')
        .select(['offer_minutes', 'offers_at_most', 'telephone_offers'])
        .where('id', '=', id)
        .execute(),
    ).toEqual([{ offer_minutes: 60, offers_at_most: 2, telephone_offers: true }])
    const { days } = (await operator.send('GET', `/api/agenda/slots?unitId=${eur}&serviceId=${id}&days=14`)) as {
      days: { slots: { start: string }[] }[]
    }
    const start = days.flatMap(({ slots }) => slots).at(-1)?.start ?? ''
    const appointmentId = await book(id, start)
    expect(
      await pages.db.selectFrom('appointment').select(['officer_name', 'mode']).where('id', '=', appointmentId).execute(),
    ).toEqual([{ officer_name: staff.agency.name, mode: 'counter' }])
    expect(complaints).toEqual([])

    // The citizen says by the link of the mail that it stands, and then that nobody will come.
    const token = linkToken(await houseSecret({}, pages.db), appointmentId)
    const citizen = await pages.window({ path: `/appointment/${token}` })
    await citizen.page.getByText('Aiuto con la domanda').waitFor()
    await look(citizen.page, 'link')
    await citizen.page.getByRole('button', { name: 'Confermo: ci sarò' }).press('Enter')
    await citizen.page.getByText('Confermato, grazie').waitFor()
    await citizen.page.getByRole('button', { name: 'English' }).press('Enter')
    await citizen.page.getByText('Help with the application').waitFor()
    await citizen.page.getByRole('button', { name: 'I cannot come' }).press('Enter')
    await citizen.page.getByRole('button', { name: 'Cancel the appointment' }).press('Enter')
    await citizen.page.getByText('Appointment cancelled').waitFor()
    await look(citizen.page, 'link-cancelled')
    const { state } = await pages.db
      .selectFrom('appointment')
      .select('state')
      .where('id', '=', appointmentId)
      .executeTakeFirstOrThrow()
    expect(state).toBe('cancelled')
    await citizen.page.goto(`${pages.url}/appointment/${token.slice(1)}`)
    await citizen.page.getByText('This link is not valid').waitFor()
    expect(citizen.complaints.filter(each => !each.includes('404'))).toEqual([])
  })

  test('leave moves ten appointments, one of them is cancelled, and the set-up of before is taken again', async () => {
    const [service] = await pages.db
      .selectFrom('agenda_service_of_unit')
      .select('service_id')
      .where('unit_id', '=', eur)
      .execute()
    const operator = await pages.at(staff.anna)
    const { days } = (await operator.send('GET', `/api/agenda/slots?unitId=${eur}&serviceId=${service?.service_id}&days=14`)) as {
      days: { date: string; slots: { start: string }[] }[]
    }
    const [first, second] = days.filter(({ slots }) => slots.length >= 5).slice(1)
    if (!first || !second) throw new Error('two days are free')
    for (const { start } of [...first.slots.slice(0, 5), ...second.slots.slice(0, 5)])
      await book(service?.service_id ?? '', start)

    const { page, complaints } = await pages.window({ as: await manager(), path: '/agenda' })
    await page.getByRole('radio', { name: /Chiusure e assenze/ }).press('Enter')
    await page.getByRole('button', { name: /Chiusura o assenza/ }).press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: /Chi non c/ }).press('Enter')
    await page.getByRole('option', { name: staff.agency.name }).press('Enter')
    for (const [label, day] of [
      ['Primo giorno', first.date],
      ['Ultimo giorno', second.date],
    ] as const) {
      const field = dialog.getByRole('group', { name: label })
      await field.getByRole('spinbutton').first().focus()
      await page.keyboard.type(day.split('-').reverse().join(''))
    }
    await dialog.getByLabel('Motivo').fill('Ferie')
    await look(page, 'closure')
    await dialog.getByRole('button', { name: 'Aggiungi' }).press('Enter')
    await page.getByText('10 appuntamenti cambiano').waitFor()
    const decide = page.getByRole('button', { name: /Che cosa fare di/ })
    await expect.poll(() => decide.count(), patience).toBe(10)
    await decide.last().press('Enter')
    await page.getByRole('option', { name: 'Annulla: la sede non può' }).press('Enter')
    await look(page, 'displaced')
    await page.getByRole('button', { name: 'Salva…' }).press('Enter')
    await dialog.getByText('9 appuntamenti si spostano. Un appuntamento si annulla.').waitFor()
    await dialog.getByLabel('Perché').fill('Ferie di Lia.')
    await look(page, 'save')
    await page.keyboard.press('Control+Enter')
    await page.getByText('Versione 3').first().waitFor()
    const rows = await pages.db
      .selectFrom('appointment')
      .select(['state', 'starts_at'])
      .where('unit_id', '=', eur)
      .where('reason', '=', 'Vuole capire la pensione.')
      .where('sequence', '>', 0)
      .where('confirmed_at', 'is', null)
      .execute()
    expect(rows.filter(({ state }) => state === 'cancelled')).toHaveLength(1)
    expect(rows.filter(({ state }) => state === 'booked')).toHaveLength(9)

    await page.getByRole('radio', { name: 'Cronologia' }).press('Enter')
    await page.getByText('Ferie di Lia.').waitFor()
    await look(page, 'history')
    await page.getByRole('button', { name: 'Riprendi la versione 2' }).press('Enter')
    await page.getByRole('button', { name: 'Salva…' }).press('Enter')
    await dialog.getByLabel('Perché').fill('Lia resta.')
    await page.keyboard.press('Control+Enter')
    await page.getByText('Versione 4').first().waitFor()
    expect(complaints).toEqual([])
  })

  test('a region is closed for a day: the director sees who is booked, the office moves them by one press', async () => {
    const [service] = await pages.db
      .selectFrom('agenda_service_of_unit')
      .select('service_id')
      .where('unit_id', '=', eur)
      .execute()
    const serviceId = service?.service_id ?? ''
    const operator = await pages.at(staff.anna)
    const { days } = (await operator.send('GET', `/api/agenda/slots?unitId=${eur}&serviceId=${serviceId}&days=14`)) as {
      days: { date: string; slots: { start: string }[] }[]
    }
    const free = days.filter(({ slots }) => slots.length >= 3).at(-2)
    if (!free) throw new Error('two days are free')
    for (const { start } of free.slots.slice(0, 3)) await book(serviceId, start)
    const typed = free.date.split('-').reverse().join('')

    const director = await pages.window({ as: staff.director, path: `/admin/units/${staff.director.unitId}` })
    await director.page.getByRole('button', { name: 'Nuova chiusura' }).press('Enter')
    const dialog = director.page.getByRole('dialog')
    for (const label of ['Primo giorno', 'Ultimo giorno']) {
      await dialog.getByRole('group', { name: label }).getByRole('spinbutton').first().focus()
      await director.page.keyboard.type(typed)
    }
    const told = dialog.getByText(/person[ae] (è|sono) prenotat[ae] in questi giorni/)
    await told.waitFor()
    await dialog.getByText('Roma EUR', { exact: false }).waitFor()
    await look(director.page, 'closure-booked')
    await dialog.getByLabel('Motivo').fill('Lavori sulla rete')
    await director.page.keyboard.press('Control+Enter')
    const left = director.page.getByRole('listitem').filter({ hasText: 'Lavori sulla rete' })
    await left.getByText('Roma EUR', { exact: false }).waitFor()
    await look(director.page, 'closure-left')

    const { page, complaints } = await pages.window({ as: await manager(), path: '/agency' })
    await page.getByText('3 persone sono prenotate in un giorno di chiusura').waitFor()
    await look(page, 'closed-notice-day')
    await page.goto(`${pages.url}/agency/week`)
    await page.getByText('3 persone sono prenotate in un giorno di chiusura').waitFor()
    await look(page, 'closed-notice-week')
    await page.getByRole('link', { name: 'Vedi e sposta' }).press('Enter')
    await page.getByRole('button', { name: 'Sposta tutti come proposto' }).waitFor()
    const decide = page.getByRole('button', { name: /Che cosa fare di/ })
    await expect.poll(() => decide.count(), patience).toBe(3)
    await look(page, 'closed-days')
    await decide.last().press('Enter')
    await page.getByRole('option', { name: 'Annulla: la sede non può' }).press('Enter')
    await page.getByText('2 appuntamenti si spostano. Un appuntamento si annulla.').waitFor()
    await page.getByRole('button', { name: 'Sposta e annulla come deciso' }).press('Enter')
    await page.getByText('Nessuno è prenotato in un giorno di chiusura').waitFor()
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent), patience).toBe('Torna agli appuntamenti')
    await look(page, 'closed-days-done')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Settimana', exact: false }).first().waitFor()
    await expect.poll(() => page.getByText('in un giorno di chiusura').count(), patience).toBe(0)
    expect(complaints).toEqual([])

    // The director's page goes down as the office acts.
    await left.getByText('Roma EUR', { exact: false }).waitFor({ state: 'detached' })
    expect(director.complaints).toEqual([])
  })

  test('an office receives a group: set up by its manager, booked one by one, begun and concluded for all', async () => {
    const { page, complaints } = await pages.window({ as: await manager(), path: '/agenda' })
    const sheet = page.getByRole('dialog')
    // Nobody rings a group.
    await page
      .getByRole('button', { name: /^Modifica/ })
      .first()
      .press('Enter')
    await sheet.getByRole('checkbox', { name: 'Richiamata al telefono' }).press('Space')
    await sheet.getByRole('button', { name: 'Fatto' }).press('Enter')
    await page.getByRole('radio', { name: /Chi riceve/ }).press('Enter')
    await page.getByRole('button', { name: /Aggiungi chi riceve/ }).press('Enter')
    await sheet.getByLabel('Come si chiama').fill('Sala del pomeriggio')
    await sheet.getByRole('button', { name: /Come riceve/ }).press('Enter')
    await page.getByRole('option', { name: /Insieme, in gruppo/ }).press('Enter')
    await sheet.getByLabel('Posti del gruppo').fill('3')
    const { service_id: serviceId } = await pages.db
      .selectFrom('agenda_service_of_unit')
      .select('service_id')
      .where('unit_id', '=', eur)
      .orderBy('position')
      .executeTakeFirstOrThrow()
    for (const day of ['lunedì', 'martedì', 'mercoledì', 'giovedì', 'venerdì']) await sheet.getByLabel(day).fill('17-18')
    await look(page, 'group-calendar')
    await sheet.getByRole('button', { name: 'Fatto' }).press('Enter')
    await page.getByText(/in gruppo, 3 posti/).waitFor()
    await page.getByRole('button', { name: 'Salva…' }).press('Enter')
    await sheet.getByLabel('Perché').fill('Un incontro ogni pomeriggio.')
    await page.keyboard.press('Control+Enter')
    await page.getByText('Agenda salvata.').waitFor()

    const { id: calendarId } = await pages.db
      .selectFrom('agenda_calendar')
      .select('id')
      .where('unit_id', '=', eur)
      .where('label', '=', 'Sala del pomeriggio')
      .executeTakeFirstOrThrow()
    const operator = await pages.at(staff.anna)
    const { days } = (await operator.send('GET', `/api/agenda/slots?unitId=${eur}&serviceId=${serviceId}&days=14`)) as {
      days: { slots: { start: string; free: number }[] }[]
    }
    const start = days.flatMap(({ slots }) => slots).findLast(({ free }) => free === 3)?.start ?? ''
    const ids = [await book(serviceId, start), await book(serviceId, start), await book(serviceId, start)]
    // It is time.
    const began = new Date(now() - 60_000)
    await pages.db
      .updateTable('appointment')
      .set({ starts_at: began, ends_at: new Date(began.getTime() + 3_600_000) })
      .where('calendar_id', '=', calendarId)
      .execute()

    const officer = await pages.window({ as: staff.agency, path: `/agency/${ids[0]}` })
    const window = officer.page
    await window.getByText('3 prenotati di 3').waitFor()
    await window.getByRole('button', { name: /Inizia con i presenti \(0\)/ }).waitFor()
    const office = await pages.at(staff.agency)
    for (const id of ids.slice(0, 2)) await office.send('POST', `/api/appointments/${id}/check-in`)
    await window.getByRole('button', { name: 'Inizia con i presenti (2)' }).press('Enter')
    await window.getByText('Incontro iniziato con i presenti.').waitFor()
    await window.getByRole('button', { name: 'Segna gli assenti (1)' }).press('Enter')
    await window.getByText('Registrato: chi mancava non è venuto.').waitFor()
    await look(window, 'group')
    await window.getByRole('button', { name: 'Concludi per tutti (2)' }).press('Enter')
    const dialog = window.getByRole('dialog')
    await dialog.getByLabel('Che cosa si è fatto').fill('Spiegato come si presenta la domanda.')
    await look(window, 'group-conclude')
    await window.keyboard.press('Control+Enter')
    await window.getByText('Incontro concluso.').waitFor()
    const rows = await pages.db
      .selectFrom('appointment')
      .select(['state'])
      .where('calendar_id', '=', calendarId)
      .orderBy('id')
      .execute()
    expect(rows.map(({ state }) => state)).toEqual(['concluded', 'concluded', 'no-show'])
    expect([...complaints, ...officer.complaints]).toEqual([])
  })
})
