/** Called back without any telephone: the public page asks for it, the operator takes it in turn, the page rings, and they hear each other. */
import { beforeEach, expect, test } from 'vitest'
import { hears, picture, seriousFindings, soundOf } from '../support/chromium.ts'
import { onPostgres } from '../support/database.ts'
import { answerWithEnter, becomeAvailable, openAllDay } from '../support/desk.ts'
import { pagesOf, patience } from '../support/pages.ts'
import { staff } from '../support/staff.ts'

const opacityOfCard = "getComputedStyle(document.querySelector('.incoming')).opacity"
const lines = '/admin/lines/ccm-pensioni'

onPostgres(open => {
  const pages = pagesOf(open, 'test')
  beforeEach(async () => {
    await openAllDay(pages.url)
    // At whatever hour the test runs.
    const hours = { days: [1, 2, 3, 4, 5, 6, 7], from: 0, to: 1_440, onHolidays: true }
    const supervisor = await pages.at(staff.supervisor)
    const path = '/api/sections/ccm-pensioni/line'
    const { version, routing } = await supervisor.send('GET', path)
    await supervisor.send('PUT', path, { routing, callbacks: { hours } }, { 'if-match': `"${version}"` })
  })

  /** A citizen who asks by key to be called back, and hears that it is noted. */
  async function wishes(number: string) {
    const citizen = await pages.window({ path: '/telephone' })
    await citizen.page.getByLabel('Il tuo numero').fill(number)
    await citizen.page.getByRole('button', { name: 'Chiama' }).click()
    await citizen.page.getByText('Per le pensioni, prema 1').waitFor()
    await citizen.page.keyboard.press('1')
    await citizen.page.getByText('sezione pensioni').waitFor()
    await citizen.page.keyboard.press('5')
    await citizen.page.getByText('Se preferisce, la richiamiamo noi').waitFor()
    await citizen.page.keyboard.press('1')
    await citizen.page.getByText('Ti richiamiamo qui').waitFor()
    return citizen
  }

  test('a citizen hangs up and keeps the place; the supervisor sees it, the operator accepts, and the page rings', async () => {
    await wishes('333 765 4321')
    const citizen = await wishes('333 123 4567')
    await picture(citizen.page, 'telephone-called-back')
    expect(await seriousFindings(citizen.page)).toEqual([])

    const supervisor = await pages.window({ as: staff.supervisor, path: lines })
    await picture(supervisor.page, 'lines-opening')
    await supervisor.page.getByText('in coda', { exact: true }).first().waitFor()
    await supervisor.page.getByRole('button', { name: 'Salva' }).waitFor()
    await picture(supervisor.page, 'lines')
    expect(await seriousFindings(supervisor.page)).toEqual([])
    const narrow = await pages.window({ as: staff.supervisor, path: lines, width: 390, height: 844 })
    await narrow.page.getByRole('button', { name: 'Salva' }).waitFor()
    await picture(narrow.page, 'lines-390')
    await supervisor.page.getByLabel('Persone in coda al massimo').fill('40')
    await supervisor.page.getByRole('button', { name: 'Salva' }).click()
    await supervisor.page.getByText('Regole salvate').waitFor()
    await supervisor.page.goto('/monitoring')
    await supervisor.page.getByRole('link', { name: '2', exact: true }).waitFor()
    await picture(supervisor.page, 'live-callbacks')

    const operator = await pages.window({ as: staff.anna })
    const boss = await pages.at(staff.supervisor)
    const earlier = await pages.db
      .selectFrom('callback')
      .select('call_id')
      .where('number', '=', '+393337654321')
      .executeTakeFirstOrThrow()
    await becomeAvailable(operator.page)
    const card = operator.page.getByRole('region', { name: 'Richiamata' })
    // One that is withdrawn while it rings does not go without a word.
    await card.getByText('333 765 4321', { exact: true }).waitFor()
    const told = operator.page.getByText('La richiamata che squillava non serve più').waitFor()
    await boss.send('POST', `/api/callbacks/${earlier.call_id}/withdraw`, { note: 'Ha richiamato da sola.' })
    await told
    await picture(operator.page, 'desk-callback-withdrawn')
    await card.getByText('333 123 4567', { exact: true }).waitFor()
    expect(await card.textContent()).toMatch(/333 123 4567[\s\S]*Pensioni[\s\S]*tentativo 1 di 3[\s\S]*Accetta e chiama/)
    await expect.poll(() => operator.page.evaluate(opacityOfCard), patience).toBe('1')
    await picture(operator.page, 'desk-callback')
    await answerWithEnter(operator.page, 'Accetta e chiama')
    await citizen.page.getByText('Istituto ti richiama').waitFor()
    await picture(citizen.page, 'telephone-rung')
    await operator.page.getByRole('heading', { name: 'Chiamo il cittadino' }).waitFor()
    await picture(operator.page, 'desk-callback-dialling')
    expect(await seriousFindings(operator.page)).toEqual([])
    await operator.page.setViewportSize({ width: 390, height: 844 })
    await picture(operator.page, 'desk-callback-dialling-390')
    await operator.page.setViewportSize({ width: 1440, height: 900 })
    await citizen.page.getByRole('button', { name: 'Rispondi' }).click()
    await citizen.page.getByText('In conversazione').waitFor()
    const [atCitizen, atOperator] = await Promise.all([soundOf(citizen.page), soundOf(operator.page)])
    await Promise.all([hears(citizen.page, atCitizen), hears(operator.page, atOperator)])
    await citizen.page.getByRole('button', { name: 'Riaggancia' }).click()
    await supervisor.page.goto(lines)
    await expect.poll(() => supervisor.page.getByText('Nessuno aspetta di essere richiamato').count(), patience).toBe(1)
  })
})
