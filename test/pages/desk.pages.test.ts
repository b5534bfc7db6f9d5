/**
 * The desk on a bad day: a call that nobody answers, a page that is reloaded in the middle of a conversation, a sheet that is finished after
 * the hang-up, a second tab, a narrow screen. Nothing that was written is lost, and everything says in words what it wants.
 */
import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import type { Hold } from '../../src/agenda/model.ts'
import { hears, picture, seriousFindings, soundOf } from '../support/chromium.ts'
import { onPostgres } from '../support/database.ts'
import { answerWithEnter, becomeAvailable, callForPensions, openAllDay, usualRingMs } from '../support/desk.ts'
import { idIn, isRecord, pagesOf, patience, pressKey } from '../support/pages.ts'
import { staff } from '../support/staff.ts'

const narrow = { width: 390, height: 844 }
const wide = { width: 1440, height: 900 }
const question = 'Quando arriva il primo pagamento della pensione?'

onPostgres(open => {
  const pages = pagesOf(open, 'test')
  beforeEach(() => openAllDay(pages.url, usualRingMs))

  /** A colleague books for a citizen at the time of a hold, in another office that is free then. */
  async function bookedElsewhere(familyName: string, { start, unit, service }: Hold) {
    const colleague = await pages.at(staff.luca)
    const found = await colleague.send('GET', `/api/contacts?q=${familyName}`)
    const contactId = idIn(listIn(found.items)[0])
    const free = await colleague.send('GET', `/api/agenda/search?near=058091&serviceId=${service.id}&limit=20`)
    const others = listIn(free.items).flatMap(each => (idIn(each.unit) === unit.id ? [] : [idIn(each.unit)]))
    let unitId: string | undefined
    for (const other of others) {
      const times = await colleague.send('GET', `/api/agenda/search?unitId=${other}&serviceId=${service.id}&limit=20`)
      if (listIn(times.items).some(time => time.start === start)) unitId ??= other
    }
    const hold = await colleague.send('POST', '/api/agenda/holds', { unitId, serviceId: service.id, start })
    const interaction = await colleague.send('POST', '/api/interactions', {
      channel: 'counter',
      contactId,
      typologyId: 'vecchiaia',
      question: 'Vuole un appuntamento per la domanda.',
    })
    await colleague.send('POST', `/api/interactions/${interaction.id}/appointment`, {
      holdId: idIn(hold),
      reason: 'Portare i documenti della domanda',
    })
  }

  test('an unanswered call, a reload in the conversation, an end after the hang-up', async () => {
    const operator = await pages.window({ as: staff.anna })
    const { page } = operator
    await becomeAvailable(page)
    expect(await seriousFindings(page)).toEqual([])
    await page.setViewportSize(narrow)
    await picture(page, 'desk-available-390')
    expect(await seriousFindings(page)).toEqual([])
    await page.setViewportSize(wide)

    // Nobody answers: the operator is set to pause and told why, and one press is enough to go on.
    const citizen = await pages.window()
    await callForPensions(citizen.page, '06 5959 4321')
    await page.getByRole('button', { name: 'Rispondi' }).waitFor()
    await page.setViewportSize(narrow)
    await picture(page, 'desk-ringing-390')
    expect(await seriousFindings(page)).toEqual([])
    await page.setViewportSize(wide)
    await page.getByText('ha squillato senza risposta').first().waitFor()
    await picture(page, 'desk-unanswered')
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Diventa disponibile', exact: true }).first().click()

    // The caller has kept the place.
    await answerWithEnter(page)
    await citizen.page.getByText('In conversazione').waitFor()
    await page.getByLabel('Quesito').fill(question)

    // The page is reloaded: the citizen is told so, and the same operator is rung again. What was written is there.
    await page.reload()
    await citizen.page.getByText('È caduta la linea con chi le stava rispondendo').waitFor()
    await answerWithEnter(page)
    await citizen.page.getByText('In conversazione').waitFor()

    // Reloaded once more, and the second ring is not answered: the citizen is told who comes now, and the desk says why it rests.
    await page.reload()
    await page.getByRole('button', { name: 'Rispondi' }).waitFor()
    await citizen.page.getByText('Non riusciamo a richiamare la stessa persona').waitFor()
    await page.getByText('ha squillato senza risposta').first().waitFor()
    await expect.poll(() => page.getByRole('group', { name: 'Azioni sulla chiamata' }).count(), patience).toBe(0)
    await picture(page, 'desk-lost-unanswered')
    await page.getByRole('button', { name: 'Diventa disponibile', exact: true }).first().click()
    await answerWithEnter(page)
    await citizen.page.getByText('In conversazione').waitFor()
    await hears(citizen.page, await soundOf(citizen.page))
    await expect.poll(() => page.getByLabel('Quesito').inputValue(), patience).toBe(question)

    // One column on a narrow screen; the person opens at the side.
    await page.setViewportSize(narrow)
    await picture(page, 'desk-talking-390')
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Chi è?' }).click()
    await page.getByRole('dialog').getByLabel('Cerca la persona').waitFor()
    await picture(page, 'desk-person-390')
    await page.keyboard.press('Escape')
    await page.setViewportSize(wide)

    // The citizen hangs up. An end needs a contact and a typology, and says so in words.
    await citizen.page.getByRole('button', { name: 'Riaggancia' }).click()
    await page.getByText('Tempo per concludere').first().waitFor()
    await pressKey(page, 'Alt+1')
    await page.getByLabel('Che cosa hai risposto').fill('Il primo pagamento arriva il 1° del mese dopo la decorrenza.')
    await page.keyboard.press('Control+Enter')
    await page.getByText('Per concludere manca:').waitFor()
    expect(await page.getByRole('alert').filter({ hasText: 'manca' }).textContent()).toMatch(/contatto[\s\S]*tipologia/)
    await picture(page, 'desk-missing')
    expect(await seriousFindings(page)).toEqual([])

    await page.getByRole('button', { name: 'Nuovo contatto' }).click()
    const form = page.getByRole('dialog')
    await form.getByLabel('Nome', { exact: true }).fill('Marco')
    await form.getByLabel('Cognome').fill('Iodice')
    await form.getByLabel('Codice fiscale').fill('DCIMRC15A01H501Y')
    await form.getByText('Nascita: 01/01/1915 o 01/01/2015? Chiedi, e scrivi la data.').waitFor()
    for (const size of [narrow, wide]) {
      await page.setViewportSize(size)
      await picture(page, `desk-either-century-${size.width}`)
      expect(await seriousFindings(page)).toEqual([])
    }
    await form.getByLabel('Comune di residenza').fill('roma')
    await page.getByRole('option', { name: 'Roma (RM)' }).click()
    await form.getByRole('button', { name: 'Salva' }).click()
    // It is saved without the date, and said once more.
    await form.getByText('la data di nascita può essere di due secoli').waitFor()
    await picture(page, 'desk-century-saved')
    expect(await seriousFindings(page)).toEqual([])
    await page.keyboard.press('Enter')
    await form.waitFor({ state: 'detached' })
    await page.locator('.person-name', { hasText: 'Marco Iodice' }).waitFor()
    await page.getByRole('combobox', { name: 'Tipologia' }).fill('vecchiaia')
    await page.getByRole('option', { name: 'Pensione di vecchiaia' }).first().click()

    // Whichever office it will be calls citizens by their numbers.
    await sql`insert into agenda_letter (unit_id, service_id, letter)
              select unit_id, service_id, 'B' from agenda_service_of_unit on conflict do nothing`.execute(pages.db)
    // An appointment: a time is held, let go on going back, held again, and confirmed.
    await pressKey(page, 'Alt+3')
    await page.getByRole('button', { name: 'Servizio' }).click()
    await page.getByRole('option').first().click()
    const times = page.locator('.offices .slot')
    await times.first().waitFor()
    await picture(page, 'desk-appointment')
    expect(await seriousFindings(page)).toEqual([])
    await times.first().click()
    await page.getByRole('button', { name: 'Cambia orario' }).click()
    const held = page.waitForResponse(answer => answer.url().endsWith('/api/agenda/holds') && answer.ok())
    await times.first().click()
    await page.getByLabel('Che cosa serve, in una frase').fill('Portare i documenti della domanda')
    await picture(page, 'desk-held')
    // Meanwhile a colleague has booked for the same citizen at that time: it is said, and done when both are wanted.
    await bookedElsewhere('Iodice', await (await held).json())
    await page.keyboard.press('Control+Enter')
    const despite = page.getByRole('button', { name: 'Prenota lo stesso' })
    await despite.waitFor()
    for (const size of [narrow, wide]) {
      await page.setViewportSize(size)
      await despite.scrollIntoViewIfNeeded()
      await picture(page, `desk-elsewhere-booked-${size.width}`)
      expect(await seriousFindings(page)).toEqual([])
    }
    await despite.focus()
    await page.keyboard.press('Enter')
    await page.getByText('Appuntamento confermato').waitFor()
    expect(await page.locator('.to-say').textContent()).toMatch(/Il suo numero di quel giorno è [A-Z]\d{3}\./)
    expect(await page.locator('.codes').textContent()).toMatch(/Numero del giorno[A-Z]\d{3}/)
    await picture(page, 'desk-booked')
    expect(await seriousFindings(page)).toEqual([])
    expect(operator.complaints).toEqual([])

    // In the history of its case the whole call is one row, which unfolds to its steps.
    await page.locator('.finished').getByRole('link', { name: 'Apri la pratica' }).click()
    const inHistory = page.locator('.history-call')
    await inHistory.getByText(/Telefonata, \d+:\d\d–\d+:\d\d/).waitFor()
    expect(await inHistory.textContent()).toMatch(/ha atteso .+, ha risposto Anna Bianchi/)
    expect(await page.locator('.history-call').count()).toBe(1)
    await picture(page, 'case-call')
    await inHistory.locator('summary').click()
    await inHistory.getByText('La conversazione si è interrotta').first().waitFor()
    await picture(page, 'case-call-unfolded')
    expect(await seriousFindings(page)).toEqual([])
    // By the link, so that this page keeps the telephone.
    await page.getByRole('link', { name: 'Banco' }).click()
    await page.getByText('Appuntamento confermato').waitFor()

    // Another tab says calmly that the telephone is elsewhere, and takes it over in one press.
    const other = await operator.context.newPage()
    await other.goto('/desk')
    await other.getByRole('button', { name: 'Usa questa pagina' }).first().waitFor()
    await picture(other, 'desk-elsewhere')
    await other.getByRole('button', { name: 'Usa questa pagina' }).first().click()
    await page.getByRole('button', { name: 'Usa questa pagina' }).first().waitFor()
    await other.getByText('Il telefono è in un’altra pagina').waitFor({ state: 'detached' })
  })
})

const listIn = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isRecord) : [])
