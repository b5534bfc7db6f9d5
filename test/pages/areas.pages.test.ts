/**
 * The pages of regional centre, agency, monitoring and administration, in a real browser on the whole program: signing in, acting as, a
 * question from the pool to its answer by keyboard, an appointment from its preparation to its end, the live page that moves by itself.
 */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildWeb } from '../../scripts/build-web.ts'
import { type Program, startProgram } from '../../src/main.ts'
import { type PersonActor, readConfig } from '../../src/platform/index.ts'
import { password, userOf } from '../support/accounts.ts'
import { browserAt } from '../support/browser.ts'
import { openChromium, openWindow, picture, seriousFindings, type Window, webFolder } from '../support/chromium.ts'
import { onPostgres } from '../support/database.ts'
import { staff } from '../support/staff.ts'

const { anna, paola, marco, contributions, directorate, agency, supervisor, administrator } = staff

/** The machine may be busy; a page that hears of a change by itself does so well within this. */
const patience = { timeout: 10_000 }

onPostgres(open => {
  let program: Program
  let browser: Browser
  let url: string

  beforeAll(async () => {
    await buildWeb()
    const house = await open()
    program = await startProgram(readConfig({ DATABASE_URL: house.url, PORT: '0', LOG_LEVEL: 'warn', SAMPLE: 'never' }), {
      webFolder,
    })
    url = program.url ?? ''
    browser = await openChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await program?.close()
  })

  /** A person at the API, signed in. Refusals are errors: what is asked here has to work. */
  async function at(person: PersonActor) {
    const api = browserAt(url)
    const send = async (method: string, path: string, body?: unknown): Promise<Record<string, unknown>> => {
      const answer = await api.send(method, path, body)
      if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
      return isRecord(answer.body) ? answer.body : {}
    }
    await send('POST', '/api/session', { user: userOf(person), password })
    return { send, cookie: api.cookie ?? '' }
  }

  /** A window of a person who has signed in. */
  async function windowOf(person: PersonActor, path: string, size: { width?: number; height?: number } = {}): Promise<Window> {
    const { cookie } = await at(person)
    const window = await openWindow(browser, url, { cookies: cookie, ...size })
    window.page.setDefaultTimeout(20_000)
    await window.page.goto(path)
    return window
  }

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
    const free = slotsIn(days)[0]
    if (!free) throw new Error('There is no free time at Roma EUR in the next two weeks.')
    const hold = await operator.send('POST', '/api/agenda/holds', { unitId: 'ag-roma-eur', serviceId, start: free.start })
    const booked = await operator.send('POST', `/api/interactions/${interaction.id}/appointment`, {
      holdId: hold.id,
      reason: 'Porta i libretti di lavoro degli anni Settanta.',
    })
    return { name, id: String(booked.appointmentId), day: free.date }
  }

  describe('signing in', () => {
    test('by form; a wrong password is told; the page that was wanted opens afterwards', async () => {
      const { page, context } = await openWindow(browser, url)
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
      await context.close()
    })

    test('acting as another of the own roles changes what there is to do', async () => {
      const admin = await at(administrator)
      await admin.send('POST', `/api/people/${contributions.personId}/assignments`, { role: 'supervisor', unitId: 'ccm' })
      const { page, context } = await windowOf(contributions, '/')
      await page.getByRole('link', { name: 'Quesiti' }).waitFor()
      await page.getByRole('button', { name: /ruolo, lingua, uscita/ }).click()
      await page.getByRole('menuitem', { name: /Supervisore/ }).click()
      await page.getByRole('heading', { name: 'In diretta' }).waitFor()
      expect(await page.getByRole('link', { name: 'Quesiti' }).count()).toBe(0)

      await page.goto('/cric/tickets')
      await page.goto('/agency')
      await page.getByText('Questa pagina è di un altro ruolo').waitFor()
      expect(await seriousFindings(page)).toEqual([])

      // English, and back in the language of before after a reload.
      await page.getByRole('button', { name: /ruolo, lingua, uscita/ }).click()
      await page.getByRole('menuitem', { name: 'English' }).click()
      await page.getByText('This page belongs to another role').waitFor()
      await context.close()
    })

    test('an address that nobody has says so', async () => {
      const { page, context } = await windowOf(paola, '/nowhere')
      await page.getByText("Questa pagina non c'è").waitFor()
      expect(await seriousFindings(page)).toEqual([])
      await context.close()
    })
  })

  describe('a question of the second level', () => {
    test('is claimed, answered and closed without the mouse, and its history tells all', async () => {
      const { name, id } = await ticket('phone')
      const { page, context, complaints } = await windowOf(paola, '/cric/tickets')
      await page.getByRole('row', { name: new RegExp(name) }).waitFor()
      // Into the list, down to the question, open it.
      await page.getByRole('row', { name: new RegExp(name) }).focus()
      await page.keyboard.press('Enter')
      await page.waitForURL(new RegExp(id))
      await expect.poll(() => page.evaluate('document.activeElement?.tagName'), patience).toBe('H1')
      await page.keyboard.press('p')
      await page.getByText('in carico a te').waitFor()

      await page.keyboard.press('n')
      await page.keyboard.type('Verificato in archivio: domanda completa.')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await page.getByText('Nota aggiunta.').waitFor()

      await page.getByRole('heading', { level: 1, name: 'Pensione di vecchiaia' }).focus()
      await page.keyboard.press('r')
      await page.keyboard.type('La domanda è completa: la decorrenza è dal primo del mese.')
      await page.getByText('bozza salvata').waitFor()
      await picture(page, 'areas-ticket')
      expect(await seriousFindings(page)).toEqual([])
      await page.keyboard.press('Control+Enter')
      await page.getByText('La risposta data').waitFor()
      await page.getByText('Quesito chiuso').waitFor()

      await page.getByRole('link', { name: 'Tutta la pratica' }).click()
      const history = page.locator('.timeline')
      await history.first().waitFor()
      const told = (await history.allInnerTexts()).join('\n')
      for (const sentence of [
        'Aperta la pratica',
        'Inviata a CRIC Lazio',
        'Ha preso in carico',
        'Ha scritto una nota',
        'Quesito chiuso',
      ])
        expect(told).toContain(sentence)
      expect(await seriousFindings(page)).toEqual([])
      expect(complaints).toEqual([])
      await context.close()
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
      await page.keyboard.press('p')
      await page.getByRole('alert').getByText('Il quesito è già in carico a Marco Sala').waitFor()
      expect(await answer.inputValue()).toBe('Comincio a scrivere prima di prenderlo.')
      expect(await seriousFindings(page)).toEqual([])

      // What is not allowed is still there, and says why.
      const send = page.getByRole('button', { name: /Ho risposto, chiudi/ })
      expect(await send.getAttribute('aria-disabled')).toBe('true')
      await send.focus()
      await page.getByRole('tooltip').getByText('È in carico a Marco Sala').waitFor()
      await page.reload()
      await expect.poll(() => answer.inputValue(), patience).toBe('Comincio a scrivere prima di prenderlo.')
      await context.close()
    })

    test('changes on the screen when a colleague does something with it', async () => {
      const { id } = await ticket()
      const { page, context } = await windowOf(paola, `/cric/tickets/${id}`)
      await page.getByRole('button', { name: /Prendo in carico/ }).waitFor()
      const colleague = await at(marco)
      await colleague.send('POST', `/api/tickets/${id}/claim`, {})
      await page.getByText('in carico a Marco Sala').first().waitFor(patience)
      await context.close()
    })

    test('goes to the central directorate and comes back', async () => {
      const { id } = await ticket('email')
      const { page, context } = await windowOf(paola, `/cric/tickets/${id}`)
      await page.getByRole('button', { name: /Prendo in carico/ }).waitFor()
      await page.keyboard.press('p')
      await page.getByText('in carico a te').waitFor()
      await page.keyboard.press('f')
      await page.getByRole('dialog').getByLabel('Perché è complesso').fill('Periodi in tre Stati: quale convenzione prevale?')
      await page.getByRole('dialog').getByRole('button', { name: 'Inoltra' }).click()
      await page.getByText('a Direzione centrale pensioni').first().waitFor()

      const central = await windowOf(directorate, '/cric/tickets')
      await central.page.getByRole('row').nth(1).click()
      await central.page.getByRole('textbox', { name: /Risposta a/ }).fill('Prevale il regolamento europeo.')
      await central.page.getByRole('button', { name: /Rispondi al centro/ }).click()
      await central.page.getByText('Risposta inviata al centro.').waitFor()
      await central.context.close()

      await page.getByText('Prevale il regolamento europeo.').first().waitFor()
      await page
        .getByRole('textbox', { name: 'Risposta al cittadino' })
        .fill('Prevale il regolamento europeo: non deve fare altro.')
      await page.keyboard.press('Control+Enter')
      await page.getByText('La risposta in partenza').waitFor()
      await context.close()
    })

    test('reaches an agency only as an appointment to rebuild the paper dossier', async () => {
      const { id } = await ticket()
      const { page, context } = await windowOf(paola, `/cric/tickets/${id}`)
      await page.getByRole('button', { name: /Prendo in carico/ }).waitFor()
      await page.keyboard.press('p')
      await page.getByText('in carico a te').waitFor()
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
      await context.close()
    })
  })

  test('an appointment is prepared, started and concluded', async () => {
    const { name, day } = await appointment()
    const { page, context, complaints } = await windowOf(agency, `/agency?day=${day}`)
    const line = page.getByRole('row', { name: new RegExp(name) })
    await line.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('textbox', { name: 'Preparazione' }).fill('Guardare i periodi 1972–1979.')
    await page.getByText(/^Lia Moro · /).waitFor()
    await page.reload()
    await expect
      .poll(() => page.getByRole('textbox', { name: 'Preparazione' }).inputValue(), patience)
      .toBe('Guardare i periodi 1972–1979.')
    await page.getByRole('heading', { level: 1, name }).focus()
    await page.keyboard.press('a')
    await page.getByText('Arrivo registrato.').waitFor()
    await page.keyboard.press('i')
    await page.getByText('Appuntamento iniziato.').waitFor()
    await page.keyboard.press('c')
    await page.getByRole('dialog').getByLabel('Che cosa si è fatto').fill('Periodi ricostruiti e registrati.')
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('dialog').getByRole('button', { name: 'Concludi' }).click()
    await page.getByText('Periodi ricostruiti e registrati.').first().waitFor()
    await page.getByText('Pratica conclusa').first().waitFor()
    await picture(page, 'areas-appointment')
    expect(complaints).toEqual([])
    await context.close()
  })

  test('the live page moves when an operator becomes available, without a reload', async () => {
    const { page, context } = await windowOf(supervisor, '/monitoring')
    const free = page.locator('.card', { hasText: 'Operatori liberi' }).locator('.big')
    await free.waitFor()
    expect(await free.textContent()).toBe('0')
    await page.evaluate('window.stayed = true')
    const operator = await at(anna)
    const pageId = '00000000-0000-7000-8000-00000000abcd'
    await operator.send('POST', '/api/desk/heartbeat', { pageId, telephoneReady: true })
    await operator.send('POST', '/api/desk/available', { pageId })
    await expect.poll(() => free.textContent(), patience).toBe('1')
    expect(await page.evaluate('window.stayed')).toBe(true)
    await picture(page, 'areas-monitoring')
    expect(await seriousFindings(page)).toEqual([])
    await operator.send('POST', '/api/desk/sign-out', {})
    await context.close()
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
        const { page, context, complaints } = await windowOf(person, path, { width, height: width === 390 ? 844 : 900 })
        await ready(page)
        await expect.poll(() => page.locator('.bones').count(), patience).toBe(0)
        await picture(page, `areas-${name}-${width}`)
        expect(await seriousFindings(page)).toEqual([])
        // Nothing is wider than the window.
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
        expect(complaints).toEqual([])
        await context.close()
      })
  })
})

/** A heading that says so. */
const seen = (heading: string) => (page: Page) =>
  page
    .getByRole('heading', { name: new RegExp(heading) })
    .first()
    .waitFor()

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function idIn(value: unknown): string {
  if (!isRecord(value) || typeof value.id !== 'string') throw new Error('There is no identifier in the answer.')
  return value.id
}

function slotsIn(days: unknown): { date: string; start: string }[] {
  if (!Array.isArray(days)) return []
  return days
    .filter(isRecord)
    .flatMap(({ date, slots }) =>
      Array.isArray(slots) ? slots.filter(isRecord).map(slot => ({ date: String(date), start: String(slot.start) })) : [],
    )
}
