/**
 * The way of a call without any telephone: one browser calls the agency of Roma EUR, another is the operator. Both are real, with microphones
 * that beep; they hear each other, and the question ends as a Linea ticket.
 */
import { beforeEach, expect, test } from 'vitest'
import { hears, picture, seriousFindings, soundOf } from '../support/chromium.ts'
import { onPostgres } from '../support/database.ts'
import { answerWithEnter, becomeAvailable, openAllDay } from '../support/desk.ts'
import { pagesOf, patience, pressKey } from '../support/pages.ts'
import { staff } from '../support/staff.ts'

onPostgres(open => {
  const pages = pagesOf(open, 'test')
  beforeEach(() => openAllDay(pages.url))

  test('a citizen calls Roma EUR, presses 1, talks to an operator, and gets a request code', async () => {
    const operator = await pages.window({ as: staff.anna })
    await becomeAvailable(operator.page)
    await picture(operator.page, 'desk-available')

    const citizen = await pages.window()
    await citizen.page.goto('/telephone')
    expect(await seriousFindings(citizen.page)).toEqual([])
    await picture(citizen.page, 'telephone-idle')
    await citizen.page.getByLabel('Il tuo numero').fill('06 5959 4321')
    await citizen.page.getByRole('button', { name: 'Chiama' }).click()
    await citizen.page.getByText('Benvenuto. Questo è il contact center').waitFor()
    await citizen.page.getByText('Per le pensioni, prema 1').waitFor()
    await picture(citizen.page, 'telephone-menu')
    expect(await seriousFindings(citizen.page)).toEqual([])
    await citizen.page.keyboard.press('1')

    // It rings: the card has the focus and says who, from where, about what.
    const answer = operator.page.getByRole('button', { name: 'Rispondi' })
    await answer.waitFor()
    await expect.poll(() => operator.page.evaluate('document.activeElement?.textContent'), patience).toContain('Rispondi')
    const card = operator.page.getByRole('region', { name: 'Chiamata in arrivo' })
    await expect.poll(() => card.textContent(), patience).toMatch(/06 5959 4321[\s\S]*Pensioni[\s\S]*Roma EUR/)
    await expect.poll(() => operator.page.title(), patience).toContain('☎')
    await picture(operator.page, 'desk-ringing')
    await answerWithEnter(operator.page)

    // They hear each other.
    await citizen.page.getByText('In conversazione').waitFor()
    const [atCitizen, atOperator] = await Promise.all([soundOf(citizen.page), soundOf(operator.page)])
    await Promise.all([hears(citizen.page, atCitizen), hears(operator.page, atOperator)])
    await picture(citizen.page, 'telephone-talking')
    await picture(operator.page, 'desk-talking')
    expect(await seriousFindings(operator.page)).toEqual([])
    expect(await seriousFindings(citizen.page)).toEqual([])

    // On hold there is music, then the voice again.
    await pressKey(operator.page, 'Alt+h')
    await citizen.page.getByText('ti ha messo in attesa').waitFor()
    // The key does what the button says.
    await operator.page.getByRole('button', { name: 'Riprendi' }).waitFor()
    await pressKey(operator.page, 'Alt+h')
    await citizen.page.getByText('In conversazione').waitFor()
    await hears(citizen.page, await soundOf(citizen.page))

    // Who it is.
    await operator.page.getByRole('button', { name: 'Nuovo contatto' }).click()
    const form = operator.page.getByRole('dialog')
    await form.getByLabel('Nome', { exact: true }).fill('Giulia')
    await form.getByLabel('Cognome').fill('Ferri')
    await form.getByRole('textbox', { name: 'E-mail' }).fill('giulia.ferri@example.org')
    await form.getByLabel('Comune di residenza').fill('roma')
    await operator.page.getByRole('option', { name: 'Roma (RM)' }).click()
    await picture(operator.page, 'desk-new-contact')
    expect(await seriousFindings(operator.page)).toEqual([])
    await form.getByRole('button', { name: 'Salva' }).click()
    await operator.page.getByRole('heading', { name: 'Giulia Ferri' }).waitFor()

    // What is asked, and to the second level.
    await operator.page.getByRole('combobox', { name: 'Tipologia' }).fill('vecchiaia')
    await operator.page.getByRole('option', { name: 'Pensione di vecchiaia' }).first().click()
    await operator.page.getByLabel('Quesito').fill('Domanda del 4 settembre: mancano i contributi versati in Germania?')
    await pressKey(operator.page, 'Alt+2')
    await operator.page.getByText('CRIC Lazio', { exact: true }).waitFor()
    expect(await seriousFindings(operator.page)).toEqual([])
    await picture(operator.page, 'desk-linea')
    await operator.page.keyboard.press('Control+Enter')
    await operator.page.getByText('Scheda Linea inviata').waitFor()
    const code = await operator.page.locator('.code').textContent()
    expect(code).toMatch(/^\d{3} \d{3} \d{4}$/)
    await picture(operator.page, 'desk-sent')

    // The end, and ready again.
    await pressKey(operator.page, 'F9')
    await citizen.page.getByText('Chiamata conclusa').waitFor()
    await operator.page.getByRole('button', { name: 'Pronto' }).click()
    await operator.page.getByText('In attesa della prossima chiamata').waitFor()
    await operator.page.getByText('1 chiamata').first().waitFor()
    expect([...operator.complaints, ...citizen.complaints]).toEqual([])
  })
})
