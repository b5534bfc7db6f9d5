/** Mail of citizens on the pages: an administrator makes a mailbox and tries it, a letter comes in, an operator takes and answers it. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { onPostgres } from '../support/database.ts'
import { type Dovecot, dovecotPassword, startDovecot } from '../support/dovecot.ts'
import { hasFocus, looker, pagesOf, patience, pressKey } from '../support/pages.ts'
import { staff } from '../support/staff.ts'

let server: Dovecot | undefined
let pictures: Server | undefined
afterEach(async () => {
  pictures?.close()
  await server?.close()
  server = undefined
})

/** Serves pictures, and keeps which were asked for: whoever sends one learns so that a mail was read. */
async function pictureServer(): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = []
  pictures = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.setHeader('content-type', 'image/gif').end(Buffer.from('R0lGODlhAQABAAAAACw=', 'base64'))
  })
  await new Promise<void>(resolve => pictures?.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(pictures.address() as AddressInfo).port}`, asked }
}

const letter = (picture: string) =>
  [
    'From: Giulia Ferri <giulia@example.org>',
    'To: pensioni@ente.example',
    'Cc: patronato@example.org',
    'Subject: A che punto e la mia domanda?',
    'Message-ID: <1@example.org>',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/html; charset=utf-8',
    '',
    '<p>Buongiorno, <b>a che punto</b> è la mia domanda?</p><script>parent.document.title="taken"</script>' +
      `<img src="${picture}">`,
    '--b',
    'Content-Type: application/pdf; name="cedolino.pdf"',
    'Content-Disposition: attachment; filename="cedolino.pdf"',
    '',
    '%PDF-1.4 ',
    '--b--',
    '',
  ].join('\r\n')

const look = looker('mail')

onPostgres(open => {
  const pages = pagesOf(open, 'file')

  test('a letter comes in by a mailbox that was tried, is taken and answered', async () => {
    server = await startDovecot()
    const { page: admin } = await pages.window({ as: staff.administrator, path: '/admin/mailboxes' })
    await admin.getByRole('button', { name: 'Nuova casella' }).click()
    const dialog = admin.getByRole('dialog')
    await dialog.getByLabel('Indirizzo').fill('pensioni@ente.example')
    await dialog.getByLabel('Server IMAP').fill('127.0.0.1')
    await dialog.getByLabel('Porta').fill(String(server.port))
    await dialog.getByLabel('Nome utente').fill('pensioni')
    await dialog.getByLabel('Password').fill(dovecotPassword)
    await dialog.getByRole('button', { name: 'Prova' }).click()
    await expect.poll(() => dialog.getByText('La protezione non è quella giusta').count(), patience).toBe(1)
    await look(admin, 'mailbox-tried')
    await dialog.getByRole('button', { name: 'TLS' }).click()
    await admin.getByRole('option', { name: /Nessuna/ }).click()
    await dialog.getByLabel('Porta').fill(String(server.port))
    await dialog.getByRole('button', { name: 'Prova' }).click()
    await expect.poll(() => dialog.getByText('Funziona.').count(), patience).toBe(1)
    // What is missing is above, out of sight: the focus goes there.
    await dialog.getByRole('button', { name: 'Salva' }).click()
    const unit = dialog.getByRole('combobox', { name: 'Struttura' })
    await expect.poll(() => unit.evaluate(field => field === document.activeElement), patience).toBe(true)
    await look(admin, 'mailbox-refused')
    await unit.fill('Pensioni')
    // The section of that very name stands before the many whose name has the word in it.
    await expect.poll(() => admin.getByRole('option').first().textContent(), patience).toBe('Pensioni')
    await expect.poll(() => admin.getByRole('option', { name: 'Pensioni' }).count(), patience).toBeGreaterThan(15)
    await unit.press('ArrowDown')
    await unit.press('Enter')
    await expect.poll(() => unit.inputValue(), patience).toBe('Pensioni')
    await dialog.getByRole('button', { name: 'Salva' }).click()
    await expect.poll(() => admin.getByRole('heading', { name: 'pensioni@ente.example' }).count(), patience).toBe(1)
    await expect.poll(() => admin.locator('article').getByText('Attiva').count(), patience).toBe(1)
    await look(admin, 'mailbox')

    const remote = await pictureServer()
    await server.deliver('pensioni', letter(`${remote.url}/seen.gif`))
    const { page } = await pages.window({ as: staff.supervisor, path: '/answer-templates' })
    await page.getByRole('button', { name: 'Nuovo modello' }).click()
    const making = page.getByRole('dialog')
    await making.getByLabel('Nome del modello').fill('In lavorazione')
    await making.getByLabel('Testo', { exact: true }).fill('Gentile {{nome}}, la pratica {{codice}} è in lavorazione.')
    await expect.poll(() => making.getByText('Non si sa che cosa scrivere').count(), patience).toBe(1)
    await look(page, 'template-unknown')
    await making.getByRole('button', { name: 'Salva' }).click()
    await expect.poll(() => making.getByText('Non si sa che cosa scrivere').count(), patience).toBe(2)
    await making.getByLabel('Testo', { exact: true }).fill('Gentile {{cittadino}}, la pratica {{codice}} è in lavorazione.')
    await making.getByRole('button', { name: 'Salva' }).click()
    await expect.poll(() => page.getByText('Gentile Giulia Ferri, la pratica 482 719 3056').count(), patience).toBe(1)
    await look(page, 'template')
    await page.goto('/mails')
    await page.getByRole('row').first().click({ timeout: patience.timeout })
    await expect.poll(() => page.getByText('Buongiorno, a che punto').count(), patience).toBeGreaterThan(0)
    await look(page, 'read')
    await page.getByRole('button', { name: /^Prendi/ }).click()
    const typology = page.getByRole('combobox', { name: 'Tipologia' })
    await expect.poll(() => typology.evaluate(field => field === document.activeElement), patience).toBe(true)
    await page.getByRole('button', { name: 'Usa un modello' }).click()
    await page.getByRole('menuitem', { name: 'In lavorazione' }).click()
    const text = page.getByLabel(/^Testo per/)
    await expect.poll(() => text.inputValue(), patience).toBe('Gentile Giulia Ferri, la pratica {{codice}} è in lavorazione.')
    await expect.poll(() => text.evaluate(field => field === document.activeElement), patience).toBe(true)
    await page.getByRole('button', { name: 'patronato@example.org' }).click()
    const choosing = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Allega file' }).click()
    await (await choosing).setFiles({ name: 'modulo.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 ') })
    await expect.poll(() => page.getByRole('link', { name: 'modulo.pdf', exact: true }).count(), patience).toBe(1)
    await page.getByRole('button', { name: 'Passa ad altri' }).click()
    await expect
      .poll(() => page.getByRole('combobox', { name: 'A chi' }).evaluate(field => field === document.activeElement), patience)
      .toBe(true)
    await look(page, 'passing')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('dialog').count(), patience).toBe(0)
    await typology.fill('vecchiaia')
    await expect.poll(() => page.getByRole('option').first().textContent(), patience).toMatch(/vecchiaia/i)
    await typology.press('ArrowDown')
    await typology.press('Enter')
    await look(page, 'answering')
    // A colleague who opens the same sees who is writing, and is seen.
    const { page: colleague, context: beside } = await pages.window({ as: staff.anna, path: new URL(page.url()).pathname })
    await colleague.getByText('Ugo Preti scrive una risposta').waitFor(patience)
    await page.getByText('Anna Bianchi ha aperto questa pagina').waitFor({ ...patience, state: 'attached' })
    await look(colleague, 'seen-writing')
    await beside.close()
    await expect.poll(() => page.getByText('Anna Bianchi ha aperto').count(), patience).toBe(0)
    await page.getByRole('button', { name: 'Mostra come è stata scritta' }).click()
    await expect.poll(() => page.frameLocator('iframe').locator('b').textContent(), patience).toBe('a che punto')
    expect(await page.title()).not.toBe('taken')
    expect(remote.asked).toEqual([])
    await page.getByRole('button', { name: /^Carica le immagini/ }).click()
    await expect.poll(() => remote.asked, patience).toEqual(['/seen.gif'])
    await look(page, 'formatted')
    // An attachment is a download whatever it says that it is, for those alone who may read the mail.
    const link = (await page.getByRole('link', { name: 'cedolino.pdf', exact: true }).getAttribute('href')) ?? ''
    const attachment = await page.request.get(link)
    expect(attachment.status()).toBe(200)
    expect(attachment.headers()).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-disposition': expect.stringMatching(/^attachment; filename="cedolino.pdf"/),
    })
    // Shown only where it is a picture or a PDF by its content, under a policy that lets it load nothing.
    const shown = await page.request.get(`${link}?show=true`)
    expect(shown.headers()).toMatchObject({
      'content-type': 'application/pdf',
      'x-content-type-options': 'nosniff',
      'content-disposition': expect.stringMatching(/^inline; filename="cedolino.pdf"/),
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    })
    expect((await admin.request.get(link)).status()).toBe(403)
    const elsewhere = await pages.window({ as: staff.agency, path: '/mails' })
    expect((await elsewhere.page.request.get(link)).status()).toBe(404)
    expect((await elsewhere.page.request.get(link.replace(/attachments.*/, 'raw'))).status()).toBe(404)
    await elsewhere.context.close()
    await page.getByRole('button', { name: 'Invia' }).click()
    await expect.poll(() => page.getByText('Aspetta di partire.').count(), patience).toBe(1)
    const undo = page.getByRole('button', { name: "Annulla l'invio" })
    await expect.poll(() => undo.evaluate(button => button === document.activeElement), patience).toBe(true)
    await look(page, 'answered')
    await expect.poll(() => page.getByText('In copia: patronato@example.org').count(), patience).toBe(1)
    await expect.poll(() => page.getByText(/la pratica \d{3} \d{3} \d{4} è in lavorazione/).count(), patience).toBe(1)
    // What its server would not take stands on a page of its own, with the way to mend it.
    await pages.db
      .updateTable('mail')
      .set({ state: 'failed', last_problem: '550 5.1.1 no such user', last_reason: 'address', attempts: 1 })
      .execute()
    await pages.db
      .updateTable('interaction')
      .set({ state: 'open', closed_at: null, operator_id: null, operator_name: null })
      .execute()
    await page.goto('/unsent-mails')
    await expect.poll(() => page.getByText("L'indirizzo non esiste, o non riceve posta.").count(), patience).toBe(1)
    await look(page, 'unsent')
    await page.getByRole('button', { name: 'Invia di nuovo' }).click()
    const again = page.getByRole('dialog')
    const address = again.getByLabel('Indirizzo')
    await expect.poll(() => address.evaluate(field => field === document.activeElement), patience).toBe(true)
    await address.fill('giulia.ferri@example.org')
    await again.getByRole('button', { name: 'Invia di nuovo' }).click()
    await expect.poll(() => page.getByText('Parte adesso per giulia.ferri@example.org').count(), patience).toBe(1)
    await expect.poll(() => page.getByText('Nessuna e-mail ferma').count(), patience).toBe(1)
    await page.goto('/mails-to-examine')
    await expect.poll(() => page.getByText('Niente da esaminare').count(), patience).toBe(1)
    await look(page, 'examine')

    await admin.goto('/mail-reconciliation')
    await expect.poll(() => admin.getByText('Tutto torna').count(), patience).toBe(1)
    await look(admin, 'reconciliation')

    // Whoever serves the section is offered the next one, and answers it from the desk.
    const { page: desk } = await pages.window({ as: staff.anna, path: '/desk' })
    await desk.getByRole('button', { name: 'Diventa disponibile', exact: true }).first().click()
    const { code } = await pages.db
      .selectFrom('case')
      .select('code')
      .orderBy('opened_at', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow()
    const second = letter(remote.url).replaceAll('giulia@', 'marta@').replace('<1@', '<2@')
    await server.deliver('pensioni', second.replace(/^Subject: .*$/m, `Subject: Pratica ${code}`))
    const offer = desk.getByRole('region', { name: 'E-mail per te' })
    await offer.waitFor(patience)
    expect(await desk.getByText('Una chiamata per te').count()).toBe(0)
    await desk.getByText('Una richiesta scritta per te').first().waitFor(patience)
    await look(desk, 'offered')
    await pressKey(desk, 'F8')
    await hasFocus(offer.getByRole('button').first())
    await desk.keyboard.press('Enter')
    await expect.poll(() => desk.getByLabel('Testo per marta@example.org').count(), patience).toBe(1)
    await expect.poll(() => new URL(desk.url()).pathname, patience).toMatch(/^\/mails\//)
    // The number in the subject proposes a case; whoever answers says that the mail continues it, and need not say what it is about.
    const which = desk.getByRole('button', { name: /A quale pratica appartiene$/ })
    await expect.poll(() => which.evaluate(button => button === document.activeElement), patience).toBe(true)
    await which.press('Enter')
    await look(desk, 'which-case')
    await desk.getByRole('option', { name: /Giulia Ferri/ }).press('Enter')
    await expect.poll(() => desk.getByRole('combobox', { name: 'Tipologia' }).count(), patience).toBe(0)
    await look(desk, 'continues-case')
  })
})
