/** Headquarters change who may do what with a ticket: what breaks a founding rule is refused with its sentence, what does not is put in force, and taken back. */
import { expect, test } from 'vitest'
import { onPostgres } from '../support/database.ts'
import { looker, pagesOf, patience } from '../support/pages.ts'
import { staff } from '../support/staff.ts'

const look = looker('rules')

onPostgres(open => {
  const pages = pagesOf(open, 'file')

  test('a change that breaks a founding rule is refused, another is put in force and taken back, by keyboard', async () => {
    const { page, complaints } = await pages.window({ as: staff.headquarters, path: '/admin/rules' })
    const action = page.getByRole('button', { name: /Azione$/ })
    const choose = async (name: string) => {
      await action.press('Enter')
      await page.getByRole('option', { name, exact: false }).press('Enter')
      await page.getByRole('table', { name }).waitFor()
    }
    await page.getByText('Nessuno ha ancora cambiato le regole fondanti.').waitFor()
    await look(page, 'founding')

    // What cannot be switched off says why, to who comes by keyboard too.
    await choose('Prendere in carico')
    await page.getByRole('button', { name: 'Chi è della sezione, Da prendere: sempre' }).focus()
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Tab')
    await page.getByRole('tooltip').getByText('Niente resta senza qualcuno').waitFor()
    await page.getByRole('button', { name: 'L’agenzia con un appuntamento, Da prendere: mai' }).waitFor()

    // Together three changes would leave what an absent colleague has to nobody.
    const coordinator = 'Chi coordina la sezione o il centro'
    for (const name of ['Subentrare a un collega', 'Rimettere fra quelli da prendere', 'Affidare a un collega']) {
      await choose(name)
      await page.getByRole('checkbox', { name: `${coordinator}, In carico` }).press('Space')
    }
    await page.getByRole('alert').getByText('Chi coordina può sempre portare avanti').waitFor()
    const put = page.getByRole('button', { name: 'Metti in vigore…' })
    await expect.poll(() => put.getAttribute('aria-disabled'), patience).toBe('true')
    await look(page, 'refused')
    await page.getByRole('button', { name: 'Lascia com’è' }).press('Enter')
    await page.getByText('Niente: le regole sono quelle in vigore.').waitFor()

    // Members of another section of the centre may claim what waits.
    await choose('Prendere in carico')
    await page.getByRole('checkbox', { name: 'Chi è di un’altra sezione del centro, Da prendere' }).press('Space')
    await page.getByText('Si potrà', { exact: true }).waitFor()
    await look(page, 'effect')
    await put.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Metti in vigore…' }).click()
    await dialog.getByText('Scrivi perché').waitFor()
    await dialog.getByLabel('Perché').fill('Ferie d’agosto: le sezioni si aiutano.')
    await page.keyboard.press('Control+Enter')
    await page.getByText('Regole in vigore.').waitFor()
    await page.getByText('Versione 1').first().waitFor()
    await page.getByText('Ferie d’agosto: le sezioni si aiutano.').waitFor()
    await look(page, 'in-force')

    // The way back is a version of its own.
    await page.getByRole('button', { name: 'Riprendi le regole fondanti' }).press('Enter')
    await page.getByText('Non si potrà più', { exact: true }).waitFor()
    await put.press('Enter')
    await dialog.getByLabel('Perché').fill('Agosto è finito.')
    await page.keyboard.press('Control+Enter')
    await page.getByText('Versione 2').first().waitFor(patience)
    await expect.poll(() => page.getByText('Versione 1', { exact: true }).count(), patience).toBe(1)
    expect(complaints).toEqual([])
  })

  test('another central directorate becomes competent, with a reason that stays in the history', async () => {
    const { page, complaints } = await pages.window({ as: staff.headquarters, path: '/admin/competences' })
    await page.getByLabel('Tipologia').fill('vecchiaia')
    const change = page.getByRole('button', { name: 'Cambia: Pensioni, Pensione di vecchiaia' })
    await change.waitFor()
    await look(page, 'competences')
    await change.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Com’era all’inizio.').waitFor()
    await dialog.getByRole('button', { name: /Direzione centrale$/ }).press('Enter')
    await page.getByRole('option', { name: /entrate/ }).press('Enter')
    await dialog.getByRole('button', { name: 'Cambia', exact: true }).click()
    await dialog.getByText('Scrivi perché').waitFor()
    await dialog.getByLabel('Perché').fill('Riordino delle direzioni.')
    await page.keyboard.press('Control+Enter')
    await dialog.waitFor({ state: 'detached' })
    await page
      .getByRole('listitem')
      .filter({ hasText: 'Pensione di vecchiaia' })
      .getByText(/entrate/)
      .waitFor()
    await change.press('Enter')
    await dialog.getByText('Riordino delle direzioni.').waitFor()
    await look(page, 'competence')
    expect(complaints).toEqual([])
  })
})
