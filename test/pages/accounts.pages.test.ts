/**
 * What people do with other people's accounts, and what they see of it: a role that a second administrator confirms, a notice that is read, a
 * session that ended, somebody who talks while the account is disabled, and who has looked at whose card.
 */
import type { Page } from 'playwright-core'
import { beforeEach, expect, test } from 'vitest'
import { userOf } from '../support/accounts.ts'
import { picture, seriousFindings } from '../support/chromium.ts'
import { onPostgres } from '../support/database.ts'
import { answerWithEnter, becomeAvailable, callForPensions, openAllDay } from '../support/desk.ts'
import { fitsWindow, idIn, pagesOf, patience } from '../support/pages.ts'
import { staff } from '../support/staff.ts'

const narrow = { width: 390, height: 844 }
const wide = { width: 1440, height: 900 }

onPostgres(open => {
  const pages = pagesOf(open, 'test')
  beforeEach(() => openAllDay(pages.url))

  /** Looks at a page, wide and narrow: pictures, nothing serious for axe, nothing wider than the window. */
  async function look(page: Page, name: string): Promise<void> {
    for (const size of [wide, narrow]) {
      await page.setViewportSize(size)
      await expect.poll(() => page.locator('.bones').count(), patience).toBe(0)
      await picture(page, `accounts-${name}-${size.width}`)
      expect(await seriousFindings(page), `${name} at ${size.width}`).toEqual([])
      await fitsWindow(page, `${name} at ${size.width}`)
    }
    await page.setViewportSize(wide)
  }
  const hasFocus = (page: Page) => page.evaluate('document.activeElement !== document.body')

  test('one administrator asks for a role, a second one confirms it, and the person reads of it', async () => {
    const person = `/admin/people/${staff.luca.personId}`
    const theirs = await pages.window({ as: staff.luca, path: '/desk' })
    await theirs.page.getByRole('button', { name: 'Diventa disponibile', exact: true }).first().waitFor()

    const first = await pages.window({ as: staff.administrator, path: person })
    await first.page.getByRole('button', { name: 'Aggiungi un incarico' }).click()
    const dialog = first.page.getByRole('dialog')
    await dialog.getByText("Vale da quando lo conferma un'altra persona che amministra.").waitFor()
    await dialog.getByRole('button', { name: /Ruolo/ }).click()
    await first.page.getByRole('option', { name: 'Supervisore' }).click()
    await dialog.getByLabel('Struttura').fill('contact center')
    await first.page.getByRole('option', { name: 'Contact center multicanale' }).first().click()
    await look(first.page, 'assign')
    await dialog.getByRole('button', { name: 'Aggiungi', exact: true }).click()
    await first.page.getByText('In attesa di conferma: Supervisore').waitFor()
    await first.page.getByText('Lo hai chiesto tu').waitFor()
    expect(await first.page.getByRole('button', { name: 'Conferma il ruolo' }).count()).toBe(0)
    await look(first.page, 'asked')

    // The second one finds it without having been told whom to look for.
    const second = await pages.window({ as: staff.secondAdministrator, path: '/admin/people' })
    const waiting = second.page.getByRole('region', { name: 'Un ruolo da confermare' })
    await waiting.waitFor()
    await look(second.page, 'to-confirm')
    await waiting.getByRole('button', { name: staff.luca.name }).click()
    const confirm = second.page.getByRole('button', { name: 'Conferma il ruolo' })
    await confirm.waitFor()
    await look(second.page, 'confirm')
    await confirm.focus()
    await second.page.keyboard.press('Enter')
    await confirm.waitFor({ state: 'detached' })
    await waiting.waitFor({ state: 'detached' })
    await expect.poll(() => hasFocus(second.page), patience).toBe(true)

    // It comes by itself, stays until it is read, and is found again in the own menu.
    const notice = theirs.page.getByText('Hai il ruolo «Supervisore')
    await notice.waitFor()
    await look(theirs.page, 'notice')
    const read = theirs.page.getByRole('button', { name: 'Ho letto' })
    await read.focus()
    await theirs.page.keyboard.press('Enter')
    await notice.waitFor({ state: 'detached' })
    await expect.poll(() => hasFocus(theirs.page), patience).toBe(true)
    await theirs.page.getByRole('button', { name: /ruolo, lingua, uscita/ }).click()
    await theirs.page.getByRole('menuitem', { name: 'Il mio account' }).click()
    await theirs.page.getByRole('dialog').getByText('Hai il ruolo «Supervisore').waitFor()
    await look(theirs.page, 'own-notices')
    for (const { complaints } of [theirs, first, second]) expect(complaints).toEqual([])
  })

  test('whoever was signed in and is no longer reads why, and comes back to the page', async () => {
    const { page, complaints } = await pages.window({ as: staff.paola, path: '/cric/tickets?view=mine' })
    await page.getByRole('radio', { name: /^Miei/ }).waitFor()
    const admin = await pages.at(staff.administrator)
    const given = await admin.send('POST', `/api/people/${staff.paola.personId}/one-time-password`)
    await page.getByText('chi amministra ti ha dato una nuova password').waitFor()
    await look(page, 'ended')
    await page.getByLabel('Nome utente').fill(userOf(staff.paola))
    await page.getByLabel('Password').fill(String(given.password))
    await page.keyboard.press('Enter')
    const chosen = page.getByLabel('Nuova password')
    await chosen.waitFor()
    await look(page, 'new-password')
    await chosen.fill('una frase lunga per entrare')
    await page.keyboard.press('Enter')
    await page.getByRole('radio', { name: /^Miei/ }).waitFor()
    await expect.poll(() => new URL(page.url()).search, patience).toContain('view=mine')
    await page.getByText('ha dato al tuo account una password provvisoria').waitFor()
    await look(page, 'password-notice')
    expect(complaints).toEqual([])
  })

  test('disabling somebody who talks to a citizen is asked about first, and waits for the end of the call', async () => {
    const operator = await pages.window({ as: staff.anna })
    await becomeAvailable(operator.page)
    const citizen = await pages.window()
    await callForPensions(citizen.page, '06 5959 4321')
    await answerWithEnter(operator.page)
    await citizen.page.getByText('In conversazione').waitFor()

    const { page, complaints } = await pages.window({
      as: staff.administrator,
      path: `/admin/people/${staff.anna.personId}`,
    })
    await page.getByRole('button', { name: "Disattiva l'account" }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('è al telefono con un cittadino').waitFor()
    await look(page, 'talking')
    await dialog.getByRole('button', { name: 'Alla fine della chiamata' }).click()
    await page.getByText("È in conversazione: l'account o l'incarico finisce alla fine della chiamata.").waitFor()
    await dialog.waitFor({ state: 'detached' })
    await expect.poll(() => hasFocus(page), patience).toBe(true)
    await look(page, 'ends-after-call')

    await citizen.page.getByRole('button', { name: 'Riaggancia' }).click()
    await page.getByText('Account disattivato').waitFor()
    await operator.page.getByText('il tuo account è stato disattivato').waitFor()
    await look(page, 'disabled')
    expect(complaints).toEqual([])
  })

  test('headquarters sees from a card who has looked at it', async () => {
    const operator = await pages.at(staff.anna)
    const contact = await operator.send('POST', '/api/contacts', {
      kind: 'person',
      givenName: 'Maria Annunziata',
      familyName: 'Colangelo',
      municipalityCode: '058091',
    })
    await operator.send('GET', `/api/contacts/${idIn(contact)}`)
    await operator.send('GET', '/api/contacts?q=colangelo')
    const { page, complaints } = await pages.window({ as: staff.headquarters, path: `/contacts/${idIn(contact)}` })
    await page.getByRole('link', { name: 'Chi ha guardato questa scheda' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Chi ha guardato che cosa' }).waitFor()
    const rows = page.getByRole('row').filter({ hasText: 'Maria Annunziata Colangelo' })
    await rows.filter({ hasText: staff.anna.name }).filter({ hasText: 'Scheda' }).waitFor()
    await look(page, 'looks-of-card')
    const without = page.getByRole('button', { name: 'Su Maria Annunziata Colangelo' })
    await without.focus()
    await page.keyboard.press('Enter')
    await without.waitFor({ state: 'detached' })
    await expect.poll(() => hasFocus(page), patience).toBe(true)
    await page.getByRole('row').filter({ hasText: 'Ricerca' }).first().waitFor()
    await look(page, 'looks')
    expect(complaints).toEqual([])

    // Who may not ask is not led there.
    const { page: other } = await pages.window({ as: staff.anna, path: `/contacts/${idIn(contact)}` })
    await other.getByText('Maria Annunziata Colangelo').first().waitFor()
    expect(await other.getByRole('link', { name: 'Chi ha guardato questa scheda' }).count()).toBe(0)
  })
})
