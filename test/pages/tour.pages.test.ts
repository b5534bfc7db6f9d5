/**
 * The tour of the README, step by step, with the sample that has been at work for six weeks: what it says that one does can be done, and what it
 * says that one sees is there. At whatever hour this runs.
 */
import { expect, test } from 'vitest'
import { sampleMark } from '../../src/platform/index.ts'
import { password } from '../support/accounts.ts'
import { picture } from '../support/chromium.ts'
import { type OpenHouse, onPostgres } from '../support/database.ts'
import { answerWithEnter, becomeAvailable } from '../support/desk.ts'
import { type Pages, pagesOf, patience, pressKey } from '../support/pages.ts'
import { now } from '../support/working-day.ts'

/** The sample still has its six weeks to tell: the program does so at its start. */
const toBeTold =
  (open: OpenHouse): OpenHouse =>
  async options => {
    const opened = await open(options)
    const days = { seed: 20_250_203, now: now(), written: 0, done: false }
    await opened.house.database.kysely
      .updateTable('setting')
      .set({ value: JSON.stringify({ loaded: true, days }) })
      .where('name', '=', sampleMark)
      .execute()
    return opened
  }

onPostgres(open => {
  const pages = pagesOf(toBeTold(open), 'file')

  test('the tour of the README is right at each step', async () => {
    // 2. The operator.
    const operator = await signIn(pages, 'anna.bianchi')
    await becomeAvailable(operator)

    // 3. A citizen whose question is open calls Roma EUR, whose number stands there.
    const telephone = (await pages.window({ path: '/telephone' })).page
    await telephone.getByText('Giorgio Bellini').waitFor()
    await telephone.getByText('Amina Diallo').waitFor()
    await telephone.getByText('Caterina Lo Presti').click()
    await expect.poll(() => telephone.getByLabel('Numero da chiamare').inputValue(), patience).toBe('06 0000 0001')
    await telephone.getByRole('button', { name: 'Chiama', exact: true }).click()
    await telephone.getByText('Per le pensioni, prema 1').waitFor()
    await telephone.keyboard.press('1')
    await telephone.getByText('La metto in contatto con la sezione pensioni').waitFor()

    // 4. The desk rings, and says who that could be and what is open.
    const card = operator.locator('.incoming')
    await card.getByText('Ha chiamato Agenzia di Roma EUR').waitFor()
    await card.getByText('1 pratica aperta per questo numero').waitFor()
    await answerWithEnter(operator)
    await telephone.getByText('In conversazione').waitFor()

    // 5. She is chosen, her open question too, and it ends with an answer.
    await operator.getByRole('button', { name: 'Chi chiama è Caterina Lo Presti' }).click()
    await operator.getByRole('button', { name: /^Riguarda questa/ }).click()
    await operator.getByLabel('Tipologia').fill('ricostituzione')
    await operator
      .getByRole('option', { name: /ricostituzione/i })
      .first()
      .click()
    await operator.getByLabel('Quesito, con parole').fill('Chiede a che punto è la ricostituzione.')
    await pressKey(operator, 'Alt+1')
    await operator.getByLabel('Che cosa hai risposto').fill('È in lavorazione: riceve una risposta dal centro regionale.')
    await operator.keyboard.press('Control+Enter')
    await operator.getByText('Risposto. La pratica resta aperta.').waitFor()
    await picture(operator, 'tour-answered')
    await pressKey(operator, 'F9')
    await telephone.getByText('Chiamata conclusa').waitFor()

    // 6. Her ticket is with the member of the regional centre; others wait.
    const member = await signIn(pages, 'paola.neri')
    await member.getByRole('radio', { name: /^Da prendere [1-9]/ }).waitFor()
    await member.getByRole('radio', { name: /^Miei [1-9]/ }).click()
    await member
      .getByRole('row', { name: /Ricostituzione/ })
      .filter({ hasText: 'Lo Presti' })
      .click()
    await member.getByText('La strada del quesito').waitFor()
    await member.getByLabel('Nuova nota').fill('Ha richiamato oggi.')
    await member.getByRole('button', { name: 'Annota' }).click()
    await member.getByText('Nota aggiunta.').waitFor()
    await member.getByLabel('Risposta al cittadino').fill('La ricostituzione è stata definita: trova il prospetto nel cassetto.')
    await member.keyboard.press('Control+Enter')
    await member
      .getByText(/non può ancora partire|Quesito chiuso|Risposta inviata/)
      .first()
      .waitFor()
    await picture(member, 'tour-ticket')

    // 7. The officer's next day.
    const officer = await signIn(pages, 'lia.moro')
    const day = officer.getByRole('heading', { level: 1 })
    await day.filter({ hasText: /^Oggi, / }).waitFor()
    const rows = officer.locator('.appointment-line')
    await expect
      .poll(async () => {
        // The next day stands there before it is counted who comes.
        const before = await day.textContent()
        await officer.getByRole('button', { name: 'Giorno dopo' }).click()
        await expect.poll(() => day.textContent(), patience).not.toBe(before)
        await expect.poll(() => officer.locator('.bones').count(), patience).toBe(0)
        return rows.count()
      }, patience)
      .toBeGreaterThan(0)
    await officer.getByRole('img', { name: /^La giornata su un asse del tempo/ }).waitFor()
    await rows.first().click()
    await officer.getByRole('textbox', { name: 'Preparazione' }).fill('Guardare la posizione prima.')
    await officer.getByText(/^Lia Moro · /).waitFor()
    await picture(officer, 'tour-agency')

    // 8. The supervisor's live page and plan.
    const supervisor = await signIn(pages, 'ugo.preti')
    await supervisor.getByRole('row', { name: /^Pensioni/ }).waitFor()
    await supervisor.getByText(/^Oggi (è arrivata )?\d+ chiamat/).waitFor()
    await picture(supervisor, 'tour-live')
    await supervisor.getByRole('link', { name: 'Piano' }).click()
    await supervisor.getByRole('heading', { level: 1 }).waitFor()

    // 9. Headquarters' map of the number plan.
    const headquarters = await signIn(pages, 'nora.villa')
    await headquarters.getByRole('link', { name: 'Numeri' }).click()
    await headquarters.locator('svg.italy').waitFor()
    await picture(headquarters, 'tour-numbers')

    // 10. Any case has its history.
    await member.getByRole('link', { name: 'Tutta la pratica' }).click()
    await member.getByText('Ha preso in carico il quesito').first().waitFor()
  })
})

/** Signs in by the page, as a newcomer does. */
async function signIn(pages: Pages, user: string) {
  const { page } = await pages.window({ path: '/sign-in' })
  await page.getByLabel('Nome utente').fill(user)
  await page.getByLabel('Password').fill(password)
  await page.keyboard.press('Enter')
  await page.waitForURL(url => !url.pathname.startsWith('/sign-in'))
  return page
}
