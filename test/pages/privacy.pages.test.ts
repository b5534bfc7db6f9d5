/** Headquarters answer a citizen who asks what is known, and to be forgotten: how long cases are kept is set first, what stays is said, and the name is typed. */
import { strFromU8, unzipSync } from 'fflate'
import { expect, test } from 'vitest'
import { onPostgres } from '../support/database.ts'
import { idIn, looker, pagesOf, patience } from '../support/pages.ts'
import { staff } from '../support/staff.ts'

const look = looker('privacy')

onPostgres(open => {
  const pages = pagesOf(open, 'file')

  test('what is known is given, what stays is said, and what may go is gone when the name was typed', async () => {
    const anna = await pages.at(staff.anna)
    const contact = await anna.send('POST', '/api/contacts', {
      ...{ kind: 'person', givenName: 'Giulia', familyName: 'Ferri', municipalityCode: '058091', phones: ['06 5959 4321'] },
    })
    const talk = await anna.send('POST', '/api/interactions', {
      ...{ channel: 'counter', contactId: idIn(contact), typologyId: 'vecchiaia', question: 'Quando arriva?' },
    })
    await anna.send('POST', `/api/interactions/${idIn(talk)}/answer`, { answer: 'Il primo del mese.' })

    const { page, complaints } = await pages.window({ as: staff.headquarters, path: `/contacts/${idIn(contact)}` })
    await page.getByText('per questa tipologia nessuno ha deciso').waitFor()
    await page.getByText('Dati della persona').scrollIntoViewIfNeeded()
    await look(page, 'card')
    const archive = await page.request.get((await page.getByRole('link', { name: 'Scarica tutto' }).getAttribute('href')) ?? '')
    const told = strFromU8(unzipSync(await archive.body())['dati.html'] ?? new Uint8Array())
    expect(told).toContain('Il primo del mese.')

    await page.goto('/admin/retention')
    const set = page.getByRole('button', { name: 'Imposta: Pensioni, Pensione di vecchiaia' })
    await set.waitFor()
    await look(page, 'retention')
    await set.click()
    const months = page.getByRole('dialog').getByLabel('Mesi')
    await months.fill('dodici')
    await page.getByRole('dialog').getByRole('button', { name: 'Imposta' }).click()
    await page.getByText('da 0 a 1200').waitFor()
    await months.fill('0')
    await look(page, 'retention-set')
    await page.getByRole('dialog').getByRole('button', { name: 'Imposta' }).click()
    await page.getByText('Mesi: 0').waitFor()

    await page.goto(`/contacts/${idIn(contact)}`)
    await page.getByRole('button', { name: 'Cancella…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Si cancella anche la scheda').waitFor()
    const name = dialog.getByLabel('Scrivi il cognome')
    await name.fill('Bianchi')
    await dialog.getByRole('button', { name: 'Cancella per sempre' }).click()
    await dialog.getByText('Il nome scritto non è quello della persona').first().waitFor()
    await expect.poll(() => name.evaluate(field => field === document.activeElement), patience).toBe(true)
    await look(page, 'erase')
    await name.fill('ferri')
    await page.keyboard.press('Control+Enter')
    await page.getByText(/^I dati di questa persona sono stati cancellati/).waitFor()
    await expect.poll(() => page.getByText('Ferri').count(), patience).toBe(0)
    await look(page, 'erased')
    await page.goto(`/admin/access?contact=${idIn(contact)}`)
    await page.getByRole('row').nth(1).waitFor()
    expect(complaints).toEqual([])
  })
})
