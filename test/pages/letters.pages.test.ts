/** An office prints letters to citizens without e-mail, marks them as sent, takes that back; and prints one from its appointment. */
import { expect, test } from 'vitest'
import { confirmHold } from '../../src/agenda/appointments.ts'
import { takeHold } from '../../src/agenda/holds.ts'
import { type House, inTransaction } from '../../src/platform/index.ts'
import { nextTimes, openMatter } from '../support/agenda.ts'
import { onPostgres } from '../support/database.ts'
import { looker, pagesOf, patience } from '../support/pages.ts'
import { staff } from '../support/staff.ts'

const eur = 'ag-roma-eur'

const look = looker('letters')

onPostgres(open => {
  let house: House | undefined
  const pages = pagesOf(async options => {
    const opened = await open(options)
    house = opened.house
    return opened
  }, 'file')

  async function book(names: readonly string[]): Promise<void> {
    if (!house) throw new Error('the program has not been started')
    const here = house
    const service = await here.database.kysely
      .selectFrom('agenda_service_of_unit')
      .select('service_id')
      .where('unit_id', '=', eur)
      .orderBy('position')
      .limit(1)
      .executeTakeFirstOrThrow()
    const place = { unitId: eur, serviceId: service.service_id }
    for (const familyName of names) {
      const [start = ''] = (await nextTimes(here, staff.anna, place)).slice(-1)
      const { id: holdId } = await takeHold(here, staff.anna, { ...place, start })
      const matter = await openMatter(here, { email: null })
      await here.database.kysely
        .updateTable('contact')
        .set({
          family_name: familyName,
          address: 'Via dei Serpenti 35',
          postal_code: '00184',
          municipality_code: '058091',
          province_code: 'RM',
        })
        .where('id', '=', matter.contactId)
        .execute()
      await inTransaction(here, staff.anna, work => confirmHold(work, { holdId, reason: 'Pensione', ...matter }))
    }
  }

  test('list, print, mark as sent, take back; by keyboard, at both widths', async () => {
    const { page, complaints } = await pages.window({ as: staff.agency, path: '/agency/letters' })
    await page.getByText('Nessuna lettera da stampare').waitFor()
    await look(page, 'none')
    await book(['Ferri', 'Rossi', 'Bianchi'])
    await page.goto('/agency')
    await page.getByRole('link', { name: '3 lettere da stampare' }).press('Enter')
    await page.getByText('Giulia Ferri').waitFor()
    await look(page, 'open')

    await page.getByLabel('Scegli le prime 3').press('Space')
    await page.getByText('3 scelte').waitFor()
    const href = await page.getByRole('link', { name: 'Stampa (PDF)' }).getAttribute('href')
    const { status, type, begins } = await page.evaluate(async address => {
      const answer = await fetch(address)
      return { status: answer.status, type: answer.headers.get('content-type'), begins: (await answer.text()).slice(0, 5) }
    }, href ?? '')
    expect([status, type, begins]).toEqual([200, 'application/pdf', '%PDF-'])
    await look(page, 'chosen')
    await page.getByRole('button', { name: 'Segna come inviate' }).press('Enter')
    await page.getByText('Nessuna lettera da stampare').waitFor()
    await expect
      .poll(() => page.getByRole('heading', { level: 1 }).evaluate(it => it === document.activeElement), patience)
      .toBe(true)
    // Offered for some seconds.
    await page.getByRole('button', { name: 'Annulla', exact: true }).press('Enter')
    await page.getByText('Giulia Ferri').waitFor()
    await page.getByLabel(/Giulia Rossi,/).press('Space')
    await page.getByLabel(/Giulia Bianchi,/).press('Space')
    // In the last moment one of those on paper is overtaken: the page does not know of it yet.
    await page.route(
      '**/letters/sent',
      async route => {
        await pages.db
          .updateTable('appointment_letter')
          .set({ state: 'overtaken' })
          .where('appointment_id', 'in', db =>
            db
              .selectFrom('appointment')
              .innerJoin('contact', 'contact.id', 'appointment.contact_id')
              .select('appointment.id')
              .where('contact.family_name', '=', 'Bianchi'),
          )
          .execute()
        await route.continue()
      },
      { times: 1 },
    )
    await page.getByRole('button', { name: 'Segna come inviate' }).press('Enter')
    await page.getByText('Una lettera segnata come inviata.').waitFor()
    await page.getByText('Superata intanto: Giulia Bianchi').waitFor()
    await look(page, 'left')
    await page.getByRole('radio', { name: 'Inviate' }).press('Space')
    await page.getByText(/inviata da/).waitFor()
    await look(page, 'sent')

    await page.getByRole('link', { name: 'Appuntamento di Giulia Rossi' }).press('Enter')
    await page.getByRole('link', { name: 'Lettera (PDF)' }).waitFor()
    await look(page, 'appointment')
    expect(complaints).toEqual([])
  })
})
