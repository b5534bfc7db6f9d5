/** An operator asks why a call came here: of one that was turned away, in the list of today; of the one in hand, in the conversation. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildWeb } from '../../scripts/build-web.ts'
import { type Program, startProgram } from '../../src/main.ts'
import { readConfig } from '../../src/platform/index.ts'
import { userOf } from '../support/accounts.ts'
import { openChromium, openWindow, picture, seriousFindings, webFolder } from '../support/chromium.ts'
import { onPostgres } from '../support/database.ts'
import { answerWithEnter, becomeAvailable, callForPensions, openAllDay, signedIn } from '../support/desk.ts'
import { staff } from '../support/staff.ts'

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
    await openAllDay(url)
  })
  afterAll(async () => {
    await browser?.close()
    await program?.close()
  })

  test('the answer is one key away, and grows while the call goes on', async () => {
    const operator = await openWindow(browser, url, { cookies: await signedIn(url, userOf(staff.anna)) })
    const { page } = operator
    await becomeAvailable(page)
    const first = await openWindow(browser, url)
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

    const available = page.getByRole('button', { name: 'Disponibile', exact: true }).first()
    if (await available.isVisible()) await available.click()
    const second = await openWindow(browser, url)
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
