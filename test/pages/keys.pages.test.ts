/**
 * Work with the keyboard alone: from the sign-in to the sign-out, a call in each ending, a ticket. After each step the focus is where the next
 * thing is done, and what is typed in between is never taken for a wish at the telephone.
 */
import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import { beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { password, userOf } from '../support/accounts.ts'
import { picture, seriousFindings } from '../support/chromium.ts'
import { onPostgres } from '../support/database.ts'
import { callForPensions, openAllDay } from '../support/desk.ts'
import { handAt } from '../support/hand.ts'
import { type Caller, idIn, type Pages, pagesOf, patience } from '../support/pages.ts'
import { staff } from '../support/staff.ts'
import { now } from '../support/working-day.ts'

const known = '06 5555 0147'
/** Full of letters that would mute, hold, transfer and end the call. */
const question = 'Mi hanno detto che manca un mese: posso ancora mandare il modulo 3 e 2 ricevute?'

onPostgres(open => {
  const pages = pagesOf(open, 'test')
  beforeEach(() => openAllDay(pages.url))

  test('a day at the desk: a call in each ending, with nine keys for a known caller', async () => {
    await contactOf(pages, 'Giulia', 'Ferri', known)
    const operator = await pages.window({ path: '/sign-in' })
    const { page } = operator
    const hand = handAt(page)

    await hand.isAt('Nome utente')
    await hand.write(userOf(staff.anna))
    await hand.press('Tab')
    await hand.isAt('Password')
    await hand.write(password)
    await hand.press('Enter')
    await hand.isAt('Diventa disponibile')
    await hand.press('Enter')
    await hand.isAt('Il mio stato: Disponibile')

    // Who calls is known: nine keys, and what is written.
    const first = await pages.window()
    await callForPensions(first.page, known)
    await hand.isAt('Rispondi')
    const before = hand.pressed()
    await hand.answer()
    await first.page.getByText('In conversazione').waitFor()
    await hand.isAt('Chi chiama è Giulia Ferri')
    await hand.press('Enter')
    await hand.isAt('Tipologia')
    await hand.choose('pensione di vechiaia', 'Pensione di vecchiaia')
    await hand.isAt('Quesito, con parole')
    await hand.write(question)
    await telephoneIsAsBefore(page)
    await hand.press('Alt+1')
    await hand.isAt('Che cosa hai risposto')
    await hand.write('Sì, fino al 31: mandi il modulo e tutto il resto.')
    await telephoneIsAsBefore(page)
    await hand.press('Control+Enter')
    await hand.isAt('Risposto e chiuso al primo contatto.')
    await hand.press('F9')
    await first.page.getByText('Chiamata conclusa').waitFor()
    await hand.isAt('Pronto')
    await hand.press('Enter')
    await hand.isAt('Il mio stato')
    expect(hand.pressed() - before).toBeLessThanOrEqual(9)

    // Nobody knows the number: a new card, and a question for the second level. What is missing is said, and the focus is there.
    await page.getByText('In attesa della prossima chiamata').waitFor()
    const second = await pages.window()
    await callForPensions(second.page, '06 5959 4321')
    await hand.isAt('Rispondi')
    await hand.answer()
    await hand.isAt('Cerca la persona')
    await hand.write('Rossi Mario Antonio')
    await telephoneIsAsBefore(page)
    await page.getByText('Nessuna persona trovata').waitFor()
    await hand.press('Tab')
    await hand.isAt('Nuovo contatto')
    await hand.press('Enter')
    await hand.isAt('Nome')
    await hand.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await hand.isAt('Tipologia')
    await hand.choose('mi è morto il marito, mi spetta la reversibilità?', 'Pensione ai superstiti')
    await hand.isAt('Quesito, con parole')
    await hand.write(question)
    await hand.press('Alt+2')
    await hand.isAt('Rispondere a')
    await page.getByText('risposta entro').waitFor()
    await hand.press('Control+a')
    await hand.press('Delete')
    await hand.press('Control+Enter')
    await page.getByText('dove rispondere').waitFor()
    await hand.isAt('Rispondere a')
    await hand.write('mario.rossi@example.org')
    await hand.press('Control+Enter')
    await hand.isAt('Scheda Linea inviata')
    await picture(page, 'keys-linea-sent')

    // The citizen hangs up; the sheet is finished: what is next is the next call.
    await second.page.getByRole('button', { name: 'Riaggancia' }).click()
    await hand.isAt('Pronto')
    await hand.press('p')
    await hand.isAt('Il mio stato')

    // An appointment.
    await page.getByText('In attesa della prossima chiamata').waitFor()
    const third = await pages.window()
    await callForPensions(third.page, known)
    await hand.isAt('Rispondi')
    await hand.answer()
    await hand.isAt('Chi chiama è Giulia Ferri')
    await hand.press('Enter')
    await hand.isAt('Tipologia')
    await hand.choose('vecchiaia', 'Pensione di vecchiaia')
    await hand.isAt('Quesito, con parole')
    await hand.write(question)
    await hand.press('Alt+3')
    // The office that was called comes first, and the service follows from the typology: the first free time has the focus.
    await hand.isAt(/^(lun|mar|mer|gio|ven)/)
    expect(await page.locator('.offices > li b').first().textContent()).toContain('Roma EUR')
    await picture(page, 'keys-appointment')
    await hand.press('Enter')
    await hand.isAt('Che cosa serve')
    await hand.write('Portare i documenti della domanda')
    await telephoneIsAsBefore(page)
    await hand.press('Control+Enter')
    await hand.isAt('Appuntamento confermato')
    await hand.press('F9')
    await hand.isAt('Pronto')
    await hand.press('Enter')
    await hand.isAt('Il mio stato')

    // Out, by the search that also acts.
    await hand.press('Control+k')
    await hand.isAt('Cerca o fai')
    await hand.write('esci')
    await page.getByRole('menuitem', { name: /^Esci azione/ }).waitFor()
    await hand.press('Enter')
    await hand.isAt('Nome utente')
    expect(operator.complaints).toEqual([])
  })

  test('the second level: through the list, taken, answered, on to the next; filtered and sorted', async () => {
    const giulia = await contactOf(pages, 'Giulia', 'Ferri', known)
    const sender = await pages.at(staff.anna)
    // More than the list reads at once.
    for (let n = 0; n < 32; n++)
      await ticketOf(
        sender,
        await contactOf(pages, 'Carla', n === 31 ? 'Trentuno' : `Numero ${n}`, `06 5555 ${1_000 + n}`),
        'vecchiaia',
      )
    await ticketOf(sender, giulia, 'superstiti')
    const member = await pages.window({ as: staff.paola, path: '/cric/tickets' })
    const { page } = member
    const hand = handAt(page)
    const rows = page.getByRole('row').filter({ hasText: 'Carla' })
    await rows.first().waitFor()

    // Down the list, past its thirtieth line.
    for (let n = 0; n < 33; n++) {
      const before = page.url()
      await hand.press('j')
      await expect.poll(() => page.url(), patience).not.toBe(before)
    }
    await hand.isAt('Pensione ai superstiti')
    await expect.poll(() => page.locator('.tickets .on').textContent(), patience).toContain('Giulia Ferri')

    // Taken: the list goes along, and the answer can be written.
    await hand.press('p')
    await page.getByText('in carico a te').first().waitFor()
    await expect.poll(() => page.url(), patience).toContain('view=mine')
    await hand.isAt('Pensione ai superstiti')
    await hand.press('r')
    await hand.isAt('Risposta al cittadino')
    await hand.write('Manca il certificato: lo mandi e basta.')
    await hand.press('Control+Enter')
    // There is no mail server: nobody is told that the answer has been sent.
    await page.getByText('non può ancora partire').first().waitFor()
    expect(await page.getByText('Risposta inviata').count()).toBe(0)
    await hand.isAt('Pensione ai superstiti')

    // One key for each list, and the hands stay where they are.
    for (const [key, view] of [
      ['4', 'all'],
      ['2', 'mine'],
      ['1', 'pool'],
    ] as const) {
      await hand.press(key)
      await expect.poll(() => page.url(), patience).toContain(`view=${view}`)
      await hand.isAt('Pensione ai superstiti')
    }

    // The list of the section, narrowed by a word, sorted by a column.
    await rows.first().waitFor()
    await hand.press('/')
    await hand.isAt('Filtra per parola')
    await hand.write('carla trentuno')
    await expect.poll(() => rows.count(), patience).toBe(1)
    await hand.press('Control+a')
    await hand.press('Delete')
    await page.getByRole('columnheader', { name: 'Età' }).click()
    await expect.poll(() => rows.count(), patience).toBe(32)
    await picture(page, 'keys-pool')
    expect(await seriousFindings(page)).toEqual([])
    expect(member.complaints).toEqual([])
  })

  test('the day of an agency: who has arrived, received, dealt with, and on to the next', async () => {
    await expectedAt(pages, await contactOf(pages, 'Giulia', 'Ferri', known), 1)
    await expectedAt(pages, await contactOf(pages, 'Carla', 'Numero', '06 5555 1000'), 40)
    const officer = await pages.window({ as: staff.agency, path: '/agency' })
    const { page } = officer
    const hand = handAt(page)
    await page.getByText('Carla Numero').first().waitFor()
    await hand.press('j')
    await hand.isAt('Giulia Ferri')
    for (const [key, said] of [
      ['a', 'Arrivo registrato.'],
      ['i', 'Appuntamento iniziato.'],
    ] as const) {
      await hand.press(key)
      await page.getByText(said).first().waitFor()
      await hand.isAt('Giulia Ferri')
    }
    await hand.press('c')
    await hand.isAt('Che cosa si è fatto')
    await hand.write('Spiegati i contributi.')
    await hand.press('Control+Enter')
    await page.getByText('Appuntamento concluso.').first().waitFor()
    await hand.isAt('Carla Numero')
    await hand.press('k')
    await hand.isAt('Giulia Ferri')
    await picture(page, 'keys-agency')
    expect(await seriousFindings(page)).toEqual([])
    expect(officer.complaints).toEqual([])
  })
})

/** Somebody who is expected at the agency today, so many minutes from now. */
async function expectedAt(pages: Pages, contactId: string, minutes: number): Promise<void> {
  const operator = await pages.at(staff.anna)
  const about = { channel: 'counter', contactId, typologyId: 'vecchiaia', question: 'Vuole capire i contributi.' }
  const interaction = await operator.send('POST', '/api/interactions', about)
  const { items } = await operator.send('GET', '/api/agenda/services?unitId=ag-roma-eur')
  const serviceId = Array.isArray(items) ? idIn(items[0]) : ''
  const free = await operator.send('GET', `/api/agenda/search?unitId=ag-roma-eur&serviceId=${serviceId}&limit=1`)
  const start = z.array(z.object({ start: z.string() })).parse(free.items)[0]?.start
  const hold = await operator.send('POST', '/api/agenda/holds', { unitId: 'ag-roma-eur', serviceId, start })
  const booked = await operator.send('POST', `/api/interactions/${interaction.id}/appointment`, {
    ...{ holdId: hold.id, reason: 'Porta i libretti di lavoro.' },
  })
  // Within office time of today, whatever the hour.
  const today = sql`${new Date(now())}::timestamptz`
  await sql`
    update appointment
    set    starts_at = date_trunc('day', ${today} at time zone 'Europe/Rome') at time zone 'Europe/Rome' + ${minutes} * interval '1 minute',
           ends_at = date_trunc('day', ${today} at time zone 'Europe/Rome') at time zone 'Europe/Rome' + ${minutes + 30} * interval '1 minute'
    where  id = ${String(booked.appointmentId)}`.execute(pages.db)
}

/** A question for the second level, sent from a counter. */
async function ticketOf(operator: Caller, contactId: string, typologyId: string): Promise<void> {
  const about = { channel: 'counter', contactId, typologyId, question: 'Vuole sapere a che punto è.' }
  const interaction = await operator.send('POST', '/api/interactions', about)
  await operator.send('POST', `/api/interactions/${interaction.id}/linea`, {
    question: 'La domanda risulta in lavorazione da 80 giorni: che cosa manca?',
    replyTo: { email: 'giulia.ferri@example.org' },
  })
}

/** A person of whom the institute has a card. */
async function contactOf(pages: Pages, givenName: string, familyName: string, phone: string): Promise<string> {
  const operator = await pages.at(staff.anna)
  const address = { municipalityCode: '058091', phones: [phone], emails: [] }
  return idIn(await operator.send('POST', '/api/contacts', { kind: 'person', givenName, familyName, ...address }))
}

/** Nothing that was typed has muted, held, or passed on the call. */
async function telephoneIsAsBefore(page: Page): Promise<void> {
  expect(await page.getByRole('button', { name: 'Muto', pressed: true }).count()).toBe(0)
  expect(await page.getByRole('button', { name: 'Metti in attesa', pressed: false }).count()).toBe(1)
  expect(await page.getByRole('dialog').count()).toBe(0)
}
