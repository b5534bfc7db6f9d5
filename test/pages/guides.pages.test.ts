/** Guides: headquarters words one anew, an officer follows it with a citizen at the counter, by keyboard, and the citizen reads it in German. */
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { guides } from '../../sample/guides.ts'
import { picture, seriousFindings } from '../support/chromium.ts'
import { onPostgres } from '../support/database.ts'
import { fitsWindow, hasFocus, pagesOf } from '../support/pages.ts'
import { staff } from '../support/staff.ts'

const { agency, headquarters } = staff
const narrow = { width: 390, height: 844 }
const wide = { width: 1440, height: 900 }
const [filing] = guides

onPostgres(open => {
  const pages = pagesOf(open, 'test')

  test('a guide is worded anew, followed at the counter step by step, and read by the citizen', async () => {
    if (!filing) throw new Error('the sample has guides')
    const { title } = filing.content
    const keeper = await pages.window({ as: headquarters, path: '/guides' })
    const { page } = keeper
    const both = async (of: typeof page, name: string) => {
      expect(await seriousFindings(of)).toEqual([])
      for (const size of [narrow, wide]) {
        await of.setViewportSize(size)
        await fitsWindow(of)
        await picture(of, `guides-${name}-${size.width}`)
      }
    }
    await page.getByRole('row', { name: title }).click()
    const article = page.getByRole('article')
    await article.getByRole('heading', { name: title }).waitFor()
    await article
      .getByText('Nessuno l’ha ancora seguita.')
      .or(article.getByText("Nessuno l'ha ancora seguita."))
      .first()
      .waitFor()
    await both(page, 'guide')

    // Worded anew; without a reason nothing is saved, and what was typed stays.
    await article.getByRole('button', { name: 'Modifica' }).click()
    await article.getByLabel('Titolo del passo').first().fill('Entrare nel sito')
    await article.getByRole('button', { name: 'Sposta in giù il passo 2' }).click()
    await article.getByRole('button', { name: 'Salva' }).click()
    await article.getByText('Scrivi perché: resta nella storia della guida.').first().waitFor()
    await both(page, 'form')
    await article.getByLabel('Perché').fill('Il sito è cambiato')
    await article.getByRole('button', { name: 'Salva' }).click()
    await page.getByText('Guida salvata: versione 2.').waitFor()
    await article.getByText('Entrare nel sito').waitFor()
    await article.getByRole('button', { name: 'Riprendi la versione 1' }).waitFor()

    // At the counter: whoever came is named, and the guide is followed in the conversation.
    await sql`delete from opening_hours where unit_id = 'ag-roma-eur'`.execute(pages.db)
    await sql`insert into opening_hours (unit_id, weekday, opens, closes)
              select 'ag-roma-eur', weekday, '00:00', '24:00' from generate_series(1, 7) weekday`.execute(pages.db)
    const officer = await pages.at(agency)
    await officer.send('POST', '/api/contacts', {
      ...{ kind: 'person', givenName: 'Giulia', familyName: 'Ferri', municipalityCode: '058091', language: 'de' },
    })
    const { rows } = await sql<{ hall: string; service: string }>`
      select hall.id as hall, service.id as service from counter_hall hall join counter_service service on service.hall_id = hall.id
      where  hall.unit_id = 'ag-roma-eur' order by hall.letter, service.position limit 1`.execute(pages.db)
    await officer.send('POST', '/api/visits', { hallId: rows[0]?.hall, serviceId: rows[0]?.service })
    const desk = await pages.window({ as: agency, path: '/counter/desk' })
    await desk.page.getByRole('button', { name: 'Inizia qui' }).click()
    const main = desk.page.getByRole('main')
    await main.getByRole('button', { name: /Chiama il prossimo/ }).click()
    await main.getByRole('button', { name: /È arrivato/ }).click()
    await main.getByRole('combobox', { name: 'Chi è' }).fill('Ferri')
    await desk.page.getByRole('option', { name: /Giulia Ferri/ }).click()
    await main.getByText('Guida insieme').click()
    await main.getByRole('combobox', { name: 'Guida da seguire' }).fill('vecchiaia')
    await desk.page.getByRole('option', { name: title }).click()
    await main.getByRole('button', { name: 'Lingua del cittadino' }).click()
    await desk.page.getByRole('option', { name: 'Tedesco' }).click()
    await main.getByRole('button', { name: 'Comincia' }).click()
    await main.getByText('0 di 7 passi').waitFor()
    const done = main.getByRole('button', { name: 'Fatto' })
    await hasFocus(done)
    await main.getByText('Öffnen Sie die Seite').waitFor()
    await both(desk.page, 'assisted')
    await desk.page.keyboard.press('Enter')
    await main.getByText('1 di 7 passi').waitFor()
    await hasFocus(done)
    await main.getByRole('button', { name: 'Non riesce' }).click()
    await main.getByLabel('Che cosa non va').fill('Il cognome è sbagliato')
    await main.getByRole('button', { name: 'Segna' }).click()
    await main.getByText('Il cognome è sbagliato').waitFor()
    await main.getByRole('button', { name: 'Concludi la guida' }).click()
    const dialog = desk.page.getByRole('dialog')
    await dialog.getByLabel('Che cosa manca').fill('Corregge i dati in Comune e riprende da solo.')
    await both(desk.page, 'end')
    await dialog.getByRole('button', { name: 'Concludi la guida' }).click()
    await main.getByText('Il cittadino prosegue da solo: 1 passi su 7').waitFor()
    const { rows: kept } = await sql`select outcome, why, guide_version from assisted_session`.execute(pages.db)
    expect(kept).toEqual([{ outcome: 'goes-on-alone', why: 'Corregge i dati in Comune e riprende da solo.', guide_version: 2 }])
    await article.getByText('il cittadino prosegue da solo').waitFor()

    // The citizen, without signing in.
    const citizen = await pages.window({ path: `/guide/${filing.id}` })
    await citizen.page.getByRole('heading', { name: title }).waitFor()
    await citizen.page.getByRole('radio', { name: 'Deutsch' }).click()
    await citizen.page.getByRole('heading', { name: 'Antrag auf Altersrente im Internet' }).waitFor()
    await both(citizen.page, 'citizen')
    await citizen.page.goto('/guide/019a8f3e-0000-7000-8000-00000000ffff')
    await citizen.page.getByText('Questa guida non c’è').or(citizen.page.getByText("Questa guida non c'è")).first().waitFor()
    expect([...keeper.complaints, ...desk.complaints]).toEqual([])
  })
})
