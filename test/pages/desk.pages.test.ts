/**
 * The desk on a bad day: a call that nobody answers, a page that is reloaded in the middle of a conversation, a sheet that is finished after
 * the hang-up, a second tab, a narrow screen. Nothing that was written is lost, and everything says in words what it wants.
 */
import { beforeEach, expect, test } from 'vitest'
import { hears, picture, seriousFindings, soundOf } from '../support/chromium.ts'
import { onPostgres } from '../support/database.ts'
import { answerWithEnter, becomeAvailable, callForPensions, openAllDay } from '../support/desk.ts'
import { pagesOf } from '../support/pages.ts'
import { staff } from '../support/staff.ts'

const narrow = { width: 390, height: 844 }
const wide = { width: 1440, height: 900 }
const question = 'Quando arriva il primo pagamento della pensione?'

onPostgres(open => {
  const pages = pagesOf(open, 'test')
  beforeEach(() => openAllDay(pages.url))

  test('an unanswered call, a reload in the conversation, an end after the hang-up', { timeout: 400_000 }, async () => {
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
    await page.getByRole('button', { name: 'Disponibile', exact: true }).first().click()

    // The caller has kept the place.
    await answerWithEnter(page)
    await citizen.page.getByText('In conversazione').waitFor()
    await page.getByLabel('Quesito').fill(question)

    // The page is reloaded: the citizen hears music, and the same operator is rung again. What was written is there.
    await page.reload()
    await citizen.page.getByText('musica, mentre aspetti').waitFor()
    await answerWithEnter(page)
    await citizen.page.getByText('In conversazione').waitFor()
    await hears(citizen.page, await soundOf(citizen.page))
    expect(await page.getByLabel('Quesito').inputValue()).toBe(question)

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
    await page.keyboard.press('1')
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
    await form.getByLabel('Comune di residenza').fill('roma')
    await page.getByRole('option', { name: 'Roma (RM)' }).click()
    await form.getByRole('button', { name: 'Salva' }).click()
    await page.getByRole('heading', { name: 'Marco Iodice' }).waitFor()
    await page.getByLabel('Tipologia').fill('vecchiaia')
    await page.getByRole('option', { name: 'Pensione di vecchiaia' }).first().click()

    // An appointment: a time is held, let go on going back, held again, and confirmed.
    await page.keyboard.press('Alt+3')
    await page.getByRole('button', { name: 'Servizio' }).click()
    await page.getByRole('option').first().click()
    const times = page.locator('.offices .slot')
    await times.first().waitFor()
    await picture(page, 'desk-appointment')
    expect(await seriousFindings(page)).toEqual([])
    await times.first().click()
    await page.getByRole('button', { name: 'Cambia orario' }).click()
    await times.first().click()
    await page.getByLabel('Che cosa serve, in una frase').fill('Portare i documenti della domanda')
    await picture(page, 'desk-held')
    await page.keyboard.press('Control+Enter')
    await page.getByText('Appuntamento confermato').waitFor()
    await picture(page, 'desk-booked')
    expect(await seriousFindings(page)).toEqual([])
    expect(operator.complaints).toEqual([])

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
