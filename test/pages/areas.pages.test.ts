/**
 * The pages of regional centre, agency, monitoring and administration, in a real browser on the whole program: signing in, acting as, a
 * question from the pool to its answer by keyboard, an appointment from its preparation to its end, the live page that moves by itself.
 */
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { PersonActor } from '../../src/platform/index.ts'
import { password, userOf } from '../support/accounts.ts'
import { browserAt } from '../support/browser.ts'
import { picture, seriousFindings } from '../support/chromium.ts'
import { onPostgres } from '../support/database.ts'
import { operatorAtDesk } from '../support/desk.ts'
import { fitsWindow, idIn, isRecord, looker, pagesOf, patience, pressFor, writeAt } from '../support/pages.ts'
import { staff } from '../support/staff.ts'
import { now } from '../support/working-day.ts'

const { anna, paola, marco, coordinator, directorate, agency, supervisor, administrator, secondAdministrator } = staff

const look = looker('areas')

onPostgres(open => {
  const pages = pagesOf(open, 'file')
  const { at } = pages
  const windowOf = (as: PersonActor, path: string, size: { width?: number; height?: number } = {}) =>
    pages.window({ as, path, ...size })

  let citizens = 0

  /** A conversation of Anna's with a new citizen of Rome about an old-age pension. */
  async function conversation() {
    const operator = await at(anna)
    const givenName =
      ['Giulia', 'Marco', 'Teresa', 'Sergio', 'Elio', 'Nadia', 'Franco', 'Ida'][citizens++] ?? `Persona${citizens}`
    const contact = await operator.send('POST', '/api/contacts', {
      kind: 'person',
      givenName,
      familyName: 'Ferri',
      municipalityCode: '058091',
      phones: ['06 5555 0147'],
      emails: [`${givenName.toLowerCase()}@example.org`],
    })
    const interaction = await operator.send('POST', '/api/interactions', {
      channel: 'counter',
      contactId: contact.id,
      typologyId: 'vecchiaia',
      question: `Domanda di vecchiaia di ${givenName}: dal sito risulta in lavorazione da 80 giorni.`,
    })
    return { operator, name: `${givenName} Ferri`, interaction }
  }

  /** A Linea ticket in the pool of Lazio; the answer is wanted by telephone or by e-mail. */
  async function ticket(by: 'phone' | 'email' = 'phone') {
    const { operator, name, interaction } = await conversation()
    const sent = await operator.send('POST', `/api/interactions/${interaction.id}/linea`, {
      question: `Domanda di vecchiaia di ${name}: dal sito risulta in lavorazione da 80 giorni.`,
      replyTo: by === 'phone' ? { phone: '06 5555 0147' } : { email: 'citizen@example.org' },
    })
    return { name, id: idIn(sent.ticket), caseId: idIn(sent.case) }
  }

  /** An appointment at Roma EUR; answers its day too. */
  async function appointment() {
    const { operator, name, interaction } = await conversation()
    const { items } = await operator.send('GET', '/api/agenda/services?unitId=ag-roma-eur')
    const serviceId = Array.isArray(items) ? idIn(items[0]) : ''
    const { days } = await operator.send('GET', `/api/agenda/slots?unitId=ag-roma-eur&serviceId=${serviceId}&days=14`)
    // Not the very next one, which may have begun when it is asked for.
    const free = slotsIn(days).at(-1)
    if (!free) throw new Error('There is no free time at Roma EUR in the next two weeks.')
    const hold = await operator.send('POST', '/api/agenda/holds', { unitId: 'ag-roma-eur', serviceId, start: free.start })
    const booked = await operator.send('POST', `/api/interactions/${interaction.id}/appointment`, {
      holdId: hold.id,
      reason: 'Porta i libretti di lavoro degli anni Settanta.',
    })
    return { name, id: String(booked.appointmentId), day: free.date }
  }

  /** The day of an appointment has come, and its hour, too. */
  const dayComes = (id: string) =>
    pages.db
      .updateTable('appointment')
      .set({ starts_at: new Date(now() - 600_000), ends_at: new Date(now() + 1_200_000) })
      .where('id', '=', id)
      .execute()

  /** A new person with these roles, which a second administrator has confirmed, who has chosen a password. */
  async function personWith(assignments: { role: string; unitId: string }[]) {
    const admin = await at(administrator)
    const second = await at(secondAdministrator)
    const user = `elio.prova.${crypto.randomUUID().slice(0, 8)}`
    const newPassword = 'una frase lunga per entrare'
    const person = await admin.send('POST', '/api/people', { user, name: 'Elio Prova' })
    for (const each of assignments) {
      const { requests } = await admin.send('POST', `/api/people/${idIn(person)}/assignments`, each)
      const asked = Array.isArray(requests) ? requests.at(-1) : undefined
      await second.send('POST', `/api/assignment-requests/${asked?.assignmentId}/confirm`)
    }
    const given = await admin.send('POST', `/api/people/${idIn(person)}/one-time-password`)
    const chosen = await browserAt(pages.url).send('POST', '/api/session', { user, password: given.password, newPassword })
    expect(chosen.status).toBeLessThan(300)
    return { user, newPassword }
  }

  describe('signing in', () => {
    test('by form; a wrong password is told; the page that was wanted opens afterwards', async () => {
      const { page } = await pages.window()
      await page.goto('/cric/tickets?view=mine')
      await page.getByRole('heading', { name: 'Accedi' }).waitFor()
      await page.getByLabel('Nome utente').fill(userOf(paola))
      await page.getByLabel('Password').fill('wrong password')
      await page.keyboard.press('Enter')
      await page.getByRole('alert').waitFor()
      expect(await seriousFindings(page)).toEqual([])
      await page.getByLabel('Password').fill(password)
      await page.keyboard.press('Enter')
      await page.getByRole('radio', { name: /^Miei/ }).waitFor()
      expect(new URL(page.url()).search).toContain('view=mine')
    })

    test('acting as another of the own roles changes what there is to do', async () => {
      const { user, newPassword } = await personWith([
        { role: 'cric_member', unitId: 'cric-lazio-contributori' },
        { role: 'supervisor', unitId: 'ccm' },
      ])
      const { page } = await pages.window({ path: '/' })
      await page.getByLabel('Nome utente').fill(user)
      await page.getByLabel('Password').fill(newPassword)
      await page.keyboard.press('Enter')
      await page.getByRole('link', { name: 'Quesiti' }).waitFor()
      await page.getByRole('button', { name: /ruolo, lingua, uscita/ }).click()
      await page.getByRole('menuitem', { name: /Supervisore/ }).click()
      await page.getByRole('heading', { name: 'In diretta' }).waitFor()
      await page.getByRole('link', { name: 'Quesiti' }).waitFor({ state: 'detached' })

      await page.goto('/agency')
      await page.getByText('Questa pagina è di un altro ruolo').waitFor()
      expect(await seriousFindings(page)).toEqual([])

      // English, and back in the language of before after a reload.
      await page.getByRole('button', { name: /ruolo, lingua, uscita/ }).click()
      await page.getByRole('menuitem', { name: 'English' }).click()
      await page.getByText('This page belongs to another role').waitFor()
    })

    test('the button with which service begins holds its words, on narrow screens, too, in both languages', async () => {
      const head = await at(coordinator)
      const section = `/api/sections/${paola.unitId}/sharing`
      const shared = (mode: string, version: number) =>
        head.send('PUT', section, { mode, capacity: 3, offerMinutes: 10 }, { 'if-match': `"${version}"` })
      await shared('distributed', 0)
      for (const [as, path] of [
        [anna, '/desk'],
        [paola, '/cric/tickets'],
      ] as const) {
        const caller = await at(as)
        for (const language of ['en', 'it']) {
          await caller.send('PUT', '/api/session/language', { language })
          const { page, context } = await windowOf(as, path)
          const button = page.locator('.telephone .button.go')
          await button.waitFor()
          for (const width of [720, 390, 320]) {
            await page.setViewportSize({ width, height: 844 })
            await picture(page, `areas-bar-${as.unitId}-${language}-${width}`)
            const told = () =>
              button.evaluate(go => {
                const words = document.createRange()
                words.selectNodeContents(go)
                const [outer, inner] = [go.getBoundingClientRect(), words.getBoundingClientRect()]
                const beside = [...document.querySelectorAll('.bar .state-pill, .bar .who, .bar-search')].map(each =>
                  each.getBoundingClientRect(),
                )
                return {
                  spills:
                    inner.left < outer.left || inner.right > outer.right || inner.top < outer.top || inner.bottom > outer.bottom,
                  overlaps: beside.some(
                    ({ left, right, width }) => width > 0 && left < outer.right - 0.5 && right > outer.left + 0.5,
                  ),
                  sideways: document.documentElement.scrollWidth > window.innerWidth,
                }
              })
            const sound = { spills: false, overlaps: false, sideways: false }
            await expect.poll(told, { ...patience, message: `${path} ${language} ${width}` }).toEqual(sound)
          }
          await context.close()
        }
      }
      await shared('pool', 1)
    })

    test('an address that nobody has says so', async () => {
      const { page } = await windowOf(paola, '/nowhere')
      await page.getByText("Questa pagina non c'è").waitFor()
      expect(await seriousFindings(page)).toEqual([])
    })
  })

  describe('a question of the second level', () => {
    test('is claimed, answered and closed without the mouse, and its history tells all', async () => {
      const { name, id } = await ticket('phone')
      const { page, complaints } = await windowOf(paola, '/cric/tickets')
      await page.getByRole('row', { name: new RegExp(name) }).waitFor()
      // Into the list, down to the question, open it.
      await page.getByRole('row', { name: new RegExp(name) }).focus()
      await page.keyboard.press('Enter')
      await page.waitForURL(new RegExp(id))
      await expect.poll(() => page.evaluate('document.activeElement?.tagName'), patience).toBe('H1')
      await pressFor(page, 'p', page.getByText('in carico a te'))

      const note = page.getByRole('textbox', { name: 'Nuova nota' })
      await writeAt(page, 'n', note, 'Verificato in archivio: domanda completa.')
      await page.getByRole('button', { name: 'Annota' }).waitFor()
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await page.getByText('Nota aggiunta.').waitFor()

      await page.getByRole('heading', { level: 1, name: 'Pensione di vecchiaia' }).focus()
      const answer = page.getByRole('textbox', { name: 'Risposta al cittadino' })
      await writeAt(page, 'r', answer, 'La domanda è completa: la decorrenza è dal primo del mese.')
      await page.getByText('bozza salvata').waitFor()
      await picture(page, 'areas-ticket')
      expect(await seriousFindings(page)).toEqual([])
      await page.keyboard.press('Control+Enter')
      // The next one opens by itself; this one stays where it was.
      await page.getByText('Risposta inviata').waitFor()
      await page.goto(`/cric/tickets/${id}`)
      await page.getByText('La risposta data').waitFor()
      await page.getByText('Quesito chiuso').waitFor()

      await page.getByRole('link', { name: 'Tutta la pratica' }).click()
      const history = page.locator('.timeline')
      for (const sentence of [
        'Aperta la pratica',
        'Inviata a CRIC Lazio',
        'Ha preso in carico',
        'Ha scritto una nota',
        'Quesito chiuso',
      ])
        await history.getByText(sentence).first().waitFor()
      expect(await seriousFindings(page)).toEqual([])
      expect(complaints).toEqual([])
    })

    test('somebody else was quicker: the page says so, shows how it is now, and keeps what was being written', async () => {
      const { id } = await ticket()
      const { page, context } = await windowOf(paola, '/')
      // A page that hears nothing acts on what it last read.
      await context.route('**/api/live', route => route.abort())
      await page.goto(`/cric/tickets/${id}`)
      const answer = page.getByRole('textbox', { name: 'Risposta al cittadino' })
      await answer.fill('Comincio a scrivere prima di prenderlo.')
      await page.getByText('bozza salvata').waitFor()
      const colleague = await at(marco)
      await colleague.send('POST', `/api/tickets/${id}/claim`, {})
      await page.getByRole('heading', { level: 1 }).focus()
      await pressFor(page, 'p', page.getByRole('alert').getByText('Il quesito è già in carico a Marco Sala'))
      expect(await answer.inputValue()).toBe('Comincio a scrivere prima di prenderlo.')
      expect(await seriousFindings(page)).toEqual([])

      // What is not allowed is still there, and says why.
      const send = page.getByRole('button', { name: /Ho risposto, chiudi/ })
      await expect.poll(() => send.getAttribute('aria-disabled'), patience).toBe('true')
      await send.focus()
      await page.getByRole('tooltip').getByText('È in carico a Marco Sala').waitFor()
      await page.reload()
      await expect.poll(() => answer.inputValue(), patience).toBe('Comincio a scrivere prima di prenderlo.')
    })

    test('changes on the screen when a colleague does something with it', async () => {
      const { id } = await ticket()
      const { page } = await windowOf(paola, `/cric/tickets/${id}`)
      await page.getByRole('button', { name: /Prendo in carico/ }).waitFor()
      const colleague = await at(marco)
      await colleague.send('POST', `/api/tickets/${id}/claim`, {})
      await page.getByText('in carico a Marco Sala').first().waitFor(patience)
    })

    test('is answered by e-mail with a template and a file, and each sees who else has it open and who writes', async () => {
      const { id, name, caseId } = await ticket('email')
      const head = await at(coordinator)
      const body = 'Gentile {{cittadino}},\nla pratica {{codice}} è accolta.'
      const template = { unitId: 'cric-lazio', typologyId: null, language: 'it', name: 'Accolta', body }
      await head.send('POST', '/api/answer-templates', template)
      const { page, complaints } = await windowOf(paola, `/cric/tickets/${id}`)
      await page.getByRole('button', { name: /Prendo in carico/ }).waitFor()
      const colleague = await windowOf(marco, `/cric/tickets/${id}`)
      await colleague.page.getByText('Paola Neri ha aperto questa pagina').waitFor({ state: 'attached' })
      await page.getByText('Marco Sala ha aperto questa pagina').waitFor({ state: 'attached' })
      await pressFor(page, 'p', page.getByText('in carico a te'))

      // What the program writes around the answer is shown until the answer says it itself.
      const answer = page.getByRole('textbox', { name: 'Risposta al cittadino' })
      await page.getByText(`Gentile ${name},`).waitFor()
      await look(page, 'ticket-composer')
      await page.getByRole('button', { name: 'Usa un modello' }).click()
      await page.getByRole('menuitem', { name: 'Accolta' }).click()
      await expect
        .poll(() => answer.inputValue(), patience)
        .toMatch(new RegExp(`^Gentile ${name},\\nla pratica \\d{3} \\d{3} \\d{4} è accolta\\.$`))
      await expect.poll(() => answer.evaluate(field => field === document.activeElement), patience).toBe(true)
      await expect.poll(() => page.locator('p', { hasText: `Gentile ${name},` }).count(), patience).toBe(0)
      await page.getByText('Cordiali saluti').waitFor()
      const choosing = page.waitForEvent('filechooser')
      await page.getByRole('button', { name: 'Allega file' }).click()
      await (await choosing).setFiles({ name: 'modulo.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 ') })
      await page.getByRole('link', { name: 'modulo.pdf', exact: true }).waitFor()
      await colleague.page.getByText('Paola Neri scrive una risposta').waitFor()
      await look(page, 'ticket-composing')
      await look(colleague.page, 'ticket-seen-writing')

      // Who goes on to the case has left the ticket, and is seen there.
      await colleague.page.getByRole('link', { name: 'Tutta la pratica' }).click()
      await expect.poll(() => page.getByText('Marco Sala ha aperto').count(), patience).toBe(0)
      const onCase = await windowOf(anna, `/cases/${caseId}`)
      await onCase.page.getByText('Marco Sala ha aperto questa pagina').waitFor({ state: 'attached' })
      await look(onCase.page, 'case-viewers')
      await colleague.page.close()
      await expect.poll(() => onCase.page.getByText('Marco Sala ha aperto').count(), patience).toBe(0)

      await answer.focus()
      await page.keyboard.press('Control+Enter')
      await page.getByText('non può ancora partire').waitFor()
      await page.goto(`/cric/tickets/${id}`)
      await page.getByText('La risposta in partenza').waitFor()
      await page.getByRole('link', { name: 'modulo.pdf', exact: true }).waitFor()
      await look(page, 'ticket-answered')
      await page.getByRole('button', { name: 'Ritira la risposta' }).click()
      await expect.poll(() => answer.inputValue(), patience).toContain('è accolta.')
      await page.getByRole('button', { name: 'Togli modulo.pdf' }).click()
      await expect.poll(() => page.getByRole('link', { name: 'modulo.pdf', exact: true }).count(), patience).toBe(0)
      expect(complaints).toEqual([])
    })

    test('goes to the central directorate and comes back', async () => {
      const { id, name } = await ticket('email')
      const { page } = await windowOf(paola, `/cric/tickets/${id}`)
      await page.getByRole('button', { name: /Prendo in carico/ }).waitFor()
      await pressFor(page, 'p', page.getByText('in carico a te'))
      const reason = page.getByRole('dialog').getByLabel('Perché è complesso')
      await pressFor(page, 'f', reason)
      await reason.fill('Periodi in tre Stati: quale convenzione prevale?')
      await page.getByRole('dialog').getByRole('button', { name: 'Inoltra' }).click()
      await page.getByText('a Direzione centrale pensioni').first().waitFor()

      const central = await windowOf(directorate, '/cric/tickets')
      await central.page.getByRole('row', { name: new RegExp(name) }).click()
      await central.page.getByRole('textbox', { name: /Risposta a/ }).fill('Prevale il regolamento europeo.')
      await central.page.getByRole('button', { name: /Rispondi al centro/ }).click()
      await central.page.getByText('Risposta inviata al centro.').waitFor()

      await page.getByText('Prevale il regolamento europeo.').first().waitFor()
      await page
        .getByRole('textbox', { name: 'Risposta al cittadino' })
        .fill('Prevale il regolamento europeo: non deve fare altro.')
      await page.keyboard.press('Control+Enter')
      await page.getByText('non può ancora partire').waitFor()
      await page.goto(`/cric/tickets/${id}`)
      await page.getByText('La risposta in partenza').waitFor()
    })

    test('reaches an agency only as an appointment to rebuild the paper dossier', async () => {
      const { id } = await ticket()
      const { page } = await windowOf(paola, `/cric/tickets/${id}`)
      await page.getByRole('button', { name: /Prendo in carico/ }).waitFor()
      await pressFor(page, 'p', page.getByText('in carico a te'))
      await page.getByRole('button', { name: 'Appuntamento' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('button', { name: /Perché serve/ }).click()
      await page.getByRole('option', { name: 'Un altro motivo' }).click()
      await dialog.getByText('solo quando va ricostruito il fascicolo cartaceo').waitFor()
      await dialog.getByRole('button', { name: /Perché serve/ }).click()
      await page.getByRole('option', { name: 'Va ricostruito' }).click()
      await dialog.getByLabel('Che cosa deve ricostruire').fill('Periodi 1972–1979 dai libretti di lavoro.')
      await dialog.getByRole('button', { name: /Servizio/ }).click()
      await page.getByRole('option', { name: /Ricostruzione/ }).click()
      await dialog.locator('.slot').first().click()
      await dialog.getByText('orario tenuto per').waitFor()
      expect(await seriousFindings(page)).toEqual([])
      await picture(page, 'areas-ticket-appointment')
      await dialog.getByRole('button', { name: 'Prenota e chiudi il quesito' }).click()
      await page.getByText('Appuntamento prenotato, quesito chiuso.').waitFor()
    })
  })

  test('an appointment is prepared, started and concluded', async () => {
    const { id, name, day } = await appointment()
    const { page, complaints } = await windowOf(agency, `/agency?day=${day}`)
    const line = page.getByRole('row', { name: new RegExp(name) })
    await line.focus()
    await page.keyboard.press('Enter')
    const number = (await page.getByText(/^Numero [A-Z]\d{3}$/).textContent())?.replace('Numero ', '') ?? ''
    await expect.poll(() => line.textContent(), patience).toContain(number)
    await page.getByRole('textbox', { name: 'Preparazione' }).fill('Guardare i periodi 1972–1979.')
    await page.getByText(/^Lia Moro · /).waitFor()
    await page.reload()
    await expect
      .poll(() => page.getByRole('textbox', { name: 'Preparazione' }).inputValue(), patience)
      .toBe('Guardare i periodi 1972–1979.')
    // Nobody arrives before the day, and the button says so. The day comes.
    const arrived = page.getByRole('button', { name: /È arrivato/ })
    await expect.poll(() => arrived.getAttribute('aria-disabled'), patience).toBe('true')
    await dayComes(id)
    await page.reload()
    await expect.poll(() => arrived.getAttribute('aria-disabled'), patience).toBe(null)
    await page.getByRole('heading', { level: 1, name }).focus()
    await pressFor(page, 'a', page.getByText('Arrivo registrato.'))

    // It was somebody else who came: taken back, and done again.
    await page.getByRole('button', { name: 'Altro', exact: true }).focus()
    await page.keyboard.press('Enter')
    const takeBack = page.getByRole('menuitem', { name: 'Correggi: non era questo' })
    await takeBack.waitFor()
    await picture(page, 'areas-appointment-more')
    await takeBack.focus()
    await page.keyboard.press('Enter')
    await page.getByText("Corretto: l'appuntamento è com'era prima.").waitFor()
    await pressFor(page, 'a', page.getByText('arrivato', { exact: true }))
    await pressFor(page, 'i', page.getByText('Appuntamento iniziato.'))
    const done = page.getByRole('dialog').getByLabel('Che cosa si è fatto')
    await pressFor(page, 'c', done)
    await done.fill('Periodi ricostruiti e registrati.')
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('dialog').getByRole('button', { name: 'Concludi' }).click()
    await page.getByText('Periodi ricostruiti e registrati.').first().waitFor()
    await page.getByText('Pratica conclusa').first().waitFor()
    await picture(page, 'areas-appointment')
    expect(complaints).toEqual([])
  })

  test('the dialog of moving says when the appointment is now', async () => {
    const { id, name } = await appointment()
    const { page, complaints } = await windowOf(agency, `/agency/${id}`)
    await page.getByRole('heading', { level: 1, name }).waitFor()
    await page.getByRole('button', { name: 'Altro', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Sposta' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/^Ora è fissato per .+, ore \d\d:\d\d, a /).waitFor()
    await dialog.locator('.slot').first().waitFor()
    for (const size of [
      { width: 1440, height: 900 },
      { width: 390, height: 844 },
    ]) {
      await page.setViewportSize(size)
      await picture(page, `areas-move-${size.width}`)
      expect(await seriousFindings(page)).toEqual([])
    }
    // Only times of the day of the week that is wished are left.
    const days = () => dialog.locator('.found-time .slot').allTextContents()
    const wished = (await days())[0]?.startsWith('gio') ? 'venerdì' : 'giovedì'
    await dialog.getByRole('button', { name: /Giorno$/ }).click()
    await page.getByRole('option', { name: wished }).click()
    await expect
      .poll(async () => new Set((await days()).map(text => text.slice(0, 3))), patience)
      .toEqual(new Set([wished.slice(0, 3)]))
    // On a narrow page what was just done is told beside what is asked now, and covers neither fields nor keys.
    await page.evaluate(() => {
      for (const text of [
        'Arrivo registrato.',
        "Corretto: l'appuntamento è com'era prima, e chi prenota lo vede subito.".repeat(2),
      ]) {
        const toast = document.createElement('div')
        toast.className = 'toast plain'
        toast.innerHTML = '<span class="grow"></span><button class="button quiet" type="button">×</button>'
        toast.children[0]?.append(text)
        document.querySelector('.toasts')?.append(toast)
      }
    })
    const covered = () =>
      page.evaluate(() => {
        const toasts = [...document.querySelectorAll('.toast')]
          .map(each => each.getBoundingClientRect())
          .filter(({ height }) => height > 0)
        const parts = [...document.querySelectorAll('.dialog button, .dialog input, .dialog textarea')].map(each =>
          each.getBoundingClientRect(),
        )
        const meet = (a: DOMRect, b: DOMRect) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
        return { shown: toasts.length, parts: parts.filter(part => toasts.some(toast => meet(part, toast))).length }
      })
    await expect.poll(covered, patience).toEqual({ shown: 1, parts: 0 })
    await picture(page, 'areas-move-toast-390')
    expect(await seriousFindings(page)).toEqual([])
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
  })

  test('the live page moves when an operator becomes available, without a reload', async () => {
    const { page } = await windowOf(supervisor, '/monitoring')
    const free = page.locator('.card', { hasText: 'Operatori liberi' }).locator('.big')
    // One of a try before this one may be seen off only by its silence.
    await expect.poll(() => free.textContent(), patience).toBe('0')
    await page.evaluate('window.stayed = true')
    const operator = await operatorAtDesk(pages, anna)
    try {
      await expect.poll(() => free.textContent(), patience).toBe('1')
      expect(await page.evaluate('window.stayed')).toBe(true)
      await picture(page, 'areas-monitoring')
      expect(await seriousFindings(page)).toEqual([])
    } finally {
      await operator.close()
    }
  })

  describe('every page, wide and narrow, has nothing that axe finds serious', () => {
    const pages: { name: string; person: PersonActor; path: string; ready: (page: Page) => Promise<void> }[] = [
      { name: 'pool', person: paola, path: '/cric/tickets?view=all', ready: seen('Quesiti') },
      { name: 'agency', person: agency, path: '/agency', ready: seen('Oggi') },
      { name: 'monitoring', person: supervisor, path: '/monitoring', ready: seen('In diretta') },
      { name: 'people', person: administrator, path: '/admin/people', ready: seen('Persone') },
      { name: 'numbers', person: administrator, path: '/admin/numbers/+390600000001', ready: seen('06 0000 0001') },
      { name: 'units', person: administrator, path: '/admin/units/ag-roma-eur', ready: seen('Roma EUR') },
    ]
    for (const { name, person, path, ready } of pages)
      test.for([1440, 390])(`${name} at %i px`, async width => {
        const { page, complaints } = await windowOf(person, path, { width, height: width === 390 ? 844 : 900 })
        await ready(page)
        await expect.poll(() => page.locator('.bones').count(), patience).toBe(0)
        await picture(page, `areas-${name}-${width}`)
        expect(await seriousFindings(page)).toEqual([])
        // Nothing is wider than the window.
        await fitsWindow(page)
        expect(complaints).toEqual([])
      })
  })
})

/** A heading that says so. */
const seen = (heading: string) => (page: Page) =>
  page
    .getByRole('heading', { name: new RegExp(heading) })
    .first()
    .waitFor()

function slotsIn(days: unknown): { date: string; start: string }[] {
  if (!Array.isArray(days)) return []
  return days
    .filter(isRecord)
    .flatMap(({ date, slots }) =>
      Array.isArray(slots) ? slots.filter(isRecord).map(slot => ({ date: String(date), start: String(slot.start) })) : [],
    )
}
