/**
 * What people write, on two pages at once and through everything that may come in between: a save elsewhere, another page and back, Escape, a
 * reload, the end of the session. Nothing is lost, what is shown is the latest, and whoever meets a colleague's text sees both.
 */
import type { Page, Route } from 'playwright-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { password, userOf } from '../support/accounts.ts'
import { picture, seriousFindings } from '../support/chromium.ts'
import { onPostgres } from '../support/database.ts'
import { answerWithEnter, becomeAvailable, callForPensions, openAllDay } from '../support/desk.ts'
import { idIn, pagesOf, patience } from '../support/pages.ts'
import { staff } from '../support/staff.ts'
import { now } from '../support/working-day.ts'

const { anna, luca, paola, supervisor, headquarters, administrator, agency } = staff
const number = '+390600000001'
const everyWidth = async (page: Page, name: string) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await picture(page, `${name}-390`)
  await page.setViewportSize({ width: 1440, height: 900 })
  await picture(page, name)
}
const draftsOf = (page: Page) => page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft:')).length")
const leave = async (page: Page) => {
  await page.getByRole('button', { name: /ruolo, lingua, uscita/ }).click()
  await page.getByRole('menuitem', { name: 'Esci', exact: true }).click()
  await page.getByRole('heading', { name: 'Accedi' }).waitFor()
}
const comeBack = async (page: Page, user: string, path: string) => {
  await page.getByLabel('Nome utente').fill(user)
  await page.getByLabel('Password').fill(password)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /ruolo, lingua, uscita/ }).waitFor()
  await page.goto(path)
}

