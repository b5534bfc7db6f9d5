/** Prevention of an IT group: the register, an activity from its plan to what came of it, a request for work, and an effect that is not proved. */
import { expect, test } from 'vitest'
import { addDays, dayAt } from '../../src/platform/office-time.ts'
import { picture, seriousFindings } from '../support/chromium.ts'
import { onPostgres } from '../support/database.ts'
import { fitsWindow, pagesOf, patience, pressFor } from '../support/pages.ts'
import { staff } from '../support/staff.ts'
import { now } from '../support/working-day.ts'

const { itLazio, director } = staff
const narrow = { width: 390, height: 844 }
const wide = { width: 1440, height: 900 }

onPostgres(open => {
  const pages = pagesOf(open, 'test')

  test('planned for whom it is for, cancelled and back, held with its material, measured; a request goes its steps', async () => {
    const { page, complaints } = await pages.window({ as: itLazio, path: '/prevention' })
    const dialog = page.getByRole('dialog')
    const activity = page.getByRole('article')
    const both = async (name: string) => {
      expect(await seriousFindings(page)).toEqual([])
      await picture(page, name)
      await page.setViewportSize(narrow)
      await fitsWindow(page)
      await picture(page, `${name}-narrow`)
      await page.setViewportSize(wide)
      await fitsWindow(page)
    }
    await page.getByText('Nessuna attività in programma').waitFor()
    await page.getByRole('radio', { name: 'Destinatari' }).click()
    await page.getByText('Il registro è vuoto').waitFor()
    await pressFor(page, 'n', dialog)
    await dialog.getByLabel('Nome').fill('CAF Esempio di Roma')
    await dialog.getByRole('button', { name: 'Tipo' }).click()
    await page.getByRole('option', { name: 'Intermediario' }).click()
    await dialog.getByRole('button', { name: 'Salva' }).click()
    await page.getByText('CAF Esempio di Roma').waitFor()
    await page.getByRole('button', { name: 'Non usare più CAF Esempio di Roma' }).click()
    await page.getByText('non più in uso').waitFor()
    await page.getByRole('status').getByRole('button', { name: 'Usa di nuovo' }).click()
    await page.getByText('non più in uso').waitFor({ state: 'detached' })
    await both('prevention-addressees')

    await page.getByRole('radio', { name: 'In programma' }).click()
    await page.getByText('Nessuna attività in programma').waitFor()
    await page.getByRole('button', { name: 'Nuova attività' }).click()
    await dialog.getByRole('button', { name: 'Tipo' }).click()
    await page.getByRole('option', { name: 'Formazione sul campo' }).click()
    await dialog.getByLabel('Che cosa si fa').fill('UniEmens senza scarti: una mattina con i CAF')
    await dialog.getByLabel('A che cosa serve').fill('Meno flussi scartati per la versione del software di controllo.')
    await dialog.getByLabel('Luogo e orari').fill('Sala B, dalle 9 alle 12')
    await dialog.getByRole('combobox', { name: 'Destinatari' }).fill('caf')
    await page.getByRole('option', { name: /CAF Esempio di Roma/ }).click()
    await dialog.getByRole('button', { name: 'Togli CAF Esempio di Roma' }).waitFor()
    await dialog.getByRole('button', { name: 'Chi la tiene' }).click()
    await page.getByRole('option', { name: itLazio.name }).click()
    await dialog.getByRole('button', { name: `Togli ${itLazio.name}` }).waitFor()
    await dialog.getByRole('combobox', { name: 'Tipologia' }).fill('uniemens')
    await page
      .getByRole('option', { name: /UniEmens/ })
      .first()
      .click()
    await both('prevention-plan')
    await dialog.getByRole('button', { name: 'Salva' }).click()
    await activity.getByRole('heading', { name: 'UniEmens senza scarti' }).waitFor()
    await dialog.waitFor({ state: 'detached' })
    await both('prevention-planned')

    // Cancelled, and back.
    await activity.getByRole('button', { name: "Annulla l'attività" }).click()
    await dialog.getByLabel('Motivo').fill('La sala non è disponibile.')
    await dialog.getByRole('button', { name: "Annulla l'attività" }).click()
    await activity.getByText('Perché è stata annullata').waitFor()
    await activity.getByRole('button', { name: "Annulla l'ultimo passo" }).click()
    await activity.getByText('Perché è stata annullata').waitFor({ state: 'detached' })

    // Changed by a colleague meanwhile: both titles stand beside each other until one is chosen.
    await activity.getByRole('button', { name: 'Modifica' }).click()
    const today = dayAt('Europe/Rome', now())
    const held = addDays(today, -16)
    const [row] = await pages.db.selectFrom('prevention_activity').select(['id', 'version']).execute()
    const colleague = await pages.at(itLazio)
    await dialog.getByLabel('Che cosa si fa').fill('UniEmens senza scarti, con i CAF')
    const change = { title: 'UniEmens: una mattina', firstDay: held, lastDay: held }
    await colleague.send('PATCH', `/api/prevention/${row?.id}`, change, { 'if-match': `"${row?.version}"` })
    await dialog.getByRole('button', { name: 'Salva' }).click()
    await dialog.getByText('UniEmens: una mattina').waitFor()
    await picture(page, 'prevention-clash')
    await dialog.getByRole('button', { name: 'Vale il mio' }).click()
    await dialog.getByRole('button', { name: 'Salva' }).click()
    await activity.getByRole('heading', { name: 'UniEmens senza scarti, con i CAF' }).waitFor()
    await dialog.waitFor({ state: 'detached' })

    await activity.getByRole('button', { name: 'Segna come svolta' }).click()
    await dialog.getByLabel('Esito').fill('Buona presenza, molte domande sul software di controllo.')
    await dialog.getByLabel('Partecipanti').fill('31')
    await dialog.getByRole('button', { name: 'Segna come svolta' }).click()
    await activity.getByText('non dimostrato').waitFor()
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'guida.txt', mimeType: 'text/plain', buffer: Buffer.from('guida') })
    await activity.getByRole('button', { name: 'Togli guida.txt' }).click()
    await activity.getByText('Nessun file').waitFor()
    await page.getByRole('status').getByRole('button', { name: 'Rimetti' }).click()
    await activity.getByRole('link', { name: 'guida.txt' }).waitFor()
    await activity.getByText('Come si calcola').click()
    await both('prevention-effect')

    // A request for work has no day until it is planned.
    await pressFor(page, 'n', dialog)
    await dialog.getByRole('button', { name: 'Tipo' }).click()
    await page
      .getByRole('option', { name: 'Lavoro su un’infrastruttura' })
      .or(page.getByRole('option', { name: "Lavoro su un'infrastruttura" }))
      .click()
    await dialog.getByLabel('Che cosa si fa').fill('Più banda alla porta dei patronati')
    await dialog.getByLabel('A che cosa serve').fill('La porta si ferma nelle ore di punta.')
    await dialog.getByRole('button', { name: 'Salva' }).click()
    await activity.getByRole('heading', { name: 'Più banda alla porta dei patronati' }).waitFor()
    await activity.getByRole('button', { name: 'Valuta la richiesta' }).click()
    await dialog.getByLabel('Valutazione').fill('Serve un secondo nodo.')
    await dialog.getByRole('button', { name: 'Valuta la richiesta' }).click()
    await activity.getByRole('button', { name: 'Respingi' }).click()
    await dialog.getByLabel('Motivo').fill('Nessun fondo quest’anno.')
    await dialog.getByRole('button', { name: 'Respingi' }).click()
    await activity.getByText('Perché è stata respinta').waitFor()
    await page.getByRole('radio', { name: 'Concluse' }).click()
    await expect.poll(() => page.getByRole('row').count(), patience).toBe(2)
    await page.getByPlaceholder('Cerca per titolo').fill('banda')
    await expect.poll(() => page.getByRole('row').count(), patience).toBe(1)

    // Whoever answers for the region reads it, and changes nothing.
    const reader = await pages.window({ as: director, path: `/prevention/${row?.id}` })
    await reader.page.getByRole('heading', { name: 'UniEmens senza scarti, con i CAF' }).waitFor()
    expect(await reader.page.getByRole('button', { name: 'Modifica' }).count()).toBe(0)
    expect(complaints).toEqual([])
  })
})
