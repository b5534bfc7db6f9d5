/** The page of cases in a real browser: words and filters, a list that is kept, a reminder, the file, by keyboard and on a telephone. */
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { picture, seriousFindings } from '../support/chromium.ts'
import { onPostgres } from '../support/database.ts'
import { fitsWindow, hasFocus, holdFrames, pagesOf, patience, pressFor, releaseFrames } from '../support/pages.ts'
import { staff } from '../support/staff.ts'

const { anna, supervisor } = staff

const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF')
const photo = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR42mP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==',
  'base64',
)

/** Drops or pastes a file that holds its own name. */
const give = (page: Page, way: 'drop' | 'paste', name: string) =>
  page.evaluate(
    ({ way, name }) => {
      const data = new DataTransfer()
      data.items.add(new File([name], name, { type: 'text/plain' }))
      const event =
        way === 'drop'
          ? new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
          : new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
      document.querySelector(way === 'drop' ? '.file-target' : 'body')?.dispatchEvent(event)
    },
    { way, name },
  )

onPostgres(open => {
  const pages = pagesOf(open, 'file')

  async function matters() {
    const operator = await pages.at(anna)
    const contact = await operator.send('POST', '/api/contacts', {
      ...{ kind: 'person', givenName: 'Giulia', familyName: 'Ferri', municipalityCode: '058091' },
      ...{ phones: ['06 5555 0147'], emails: ['giulia.ferri@example.org'] },
    })
    for (const [n, question] of [
      'La domanda di pensione del 4 settembre è in lavorazione da 80 giorni',
      'Chiede perché l’assegno d’invalidità della madre è sospeso, e che cosa deve portare in sede',
      'Contributi versati in Germania dal 1979 al 1984: non risultano nell’estratto conto',
    ].entries()) {
      const sheet = await operator.send('POST', '/api/interactions', {
        ...{ channel: n === 0 ? 'counter' : 'telephone', contactId: contact.id, typologyId: 'vecchiaia', question },
      })
      if (n === 1)
        await operator.send('POST', `/api/interactions/${sheet.id}/answer`, { answer: 'Manca il verbale: lo porta in sede.' })
      else
        await operator.send('POST', `/api/interactions/${sheet.id}/linea`, {
          question,
          replyTo: { email: 'giulia.ferri@example.org' },
        })
    }
  }

  test('words and filters find cases; the list is kept, goes into a file, and reminds', async () => {
    await matters()
    const { page } = await pages.window({ as: supervisor, path: '/cases' })
    const rows = page.locator('.cases-table tbody tr')
    await expect.poll(() => rows.count(), patience).toBe(3)
    await picture(page, 'cases-list')

    // Whoever types at once does not wait for the page to be drawn; nor do the letters.
    await holdFrames(page)
    await page.keyboard.press('/')
    await page.keyboard.type('invalidita sospesi')
    await releaseFrames(page)
    await page.keyboard.press('Enter')
    await expect.poll(() => rows.count(), patience).toBe(1)
    expect(await rows.locator('mark').allTextContents()).toEqual(['invalidità', 'sospeso'])
    await picture(page, 'cases-words')
    await page.goBack()
    await expect.poll(() => rows.count(), patience).toBe(3)

    await page.getByRole('button', { name: 'Filtri' }).click()
    await page.getByRole('button', { name: /Stato$/ }).click()
    await page.getByRole('option', { name: 'Da prendere' }).click()
    await expect.poll(() => rows.count(), patience).toBe(2)
    expect(new URL(page.url()).searchParams.get('standing')).toBe('pool')
    await picture(page, 'cases-filters')
    expect(await seriousFindings(page)).toEqual([])

    await page.getByRole('button', { name: 'Elenchi salvati' }).click()
    await page.getByRole('menuitem', { name: 'Salva questo elenco' }).click()
    await page.getByLabel('Nome').fill('Da prendere subito')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Da prendere subito' }).waitFor(patience)

    await page.getByRole('button', { name: 'Esporta' }).click()
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: /^CSV/ }).click()])
    const lines = readFileSync(await file.path(), 'utf8')
      .trim()
      .split('\r\n')
    expect([file.suggestedFilename(), lines.length]).toEqual(['pratiche.csv', 3])

    await rows.first().press('Enter')
    await page.getByRole('button', { name: 'Ricordamelo' }).waitFor(patience)
    const note = page.getByLabel('Nota per te')
    await pressFor(page, 'm', note)
    await note.fill('Sentire il centro')
    const day = page.getByRole('spinbutton').first()
    await day.focus()
    await page.keyboard.type('14012030')
    await page.getByRole('button', { name: 'Salva' }).click()
    await page.getByRole('button', { name: /Da rivedere 14 gennaio 2030/ }).waitFor(patience)
    await picture(page, 'cases-reminder')

    const paper = await page.getByRole('link', { name: 'Stampa o PDF' }).getAttribute('href')
    await page.goto(new URL(paper ?? '', pages.url).href)
    await page.getByText(/^Stampata da Ugo Preti/).waitFor(patience)
    await picture(page, 'case-on-paper')

    const { page: telephone } = await pages.window({ as: supervisor, path: '/cases?q=contributi', width: 390, height: 844 })
    await telephone.locator('.cases-table tbody tr mark').first().waitFor(patience)
    await picture(telephone, 'cases-telephone')
    await fitsWindow(telephone)
  })

  test('two cases are joined and parted, and a conversation becomes a case of its own, by keyboard', async () => {
    const operator = await pages.at(anna)
    const contact = await operator.send('POST', '/api/contacts', {
      ...{ kind: 'person', givenName: 'Olga', familyName: 'Brunetti', municipalityCode: '058091', phones: ['06 5555 0377'] },
    })
    const conversation = async (question: string, typologyId: string, caseId?: unknown) => {
      const sheet = await operator.send('POST', '/api/interactions', {
        ...{ channel: 'counter', contactId: contact.id, typologyId, question },
      })
      if (caseId !== undefined)
        await operator.send('PATCH', `/api/interactions/${sheet.id}`, { caseId }, { 'if-match': `"${sheet.version}"` })
      return operator.send('POST', `/api/interactions/${sheet.id}/answer`, { answer: 'La pratica è al centro regionale.' })
    }
    const sheet = await operator.send('POST', '/api/interactions', {
      ...{ channel: 'telephone', contactId: contact.id, typologyId: 'vecchiaia', question: 'Quando arriva la pensione?' },
    })
    const { case: matter } = (await operator.send('POST', `/api/interactions/${sheet.id}/linea`, {
      ...{ question: 'Domanda del 4 settembre: a che punto è?', replyTo: { phone: '06 5555 0377' } },
    })) as { case: { id: string } }
    await conversation('Richiama per la stessa domanda', 'vecchiaia', matter.id)
    const other = await conversation('Ha scritto anche al patronato: a che punto è?', 'naspi')

    const { page } = await pages.window({ as: anna, path: `/cases/${other.caseId}` })
    await page.getByRole('heading', { name: 'Pratiche collegate' }).waitFor(patience)
    const dialog = page.getByRole('dialog')
    await pressFor(page, 'l', dialog)
    await dialog.getByRole('button', { name: /Pensione di vecchiaia/ }).press('Enter')
    await dialog.getByRole('button', { name: /Come$/ }).press('Enter')
    await page.getByRole('option', { name: /Sono la stessa pratica/ }).press('Enter')
    // Without a reason nothing is sent, and the field says so.
    await dialog.getByRole('button', { name: 'Unisci' }).press('Enter')
    await expect.poll(() => dialog.getByLabel('Perché').evaluate(field => field === document.activeElement), patience).toBe(true)
    await page.keyboard.type('È la stessa domanda, chiesta al patronato.')
    await picture(page, 'case-join')
    expect(await seriousFindings(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Unisci' }).press('Enter')
    const into = page
      .getByRole('article')
      .getByRole('link', { name: /Pensione di vecchiaia/ })
      .first()
    await expect.poll(() => into.evaluate(link => link === document.activeElement), patience).toBe(true)
    await picture(page, 'case-joined-away')
    await page.keyboard.press('Enter')
    await page.getByText('Comprende anche').waitFor(patience)
    await page.getByText('Ha scritto anche al patronato: a che punto è?').waitFor(patience)
    await page.getByText(/Unita la pratica/).waitFor(patience)
    await picture(page, 'case-joined')
    await page.getByRole('button', { name: /Che cosa$/ }).press('Enter')
    await page.getByRole('option', { name: 'Quesito' }).press('Enter')
    await page.getByText(/Inviata a CRIC Lazio/).waitFor(patience)
    await expect.poll(() => page.locator('.timeline > li').count(), patience).toBe(1)
    await picture(page, 'case-history-narrowed')
    // Files: chosen, dropped, pasted; looked at, taken away and put back.
    const attached = page.locator('.file-target')
    await attached.locator('input[type=file]').setInputFiles([
      { name: 'Verbale di invalidità del 4 settembre.pdf', mimeType: 'application/pdf', buffer: pdf },
      { name: 'carta d’identità.png', mimeType: 'image/png', buffer: photo },
    ])
    await attached.getByRole('link', { name: 'carta d’identità.png', exact: true }).waitFor(patience)
    await give(page, 'drop', 'trascinato.txt')
    await attached.getByRole('link', { name: 'trascinato.txt', exact: true }).waitFor(patience)
    await give(page, 'paste', 'incollato.txt')
    await attached.getByRole('link', { name: 'incollato.txt', exact: true }).waitFor(patience)
    await picture(page, 'case-files')
    expect(await seriousFindings(page)).toEqual([])
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      attached.getByRole('link', { name: 'incollato.txt', exact: true }).click(),
    ])
    expect([download.suggestedFilename(), readFileSync(await download.path(), 'utf8')]).toEqual([
      'incollato.txt',
      'incollato.txt',
    ])
    await attached.getByRole('button', { name: 'Guarda carta d’identità.png' }).press('Enter')
    const shown = page.getByRole('dialog').getByRole('img', { name: 'carta d’identità.png' })
    await expect.poll(() => shown.evaluate(image => image instanceof HTMLImageElement && image.naturalWidth), patience).toBe(2)
    await picture(page, 'case-file-looked-at')
    await page.keyboard.press('Escape')
    expect(await attached.getByRole('link', { name: /^Apri Verbale/ }).getAttribute('href')).toMatch(/\?show=true$/)
    await attached.getByRole('button', { name: 'Togli trascinato.txt' }).press('Enter')
    const removed = attached.getByText('Tolti (1)')
    await expect.poll(() => removed.evaluate(place => place === document.activeElement), patience).toBe(true)
    await page.keyboard.press('Enter')
    await picture(page, 'case-file-taken-away')
    await attached.getByRole('button', { name: 'Rimetti trascinato.txt' }).press('Enter')
    await removed.waitFor({ state: 'detached', ...patience })
    const { page: telephone } = await pages.window({ as: anna, path: `/cases/${matter.id}`, width: 390, height: 844 })
    await telephone.getByText('Comprende anche').waitFor(patience)
    await telephone.getByRole('link', { name: 'trascinato.txt', exact: true }).waitFor(patience)
    await telephone.getByText('contando quelli tolti').scrollIntoViewIfNeeded()
    await picture(telephone, 'case-files-telephone')
    await telephone.getByText('Comprende anche').scrollIntoViewIfNeeded()
    await picture(telephone, 'case-joined-telephone')
    await fitsWindow(telephone)

    await page.getByRole('button', { name: 'Separa di nuovo' }).press('Enter')
    await page.getByText('Sono di nuovo due pratiche.').waitFor(patience)
    const again = page.getByRole('button', { name: /Collega o unisci/ })
    await expect.poll(() => again.evaluate(button => button === document.activeElement), patience).toBe(true)

    await page.getByRole('button', { name: 'Separa', exact: true }).press('Enter')
    await hasFocus(dialog.getByLabel('Perché'))
    await page.keyboard.type('Chiedeva di un’altra pensione.')
    await picture(page, 'case-split')
    await dialog.getByRole('button', { name: 'Separa' }).press('Enter')
    await page.getByText('Ne è stata separata').waitFor(patience)
    await page.getByRole('button', { name: 'Riporta qui' }).press('Enter')
    await page.getByText('La conversazione è tornata nella sua pratica.').waitFor(patience)
  })

  test('two cards of one person are joined and parted by keyboard, and how sure we were stands beside the name', async () => {
    const operator = await pages.at(anna)
    const card = { kind: 'person', givenName: 'Piera', municipalityCode: '058091', phones: ['06 5555 0261'] }
    const one = await operator.send('POST', '/api/contacts', { ...card, familyName: 'Marchetti' })
    const other = await operator.send('POST', '/api/contacts', { ...card, familyName: 'Marcheti' })
    const sheet = await operator.send('POST', '/api/interactions', {
      ...{ channel: 'counter', contactId: other.id, typologyId: 'vecchiaia', question: 'Quando arriva la pensione?' },
    })
    for (const method of ['name', 'address', 'request-code'])
      await operator.send('POST', `/api/contacts/${other.id}/identifications`, { method, callId: null })
    await operator.send('POST', `/api/interactions/${sheet.id}/linea`, {
      ...{ question: 'Quando arriva la pensione?', replyTo: { phone: '06 5555 0261' } },
    })
    const { page } = await pages.window({ as: anna, path: `/contacts/${one.id}` })
    const join = page.getByRole('button', { name: 'È la stessa persona' })
    await join.waitFor(patience)
    await picture(page, 'doubles-proposed')
    await join.press('Enter')
    const part = page.getByRole('button', { name: 'Separa' })
    // The focus goes on to what can be done next; the matter of the other card is told on this one.
    await expect
      .poll(
        () =>
          part.evaluate(
            each => each === each.ownerDocument.activeElement || each.closest('li')?.contains(each.ownerDocument.activeElement),
          ),
        patience,
      )
      .toBe(true)
    await page
      .getByRole('link', { name: /pensione/i })
      .first()
      .waitFor(patience)
    await picture(page, 'doubles-joined')
    expect(await seriousFindings(page)).toEqual([])
    await page.setViewportSize({ width: 390, height: 844 })
    await picture(page, 'doubles-joined-narrow')
    await page.setViewportSize({ width: 1440, height: 900 })
    await part.press('Enter')
    await join.waitFor(patience)

    const { caseId } = await operator.send('GET', `/api/interactions/${sheet.id}`)
    await page.goto(`/cases/${caseId}`)
    await page.getByText('Dichiarato').first().waitFor(patience)
    await picture(page, 'level-of-case')
    const { page: list } = await pages.window({ as: supervisor, path: '/cases' })
    await list.locator('.cases-table').getByText('Dichiarato').waitFor(patience)
    await picture(list, 'level-in-list')
    await list.setViewportSize({ width: 390, height: 844 })
    await picture(list, 'level-in-list-narrow')
  })
})
