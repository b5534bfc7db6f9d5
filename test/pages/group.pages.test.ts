/**
 * A coordinator's morning: two colleagues are away and three questions are due today; what the rule gives back, one proposal and all of them, a card moved by
 * keyboard, one put back where it was, and one that is dragged. And two colleagues at two browsers: one asks and names, the other is told and answers.
 */
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { picture, seriousFindings } from '../support/chromium.ts'
import { onPostgres } from '../support/database.ts'
import { hasFocus, idIn, pagesOf, patience } from '../support/pages.ts'
import { staff } from '../support/staff.ts'
import { now } from '../support/working-day.ts'

const { anna, paola, marco, coordinator, contributions } = staff
const section = 'cric-lazio-pensioni'

onPostgres(open => {
  const pages = pagesOf(open, 'test')

  async function sent(question: string): Promise<string> {
    const operator = await pages.at(anna)
    const card = {
      kind: 'person',
      givenName: 'Giulia',
      familyName: 'Ferri',
      municipalityCode: '058091',
      phones: ['06 5555 0147'],
    }
    const contact = await operator.send('POST', '/api/contacts', card)
    const interaction = await operator.send('POST', '/api/interactions', {
      ...{ channel: 'counter', contactId: contact.id, typologyId: 'vecchiaia', question },
    })
    const linea = await operator.send('POST', `/api/interactions/${interaction.id}/linea`, {
      question,
      replyTo: { phone: '06 5555 0147' },
    })
    return idIn(linea.ticket)
  }

  test('two are away, three are due today: by the rule, by proposal, by keyboard, and undone', async () => {
    const ids: string[] = []
    for (let n = 0; n < 6; n++) ids.push(await sent(`Domanda numero ${n} sulla pensione`))
    const [first = '', second = '', third = '', fourth = '', fifth = ''] = ids
    const [ofPaola, ofMarco, head] = [await pages.at(paola), await pages.at(marco), await pages.at(coordinator)]
    for (const id of [first, second]) await ofPaola.send('POST', `/api/tickets/${id}/claim`)
    for (const id of [third, fourth, fifth]) await ofMarco.send('POST', `/api/tickets/${id}/claim`)
    // By now, and not a little later: in the last minute of a day that is tomorrow.
    await sql`update ticket set due_at = ${new Date(now())} where id in (${first}, ${second}, ${third})`.execute(pages.db)

    const { page, complaints } = await pages.window({ as: coordinator, path: `/cric/board?section=${section}` })
    const column = (name: string) => page.getByRole('region', { name, exact: true })
    await column('Paola Neri').getByRole('row').first().waitFor()
    await expect.poll(() => column('Marco Sala').getByRole('row').count(), patience).toBe(3)
    await picture(page, 'board')
    expect(await seriousFindings(page)).toEqual([])

    // Both are away from now on: what they have goes back by itself.
    await page.getByRole('link', { name: 'Assenze' }).click()
    await page.getByText('Nei prossimi giorni ci sono tutti.').waitFor()
    for (const name of ['Paola Neri', 'Marco Sala']) {
      await page.getByRole('button', { name: "Segna un'assenza" }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('button', { name: /Persona/ }).click()
      await page.getByRole('option', { name }).click()
      if (name === 'Paola Neri') {
        expect(await seriousFindings(page)).toEqual([])
        await picture(page, 'absence-enter')
      }
      await dialog.getByRole('button', { name: 'Segna', exact: true }).click()
      await dialog.waitFor({ state: 'detached' })
      await page.getByRole('row', { name: new RegExp(name) }).waitFor()
    }
    await page.getByRole('button', { name: 'Quando qualcuno è assente' }).click()
    const rule = page.getByRole('dialog')
    await rule.getByText('Tornano subito tra quelli da prendere').first().waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await picture(page, 'absence-rule')
    await rule.getByRole('button', { name: 'Annulla' }).click()
    await picture(page, 'absences')
    await page.setViewportSize({ width: 390, height: 844 })
    await picture(page, 'absences-narrow')
    await page.setViewportSize({ width: 1440, height: 900 })

    await page.goto(`/cric/board?section=${section}`)
    await expect.poll(() => column('Da prendere').getByRole('row').count(), patience).toBe(6)
    await column('Paola Neri').getByText('assente fino a').waitFor()

    // What is due today has nobody: it is proposed to who is there.
    const proposals = page.getByRole('heading', { name: /proposte? per dividere/ })
    await proposals.waitFor()
    await picture(page, 'board-proposals')
    expect(await seriousFindings(page)).toEqual([])
    const accept = page.getByRole('button', { name: /^Accetta: / }).first()
    const taker = /» a (.+)$/.exec((await accept.getAttribute('aria-label')) ?? '')?.[1] ?? ''
    await page
      .getByRole('button', { name: new RegExp(`^Accetta: .* a ${taker}$`) })
      .first()
      .click()
    // Its notice is put away, before it goes by itself: the one that comes then is of the next move.
    const notice = page.locator('.toast')
    await notice.getByRole('button', { name: 'Chiudi' }).click()
    await notice.waitFor({ state: 'detached' })
    await column(taker).getByRole('row').first().waitFor()
    await expect.poll(() => column('Da prendere').getByRole('row').count(), patience).toBe(5)

    // By keyboard: the menu of the first card, and who is there.
    const card = column('Da prendere').getByRole('row').first()
    await card.getByRole('button', { name: /^Sposta/ }).focus()
    await page.keyboard.press('Enter')
    const entry = page.getByRole('menuitem', { name: taker })
    await entry.waitFor()
    await page.keyboard.type(taker.slice(0, 5))
    await hasFocus(entry)
    await page.keyboard.press('Enter')
    await expect.poll(() => column(taker).getByRole('row').count(), patience).toBe(2)
    // And back again: undone from the notice.
    await notice.getByRole('button', { name: 'Annulla' }).click()
    await expect.poll(() => column(taker).getByRole('row').count(), patience).toBe(1)
    await page.getByText(/Annullato: il quesito è di nuovo/).waitFor()

    // All that is proposed at once: what is due today has somebody.
    await page.getByRole('button', { name: 'Accetta tutte' }).click()
    await page.getByText('Il lavoro è diviso bene: nessuna proposta.').waitFor()
    await expect.poll(() => column('Da prendere').getByRole('row').count(), patience).toBe(3)

    // By pointer: dragged from one column, dropped on another.
    const had = await column(taker).getByRole('row').count()
    await column('Da prendere').getByRole('row').first().dragTo(column(taker).getByRole('grid'))
    await expect.poll(() => column(taker).getByRole('row').count(), patience).toBe(had + 1)
    await expect.poll(() => column('Da prendere').getByRole('row').count(), patience).toBe(2)

    // Somebody else has moved it meanwhile: it is told, and nothing is lost.
    const free = (await head.send('GET', `/api/board?sectionId=${section}`)) as {
      columns: { cards: { id: string; version: number }[] }[]
    }
    const stale = free.columns[0]?.cards[0]
    if (!stale) throw new Error('Nothing is in the pool.')
    await head.send('POST', `/api/tickets/${stale.id}/notes`, { text: 'Vista' })
    const refused = await head.send('POST', '/api/ticket-moves', {
      tickets: [{ id: stale.id, version: stale.version }],
      to: 'me',
    })
    expect(refused).toMatchObject({ done: [], refused: [{ ticketId: stale.id }] })

    await page.setViewportSize({ width: 390, height: 844 })
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth'), patience).toBe(390)
    await picture(page, 'board-narrow')
    expect(await seriousFindings(page)).toEqual([])
    expect(complaints).toEqual([])
  })

  test('a colleague is asked and named: told live at another browser, answers there, and has read it', async () => {
    const id = await sent('Contributi in Germania: che modello serve?')
    const own = await pages.window({ as: paola, path: `/cric/tickets/${id}?view=all` })
    const other = await pages.window({ as: contributions, path: '/cric/tickets' })
    await other.page.getByRole('button', { name: 'Per me' }).waitFor()
    await own.page.getByRole('button', { name: 'Prendo in carico' }).click()
    await own.page.getByRole('button', { name: 'Chiedi a un collega' }).click()
    const dialog = own.page.getByRole('dialog')
    await dialog.getByLabel('Collega', { exact: true }).fill('Elena')
    await own.page.getByRole('option', { name: /Elena Riva/ }).click()
    await dialog.getByLabel('Che cosa chiedi').fill('Serve il modello E 205?')
    expect(await seriousFindings(own.page)).toEqual([])
    await picture(own.page, 'asking-dialog')
    await dialog.getByRole('button', { name: 'Chiedi', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    await own.page.getByText('aspetta la risposta').waitFor()

    const news = other.page.getByRole('button', { name: 'Per me: 1 cosa nuova' })
    await news.waitFor()
    // A name by keyboard: an @, the beginning, Enter.
    const note = own.page.getByLabel('Nuova nota')
    await note.focus()
    await own.page.keyboard.type('Per @ele')
    await own.page.getByRole('option', { name: /Elena Riva/ }).waitFor()
    await own.page.keyboard.press('Enter')
    await own.page.keyboard.type('guarda la lettera allegata')
    await own.page.getByText('Avvisi: Elena Riva').waitFor()
    await picture(own.page, 'mention-field')
    await own.page.getByRole('button', { name: 'Annota' }).click()
    await own.page.getByText('Per @Elena Riva guarda la lettera allegata').first().waitFor()

    const both = other.page.getByRole('button', { name: 'Per me: 2 cose nuove' })
    await both.click()
    const sheet = other.page.getByRole('dialog', { name: 'Per me' })
    await sheet.getByText('Serve il modello E 205?').waitFor()
    await sheet.getByText('da leggere').waitFor()
    expect(await seriousFindings(other.page)).toEqual([])
    await picture(other.page, 'for-me')
    await other.page.setViewportSize({ width: 390, height: 844 })
    await picture(other.page, 'for-me-narrow')
    await other.page.setViewportSize({ width: 1440, height: 900 })
    await sheet.getByRole('region', { name: 'Menzioni' }).getByRole('link').click()
    await other.page.getByLabel('La tua risposta').fill('Sì, e la lettera del 2019.')
    await picture(other.page, 'asked-of-me')
    await other.page.getByRole('button', { name: 'Rispondi al collega' }).click()
    // With the question, and in the history of the case.
    await expect.poll(() => own.page.getByText('Sì, e la lettera del 2019.').count(), patience).toBe(2)
    await own.page.getByText('Elena Riva ha risposto', { exact: true }).waitFor()
    await other.page.getByRole('button', { name: 'Per me', exact: true }).waitFor()
    await picture(own.page, 'asking-answered')
    expect(await seriousFindings(own.page)).toEqual([])
    expect([...own.complaints, ...other.complaints]).toEqual([])
  })

  test('the pool: chosen with the keyboard, claimed at once, undone; narrowed, kept under a name, and begun with', async () => {
    for (let n = 0; n < 3; n++) await sent(`Domanda numero ${n} sulla pensione`)
    // Five days of work are more than a week where a holiday lies between them.
    await sql`update ticket set due_at = ${new Date(now() + 3 * 86_400_000)}`.execute(pages.db)
    const { page, complaints } = await pages.window({ as: paola, path: '/cric/tickets' })
    const rows = page.getByRole('grid', { name: 'Da prendere' }).getByRole('row', { name: /Pensione di vecchiaia/ })
    await expect.poll(() => rows.count(), patience).toBe(3)
    await expect.poll(() => page.locator('.bones').count(), patience).toBe(0)
    const bar = page.getByRole('region', { name: 'Quesiti scelti' })
    await rows.nth(0).press('Space')
    await bar.getByText('1 quesito scelto').waitFor()
    await rows.nth(1).press('Space')
    await bar.getByText('2 quesiti scelti').waitFor()
    await picture(page, 'pool-chosen')
    expect(await seriousFindings(page)).toEqual([])
    await bar.getByRole('button', { name: 'Prendo in carico' }).click()
    await expect.poll(() => rows.count(), patience).toBe(1)
    await page.getByText('2 quesiti presi in carico.').waitFor()
    await page.getByRole('button', { name: 'Annulla' }).click()
    await expect.poll(() => rows.count(), patience).toBe(3)

    await page.getByRole('button', { name: 'Filtri' }).click()
    await page.getByRole('button', { name: /Scadenza/ }).click()
    await page.getByRole('option', { name: 'scaduti' }).click()
    await expect.poll(() => rows.count(), patience).toBe(0)
    await page.getByRole('button', { name: 'Filtri: 1' }).waitFor()
    await page.getByLabel('Parole nei testi').fill('numero')
    await page.getByRole('button', { name: /Scadenza/ }).click()
    await page.getByRole('option', { name: 'entro sette giorni' }).click()
    await page.getByLabel('Parole nei testi').press('Enter')
    await page.getByRole('button', { name: 'Filtri: 2' }).waitFor()
    await expect.poll(() => rows.count(), patience).toBe(3)
    await picture(page, 'pool-narrowed')
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Elenchi' }).click()
    await page.getByRole('menuitem', { name: 'Salva questo elenco' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Nome').fill('Questa settimana')
    await dialog.getByRole('button', { name: 'Salva', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Questa settimana' }).click()
    await page.getByRole('menuitem', { name: 'Ordina ed elimina' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Apri con questo' }).click()
    await page.getByRole('button', { name: 'Si apre con questo' }).waitFor()
    await picture(page, 'pool-lists')
    await page.goto('/cric/tickets')
    await page.getByRole('button', { name: 'Questa settimana' }).waitFor()
    await page.setViewportSize({ width: 390, height: 844 })
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth'), patience).toBe(390)
    await picture(page, 'pool-narrow')
    expect(await seriousFindings(page)).toEqual([])
    expect(complaints).toEqual([])
  })
})