onPostgres(open => {
  const pages = pagesOf(open, 'test')
  beforeEach(() => openAllDay(pages.url))

  async function conversation() {
    const operator = await pages.at(anna)
    const contact = await operator.send('POST', '/api/contacts', {
      ...{ kind: 'person', givenName: 'Giulia', familyName: 'Ferri', municipalityCode: '058091' },
      ...{ phones: ['06 5959 4321'], notes: 'Sente poco.' },
    })
    const interaction = await operator.send('POST', '/api/interactions', {
      ...{ channel: 'counter', contactId: idIn(contact), typologyId: 'vecchiaia' },
      question: 'Domanda di vecchiaia in lavorazione da 80 giorni.',
    })
    return { operator, contactId: idIn(contact), interactionId: idIn(interaction) }
  }

  /** A ticket that is Paola's. */
  async function ticket(): Promise<string> {
    const { operator, interactionId } = await conversation()
    const sent = await operator.send('POST', `/api/interactions/${interactionId}/linea`, {
      question: 'Domanda di vecchiaia in lavorazione da 80 giorni: mancano i contributi in Germania?',
      replyTo: { phone: '06 5555 0147' },
    })
    const id = idIn(sent.ticket)
    await (await pages.at(paola)).send('POST', `/api/tickets/${id}/claim`, {})
    return id
  }

  async function appointment(): Promise<string> {
    const { operator, interactionId } = await conversation()
    const { items } = await operator.send('GET', '/api/agenda/services?unitId=ag-roma-eur')
    const serviceId = Array.isArray(items) ? idIn(items[0]) : ''
    const free = await operator.send('GET', `/api/agenda/search?unitId=ag-roma-eur&serviceId=${serviceId}&limit=1`)
    const [time] = free.items as { start: string }[]
    const hold = await operator.send('POST', '/api/agenda/holds', {
      ...{ unitId: 'ag-roma-eur', serviceId, start: time?.start },
    })
    const reason = 'Porta i libretti di lavoro degli anni Settanta.'
    const booked = await operator.send('POST', `/api/interactions/${interactionId}/appointment`, { holdId: hold.id, reason })
    return String(booked.appointmentId)
  }

  test('a card that a colleague has changed: what does not meet is put together, what meets is chosen; the sheet in two tabs', async () => {
    const { contactId } = await conversation()
    const operator = await pages.window({ as: anna })
    const { page } = operator
    await becomeAvailable(page)
    const citizen = await pages.window()
    await callForPensions(citizen.page, '06 5959 4321')
    await answerWithEnter(page)
    await page
      .getByRole('button', { name: /Chi chiama è|È chi chiama/ })
      .first()
      .click()
    const openForm = () => page.getByRole('button', { name: 'Dati', exact: true }).click()
    const form = page.getByRole('dialog')
    const notes = form.getByLabel('Che cosa conviene sapere')
    await openForm()
    await notes.fill('Chiamare dopo le 17.')

    // The colleague saves first: another telephone, another note. Ours goes on against the version that was opened.
    const colleague = await pages.at(luca)
    const change = { phones: ['06 7777 1111'], notes: 'Deceduta, non chiamare.' }
    await colleague.send('POST', `/api/contacts/${contactId}/unmask`, { reason: 'correct' })
    await colleague.send('PATCH', `/api/contacts/${contactId}`, change, { 'if-match': '"1"' })
    await form.getByLabel('Nome', { exact: true }).fill('Giulia Maria')
    await form.getByRole('button', { name: 'Salva' }).click()
    await form.getByText('Luca Donati ha cambiato gli stessi campi').waitFor()
    await form.getByText('Deceduta, non chiamare.').waitFor()
    // Only what meets is to be chosen: the new number stands in its field.
    expect(await form.getByLabel('Telefoni', { exact: true }).inputValue()).toBe('06 7777 1111')
    expect(await seriousFindings(page)).toEqual([])
    await everyWidth(page, 'form-clash')
    // Nothing is saved before one has chosen; what was typed is still there after Escape.
    await expect.poll(() => form.getByRole('button', { name: 'Salva' }).getAttribute('aria-disabled'), patience).toBe('true')
    await page.keyboard.press('Escape')
    await form.waitFor({ state: 'detached' })
    await openForm()
    await form.getByText('Bozza non salvata').waitFor()
    await everyWidth(page, 'form-draft')
    await form.getByRole('button', { name: 'Vale quello registrato' }).click()
    await expect.poll(() => notes.inputValue(), patience).toBe('Deceduta, non chiamare.')
    await form.getByRole('button', { name: 'Salva' }).click()
    await form.waitFor({ state: 'detached' })
    const card = await colleague.send('GET', `/api/contacts/${contactId}`)
    expect(card).toMatchObject({
      ...{ givenName: 'Giulia Maria', notes: 'Deceduta, non chiamare.', version: 3 },
      phones: [{ number: '+390677771111' }],
    })

    // The same sheet in two tabs: one is told, and both texts are kept.
    const question = page.getByLabel('Quesito')
    await question.fill('Quando arriva la pensione?')
    await page.getByText('bozza salvata').waitFor()
    const second = await page.context().newPage()
    await second.goto('/desk')
    const other = second.getByLabel('Quesito')
    await expect.poll(() => other.inputValue(), patience).toBe('Quando arriva la pensione?')
    await second.route('**/api/interactions/*', route =>
      route.request().method() === 'PATCH' ? route.abort() : route.continue(),
    )
    await other.fill('Quando arriva, e quanto?')
    await second.getByText('conservata in questo browser, non ancora salvata').waitFor()
    await question.fill('Quando arriva la pensione di reversibilità?')
    await page.getByText("Stai scrivendo le stesse cose anche in un'altra finestra.").waitFor()
    await page.getByText('bozza salvata').waitFor()
    await second.unroute('**/api/interactions/*')
    await second.getByText("In un'altra finestra hai cambiato gli stessi campi").waitFor()
    await second.getByText('Quando arriva la pensione di reversibilità?').waitFor()
    expect(await other.inputValue()).toBe('Quando arriva, e quanto?')
    expect(await second.getByText('bozza salvata').count()).toBe(0)
    await picture(second, 'sheet-clash')
    await second.getByRole('button', { name: 'Vale il mio' }).click()
    await expect.poll(() => question.inputValue(), patience).toBe('Quando arriva, e quanto?')
    expect(operator.complaints).toEqual([])
  })

  test('the answer of a ticket: the latest text wherever one comes back, and both texts where two pages meet', async () => {
    const [id, elsewhere] = [await ticket(), await ticket()]
    const { page, complaints } = await pages.window({ as: paola, path: `/cric/tickets/${id}` })
    const answer = page.getByLabel('Risposta al cittadino')
    await answer.fill('Primo testo.')
    await page.getByText('bozza salvata').waitFor()
    // As long as the server does not have it, the page says so.
    const letThrough = Promise.withResolvers<void>()
    const hold = async (route: Route) => {
      await letThrough.promise
      await route.continue()
    }
    await page.route('**/draft', hold, { times: 1 })
    await answer.fill('Secondo testo.')
    await page.getByText(/non ancora salvato|salvataggio…/).waitFor()
    letThrough.resolve()
    await page.getByText('bozza salvata').waitFor()
    // Another ticket and back, a reload, and back in time: the latest, always.
    await page.goto(`/cric/tickets/${elsewhere}`)
    await answer.waitFor()
    await page.goBack()
    await expect.poll(() => answer.inputValue(), patience).toBe('Secondo testo.')
    await page.reload()
    await expect.poll(() => answer.inputValue(), patience).toBe('Secondo testo.')

    // A second page without a line goes on from what it has; then both are shown, and both can be kept.
    const second = await page.context().newPage()
    await second.goto(`/cric/tickets/${id}`)
    const other = second.getByLabel('Risposta al cittadino')
    await expect.poll(() => other.inputValue(), patience).toBe('Secondo testo.')
    await second.route('**/draft', route => route.abort())
    await other.fill('Secondo testo, scritto senza rete.')
    await second.getByText('non salvato: riprovo').waitFor()
    await answer.fill('Terzo testo.')
    await page.getByText('bozza salvata').waitFor()
    await second.unroute('**/draft')
    await second.getByText("In un'altra finestra hai cambiato gli stessi campi").waitFor()
    expect(await seriousFindings(second)).toEqual([])
    await everyWidth(second, 'ticket-clash')
    await second.getByRole('button', { name: 'Tieni tutti e due' }).click()
    await expect.poll(() => answer.inputValue(), patience).toBe('Terzo testo.\n\nSecondo testo, scritto senza rete.')

    // What was typed last before signing out is at the server, and nothing is left on the machine.
    await answer.fill('Testo finale.')
    await leave(page)
    await expect.poll(() => draftsOf(page), patience).toBe(0)
    await comeBack(page, userOf(paola), `/cric/tickets/${id}`)
    await expect.poll(() => answer.inputValue(), patience).toBe('Testo finale.')
    expect(complaints).toEqual([])
  })

  test('the rules of a queue by two supervisors, and one planned change by two at headquarters', async () => {
    const one = await pages.window({ as: supervisor, path: '/admin/lines/ccm-pensioni' })
    const two = await pages.window({ as: administrator, path: '/admin/lines/ccm-pensioni' })
    const most = (page: Page) => page.getByLabel('Persone in coda al massimo')
    await most(one.page).fill('40')
    await most(two.page).fill('55')
    await two.page.getByLabel('Tentativi', { exact: true }).fill('4')
    await one.page.getByRole('button', { name: 'Salva', exact: true }).click()
    await one.page.getByText('Regole salvate').first().waitFor()
    await two.page.getByRole('button', { name: 'Salva', exact: true }).click()
    await two.page.getByText('Ugo Preti ha cambiato gli stessi campi').waitFor()
    expect(await most(two.page).inputValue()).toBe('55')
    expect(await seriousFindings(two.page)).toEqual([])
    await everyWidth(two.page, 'rules-clash')
    await two.page.getByRole('button', { name: 'Vale quello registrato' }).click()
    await two.page.getByRole('button', { name: 'Salva', exact: true }).click()
    await two.page.getByText('Regole salvate').first().waitFor()
    const line = await (await pages.at(supervisor)).send('GET', '/api/sections/ccm-pensioni/line')
    expect(line).toMatchObject({ holds: { limits: { maxWaiting: 40 }, callbacks: { maxAttempts: 4 } } })

    const desk = await pages.at(headquarters)
    const path = `/api/numbers/${encodeURIComponent(number)}`
    const { version } = await desk.send('GET', path)
    const from = new Date(now() + 9 * 86_400_000).toISOString()
    const planned = await desk.send(
      'POST',
      `${path}/changes`,
      { mode: 'direct', from, reason: 'Prova in sede' },
      { 'if-match': `"${version}"` },
    )
    const third = await pages.window({ as: administrator, path: `/admin/numbers/${encodeURIComponent(number)}` })
    await third.page.getByRole('button', { name: 'Annulla il cambio previsto' }).click()
    const dialog = third.page.getByRole('dialog')
    await dialog.getByLabel('Perché, in una frase').fill('Ci abbiamo ripensato')
    const { next } = planned as { next: { changeId: string } }
    await desk.send(
      'POST',
      `${path}/changes/${next.changeId}/cancel`,
      { reason: 'Rinviato a marzo' },
      { 'if-match': `"${planned.version}"` },
    )
    await dialog.getByText('Intanto Nora Villa ha deciso su questo numero').waitFor()
    await dialog.getByText('Rinviato a marzo').waitFor()
    expect(await dialog.getByLabel('Perché, in una frase').inputValue()).toBe('Ci abbiamo ripensato')
    expect(await seriousFindings(third.page)).toEqual([])
    await everyWidth(third.page, 'number-decided')
    expect([...one.complaints, ...two.complaints, ...third.complaints]).toEqual([])
  })

  test('a session that ends by itself leaves nothing for the next person at this machine', async () => {
    const id = await ticket()
    const { page } = await pages.window({ as: paola, path: `/cric/tickets/${id}` })
    await page.getByLabel('Nuova nota').fill('Da non far vedere a chi viene dopo.')
    await expect.poll(() => draftsOf(page), patience).toBe(1)
    await pages.db.deleteFrom('session').where('person_id', '=', paola.personId).execute()
    await page.reload()
    await page.getByRole('heading', { name: 'Accedi' }).waitFor()
    await expect.poll(() => draftsOf(page), patience).toBe(0)
    await comeBack(page, userOf(paola), `/cric/tickets/${id}`)
    await expect.poll(() => page.getByLabel('Nuova nota').inputValue(), patience).toBe('')
  })

  describe('every form, through everything that may come in between', () => {
    interface FormCase {
      name: string
      as: (typeof staff)[keyof typeof staff]
      path(): Promise<string>
      /** Opens the form on its page. */
      show(page: Page): Promise<void>
      field(page: Page): ReturnType<Page['getByLabel']>
      /** What is written, one after the other. */
      texts?: readonly [string, string]
      /** Where it is not a field of text. */
      write?(page: Page, text: string): Promise<void>
      read?(field: ReturnType<Page['getByLabel']>): Promise<string>
      /** It saves itself: what was typed is at the server, also after the session. */
      savesItself?: boolean
      /** It is a dialog, which Escape closes. */
      isDialog?: boolean
    }
    const press = (name: string) => (page: Page) => page.getByRole('button', { name, exact: true }).first().click()
    const inDialog = (label: string) => (page: Page) => page.getByRole('dialog').getByLabel(label)
    const menu = (entry: string) => async (page: Page) => {
      await page.getByRole('main').getByRole('button', { name: 'Altro' }).last().click()
      await page.getByRole('menuitem', { name: entry }).click()
    }
    const stays = async () => {}
    const forms: FormCase[] = [
      {
        ...{ name: 'the answer of a ticket', as: paola, savesItself: true, show: stays },
        path: async () => `/cric/tickets/${await ticket()}`,
        field: page => page.getByLabel('Risposta al cittadino'),
      },
      {
        ...{ name: 'a note of a ticket', as: paola, show: stays },
        path: async () => `/cric/tickets/${await ticket()}`,
        field: page => page.getByLabel('Nuova nota'),
      },
      {
        ...{ name: 'why a ticket is forwarded', as: paola, isDialog: true, show: press('Alla direzione centrale') },
        path: async () => `/cric/tickets/${await ticket()}`,
        field: inDialog('Perché è complesso, e che cosa si chiede'),
      },
      {
        ...{ name: 'the preparation of an appointment', as: agency, savesItself: true, show: stays },
        path: async () => `/agency/${await appointment()}`,
        field: page => page.getByLabel('Preparazione'),
      },
      {
        ...{ name: 'why an appointment is cancelled', as: agency, isDialog: true, show: menu("Annulla l'appuntamento") },
        path: async () => `/agency/${await appointment()}`,
        field: inDialog('Perché'),
      },
      {
        ...{ name: 'the rules of a queue', as: supervisor, show: stays },
        path: async () => '/admin/lines/ccm-pensioni',
        field: page => page.getByLabel('Persone in coda al massimo'),
      },
      {
        ...{ name: 'the name of a person', as: administrator, isDialog: true, show: press('Modifica') },
        path: async () => `/admin/people/${anna.personId}`,
        field: inDialog('Nome e cognome'),
      },
      {
        ...{ name: 'a new person', as: administrator, isDialog: true, show: press('Nuova persona') },
        path: async () => '/admin/people',
        field: inDialog('Nome e cognome'),
      },
      {
        ...{ name: 'a role for a person', as: administrator, isDialog: true, show: press('Aggiungi un incarico') },
        path: async () => `/admin/people/${anna.personId}`,
        field: page => page.getByRole('dialog').getByRole('button', { name: /Ruolo$/ }),
        texts: ['Supervisore', 'Operatore'],
        async write(page, role) {
          await this.field(page).click()
          await page.getByRole('option', { name: role, exact: true }).click()
        },
        read: async field => (((await field.textContent()) ?? '').match(/Supervisore|Operatore/) ?? [''])[0],
      },
      {
        ...{ name: 'a change of a planned day', as: headquarters, show: stays },
        path: async () => '/planner',
        field: page => page.getByRole('textbox', { name: 'Operatori' }),
      },
      {
        ...{ name: 'why a number goes back to its office', as: headquarters, isDialog: true, show: press('Riporta in sede') },
        path: async () => `/admin/numbers/${encodeURIComponent(number)}`,
        field: inDialog('Perché, in una frase'),
      },
    ]

    test('is there after a walk elsewhere, Escape and a reload, named as a draft, and gone from the machine with the session', async () => {
      for (const each of forms) {
        const path = await each.path()
        const { page, complaints } = await pages.window({ as: each.as, path })
        const field = each.field(page)
        const [first, second] = each.texts ?? ['17', '18']
        const write = (text: string) => (each.write ? each.write(page, text) : field.fill(text))
        const read = () => (each.read ? each.read(field) : field.inputValue())
        const show = async () => {
          await each.show(page)
          await field.waitFor()
        }
        const stands = async (text: string, after: string) => {
          await show()
          await expect.poll(read, { ...patience, message: `${each.name} after ${after}` }).toBe(text)
          if (!each.savesItself) await page.getByText('Bozza non salvata').first().waitFor()
        }
        await show()
        const before = await read()
        await write(first)
        if (each.isDialog) {
          await page.keyboard.press('Escape')
          await stands(first, 'Escape')
          await page.keyboard.press('Escape')
        }
        await page.goto('/cric/cases/none')
        await page.goto(path)
        await stands(first, 'a walk elsewhere')
        await write(second)
        await page.reload()
        await stands(second, 'a reload')
        expect(await seriousFindings(page)).toEqual([])
        if (!each.savesItself) {
          // It can be dropped, and had back.
          await page.getByRole('button', { name: 'Butta la bozza' }).click()
          await expect.poll(read, { ...patience, message: `${each.name} dropped` }).toBe(before)
          await page.getByRole('button', { name: 'Riprendi la bozza' }).click()
          await expect.poll(read, { ...patience, message: `${each.name} had back` }).toBe(second)
          // The button is gone with its press, and its reader goes on in the field.
          await expect
            .poll(() => page.evaluate("document.activeElement.matches('input, textarea')"), {
              ...patience,
              message: `${each.name}: the field has the focus`,
            })
            .toBe(true)
        }
        if (each.isDialog) {
          await expect.poll(() => page.evaluate("document.activeElement.closest('[role=dialog]') !== null"), patience).toBe(true)
          await page.keyboard.press('Escape')
        }
        await leave(page)
        await expect.poll(() => draftsOf(page), patience).toBe(0)
        await comeBack(page, userOf(each.as), path)
        await show()
        await expect
          .poll(read, { ...patience, message: `${each.name} after the session` })
          .toBe(each.savesItself ? second : before)
        expect(complaints).toEqual([])
      }
    })
  })
})
