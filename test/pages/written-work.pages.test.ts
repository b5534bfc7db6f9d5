/** A section that offers its tickets: its coordinator says so, a member is in service, sees the card, lets it go by, and takes it. */
import { expect, test } from 'vitest'
import { picture, seriousFindings } from '../support/chromium.ts'
import { onPostgres } from '../support/database.ts'
import { operatorAtDesk } from '../support/desk.ts'
import { idIn, pagesOf, patience, pressKey } from '../support/pages.ts'
import { staff } from '../support/staff.ts'

const { anna, paola, marco, coordinator } = staff

onPostgres(open => {
  const pages = pagesOf(open, 'test')

  /** A Linea ticket for Lazio's Pensions section. */
  async function ticket(): Promise<string> {
    const operator = await pages.at(anna)
    const contact = await operator.send('POST', '/api/contacts', {
      kind: 'person',
      givenName: 'Giulia',
      familyName: 'Ferri',
      municipalityCode: '058091',
      phones: ['06 5555 0147'],
    })
    const interaction = await operator.send('POST', '/api/interactions', {
      channel: 'counter',
      contactId: contact.id,
      typologyId: 'vecchiaia',
      question: 'Domanda di vecchiaia in lavorazione da 80 giorni.',
    })
    const sent = await operator.send('POST', `/api/interactions/${interaction.id}/linea`, {
      question:
        'Domanda di vecchiaia di Giulia Ferri: dal sito risulta in lavorazione da 80 giorni. Mancano i contributi in Germania?',
      replyTo: { phone: '06 5555 0147' },
    })
    return idIn(sent.ticket)
  }

  test('a ticket comes as a card, goes on to a colleague, comes back, and is taken with the keyboard; every tab shows the same', async () => {
    const head = await pages.window({ as: coordinator, path: '/cric/tickets' })
    await head.page.getByRole('button', { name: 'Come si dividono' }).click()
    const dialog = head.page.getByRole('dialog')
    await dialog.getByRole('button', { name: /Sezione/ }).click()
    await head.page.getByRole('option', { name: /Pensioni/ }).click()
    await dialog.getByRole('button', { name: /Modo/ }).click()
    await head.page.getByRole('option', { name: /Proposta/ }).click()
    await dialog.getByLabel(/in carico insieme/).fill('0')
    await dialog.getByRole('button', { name: 'Salva' }).click()
    await dialog.getByText('Scrivi un numero da 1 a 50.').waitFor()
    await dialog.getByLabel(/in carico insieme/).fill('2')
    expect(await seriousFindings(head.page)).toEqual([])
    await picture(head.page, 'written-work-sharing')
    await dialog.getByRole('button', { name: 'Salva' }).click()
    await dialog.waitFor({ state: 'detached' })

    const member = await pages.window({ as: paola, path: '/cric/tickets' })
    const { page } = member
    await page.getByRole('button', { name: 'Diventa disponibile' }).click()
    await page.getByText('Il prossimo quesito può arrivare ora.').waitFor()
    await picture(page, 'written-work-waiting')
    const second = await page.context().newPage()
    await second.goto('/cric/tickets')
    const id = await ticket()

    const card = page.getByRole('region', { name: 'Un quesito per te' })
    const otherCard = second.getByRole('region', { name: 'Un quesito per te' })
    await card.waitFor()
    await otherCard.waitFor()
    await page.getByRole('status').filter({ hasText: 'Ti è proposto un quesito' }).waitFor({ state: 'attached' })
    await page
      .getByRole('row', { name: /Pensione di vecchiaia/ })
      .getByText('proposto a te')
      .waitFor()
    await card.getByText('Perché a me?').click()
    await card.getByText('Proposto a te').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await picture(page, 'written-work-card')
    await page.setViewportSize({ width: 390, height: 844 })
    await picture(page, 'written-work-card-narrow')
    await page.setViewportSize({ width: 1440, height: 900 })

    const colleague = await operatorAtDesk(pages, marco)
    await card.getByRole('button', { name: 'Non ora' }).click()
    await card.waitFor({ state: 'detached' })
    await otherCard.waitFor({ state: 'detached' })
    await page.getByText('proposto a Marco Sala').waitFor()
    await picture(page, 'written-work-with-colleague')

    // The colleague goes; who said "not now" and is ready again gets it once more.
    await colleague.close()
    await page.getByRole('button', { name: /Il mio stato/ }).click()
    await page
      .getByRole('menuitemradio', { name: 'Disponibile' })
      .or(page.getByRole('menuitem', { name: 'Disponibile' }))
      .click()
    await card.waitFor()
    await pressKey(page, 'F8')
    await expect.poll(() => page.evaluate('document.activeElement?.textContent'), patience).toContain('Prendi in carico')
    await page.keyboard.press('Enter')
    await page.getByText('in carico a te').first().waitFor()
    await card.waitFor({ state: 'detached' })
    await otherCard.waitFor({ state: 'detached' })
    await expect.poll(() => page.url(), patience).toContain(id)
    await page.getByText('1 di 2').waitFor()
    await picture(page, 'written-work-taken')
    await page.setViewportSize({ width: 390, height: 844 })
    await picture(page, 'written-work-taken-narrow')
    expect(await seriousFindings(page)).toEqual([])
    await page.setViewportSize({ width: 1440, height: 900 })

    // The coordinator takes it while the member writes: asked first, the text goes along, and the member is told and writes no further.
    const answer = 'Gentile signora, la domanda è stata accolta.'
    await page.getByLabel('Risposta al cittadino').fill(answer)
    await page.getByText('bozza salvata').waitFor()
    await head.page.goto(`/cric/tickets/${id}`)
    await head.page.getByRole('button', { name: 'Prendo io' }).click()
    const asks = head.page.getByRole('dialog', { name: "C'è una risposta a metà" })
    await asks.getByText('Paola Neri sta scrivendo la risposta.').waitFor()
    await picture(head.page, 'written-work-asks')
    expect(await seriousFindings(head.page)).toEqual([])
    await asks.getByRole('button', { name: 'Continua lo stesso' }).click()
    await asks.waitFor({ state: 'detached' })
    await head.page.getByText('testo cominciato da Paola Neri').waitFor()
    await expect.poll(() => head.page.getByLabel('Risposta al cittadino').inputValue(), patience).toBe(answer)
    await page.getByText('Carlo Greco ha preso questo quesito').waitFor()
    const field = page.getByLabel('Risposta al cittadino')
    await expect.poll(() => field.getAttribute('readonly'), patience).not.toBeNull()
    expect(await field.inputValue()).toBe(answer)
    await picture(page, 'written-work-taken-from')
    expect(await seriousFindings(page)).toEqual([])
    expect(member.complaints).toEqual([])
  })
})
