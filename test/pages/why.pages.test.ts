/** An operator asks why a call came here: of one that was turned away, in the list of today; of the one in hand, in the conversation. */
import { beforeEach, expect, test } from 'vitest'
import { picture, seriousFindings } from '../support/chromium.ts'
import { onPostgres } from '../support/database.ts'
import { answerWithEnter, becomeAvailable, callForPensions, openAllDay } from '../support/desk.ts'
import { pagesOf } from '../support/pages.ts'
import { staff } from '../support/staff.ts'

onPostgres(open => {
  const pages = pagesOf(open, 'test')
  beforeEach(() => openAllDay(pages.url))

  test('the answer is one key away, and grows while the call goes on', async () => {
    const operator = await pages.window({ as: staff.anna })
    const { page } = operator
    await becomeAvailable(page)
    const first = await pages.window()
    await callForPensions(first.page, '06 5959 4321')
    await page.getByRole('button', { name: 'Non posso' }).click()
    const today = page.getByRole('region', { name: 'Oggi' })
    const turnedAway = today.locator('summary').filter({ hasText: 'rifiutata' })
    await turnedAway.waitFor()
    await first.page.getByRole('button', { name: 'Riaggancia' }).click()

    await turnedAway.focus()
    await page.keyboard.press('Enter')
    const why = today.getByRole('list', { name: 'Perché a me?' })
    await why.getByText('Offerta a te').waitFor()
    await why.getByText('Rifiutata: la chiamata ha tenuto il suo posto').waitFor()
    await why.getByText('La chiamata non è più in coda').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await picture(page, 'why-turned-away')

    await becomeAvailable(page)
    const second = await pages.window()
    await callForPensions(second.page, '06 5959 1234')
    await answerWithEnter(page)
    const question = page.locator('.work summary').filter({ hasText: 'Perché a me?' })
    await question.focus()
    await page.keyboard.press('Enter')
    const story = page.locator('.work').getByRole('list', { name: 'Perché a me?' })
    await story.getByText('È con te.').waitFor()
    await story.getByText('Risposto.').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await picture(page, 'why-in-hand')

    // The citizen hangs up: what is open says so by itself.
    await second.page.getByRole('button', { name: 'Riaggancia' }).click()
    await story.getByText('È con te.').waitFor({ state: 'detached' })
    expect(operator.complaints).toEqual([])
  })
})
