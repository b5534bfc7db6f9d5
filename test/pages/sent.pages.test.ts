/** What is no matter for the second level goes back by keyboard; its sender is told at another browser, and sees what became of each ticket. */
import { expect, test } from 'vitest'
import { onPostgres } from '../support/database.ts'
import { idIn, looker, pagesOf, patience } from '../support/pages.ts'
import { staff } from '../support/staff.ts'

const { anna, paola } = staff

const look = looker('sent')

onPostgres(open => {
  const pages = pagesOf(open, 'file')

  test('a ticket that is no matter for the second level goes back to whoever sent it', async () => {
    const operator = await pages.at(anna)
    const contact = await operator.send('POST', '/api/contacts', {
      ...{ kind: 'person', givenName: 'Giulia', familyName: 'Ferri', municipalityCode: '058091', phones: ['06 5959 4321'] },
    })
    const talk = await operator.send('POST', '/api/interactions', {
      ...{ channel: 'counter', contactId: idIn(contact), typologyId: 'vecchiaia', question: 'A che ora aprite?' },
    })
    const sent = await operator.send('POST', `/api/interactions/${idIn(talk)}/linea`, {
      ...{ question: 'A che ora aprite?', replyTo: { phone: '06 5959 4321' } },
    })
    const ticketId = idIn(sent.ticket)
    await (await pages.at(paola)).send('POST', `/api/tickets/${ticketId}/claim`, {})

    const { page: desk, complaints } = await pages.window({ as: anna, path: '/sent' })
    await desk.getByText('in carico', { exact: true }).waitFor()

    const { page } = await pages.window({ as: paola, path: `/cric/tickets/${ticketId}` })
    await page.getByRole('button', { name: 'Altro', exact: true }).press('Enter')
    await page.getByRole('menuitem', { name: /Non è materia da Linea/ }).press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Rimanda' }).click()
    await dialog.getByText('Scrivi perché').waitFor()
    await dialog.getByLabel('Perché, e che cosa rispondere').fill('Gli orari sono sul sito: aprite alle nove.')
    await look(page, 'dialog')
    // She is told wherever she is: for some seconds, so that one looks from now on.
    const told = desk.getByText('Un quesito che avevi inviato è tornato').waitFor()
    await page.keyboard.press('Control+Enter')
    await page.getByText('Quesito rimandato al contact center.').waitFor()
    await page.getByText('Rimandato a Anna Bianchi: non era materia da Linea').first().waitFor()

    // She has been told, and sees why.
    await told
    await desk.getByText('Rispondi tu al cittadino.').waitFor(patience)
    await look(desk, 'list')
    await desk.getByRole('radio', { name: 'Con risposta' }).press('Enter')
    await desk.getByText('Ancora nessuna risposta').waitFor()
    await desk.getByRole('radio', { name: 'Tornati a te' }).press('Enter')
    await desk.getByRole('link', { name: 'Pensione di vecchiaia' }).press('Enter')
    await expect.poll(() => new URL(desk.url()).pathname, patience).toMatch(/^\/cases\//)
    expect(complaints).toEqual([])
  })
})
