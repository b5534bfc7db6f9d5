/** A ticket's deadlines on the pages: why it is due is opened by keyboard; a question goes back to the citizen, the clock stands, and the citizen's mail wakes it. */
import type { Page } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import { onPostgres } from '../support/database.ts'
import { type Dovecot, dovecotPassword, startDovecot } from '../support/dovecot.ts'
import { idIn, looker, pagesOf, patience } from '../support/pages.ts'
import { staff } from '../support/staff.ts'

const { anna, paola, director, administrator } = staff

let server: Dovecot | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

const look = looker('deadlines')

const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? '')
const reply = (about: string) =>
  [
    ...['From: Giulia Ferri <giulia@example.org>', 'To: pensioni@ente.example', 'Subject: Re: la mia pratica'],
    ...['Message-ID: <9@example.org>', `In-Reply-To: ${about}`, 'MIME-Version: 1.0', ''],
    'Ho lavorato in Germania dal 1998.',
  ].join('\r\n')

onPostgres(open => {
  const pages = pagesOf(open, 'file')

  async function ticket(): Promise<string> {
    const operator = await pages.at(anna)
    const card = { kind: 'person', givenName: 'Giulia', familyName: 'Ferri', municipalityCode: '058091' }
    const contact = await operator.send('POST', '/api/contacts', card)
    const about = { channel: 'counter', contactId: contact.id, typologyId: 'vecchiaia', question: 'La domanda di vecchiaia.' }
    const interaction = await operator.send('POST', '/api/interactions', about)
    const sent = await operator.send('POST', `/api/interactions/${interaction.id}/linea`, {
      question: 'La domanda risulta in lavorazione da 80 giorni. Mancano i contributi in Germania?',
      replyTo: { email: 'giulia@example.org' },
    })
    return idIn(sent.ticket)
  }

  test('why it is due is opened by keyboard; a question is asked back, the clock stands, and the mail of the citizen wakes it', async () => {
    server = await startDovecot()
    const keeper = await pages.at(administrator)
    await keeper.send('POST', '/api/mailboxes', {
      ...{ address: 'pensioni@ente.example', unitId: anna.unitId, host: '127.0.0.1', port: server.port, security: 'none' },
      ...{ userName: 'pensioni', secret: dovecotPassword },
    })
    const ticketId = await ticket()
    await (await pages.at(paola)).send('POST', `/api/tickets/${ticketId}/claim`, {})
    const { page } = await pages.window({ as: paola, path: `/cric/tickets/${ticketId}` })
    const why = page.getByRole('button', { name: /^Perché il \d+\? Soluzione$/ })
    await why.waitFor()
    await look(page, 'ticket')

    await why.focus()
    await page.keyboard.press('Enter')
    const explained = page.getByRole('dialog', { name: 'Perché la soluzione è per allora' })
    await explained.getByRole('row', { name: /il giorno della domanda non si conta/ }).waitFor()
    await expect.poll(() => explained.getByText('5 giorni di lavoro').count(), patience).toBeGreaterThan(0)
    await look(page, 'explained')
    await page.keyboard.press('Escape')
    await explained.waitFor({ state: 'detached' })
    await expect.poll(() => focused(page), patience).toMatch(/^Perché il/)

    await page.getByRole('button', { name: 'Chiedi al cittadino' }).focus()
    await page.keyboard.press('Enter')
    const asking = page.getByRole('dialog', { name: 'Chiedi al cittadino' })
    await expect
      .poll(() => asking.getByLabel('Che cosa chiedi').evaluate(each => each === document.activeElement), patience)
      .toBe(true)
    await page.keyboard.type('In quali anni ha lavorato in Germania?')
    await look(page, 'asking')
    await asking.getByRole('button', { name: 'Invia la domanda' }).press('Enter')
    await asking.waitFor({ state: 'detached' })
    await page.getByText(/^Si aspetta il cittadino da/).waitFor()
    await expect.poll(() => page.getByRole('button', { name: /^Perché è fermo\? Soluzione$/ }).count(), patience).toBe(1)
    await look(page, 'waiting')

    const sent = await pages.db
      .selectFrom('mail')
      .select('message_id')
      .where('purpose', '=', 'cases.question')
      .executeTakeFirstOrThrow()
    await server.deliver('pensioni', reply(sent.message_id))
    await why.waitFor(patience)
    await expect.poll(() => page.getByText(/^Si aspetta il cittadino/).count(), patience).toBe(0)
    await page.getByText('ha risposto per iscritto').waitFor()
    await look(page, 'woken')
  })

  test('a closure is decided by the director, and targets are set by who answers for the institute', async () => {
    const { page } = await pages.window({ as: director, path: '/admin/units/cric-lazio' })
    await page.getByRole('button', { name: 'Nuova chiusura' }).click()
    const dialog = page.getByRole('dialog', { name: 'Nuova chiusura' })
    await dialog.getByLabel('Motivo').fill('Trasloco della sede')
    await dialog.getByRole('button', { name: 'Chiudi in questi giorni' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('Trasloco della sede').waitFor()
    await look(page, 'closure')

    const { page: targets } = await pages.window({ as: administrator, path: '/admin/deadlines' })
    await targets.getByRole('button', { name: /^Cambia: tutte le tipologie, normale, soluzione/i }).click()
    const form = targets.getByRole('dialog')
    await form.getByLabel('Quanto').fill('4')
    await form.getByRole('button', { name: 'Salva' }).click()
    await form.waitFor({ state: 'detached' })
    await expect.poll(() => targets.getByRole('row', { name: /4 giorni/ }).count(), patience).toBe(1)
    await look(targets, 'targets')
  })
})
